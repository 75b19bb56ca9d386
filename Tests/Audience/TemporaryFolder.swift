import Foundation

/// A folder of its own for a test, removed with the last reference.
final class TemporaryFolder: Sendable {
    let root: String

    init() {
        root = FileManager.default.temporaryDirectory.appendingPathComponent("herald-" + UUID().uuidString).path
        try? FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func path(_ name: String) -> String { root + "/" + name }

    @discardableResult
    func write(_ name: String, _ content: String) -> String { write(name, Array(content.utf8)) }

    @discardableResult
    func write(_ name: String, _ content: [UInt8]) -> String {
        let folder = (path(name) as NSString).deletingLastPathComponent
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        _ = FileManager.default.createFile(atPath: path(name), contents: Data(content))
        return path(name)
    }
}
