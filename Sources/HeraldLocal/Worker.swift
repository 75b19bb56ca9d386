import Dispatch

/// A thread for what blocks (SQLite, files), so that the cooperative pool goes on meanwhile. What it is given runs one after the other.
struct Worker: Sendable {
    private let queue = DispatchQueue(label: "herald.local")

    func run<T: Sendable, E: Error>(_ body: @escaping @Sendable () throws(E) -> T) async throws(E) -> T {
        let result: Result<T, E> = await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: Result(catching: body)) }
        }
        return try result.get()
    }
}
