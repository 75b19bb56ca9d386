package import HeraldContract
package import HeraldModel
import Synchronization

import Glibc

/// The journal as a file of JSON lines, opened for appending. A last line that a crash cut short is ignored: its call had not begun, or is found by looking.
package final class JournalFile: Journal {
    private let path: String
    private let descriptor = Mutex<Int32>(-1)

    package init(path: String) { self.path = path }

    deinit {
        descriptor.withLock { if $0 >= 0 { _ = close($0) } }
    }

    package func intend(_ intents: [Intent]) throws(StoreFailure) {
        var lines: [UInt8] = []
        for intent in intents { lines += JSONText.object([("intent", StateWire.tree(intent))]).bytes() + [0x0A] }
        let open = try opened()
        try DurableFile.put(lines, open, path)
        guard fsync(open) == 0 else { throw DurableFile.failure("cannot sync", path) }
    }

    package func record(_ entry: JournalResult) throws(StoreFailure) {
        let result = StateWire.tree([
            ("address", .string(entry.address.description)), ("operation", .string(entry.operation)), ("outcome", .string(entry.outcome)),
            ("remote", entry.remote.map { .string($0.text) }),
        ])
        try DurableFile.put(JSONText.object([("result", result)]).bytes() + [0x0A], try opened(), path)
    }

    package func read() throws(StoreFailure) -> (intents: [Intent], results: [JournalResult]) {
        guard let bytes = try DurableFile.read(path) else { return ([], []) }
        var (intents, results): ([Intent], [JournalResult]) = ([], [])
        let lines = bytes.split(separator: 0x0A)
        for (index, line) in lines.enumerated() {
            do {
                let tree = try JSONText(Array(line))
                if let intent = tree.member("intent") { intents.append(try StateWire.intent(intent)) }
                if let result = tree.member("result") { results.append(try JournalFile.result(result)) }
            } catch {
                guard index == lines.count - 1, bytes.last != 0x0A else {
                    throw .damaged(
                        "\(path) is damaged at line \(index + 1); remove it and run `herald recover`, which finds out at the provider what it would tell")
                }
            }
        }
        return (intents, results)
    }

    package func clear() throws(StoreFailure) {
        descriptor.withLock {
            if $0 >= 0 { _ = close($0) }
            $0 = -1
        }
        guard access(path, F_OK) == 0 else { return }
        try DurableFile.remove(path)
    }

    private static func result(_ tree: JSONText) throws(JSONText.Unexpected) -> JournalResult {
        JournalResult(
            address: try StateWire.address(tree.required("address")), operation: try tree.required("operation").string(),
            outcome: try tree.required("outcome").string(), remote: (try tree.member("remote")?.string()).map(RemoteID.init))
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
