import Foundation

/// The preloaded library that ends herald at a chosen sync (`Tests/Support/crashshim.c`), compiled once. Nil where there is no C compiler.
enum CrashShim {
    static let library: String? = {
        let target = FileManager.default.temporaryDirectory.appendingPathComponent("herald-crashshim-\(ProcessInfo.processInfo.processIdentifier).so").path
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["cc", "-shared", "-fPIC", "-O1", "-o", target, HeraldWorkspace.package + "/Tests/Support/crashshim.c", "-ldl"]
        guard (try? process.run()) != nil else { return nil }
        process.waitUntilExit()
        return process.terminationStatus == 0 ? target : nil
    }()

    /// Variables that preload it with one setting, such as `KILL` and the number of a sync.
    static func variables(_ setting: String, _ value: String) -> [String: String] { ["LD_PRELOAD": library ?? "", "HERALD_SHIM_\(setting)": value] }
}

extension HeraldWorkspace {
    /// How often a command syncs, from the workspace as it is; the workspace is left as it was.
    func countSyncs(_ line: String) throws -> Int {
        let copy = try copied()
        let log = copy.root + ".syncs"
        defer { try? FileManager.default.removeItem(atPath: log) }
        try copy.herald(line, with: CrashShim.variables("COUNT", log))
        return FileManager.default.contents(atPath: log)?.count ?? 0
    }

    /// The same workspace in another folder.
    func copied() throws -> HeraldWorkspace {
        let copy = HeraldWorkspace()
        copy.variables = variables
        try FileManager.default.removeItem(atPath: copy.root)
        try FileManager.default.copyItem(atPath: root, toPath: copy.root)
        return copy
    }
}
