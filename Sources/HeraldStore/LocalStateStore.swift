package import HeraldContract
package import HeraldModel

import Glibc

/// The state in a folder of this machine: `state.json` (one for each environment), beside it the lock and the approved audiences.
package struct LocalStateStore: StateStore {
    private let folder: String
    private let name: String

    /// `folder` is absolute; `environment` keeps the states of environments apart.
    package init(folder: String, environment: String?) {
        self.folder = folder
        name = environment.map { "state-\($0)" } ?? "state"
    }

    private var file: String { "\(folder)/\(name).json" }
    private var lockFile: String { "\(folder)/\(name).lock" }

    /// Where the journal of an apply stands, beside the state.
    package var journalFile: String { "\(folder)/\(name).journal" }

    package func load() throws(StoreFailure) -> StateDocument? {
        guard let bytes = try DurableFile.read(file) else { return nil }
        return try StateWire.decode(bytes, from: file)
    }

    package func save(_ document: StateDocument, expecting expected: Int?) throws(StoreFailure) {
        try DurableFile.makeFolder(folder)
        // Only the compare and the rename are inside, so nobody waits long.
        let guardFile = open("\(folder)/\(name).guard", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard guardFile >= 0 else { throw DurableFile.failure("cannot open", "\(folder)/\(name).guard") }
        defer { close(guardFile) }
        guard flock(guardFile, LOCK_EX) == 0 else { throw DurableFile.failure("cannot guard", file) }
        guard try StateWire.serial(of: DurableFile.read(file), from: file) == expected else { throw .moved }
        try DurableFile.write(StateWire.encode(document), to: file)
    }

    package func lock(_ holder: LockHolder) throws(StoreFailure) {
        try DurableFile.makeFolder(folder)
        let beside = "\(lockFile).\(holder.id)"
        try DurableFile.write(LockWire.encode(holder), to: beside)
        defer { unlink(beside) }
        // link() fails where the name exists: a lock is there whole, or not at all.
        guard link(beside, lockFile) == 0 else {
            guard errno == EEXIST else { throw DurableFile.failure("cannot lock", lockFile) }
            if let other = try self.holder() { throw .locked(other) }
            throw .other("the lock \(lockFile) came and went; try again")
        }
        try DurableFile.syncFolder(folder)
    }

    package func holder() throws(StoreFailure) -> LockHolder? {
        guard let bytes = try DurableFile.read(lockFile) else { return nil }
        return try LockWire.decode(bytes, from: lockFile)
    }

    package func unlock(id: String) throws(StoreFailure) {
        guard try holder()?.id == id else { return }
        try DurableFile.remove(lockFile)
    }

    package func keepAudience(_ name: String, _ people: [PersonDigest]) throws(StoreFailure) {
        try DurableFile.write(AudienceFile.encode(people), to: audiencePath(name))
    }

    package func audience(_ name: String) throws(StoreFailure) -> [PersonDigest]? {
        guard let bytes = try DurableFile.read(audiencePath(name)) else { return nil }
        guard let people = AudienceFile.decode(bytes) else { throw .damaged("\(audiencePath(name)) is damaged") }
        return people
    }

    private func audiencePath(_ audience: String) -> String { "\(folder)/audiences/\(name)-\(audience).digests" }
}
