import FoundationEssentials
package import HeraldContract
package import HeraldModel
import Synchronization

import Glibc

/// The journal as a file of JSON lines, opened for appending. A last line that a crash cut short is ignored: its call had not begun, or is found by looking.
package final class JournalFile: Journal {
    private struct Line: Codable {
        var intent: StateWire.IntentEntry?
        var result: Result?
    }

    private struct Result: Codable {
        var address: String
        var operation: String
        var outcome: String
        var remote: String?
    }

    private let path: String
    private let descriptor = Mutex<Int32>(-1)

    package init(path: String) { self.path = path }

    deinit {
        descriptor.withLock { if $0 >= 0 { _ = close($0) } }
    }

    package func intend(_ intents: [Intent]) throws(StoreFailure) {
        for intent in intents { try append(Line(intent: StateWire.entry(intent))) }
        try settle()
    }

    package func record(_ entry: JournalResult) throws(StoreFailure) {
        try append(
            Line(
                result: Result(
                    address: entry.address.description, operation: entry.operation, outcome: entry.outcome, remote: entry.remote?.text)))
    }

    package func settle() throws(StoreFailure) {
        let open = try opened()
        guard fsync(open) == 0 else { throw DurableFile.failure("cannot sync", path) }
    }

    package func read() throws(StoreFailure) -> (intents: [Intent], results: [JournalResult]) {
        guard let bytes = try DurableFile.read(path) else { return ([], []) }
        var (intents, results): ([Intent], [JournalResult]) = ([], [])
        let lines = bytes.split(separator: 0x0A)
        for (index, line) in lines.enumerated() {
            do {
                let entry = try JSONDecoder().decode(Line.self, from: Data(line))
                if let wire = entry.intent { intents.append(try StateWire.intent(wire)) }
                if let wire = entry.result {
                    results.append(
                        JournalResult(
                            address: try StateWire.address(wire.address), operation: wire.operation, outcome: wire.outcome,
                            remote: wire.remote.map(RemoteID.init)))
                }
            } catch {
                guard index == lines.count - 1, bytes.last != 0x0A else { throw .damaged("\(path) is damaged at line \(index + 1)") }
            }
        }
        return (intents, results)
    }

    package func clear() throws(StoreFailure) {
        descriptor.withLock {
            if $0 >= 0 { _ = close($0) }
            $0 = -1
        }
        try DurableFile.remove(path)
    }

    private func append(_ line: Line) throws(StoreFailure) {
        let bytes: [UInt8]
        do { bytes = Array(try JSONEncoder().encode(line)) + [0x0A] } catch { throw .other("cannot write the journal: \(error)") }
        try DurableFile.put(bytes, try opened(), path)
    }

    private func opened() throws(StoreFailure) -> Int32 {
        let held = descriptor.withLock { $0 }
        if held >= 0 { return held }
        try DurableFile.makeFolder(DurableFile.folder(of: path))
        let fresh = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard fresh >= 0 else { throw DurableFile.failure("cannot open", path) }
        descriptor.withLock { $0 = fresh }
        try DurableFile.syncFolder(DurableFile.folder(of: path))
        return fresh
    }
}
