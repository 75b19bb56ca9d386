package import HeraldContract

import Glibc

/// Files that survive a crash: written beside, synced, renamed, and the folder synced, so that a reader sees the old content or the new one, whole.
package enum DurableFile {
    /// Replaces a file's content. `mode` is that of a file that is not there yet.
    package static func write(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o600) throws(StoreFailure) {
        try makeFolder(folder(of: path))
        // A name of its own: two writers at once never write into each other's file, the later rename wins.
        let beside = "\(path).\(getpid())-\(UInt32.random(in: 0...UInt32.max)).new"
        let descriptor = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure("cannot write", beside) }
        do throws(StoreFailure) {
            do throws(StoreFailure) {
                try put(bytes, descriptor, beside)
                guard fsync(descriptor) == 0 else { throw failure("cannot sync", beside) }
            } catch {
                close(descriptor)
                throw error
            }
            guard close(descriptor) == 0 else { throw failure("cannot close", beside) }
            guard rename(beside, path) == 0 else { throw failure("cannot replace", path) }
        } catch {
            unlink(beside)
            throw error
        }
        try syncFolder(folder(of: path))
    }

    /// Several files of one folder, which is there: all written, then all synced, which is cheaper than one by one, then renamed, and the folder synced once.
    package static func write(_ files: [(path: String, bytes: [UInt8])], mode: UInt32 = 0o600) throws(StoreFailure) {
        guard let first = files.first else { return }
        var descriptors: [Int32] = []
        defer { for descriptor in descriptors { close(descriptor) } }
        for file in files {
            let descriptor = open(file.path + ".new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
            guard descriptor >= 0 else { throw failure("cannot write", file.path + ".new") }
            descriptors.append(descriptor)
            try put(file.bytes, descriptor, file.path + ".new")
        }
        for (file, descriptor) in zip(files, descriptors) where fsync(descriptor) != 0 { throw failure("cannot sync", file.path + ".new") }
        for file in files where rename(file.path + ".new", file.path) != 0 { throw failure("cannot rename to", file.path) }
        try syncFolder(folder(of: first.path))
    }

    /// The content, or nil where there is no such file.
    package static func read(_ path: String) throws(StoreFailure) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("cannot read", path)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .other("\(path) is not a regular file")
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress?.advanced(by: filled), $0.count - filled) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("cannot read", path) }
            if count == 0 { break }
            filled += count
        }
        bytes.removeLast(bytes.count - filled)
        return bytes
    }

    /// Makes a folder and those above it, for the owner alone.
    package static func makeFolder(_ path: String) throws(StoreFailure) {
        guard !path.isEmpty, access(path, F_OK) != 0 else { return }
        try makeFolder(folder(of: path))
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure("cannot make the folder", path) }
        try syncFolder(folder(of: path))
    }

    package static func remove(_ path: String) throws(StoreFailure) {
        guard unlink(path) == 0 || errno == ENOENT else { throw failure("cannot remove", path) }
        try syncFolder(folder(of: path))
    }

    /// What stands in a folder; nothing where it is not there.
    package static func names(in path: String) throws(StoreFailure) -> [String] {
        guard let folder = opendir(path) else {
            if errno == ENOENT { return [] }
            throw failure("cannot read the folder", path)
        }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// How long another process may take over what is done in milliseconds. One that was paused in the middle of it must not hold up everybody else for ever.
    private static let patience = Duration.seconds(10)

    /// One at a time, over all processes of this machine that name the same file, which is left behind empty.
    static func guarded<Value>(_ path: String, _ body: () throws(StoreFailure) -> Value) throws(StoreFailure) -> Value {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("cannot open", path) }
        defer { close(descriptor) }
        let start = ContinuousClock.now
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EINTR || errno == EWOULDBLOCK else { throw failure("cannot guard", path) }
            guard ContinuousClock.now - start < patience else { throw .busy("another process holds \(path), and does not go on: is it paused?") }
            usleep(20_000)
        }
        return try body()
    }

    package static func syncFolder(_ path: String) throws(StoreFailure) {
        let descriptor = open(path.isEmpty ? "." : path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("cannot open the folder", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("cannot sync the folder", path) }
    }

    package static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Writes everything or throws; a short write is continued.
    static func put(_ bytes: [UInt8], _ descriptor: Int32, _ path: String) throws(StoreFailure) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("cannot write", path) }
            written += count
        }
    }

    static func failure(_ what: String, _ path: String) -> StoreFailure {
        .other("\(what) \(path): \(String(cString: strerror(errno)))")
    }
}
