#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Paths of data as a definition writes them: relative to the workspace, and through links only to what is inside it.
struct DataPath {
    enum Problem: Error { case missing, leavesWorkspace }

    /// The folder that every link must stay in; resolved.
    let boundary: String
    /// The path itself, resolved: absolute and without links.
    let resolved: String

    /// A path that is written as leading out of the workspace (absolute, or up with `..`) means what it says; its own place is the boundary then.
    init(_ written: String, root: String) throws(Problem) {
        let path = written.utf8.first == UInt8(ascii: "/") ? written : root + "/" + written
        guard let resolved = DataPath.resolve(path), let root = DataPath.resolve(root) else { throw .missing }
        self.resolved = resolved
        boundary = DataPath.leadsOut(written) ? resolved : root
        guard DataPath.isInside(resolved, boundary) else { throw .leavesWorkspace }
    }

    /// Resolves an entry of this folder.
    func entry(_ name: String) throws(Problem) -> String {
        guard let found = DataPath.resolve(resolved + "/" + name) else { throw .missing }
        guard DataPath.isInside(found, boundary) else { throw .leavesWorkspace }
        return found
    }

    private static func isInside(_ path: String, _ folder: String) -> Bool {
        Array(path.utf8) == Array(folder.utf8) || path.utf8.starts(with: folder == "/" ? folder.utf8 : (folder + "/").utf8)
    }

    private static func leadsOut(_ written: String) -> Bool {
        var depth = 0
        for part in written.split(separator: "/") where part != "." {
            depth += part == ".." ? -1 : 1
            if depth < 0 { return true }
        }
        return written.utf8.first == UInt8(ascii: "/")
    }

    private static func resolve(_ path: String) -> String? {
        guard let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(cString: found)
    }
}
