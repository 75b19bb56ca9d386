import Glibc
import HeraldModel

extension Rule {
    static let strayFile = Rule("stray-file")
    static let unreadableFile = Rule("unreadable-file")
}

/// Finds the files of definitions: every `.yaml` and `.yml` below a folder, in the order of their bytes.
struct FileFinder {
    let root: String
    let diagnostics: Diagnostics

    /// Paths relative to the workspace.
    func definitions(below folder: String) -> [String] {
        var found: [String] = []
        walk(folder, depth: 0, &found)
        return found
    }

    private func walk(_ folder: String, depth: Int, _ found: inout [String]) {
        guard let directory = opendir("\(root)/\(folder)") else {
            if errno != ENOENT || depth > 0 { complain(folder, "the folder cannot be read: \(String(cString: strerror(errno)))") }
            return
        }
        defer { closedir(directory) }
        var names: [(name: String, isPlainFile: Bool)] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append((name, Int(entry.pointee.d_type) == Int(DT_REG))) }
        }
        for (name, isPlainFile) in names.sorted(by: { Text($0.name) < Text($1.name) }) {
            // Where the file system tells what is in the folder, nobody has to ask again for each file.
            if isPlainFile, FileFinder.isDefinition(name) { found.append("\(folder)/\(name)") } else { visit("\(folder)/\(name)", name, depth: depth, &found) }
        }
    }

    private static func isDefinition(_ name: String) -> Bool { name.hasSuffix(".yaml") || name.hasSuffix(".yml") }

    private func visit(_ path: String, _ name: String, depth: Int, _ found: inout [String]) {
        var status = stat()
        let isDefinition = FileFinder.isDefinition(name)
        guard lstat("\(root)/\(path)", &status) == 0 else {
            return complain(path, "it cannot be read: \(String(cString: strerror(errno)))")
        }
        let isLink = status.st_mode & S_IFMT == S_IFLNK
        if isLink {
            guard let real = ReadFile.resolved("\(root)/\(path)") else { return complain(path, "this link leads nowhere") }
            guard real.hasPrefix(root + "/") else { return complain(path, "this link leads out of the workspace") }
            guard stat("\(root)/\(path)", &status) == 0 else { return complain(path, "this link leads nowhere") }
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR:
            guard !isDefinition else { return complain(path, "this is a folder named like a definition") }
            // A link to a folder could lead in circles, and would read files twice.
            guard !isLink else { return complain(path, "a link to a folder is not followed") }
            guard depth < 32 else { return complain(path, "folders are nested more than 32 deep") }
            walk(path, depth: depth + 1, &found)
        case S_IFREG:
            if isDefinition {
                found.append(path)
            } else if ["yaml", "yml"].contains(name.split(separator: ".").last?.lowercased() ?? "") {
                complain(path, "definitions end in .yaml or .yml, in small letters")
            }
        default: complain(path, "this is no regular file")
        }
    }

    private func complain(_ path: String, _ message: String) {
        diagnostics.report(.strayFile, "\(path): \(message)", suggestion: "move it out of lists/ and campaigns/")
    }
}
