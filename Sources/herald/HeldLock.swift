import Glibc
import HeraldContract
import HeraldModel

/// The lock on the state while a command acts; given back on every way out.
final class HeldLock {
    private let store: any StateStore
    private let id: String

    /// Ends the command where another one holds it.
    init(_ store: any StateStore, operation: String, _ environment: RunEnvironment) throws {
        var generator = SystemRandomNumberGenerator()
        id = hexadecimal((0..<8).map { _ in UInt8.random(in: 0...255, using: &generator) })
        self.store = store
        let holder = LockHolder(id: id, operation: operation, host: environment.host, process: environment.process, since: environment.now)
        try ending { () throws(StoreFailure) in try store.lock(holder) }
    }

    func release() throws { try ending { () throws(StoreFailure) in try store.unlock(id: id) } }

    /// A lock whose process died on this machine guards nothing any more. Any other is left to a person.
    static func takeOverDead(_ store: any StateStore, _ environment: RunEnvironment) throws {
        guard let holder = try ending({ () throws(StoreFailure) in try store.holder() }), holder.host == environment.host,
            kill(pid_t(holder.process), 0) != 0, errno == ESRCH
        else { return }
        try ending { () throws(StoreFailure) in try store.unlock(id: holder.id) }
        Terminal.talk("took over the lock of \(holder.operation), whose process \(holder.process) is gone")
    }

    /// Runs `body` under the lock.
    static func holding<Value>(
        _ store: any StateStore, _ operation: String, _ environment: RunEnvironment, _ body: () async throws -> Value
    ) async throws -> Value {
        let lock = try HeldLock(store, operation: operation, environment)
        do {
            let value = try await body()
            try lock.release()
            return value
        } catch {
            try lock.release()
            throw error
        }
    }
}
