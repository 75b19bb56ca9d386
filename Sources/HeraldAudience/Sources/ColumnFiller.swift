import HeraldModel

/// Reads the cells of one column as its type and keeps the values, each text once.
struct ColumnFiller {
    let name: String
    let type: ColumnType
    /// The declared pattern of dates; where none was declared the folder's, which stands beside ISO 8601.
    private let pattern: DatePattern?
    private let acceptsISO: Bool
    private var clock: LocalClock
    private var pool = TextPool()
    private var codes: [Int32] = []
    /// By code: whether an enum has the text.
    private var isDeclared: [Bool] = []
    private let declared: Set<Text>
    /// By code: the parts of a many-valued text.
    private var parts: [[Text]] = []
    private let separator: [UInt8]
    private var integers: [Int64] = []
    private var decimals: [Decimal] = []
    private var empties: [Bool] = []
    private var flags: [UInt8] = []
    private var days: [Int32] = []
    private var ticks: [Int64] = []

    /// Nil where the column's date format is not valid or does not fit its type; reported at no place, since the definition's check names it.
    init?(_ column: TableRequest.Column, zone: Zone, folderPattern: DatePattern? = nil, _ diagnostics: Diagnostics) {
        name = column.name
        type = column.type
        clock = LocalClock(zone: zone)
        acceptsISO = column.format == nil
        if let format = column.format, column.type.isTime {
            guard let read = DatePattern(format, diagnostics) else { return nil }
            guard read.hasTime == (column.type == .datetime) else {
                diagnostics.report(
                    .datePattern, "the format `\(format)` of column \(column.name) \(read.hasTime ? "has a" : "has no") time, which does not fit \(column.type.name)",
                    suggestion: read.hasTime ? "write type: datetime" : "write type: date")
                return nil
            }
            pattern = read
        } else {
            pattern = folderPattern.flatMap { $0.hasTime == (column.type == .datetime) ? $0 : nil }
        }
        if case .enum(let values) = column.type { declared = Set(values) } else { declared = [] }
        if case .many(let split) = column.type { separator = Array(split.utf8) } else { separator = [] }
    }

    /// What a cell was expected to be, for messages.
    var expectation: String {
        switch type {
        case .text, .many: "text"
        case .enum: "one of its values"
        case .integer: "an integer (digits without a leading zero, within 64 bits)"
        case .decimal: "a decimal number (digits, at most 28, with a point)"
        case .boolean: "a boolean (true, false, 1 or 0)"
        case .date: "a date written as \(acceptsISO ? "YYYY-MM-DD" : "")\(alternative)"
        case .datetime: "a date and time written as \(acceptsISO ? "YYYY-MM-DD HH:MM:SS" : "")\(alternative)"
        }
    }

    private var alternative: String { pattern.map { (acceptsISO ? " or " : "") + $0.description } ?? "" }

    mutating func appendEmpty() {
        switch type {
        case .text, .enum, .many: codes.append(-1)
        case .integer:
            integers.append(0)
            empties.append(true)
        case .decimal:
            decimals.append(Decimal(0))
            empties.append(true)
        case .boolean: flags.append(2)
        case .date: days.append(.min)
        case .datetime: ticks.append(.min)
        }
    }

    /// Adds a cell; where it is not of the column's type an empty one is added and the reason returned.
    mutating func append(_ cell: Cell) -> CellProblem? {
        do throws(CellProblem) {
            switch (type, cell) {
            case (_, .empty): appendEmpty()
            case (.text, .text(let bytes)): codes.append(pool.code(of: bytes).code)
            case (.enum, .text(let bytes)): codes.append(try enumCode(bytes))
            case (.many, .text(let bytes)): codes.append(manyCode(bytes))
            case (.many, .parts(let texts)): codes.append(manyCode(CellSyntax.parts(texts)))
            default: append(try convert(cell))
            }
            return nil
        } catch {
            appendEmpty()
            return error
        }
    }

    /// Adds a value that `convert` made; one of another type counts as empty.
    mutating func append(_ value: Value) {
        switch (type, value) {
        case (.text, .text(let text)), (.enum, .text(let text)): codes.append(code(of: text))
        case (.many, .many(let values)): codes.append(manyCode(values))
        case (.integer, .integer(let value)):
            integers.append(value)
            empties.append(false)
        case (.decimal, .decimal(let value)):
            decimals.append(value)
            empties.append(false)
        case (.boolean, .boolean(let value)): flags.append(value ? 1 : 0)
        case (.date, .date(let day)): days.append(day.number)
        case (.datetime, .datetime(let instant)): ticks.append(instant.microseconds)
        default: appendEmpty()
        }
    }

    /// A cell as a value of the column's type.
    mutating func convert(_ cell: Cell) throws(CellProblem) -> Value {
        switch cell {
        case .empty: return .empty
        case .unreadable(let problem): throw problem
        case .text(let bytes): return try convert(bytes)
        case .integer(let number):
            switch type {
            case .integer: return .integer(number)
            case .decimal: return .decimal(Decimal(number))
            case .boolean where number == 0 || number == 1: return .boolean(number == 1)
            // Its digits say the same.
            case .text, .enum, .many: return try withUTF8(String(number)) { bytes throws(CellProblem) in try convert(bytes) }
            default: throw .notOfType
            }
        case .parts(let texts):
            guard case .many = type else { throw .notOfType }
            let values = CellSyntax.parts(texts)
            return values.isEmpty ? .empty : .many(values)
        case .real(let number):
            guard type == .decimal, let decimal = CellSyntax.shortestDecimal(number) else { throw .notOfType }
            return .decimal(decimal)
        }
    }

