import Glibc
import HeraldModel

/// Reads files as definitions and templates are read: regular files only, inside the workspace, up to a size.
package enum ReadFile {
    package enum Failure: Error, Equatable {
        case missing
        case notRegular
        case outside
        case tooLarge
        case unreadable(String)

        package var message: String {
            switch self {
            case .missing: "there is no such file"
            case .notRegular: "this is no regular file"
            case .outside: "this leads out of the workspace"
            case .tooLarge: "the file is too large"
            case .unreadable(let why): "the file cannot be read: \(why)"
            }
        }
    }

    /// - Parameter limit: the most bytes.
    /// - Parameter root: where a link must stay inside, resolved; nil where that was checked.
    package static func read(_ path: String, limit: Int, inside root: String?) throws(Failure) -> [UInt8] {
        if let root {
            guard let real = resolved(path) else {
                if errno == ENOENT || errno == ENOTDIR { throw .missing }
                throw .unreadable(String(cString: strerror(errno)))
            }
            guard real == root || real.hasPrefix(root == "/" ? "/" : root + "/") else { throw .outside }
        }
        // Without O_NONBLOCK a FIFO would wait for a writer for ever.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { throw .missing }
            throw .unreadable(String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .unreadable(String(cString: strerror(errno))) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
        guard status.st_size <= limit else { throw .tooLarge }
        var failed = false
        let size = Int(status.st_size)
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let got = Glibc.read(descriptor, buffer.baseAddress?.advanced(by: count), size - count)
                if got < 0, errno == EINTR { continue }
                failed = got < 0
                if got <= 0 { break }
                count += got
            }
        }
        guard !failed else { throw .unreadable(String(cString: strerror(errno))) }
        return bytes
    }

    /// The path with all links followed; nil where it leads nowhere.
    package static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}
