import HeraldModel

/// Takes the cells of one column out of ClickHouse's rows.
struct ClickHouseCells {
    private let kind: ClickHouseSchema.Column.Kind
    private let isFraction: Bool
    private let isList: Bool

    /// `type` is what it is to be read as.
    init(_ column: ClickHouseSchema.Column, _ type: ColumnType) {
        kind = column.kind
        isFraction = kind == .fraction && type == .decimal
        isList = if case .many = type { kind == .list } else { false }
    }

    /// Valid as long as the bytes.
    func cell(_ bytes: CellBytes?) -> Cell {
        guard var bytes, !bytes.isEmpty else { return .empty }
        if kind == .fixedText {
            // Filled up with NUL, which means nothing.
            while bytes.last == 0 { bytes = CellBytes(rebasing: bytes.dropLast()) }
            if bytes.isEmpty { return .empty }
        }
        switch kind {
        case .text, .fixedText, .list, .other:
            if isList { return ClickHouseText.elements(bytes).map { .parts($0) } ?? .unreadable(.notUTF8) }
            if bytes.contains(0) { return .unreadable(.holdsNUL) }
            return TextCheck.finding(bytes) == .notUTF8 ? .unreadable(.notUTF8) : .text(bytes)
        case .fraction where isFraction: return Double(String(decoding: bytes, as: UTF8.self)).map { .real($0) } ?? .unreadable(.notOfType)
        // ClickHouse 18 writes the first of all days so; newer ones write it as what it is.
        case .day where bytes.starts(with: "0000-00-00".utf8): return .text(ClickHouseCells.bytes("1970-01-01"))
        case .time where bytes.starts(with: "0000-00-00".utf8): return .text(ClickHouseCells.bytes("1970-01-01 00:00:00Z"))
        default: return .text(bytes)
        }
    }

    private static func bytes(_ text: StaticString) -> CellBytes { CellBytes(start: text.utf8Start, count: text.utf8CodeUnitCount) }
}
