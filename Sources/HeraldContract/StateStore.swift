package import HeraldModel

/// Where the state is kept. A backend can do three things: read it whole, replace it if nobody else did, and hold a lock.
package protocol StateStore: Sendable {
    /// Nil where there is no state yet. A state that cannot be read is an error, never nil.
    func load() throws(StoreFailure) -> StateDocument?
    /// Replaces the state if its serial is still `expected` (nil: there is none yet); durable when it returns.
    func save(_ document: StateDocument, expecting expected: Int?) throws(StoreFailure)
    /// Takes the lock; never waits, and never takes over somebody else's.
    func lock(_ holder: LockHolder) throws(StoreFailure)
    /// The one who holds the lock, or nil.
    func holder() throws(StoreFailure) -> LockHolder?
    /// Gives back a lock by its id; nothing happens where another holds it by now.
    func unlock(id: String) throws(StoreFailure)
    /// Keeps an approved audience: ascending, under the digest of the set, so that what is kept under a name never changes.
    func keepAudience(_ setDigest: String, _ people: [PersonDigest]) throws(StoreFailure)
    /// Nil where none is kept under that digest.
    func audience(_ setDigest: String) throws(StoreFailure) -> [PersonDigest]?
    /// Removes every other audience that is kept: what an earlier run needed, or left behind.
    func dropAudiences(except setDigests: Set<String>) throws(StoreFailure)
}

/// Who works on the state now.
package struct LockHolder: Hashable, Sendable {
    package let id: String
    package let operation: String
    package let host: String
    package let process: Int
    package let since: Instant

    package init(id: String, operation: String, host: String, process: Int, since: Instant) {
        self.id = id
        self.operation = operation
        self.host = host
        self.process = process
        self.since = since
    }
}

/// Why a store could not serve.
package enum StoreFailure: Error, Hashable, Sendable {
    /// Somebody wrote in between; what this run holds is old.
    case moved
    case locked(LockHolder)
    /// Another process is in the middle of a write and does not end it.
    case busy(String)
    /// Something was begun whose end is not known.
    case open(String)
    /// Cannot be read: damaged, or of a newer version.
    case damaged(String)
    case other(String)

    package var exit: ExitCode {
        switch self {
        case .moved: .stale
        case .locked, .busy: .locked
        case .open: .unknown
        case .damaged: .refused
        case .other: .failed
        }
    }

    package var message: String {
        switch self {
        case .moved: "somebody else changed the state meanwhile"
        case .locked(let holder):
            "\(holder.operation) has been running on \(holder.host) (process \(holder.process)) since \(holder.since), lock \(holder.id)"
        case .busy(let what), .open(let what), .damaged(let what), .other(let what): what
        }
    }
}
