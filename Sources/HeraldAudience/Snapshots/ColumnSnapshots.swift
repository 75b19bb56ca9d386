import CScan
package import HeraldModel

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The columns that definitions use of large CSV files, as they were read, so that they need not be read again until the file changes.
///
/// They are kept in a folder of the workspace that git ignores, for the owner alone, and hold nothing that the file does not hold any more: what is of another
/// file, or of other definitions, goes as soon as it is noticed. They may be deleted at any time, which costs time only; a folder that cannot be written to,
/// two runs at once and damage cost no more.
package struct ColumnSnapshots: Sendable {
    /// What definitions use of a table.
    package struct Use: Hashable, Sendable {
        package var columns: [TableRequest.Column]
        /// Columns that are unique and filled.
        package var keys: [String]

        package init(columns: [TableRequest.Column], keys: [String]) {
            self.columns = columns
            self.keys = keys
        }
    }

    private let folder: String
    /// Nil for tables that no definition uses.
    let use: @Sendable (TableName) -> Use?
    /// Smaller files, in bytes, are read faster than looked for.
    let least: Int64

    package init(folder: String, least: Int64 = 1 << 20, use: @escaping @Sendable (TableName) -> Use?) {
        self.folder = folder
        self.least = least
        self.use = use
    }

    /// The table as it was kept; nil where it was not, or what is kept does not fit or is damaged, and is then deleted.
    func load(_ origin: SnapshotOrigin, _ request: TableRequest) -> Table? {
        let path = path(origin)
        guard let file = MappedFile(path) else { return nil }
        var reading = SnapshotReading(file, origin.description)
        let table = reading?.table(request.table, request.columns)
        if table == nil { unlink(path) }
        return table
    }

    /// Keeps a table whole, where that can be done.
    func save(_ table: Table, _ origin: SnapshotOrigin) {
        // A file that was written this instant may be written again without a trace.
        var now = timespec()
        guard clock_gettime(CLOCK_REALTIME, &now) == 0, origin.identity.isOlder(than: 2, at: Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)) else { return }
        let parent = folder.split(separator: "/").dropLast().joined(separator: "/")
        mkdir("/" + parent, 0o700)
        mkdir(folder, 0o700)
        let path = path(origin)
        let beside = "\(path).\(getpid())-\(UInt32.random(in: 0...UInt32.max)).new"
        guard SnapshotWriting(table, origin.description).write(to: beside), rename(beside, path) == 0 else {
            unlink(beside)
            return
        }
    }

    private func path(_ origin: SnapshotOrigin) -> String {
        let name = Array("\(origin.table)\n\(origin.path)".utf8)
        return "\(folder)/\(hexadecimal((0..<8).map { UInt8(truncatingIfNeeded: herald_checksum(name, name.count) >> (8 * $0)) })).columns"
    }

    /// Deletes what is of files that are gone or changed, of tables that nothing uses any more, and what runs left that were ended while they wrote.
    package func clean() {
        guard let stream = opendir(folder) else { return }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            let path = "\(folder)/\(name)"
            if name.hasSuffix(".new") {
                var found = stat()
                if stat(path, &found) == 0, time(nil) - found.st_mtim.tv_sec > 3_600 { unlink(path) }
            } else if name.hasSuffix(".columns"), let file = MappedFile(path) {
                let described = SnapshotReading.origin(of: file)
                let isCurrent = described.map { SnapshotOrigin.isCurrent($0) { use($0) != nil } } ?? false
                if !isCurrent { unlink(path) }
            }
        }
    }
}

/// What a snapshot was made of, and how it was read: all that must be the same for it to be used again.
struct SnapshotOrigin: CustomStringConvertible {
    let table: TableName
    let path: String
    let identity: DataFile.Identity
    let use: ColumnSnapshots.Use
    /// The delimiter, the folder's date pattern, the zone.
    let reading: String

    var description: String {
        let columns = use.columns.map { "\($0.name)\u{0}\($0.type)\u{0}\($0.format ?? "")" }
        return ([table.source, table.table, path, identity.text, reading] + columns + use.keys.sorted()).joined(separator: "\u{1}")
    }

    /// Whether the file that a description tells of is as it was, and its table in use.
    static func isCurrent(_ description: String, _ isUsed: (TableName) -> Bool) -> Bool {
        let parts = description.split(separator: "\u{1}", omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 4, isUsed(TableName(source: parts[0], table: parts[1])) else { return false }
        var found = stat()
        return lstat(parts[2], &found) == 0 && DataFile.Identity(found).text == parts[3]
    }
}

extension DataFile.Identity {
    fileprivate var text: String { "\(device) \(inode) \(size) \(modified) \(changed)" }

    /// - Parameter now: nanoseconds since 1970.
    fileprivate func isOlder(than seconds: Int64, at now: Int64) -> Bool { max(modified, changed) <= now - seconds * 1_000_000_000 }
}

/// A regular file in memory, whose pages are read when they are looked at. Unmapped with the last who holds it.
///
/// Unchecked, because it holds a pointer: the memory is mapped for reading alone, and nobody can write to it as long as this lives.
final class MappedFile: @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer

    /// Nil where there is none.
    init?(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var found = stat()
        guard fstat(descriptor, &found) == 0, found.st_mode & S_IFMT == S_IFREG, found.st_size > 0,
            let memory = mmap(nil, Int(found.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0), memory != MAP_FAILED
        else { return nil }
        bytes = UnsafeRawBufferPointer(start: memory, count: Int(found.st_size))
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }
}