    /// A text as a value of the column's type; nil where it is none.
    mutating func read(_ text: Text) -> Value? {
        do throws(CellProblem) { return try withUTF8(text.string) { bytes throws(CellProblem) in try convert(bytes) } } catch { return nil }
    }

    private mutating func convert(_ bytes: CellBytes) throws(CellProblem) -> Value {
        switch type {
        case .text: return .text(Text(String(decoding: bytes, as: UTF8.self)))
        case .enum:
            let text = Text(String(decoding: bytes, as: UTF8.self))
            guard declared.contains(text) else { throw .notInEnum }
            return .text(text)
        case .many:
            let values = CellSyntax.parts(bytes, separator: separator)
            return values.isEmpty ? .empty : .many(values)
        case .integer: if let value = CellSyntax.integer(bytes) { return .integer(value) }
        case .decimal: if let value = CellSyntax.decimal(bytes) { return .decimal(value) }
        case .boolean: if let value = CellSyntax.declaredBoolean(bytes) { return .boolean(value) }
        case .date: if let day = date(bytes) { return .date(day) }
        case .datetime: if let instant = instant(bytes) { return .datetime(instant) }
        }
        throw .notOfType
    }

    /// A day; also a day with the time 00:00:00, which loses nothing (databases like to write dates so).
    private func date(_ bytes: CellBytes) -> Day? {
        if acceptsISO {
            if let day = CellSyntax.isoDate(bytes) { return day }
            if let read = CellSyntax.isoDateTime(bytes), read.offset == nil, read.local.microsecond == 0 { return read.local.day }
        }
        return pattern?.read(bytes)?.day
    }

    private mutating func instant(_ bytes: CellBytes) -> Instant? {
        if acceptsISO, let read = CellSyntax.isoDateTime(bytes) {
            guard let offset = read.offset else { return clock.instant(read.local) }
            return Instant(microseconds: read.local.ticks - Int64(offset) * 1_000_000)
        }
        return pattern?.read(bytes).map { clock.instant($0) }
    }

    /// The code of a text that `convert` took.
    private mutating func code(of text: Text) -> Int32 {
        let (code, isNew) = withUTF8(text.string) { pool.code(of: $0) }
        if isNew { isDeclared.append(true) }
        return code
    }

    private mutating func enumCode(_ bytes: CellBytes) throws(CellProblem) -> Int32 {
        let (code, isNew) = pool.code(of: bytes)
        if isNew { isDeclared.append(declared.contains(pool[Int(code)])) }
        guard isDeclared[Int(code)] else { throw .notInEnum }
        return code
    }

    /// Parts are looked for once per text, however many rows have it.
    private mutating func manyCode(_ bytes: CellBytes) -> Int32 {
        let (code, isNew) = pool.code(of: bytes)
        if isNew { parts.append(CellSyntax.parts(bytes, separator: separator)) }
        return parts[Int(code)].isEmpty ? -1 : code
    }

    /// Of parts that were found already; some may hold the separator.
    private mutating func manyCode(_ values: [Text]) -> Int32 {
        if values.isEmpty { return -1 }
        let (code, isNew) = withUTF8(values.map(\.string).joined(separator: "\0")) { pool.code(of: $0) }
        if isNew { parts.append(values) }
        return code
    }

    /// A stretch of cells as a column of its own; nil where one is not of the column's type, which `append` then tells.
    func column(of cells: CellList, _ clock: inout LocalClock) -> Column? {
        switch type {
        case .text: return column(StretchReading.texts(cells, pool))
        case .integer: return StretchReading.integers(cells).map(column)
        case .decimal: return StretchReading.decimals(cells).map(column)
        case .date where pattern == nil && acceptsISO: return StretchReading.days(cells) { date($0) }.map(column)
        case .datetime where pattern == nil && acceptsISO: return StretchReading.ticks(cells, &clock).map(column)
        default:
            var filler = self
            for row in 0..<cells.count {
                let cell = cells[row]
                guard filler.append(cell.isEmpty ? .empty : .text(cell)) == nil else { return nil }
            }
            return filler.finish()
        }
    }

    private func column(_ storage: Column.Storage) -> Column { Column(name: name, type: type, storage: storage) }

    consuming func finish() -> Column {
        let empty = empties.contains(true) ? Cells(empties) : nil
        let storage: Column.Storage =
            switch type {
            case .text, .enum: .text(codes: Cells(codes), pool: pool.finish())
            case .integer: .integer(Cells(integers), empty: empty)
            case .decimal: .decimal(Cells(decimals), empty: empty)
            case .boolean: .boolean(Cells(flags))
            case .date: .date(Cells(days))
            case .datetime: .datetime(Cells(ticks))
            case .many: .many(codes: Cells(codes), pool: parts)
            }
        return column(storage)
    }
}

/// Lends the bytes of a text.
private func withUTF8<T, E: Error>(_ text: String, _ body: (CellBytes) throws(E) -> T) throws(E) -> T {
    let bytes = Array(text.utf8)
    return try bytes.withUnsafeBufferPointer(body)
}
