import HeraldModel
import Synchronization

/// Reads a snapshot. Everything is checked before it is believed: what does not fit makes nil, never an error.
struct SnapshotReading {
    private struct Part {
        let place: Range<Int>
        let checksum: UInt64
    }

    private let file: MappedFile
    private var description: UnsafeRawBufferPointer
    private var at = 0
    /// Where the next part stands.
    private var offset: Int
    private var isWrong = false
    /// Those of the columns that were asked for, still to be checked.
    private var pending: [Part] = []

    /// Nil where the snapshot is not of this origin, or damaged.
    init?(_ file: MappedFile, _ origin: String) {
        self.init(file)
        guard text() == origin, !isWrong else { return nil }
    }

    /// What a snapshot was made of; nil where it is damaged.
    static func origin(of file: MappedFile) -> String? {
        var reading = SnapshotReading(file)
        let text = reading?.text()
        return reading?.isWrong == false ? text : nil
    }

    private init?(_ file: MappedFile) {
        let head = SnapshotForm.preamble
        guard file.bytes.count >= head, file.bytes.prefix(8).elementsEqual(SnapshotForm.magic) else { return nil }
        let length = file.bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        guard length <= UInt64(file.bytes.count - head) else { return nil }
        description = UnsafeRawBufferPointer(rebasing: file.bytes[head..<head + Int(length)])
        guard SnapshotForm.checksum(description) == file.bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self) else { return nil }
        self.file = file
        offset = SnapshotForm.aligned(head + Int(length))
    }

    /// The table with these columns, in this order.
    mutating func table(_ name: TableName, _ wanted: [TableRequest.Column]) -> Table? {
        let rows = count()
        let lines: Cells<UInt32> = cells(isWanted: true)
        guard rows < Int(Int32.max), lines.count == rows else { return nil }
        var found: [String: Column] = [:]
        for _ in 0..<count() where !isWrong {
            let name = text()
            let type = wanted.first { Text($0.name) == Text(name) }?.type
            let column = column(name, type ?? .text, isWanted: type != nil, rows)
            if type != nil { found[name] = column }
        }
        let columns = wanted.compactMap { found[$0.name] }
        guard !isWrong, columns.count == wanted.count, partsAreWhole() else { return nil }
        // The parts of a cell are only cut up again once it is sure that they are what was written.
        return Table(name: name, columns: columns.map(SnapshotReading.finished), rowCount: rows, lines: lines)
    }

    private func partsAreWhole() -> Bool {
        let isWhole = Atomic(true)
        let (file, parts) = (file, pending)
        AllCores.each(of: parts.count, start: {}) { index, _ in
            if SnapshotForm.checksum(UnsafeRawBufferPointer(rebasing: file.bytes[parts[index].place])) != parts[index].checksum { isWhole.store(false, ordering: .relaxed) }
        }
        return isWhole.load(ordering: .relaxed)
    }

    // MARK: Description

    private mutating func number() -> UInt64 {
        guard at + 8 <= description.count else {
            isWrong = true
            return 0
        }
        defer { at += 8 }
        return description.loadUnaligned(fromByteOffset: at, as: UInt64.self)
    }

    private mutating func count() -> Int {
        let number = number()
        guard number <= UInt64(file.bytes.count) else {
            isWrong = true
            return 0
        }
        return Int(number)
    }

    private mutating func text() -> String {
        let length = count()
        guard at + length <= description.count else {
            isWrong = true
            return ""
        }
        defer { at += length }
        return String(decoding: description[at..<at + length], as: UTF8.self)
    }

    // MARK: Parts

    private mutating func cells<Element>(isWanted: Bool) -> Cells<Element> {
        let count = count()
        let checksum = number()
        let length = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
        guard !isWrong, !length.overflow, offset <= file.bytes.count, length.partialValue <= file.bytes.count - offset else {
            isWrong = true
            return []
        }
        let place = offset..<offset + length.partialValue
        offset = SnapshotForm.aligned(offset + length.partialValue)
        if isWanted { pending.append(Part(place: place, checksum: checksum)) }
        return Cells(of: file, UnsafeRawBufferPointer(rebasing: file.bytes[place]).bindMemory(to: Element.self))
    }

    private mutating func cells<Element>(_ rows: Int, _ isWanted: Bool) -> Cells<Element> {
        let found: Cells<Element> = cells(isWanted: isWanted)
        if found.count != rows { isWrong = true }
        return found
    }

    private mutating func empty(_ rows: Int, _ isWanted: Bool) -> Cells<Bool>? { number() == 0 ? nil : cells(rows, isWanted) }

    private mutating func texts(_ isWanted: Bool) -> TextTable {
        let seed = number()
        let bytes: Cells<UInt8> = cells(isWanted: isWanted)
        let ends: Cells<Int> = cells(isWanted: isWanted)
        let hashes: Cells<UInt32> = cells(ends.count, isWanted)
        return TextTable(bytes: bytes, ends: ends, hashes: hashes, seed: seed)
    }

    private mutating func column(_ name: String, _ type: ColumnType, isWanted: Bool, _ rows: Int) -> Column {
        let storage: Column.Storage
        switch SnapshotForm.Kind(rawValue: number()) {
        case .text, .many: storage = .text(codes: cells(rows, isWanted), pool: texts(isWanted))
        case .integer: storage = .integer(cells(rows, isWanted), empty: empty(rows, isWanted))
        case .decimal: storage = .decimal(cells(rows, isWanted), empty: empty(rows, isWanted))
        case .scaled:
            let scale = UInt8(clamping: number())
            storage = .scaled(cells(rows, isWanted), scale: scale, empty: empty(rows, isWanted))
        case .boolean: storage = .boolean(cells(rows, isWanted))
        case .date: storage = .date(cells(rows, isWanted))
        case .datetime: storage = .datetime(cells(rows, isWanted))
        case nil:
            isWrong = true
            storage = .boolean([])
        }
        return Column(name: name, type: type, storage: storage)
    }

    private static func finished(_ column: Column) -> Column {
        guard case .many(let split) = column.type, case .text(let codes, let pool) = column.storage else { return column }
        let separator = Array(split.utf8)
        let parts = pool.indices.map { CellSyntax.parts(pool.utf8($0), separator: separator) }
        return Column(name: column.name, type: column.type, storage: .many(codes: codes, pool: parts))
    }
}
