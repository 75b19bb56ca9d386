import Foundation

/// How a command ended, and what it said.
struct HeraldRun {
    let code: Int32
    let out: String
    let err: String
    var all: String { out + err }
}

/// A workspace in a temporary folder, and the built program to run in it. The folder is deleted with the value.
final class HeraldWorkspace {
    let root: String
    /// Set for every run.
    var variables: [String: String] = [:]

    init() {
        root = FileManager.default.temporaryDirectory.appendingPathComponent("herald-\(UUID().uuidString)").resolvingSymlinksInPath().path
        try? FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    /// The program that the same build made.
    static let program: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("herald").path
    }()

    /// The folder of the package's sources.
    static let package: String = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    @discardableResult
    func write(_ path: String, _ text: String) throws -> HeraldWorkspace { try write(path, bytes: Array(text.utf8)) }

    @discardableResult
    func write(_ path: String, bytes: [UInt8]) throws -> HeraldWorkspace {
        let file = URL(fileURLWithPath: root + "/" + path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        return self
    }

    func read(_ path: String) -> String { (try? String(contentsOfFile: root + "/" + path, encoding: .utf8)) ?? "" }

    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root + "/" + path) }

    /// Every regular file below a folder, relative to the workspace, in order.
    func files(below folder: String = "") -> [String] {
        let start = folder.isEmpty ? root : root + "/" + folder
        let found = FileManager.default.enumerator(atPath: start)?.compactMap { $0 as? String } ?? []
        return found.map { folder.isEmpty ? $0 : folder + "/" + $0 }.filter {
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: root + "/" + $0, isDirectory: &isFolder) && !isFolder.boolValue
        }.sorted()
    }

    /// Runs herald in the workspace, or another program where one is named.
    @discardableResult
    func run(_ arguments: String..., input: String? = nil, with more: [String: String] = [:], program: String = HeraldWorkspace.program) throws -> HeraldRun {
        try run(arguments: arguments, input: input, with: more, program: program)
    }

    func run(arguments: [String], input: String? = nil, with more: [String: String] = [:], program: String = HeraldWorkspace.program) throws -> HeraldRun {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: root)
        var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("HERALD_") }
        for (name, value) in variables.merging(more, uniquingKeysWith: { _, new in new }) { environment[name] = value }
        process.environment = environment
        // Files, not pipes: whatever the program prints, nobody has to read along.
        let (out, err) = (root + ".out-\(UUID().uuidString)", root + ".err-\(UUID().uuidString)")
        for path in [out, err] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
        defer { for path in [out, err] { try? FileManager.default.removeItem(atPath: path) } }
        process.standardOutput = FileHandle(forWritingAtPath: out)
        process.standardError = FileHandle(forWritingAtPath: err)
        let stdin = Pipe()
        process.standardInput = stdin
        try process.run()
        if let input { stdin.fileHandleForWriting.write(Data(input.utf8)) }
        try stdin.fileHandleForWriting.close()
        process.waitUntilExit()
        let code = process.terminationReason == .uncaughtSignal ? -process.terminationStatus : process.terminationStatus
        func text(_ path: String) -> String { String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self) }
        return HeraldRun(code: code, out: text(out), err: text(err))
    }
}
