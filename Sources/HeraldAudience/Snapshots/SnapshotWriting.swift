import HeraldModel

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Writes a table as a snapshot.
struct SnapshotWriting {
    private var description: [UInt8] = []
    private var parts: [(owner: Any, bytes: UnsafeRawBufferPointer)] = []

    init(_ table: Table, _ origin: String) {
        add(text: origin)
        add(UInt64(table.rowCount))
        add(table.lines)
        add(UInt64(table.columns.count))
        for column in table.columns { add(column) }
    }

    private mutating func add(_ number: UInt64) { withUnsafeBytes(of: number) { description += $0 } }

    private mutating func add(text: String) {
        add(UInt64(text.utf8.count))
        description += text.utf8
    }

    /// The number of its elements; where it stands and its checksum follow in the order of the parts.
    private mutating func add<Element>(_ cells: Cells<Element>) {
        add(UInt64(cells.count))
        parts.append((cells, UnsafeRawBufferPointer(cells.buffer)))
        add(SnapshotForm.checksum(UnsafeRawBufferPointer(cells.buffer)))
    }

    private mutating func add(_ empty: Cells<Bool>?) {
        add(empty == nil ? 0 : 1)
        if let empty { add(empty) }
    }

    private mutating func add(_ kind: SnapshotForm.Kind) { add(kind.rawValue) }

    private mutating func add(_ table: TextTable) {
        add(table.seed)
        add(table.bytes)
        add(table.ends)
        add(table.hashes)
    }

    private mutating func add(_ column: Column) {
        add(text: column.name)
        switch column.storage {
        case .text(let codes, let pool):
            add(.text)
            add(codes)
            add(pool)
        case .integer(let values, let empty):
            add(.integer)
            add(values)
            add(empty)
        case .decimal(let values, let empty):
            add(.decimal)
            add(values)
            add(empty)
        case .scaled(let values, let scale, let empty):
            add(.scaled)
            add(UInt64(scale))
            add(values)
            add(empty)
        case .boolean(let values):
            add(.boolean)
            add(values)
        case .date(let values):
            add(.date)
            add(values)
        case .datetime(let values):
            add(.datetime)
            add(values)
        case .many(let codes, let pool):
            // As they were written, nearly: cutting that up gives the same parts.
            let separator = if case .many(let split) = column.type { split } else { "" }
            add(.many)
            add(codes)
            add(TextTable(pool.map { Text($0.map(\.string).joined(separator: separator)) }))
        }
    }

    /// Whether a new file of that name could be written whole.
    func write(to path: String) -> Bool {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        var head = SnapshotForm.magic
        withUnsafeBytes(of: UInt64(description.count)) { head += $0 }
        withUnsafeBytes(of: description.withUnsafeBytes { SnapshotForm.checksum($0) }) { head += $0 }
        head += description
        var isWritten = head.withUnsafeBytes { put($0, at: 0, descriptor) }
        var offset = SnapshotForm.aligned(head.count)
        for part in parts where isWritten {
            isWritten = put(part.bytes, at: offset, descriptor)
            offset = SnapshotForm.aligned(offset + part.bytes.count)
        }
        // What is behind the last part is read as nothing of it.
        return isWritten && ftruncate(descriptor, off_t(offset)) == 0 && close(descriptor) == 0
    }

    private func put(_ bytes: UnsafeRawBufferPointer, at offset: Int, _ descriptor: Int32) -> Bool {
        var written = 0
        while written < bytes.count {
            let count = pwrite(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written, off_t(offset + written))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                close(descriptor)
                return false
            }
            written += count
        }
        return true
    }
}
