#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A regular file opened for reading.
struct DataFile: ~Copyable {
    let descriptor: Int32
    /// As it was opened.
    let identity: Identity

    struct Problem: Error { let message: String }

    /// What tells a file and its content from others: every write changes one of these.
    struct Identity: Hashable, Sendable {
        let device: UInt64
        let inode: UInt64
        let size: Int64
        /// Nanoseconds since 1970: of the last write, and of the last change of any kind, which no program can set.
        let modified: Int64
        let changed: Int64

        init(_ found: stat) {
            device = UInt64(truncatingIfNeeded: found.st_dev)
            inode = UInt64(found.st_ino)
            size = Int64(found.st_size)
            #if canImport(Glibc)
            modified = Int64(found.st_mtim.tv_sec) * 1_000_000_000 + Int64(found.st_mtim.tv_nsec)
            changed = Int64(found.st_ctim.tv_sec) * 1_000_000_000 + Int64(found.st_ctim.tv_nsec)
            #else
            modified = Int64(found.st_mtimespec.tv_sec) * 1_000_000_000 + Int64(found.st_mtimespec.tv_nsec)
            changed = Int64(found.st_ctimespec.tv_sec) * 1_000_000_000 + Int64(found.st_ctimespec.tv_nsec)
            #endif
        }
    }

    /// Pipes, devices and folders are refused without waiting for them.
    init(path: String) throws(Problem) {
        let opened = open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC)
        guard opened >= 0 else { throw Problem(message: "cannot be read: \(String(cString: strerror(errno)))") }
        var found = stat()
        guard fstat(opened, &found) == 0, found.st_mode & S_IFMT == S_IFREG else {
            close(opened)
            throw Problem(message: "is not a regular file")
        }
        descriptor = opened
        identity = Identity(found)
    }

    /// Whether the file has the size and the time of its last write that it was opened with.
    var isUnchanged: Bool {
        var found = stat()
        guard fstat(descriptor, &found) == 0 else { return false }
        let now = Identity(found)
        return now.size == identity.size && now.modified == identity.modified
    }

    deinit { close(descriptor) }

    /// Reads what fits; 0 at the end of the file.
    borrowing func read(into buffer: UnsafeMutableRawBufferPointer) throws(Problem) -> Int {
        while true {
            #if canImport(Glibc)
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            #else
            let count = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
            #endif
            if count >= 0 { return count }
            guard errno == EINTR else { throw Problem(message: "cannot be read: \(String(cString: strerror(errno)))") }
        }
    }
}
