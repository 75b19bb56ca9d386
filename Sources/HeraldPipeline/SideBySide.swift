import Dispatch
import HeraldModel
import Synchronization

/// Makes something of each number below `total` on all cores. Results come in order, and what is reported too: each part writes into
/// diagnostics of its own, so that the same files give the same output, whoever was faster.
func sideBySide<Result: Sendable>(
    _ total: Int, _ diagnostics: Diagnostics, chunk: Int = 64, _ make: @Sendable (Int, Diagnostics) -> Result
) -> [Result] {
    let count = (total + chunk - 1) / chunk
    let parts = Mutex([(results: [Result], found: [Diagnostic])](repeating: ([], []), count: count))
    DispatchQueue.concurrentPerform(iterations: count) { part in
        let own = Diagnostics()
        let results = (part * chunk..<min((part + 1) * chunk, total)).map { make($0, own) }
        let found = own.sorted
        parts.withLock { $0[part] = (results, found) }
    }
    let ordered = parts.withLock { $0 }
    for part in ordered where !part.found.isEmpty { diagnostics.report(part.found) }
    return ordered.flatMap(\.results)
}
