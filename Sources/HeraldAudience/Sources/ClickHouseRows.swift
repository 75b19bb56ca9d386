#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Takes the rows of an answer in the format TabSeparated apart as it comes in, and knows whether it came to its end.
///
/// ClickHouse may fail after it said 200, and writes its complaint where the next row would be. So every row ends with a column that holds a point, and after the last row, which an
/// empty line ends, stand the extremes of the columns (the setting `extremes`): what is cut off, or stops in the middle, lacks them.
struct ClickHouseRows {
    private enum Part { case rows, extremes(Int), broken }

    private let columns: Int
    private var part = Part.rows
    /// The beginning of a line whose end has not come.
    private var rest: [UInt8] = []
    private var scratch: [UInt8] = []
    private var fields: [Range<Int>] = []
    /// What stood where a row was expected, as far as it matters.
    private(set) var complaint: [UInt8] = []
    private(set) var count = 0

    /// `columns`: without the one with the point.
    init(columns: Int) {
        self.columns = columns
    }

    /// Whether it came to its end. An answer without rows is empty. Where no extremes could be asked for, the end of the answer is all there is.
    func isWhole(hasExtremes: Bool) -> Bool {
        switch part {
        case .rows: rest.isEmpty && complaint.isEmpty && (count == 0 || !hasExtremes)
        case .extremes(let lines): rest.isEmpty && lines == 2
        case .broken: false
        }
    }

    /// `row` is given the cells of each row; nil is NULL. They are valid while it runs. False where the rest of the answer need not be looked at.
    mutating func take(_ bytes: UnsafeRawBufferPointer, _ row: (_ cells: [CellBytes?]) -> Void) -> Bool {
        let bytes = bytes.assumingMemoryBound(to: UInt8.self)
        var start = 0
        while let base = bytes.baseAddress, start < bytes.count, let found = memchr(base + start, 10, bytes.count - start) {
            let end = base.distance(to: found.assumingMemoryBound(to: UInt8.self))
            if rest.isEmpty {
                line(CellBytes(rebasing: bytes[start..<end]), row)
            } else {
                rest += bytes[start..<end]
                let whole = rest
                rest.removeAll(keepingCapacity: true)
                whole.withUnsafeBufferPointer { line($0, row) }
            }
            start = end + 1
        }
        rest += bytes[start...]
        if case .broken = part { return complaint.count < 1_000 }
        return true
    }

    /// The answer came to its end; what stands there without a line break is no row.
    mutating func end() {
        guard !rest.isEmpty else { return }
        complaint += rest.prefix(1_000)
        part = .broken
        rest = []
    }

    private mutating func line(_ line: CellBytes, _ row: ([CellBytes?]) -> Void) {
        switch part {
        case .broken: complaint += line.prefix(1_000)
        case .extremes(let lines): part = .extremes(lines + 1)
        case .rows:
            if line.isEmpty {
                part = .extremes(0)
            } else if !cells(line, row) {
                part = .broken
                complaint = Array(line.prefix(1_000))
            }
        }
    }

    /// False where the line is no row.
    private mutating func cells(_ line: CellBytes, _ row: ([CellBytes?]) -> Void) -> Bool {
        fields.removeAll(keepingCapacity: true)
        scratch.removeAll(keepingCapacity: true)
        var nulls: [Bool] = []
        var (start, isNull) = (0, false)
        var at = 0
        while at < line.count {
            let byte = line[at]
            if byte == 9 {
                fields.append(start..<scratch.count)
                nulls.append(isNull)
                (start, isNull) = (scratch.count, false)
            } else if byte == UInt8(ascii: "\\") {
                at += 1
                guard at < line.count else { return false }
                if line[at] == UInt8(ascii: "N"), scratch.count == start {
                    isNull = true
                } else if let plain = ClickHouseText.unescaped(line[at]) {
                    scratch.append(plain)
                } else {
                    return false
                }
            } else {
                scratch.append(byte)
            }
            at += 1
        }
        guard fields.count == columns, scratch.count == start + 1, scratch[start] == UInt8(ascii: ".") else { return false }
        count += 1
        scratch.withUnsafeBufferPointer { all in row(zip(fields, nulls).map { $1 ? nil : CellBytes(rebasing: all[$0]) }) }
        return true
    }
}
