#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A regular file opened for reading.
struct DataFile: ~Copyable {
    let descriptor: Int32

    struct Problem: Error { let message: String }

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
