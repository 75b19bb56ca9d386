package import HeraldContract
package import HeraldModel

import Glibc

/// Records as a file in a folder of this machine, one for each environment. Facts are added at its end; only a rotation of the key writes it anew.
package struct LocalRecordsStore: RecordsStore {
    private let file: String
    private let guardFile: String
    private let watchedFile: String

    /// `folder` is absolute; `environment` keeps the records of environments apart.
    package init(folder: String, environment: String?) {
        let name = environment.map { "records-\($0)" } ?? "records"
        file = "\(folder)/\(name).facts"
        guardFile = "\(folder)/\(name).guard"
        watchedFile = "\(folder)/\(name).watched"
    }

    package var name: String { file }

    package func load(from known: RecordsPosition?) throws(StoreFailure) -> Records? {
        let content: [UInt8]?
        do throws(StoreFailure) { content = try DurableFile.read(file) } catch { throw .damaged(error.message) }
        guard let bytes = content else {
            guard known == nil else { throw .damaged("the records, \(file), are missing") }
            return nil
        }
        do throws(RecordsWire.Damage) { return try RecordsWire.decode(bytes, from: known) } catch { throw .damaged("\(file) \(error.words)") }
    }

    package func create(_ head: RecordsHead) throws(StoreFailure) -> Records {
        try DurableFile.makeFolder(DurableFile.folder(of: file))
        return try DurableFile.guarded(guardFile) { () throws(StoreFailure) in
            guard try DurableFile.read(file) == nil else { throw .moved }
            return try write(head, [])
        }
    }

    package func replace(_ records: Records, key fingerprint: String, with facts: [PersonFact]) throws(StoreFailure) -> Records {
        try DurableFile.guarded(guardFile) { () throws(StoreFailure) in
            guard try load(from: records.position)?.position == records.position else { throw .moved }
            var head = records.head
            head.key = fingerprint
            head.formerly = records.position
            return try write(head, facts)
        }
    }

    package func watched(key fingerprint: String) throws(StoreFailure) -> WatchedValues? {
        let content: [UInt8]?
        do throws(StoreFailure) { content = try DurableFile.read(watchedFile) } catch { throw .damaged(error.message) }
        guard let bytes = content else { return nil }
        guard let values = WatchedWire.decode(bytes, key: fingerprint) else {
            throw .damaged("\(watchedFile) is damaged, or was kept under another key; put back a backup, or delete it: what changed since the last run is then not noticed")
        }
        return values
    }

    package func watch(_ values: WatchedValues, key fingerprint: String) throws(StoreFailure) {
        try DurableFile.write(WatchedWire.encode(values, key: fingerprint), to: watchedFile)
    }

    private func write(_ head: RecordsHead, _ facts: [PersonFact]) throws(StoreFailure) -> Records {
        var bytes = RecordsWire.encode(head)
        var chain = hexadecimal(bytes.suffix(16))
        if !facts.isEmpty {
            let frame = RecordsWire.encode(facts, after: chain)
            bytes += frame.bytes
            chain = frame.chain
        }
        try DurableFile.write(bytes, to: file)
        return Records(head: head, facts: facts, position: RecordsPosition(id: head.id, count: facts.count, chain: chain), end: bytes.count)
    }

    package func append(_ facts: [PersonFact], to records: Records) throws(StoreFailure) -> Records {
        guard !facts.isEmpty else { return records }
        return try DurableFile.guarded(guardFile) { () throws(StoreFailure) in
            // Somebody whose lock was taken away may have added facts, so the end is looked at again.
            guard try load(from: records.position)?.position == records.position else { throw .moved }
            let frame = RecordsWire.encode(facts, after: records.position.chain)
            try append(frame.bytes, at: records.end)
            return Records(
                head: records.head, facts: records.facts + facts,
                position: RecordsPosition(id: records.head.id, count: records.facts.count + facts.count, chain: frame.chain), end: records.end + frame.bytes.count)
        }
    }

    /// Writes behind the last whole fact, over what a crash left there. Where that fails, the file ends where it ended before.
    private func append(_ bytes: [UInt8], at end: Int) throws(StoreFailure) {
        let descriptor = open(file, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw DurableFile.failure("cannot open", file) }
        defer { close(descriptor) }
        guard ftruncate(descriptor, off_t(end)) == 0, lseek(descriptor, off_t(end), SEEK_SET) == off_t(end) else {
            throw DurableFile.failure("cannot write", file)
        }
        do throws(StoreFailure) {
            try DurableFile.put(bytes, descriptor, file)
            guard fsync(descriptor) == 0 else { throw DurableFile.failure("cannot sync", file) }
        } catch {
            ftruncate(descriptor, off_t(end))
            throw error
        }
    }
}
