import Dispatch
import HeraldModel
import Synchronization

/// Makes something of each number below `count` on all cores. Results come in order, and what is reported too: each part writes into
/// diagnostics of its own, so that the same files give the same output, whoever was faster.
func sideBySide<Result: Sendable>(
    _ count: Int, _ diagnostics: Diagnostics, chunk: Int = 64, _ make: @Sendable (Int, Diagnostics) -> Result
) -> [Result] {
    let parts = Mutex<[Int: (results: [Result], found: [Diagnostic])]>([:])
    DispatchQueue.concurrentPerform(iterations: (count + chunk - 1) / chunk) { part in
        let own = Diagnostics()
        let results = (part * chunk..<min((part + 1) * chunk, count)).map { make($0, own) }
        let found = own.sorted
        parts.withLock { $0[part] = (results, found) }
    }
    let ordered = parts.withLock { $0.sorted { $0.key < $1.key }.map(\.value) }
    for part in ordered where !part.found.isEmpty { diagnostics.report(part.found) }
    return ordered.flatMap(\.results)
}
