package import HeraldContract
package import HeraldModel

import Glibc

/// The state in a folder of this machine: `state.json` (one for each environment), beside it the lock and the approved audiences.
package struct LocalStateStore: StateStore {
    private let folder: String
    private let name: String
    private let migrations: StateWire.Migrations

    /// `folder` is absolute; `environment` keeps the states of environments apart.
    package init(folder: String, environment: String?) { self.init(folder: folder, environment: environment, migrations: StateWire.migrations) }

    init(folder: String, environment: String?, migrations: StateWire.Migrations) {
        self.folder = folder
        self.migrations = migrations
        name = environment.map { "state-\($0)" } ?? "state"
    }

    private var file: String { "\(folder)/\(name).json" }
    private var lockFile: String { "\(folder)/\(name).lock" }

    /// Where the journal of an apply stands, beside the state.
    package var journalFile: String { "\(folder)/\(name).journal" }

    package func load() throws(StoreFailure) -> StateDocument? {
        let content: [UInt8]?
        do throws(StoreFailure) { content = try DurableFile.read(file) } catch { throw .damaged(error.message) }
        guard let bytes = content else { return nil }
        return try StateWire.decode(bytes, from: file, migrations: migrations)
    }

    package func save(_ document: StateDocument, expecting expected: Int?) throws(StoreFailure) {
        try DurableFile.makeFolder(folder)
        try guarded { () throws(StoreFailure) in
            let old = try DurableFile.read(file)
            let head = try old.map { bytes throws(StoreFailure) in try StateWire.head(of: bytes, from: file) }
            guard head?.serial == expected else { throw .moved }
            if let old, let found = head?.version, found < StateWire.version {
                try DurableFile.write(old, to: "\(folder)/\(name).v\(found).backup.json")
            }
            try DurableFile.write(StateWire.encode(document), to: file)
        }
    }

    package func lock(_ holder: LockHolder) throws(StoreFailure) {
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
        guard try holder() != nil else { return }
        try guarded { () throws(StoreFailure) in
            guard try holder()?.id == id else { return }
            try DurableFile.remove(lockFile)
        }
    }

    package func keepAudience(_ setDigest: String, _ people: [PersonDigest]) throws(StoreFailure) {
        try DurableFile.write(AudienceFile.encode(people), to: path(ofAudience: setDigest))
    }

    package func audience(_ setDigest: String) throws(StoreFailure) -> [PersonDigest]? {
        guard let bytes = try DurableFile.read(path(ofAudience: setDigest)) else { return nil }
        guard let people = AudienceFile.decode(bytes) else { throw .damaged("\(path(ofAudience: setDigest)) is damaged") }
        return people
    }

    package func dropAudiences(except setDigests: Set<String>) throws(StoreFailure) {
        let kept = Set(setDigests.map { "\($0).digests" })
        for file in try DurableFile.names(in: audiences) where !kept.contains(file) { try DurableFile.remove("\(audiences)/\(file)") }
    }

    private var audiences: String { "\(folder)/\(name).audiences" }

    private func path(ofAudience setDigest: String) -> String { "\(audiences)/\(setDigest).digests" }

    /// Nobody waits long, as only a comparison and a write are inside.
    private func guarded<Value>(_ body: () throws(StoreFailure) -> Value) throws(StoreFailure) -> Value {
        try DurableFile.guarded("\(folder)/\(name).guard", body)
    }
}
