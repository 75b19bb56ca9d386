#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A database file in WAL mode that nobody has open, to be read as one that does not change.
///
/// Even for a reader SQLite makes two files beside such a database, or fails where it may not. While there is no log beside it everything is in the
/// file itself, and it can be read without them, if it was the same afterwards.
struct UnchangedFile {
    private let path: String
    private let state: [Int64]

    /// Nil where there is no such file, it is not in WAL mode, or a log is beside it.
    init?(path: String) {
        guard UnchangedFile.isInWALMode(path), UnchangedFile.state(path + "-wal").map({ $0[1] == 0 }) ?? true, let state = UnchangedFile.state(path)
        else { return nil }
        self.path = path
        self.state = state
    }

    var isStillSame: Bool { UnchangedFile.state(path) == state }

    /// The URI by which SQLite takes no locks and looks for no log (https://sqlite.org/uri.html).
    var uri: String {
        let escaped = path.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), 48...57, 65...90, 97...122: String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        return "file:\(escaped.joined())?immutable=1"
    }

    /// Bytes 18 and 19 of the header are 2 in WAL mode (https://sqlite.org/fileformat2.html).
    private static func isInWALMode(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var versions: [UInt8] = [0, 0]
        return pread(descriptor, &versions, 2, 18) == 2 && versions == [2, 2]
    }

    /// What tells that a file was changed: which it is, how long, and when it was written to.
    private static func state(_ path: String) -> [Int64]? {
        var found = stat()
        guard stat(path, &found) == 0 else { return nil }
        #if canImport(Glibc)
        let written = found.st_mtim
        #else
        let written = found.st_mtimespec
        #endif
        return [Int64(found.st_ino), Int64(found.st_size), Int64(written.tv_sec), Int64(written.tv_nsec)]
    }
}
