import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Work that is cut into pieces and done by all cores.
enum AllCores {
    static let count = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

    /// Does each number below `pieces` once, in any order. `start` makes what one core keeps for all its pieces, such as a buffer.
    static func each<Kept>(of pieces: Int, start: @Sendable () -> Kept, _ body: @Sendable (Int, inout Kept) -> Void) {
        let next = Atomic(0)
        @Sendable func work(_: Int) {
            var kept: Kept?
            while true {
                let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard piece < pieces else { return }
                var own = kept.take() ?? start()
                body(piece, &own)
                kept = own
            }
        }
        // Starting others costs more than one piece.
        if pieces <= 1 { work(0) } else { DispatchQueue.concurrentPerform(iterations: min(pieces, count), execute: work) }
    }

    /// Cuts rows into runs of so many, and does each run.
    static func eachRun(of rows: Int, by length: Int = 1 << 16, _ body: @Sendable (Range<Int>) -> Void) {
        each(of: (rows + length - 1) / length, start: {}) { piece, _ in body(piece * length..<min(rows, (piece + 1) * length)) }
    }
}

/// Memory into which several cores write.
///
/// Unchecked, because the compiler cannot see that each writes a part of its own, nor that whoever lends the memory waits for all of them (`AllCores.each`).
struct SharedMemory<Element>: @unchecked Sendable {
    let elements: UnsafeMutableBufferPointer<Element>

    init(_ elements: UnsafeMutableBufferPointer<Element>) { self.elements = elements }
}
