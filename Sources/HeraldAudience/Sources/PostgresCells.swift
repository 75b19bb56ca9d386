import HeraldDatabase
import HeraldModel

/// Takes the cells of one column out of PostgreSQL's rows.
struct PostgresCells {
    private enum Form { case text, fraction, list, binary }

    private let form: Form
    private let checksBytes: Bool

    /// `type` is what it is to be read as.
    init(_ column: PostgresSchema.Column, _ type: ColumnType, checksBytes: Bool) {
        self.checksBytes = checksBytes
        let isMany = if case .many = type { true } else { false }
        form =
            switch column.type {
            case "bytea": .binary
            case "float4", "float8": !column.isArray && type == .decimal ? .fraction : column.isArray && isMany ? .list : .text
            default: column.isArray && isMany ? .list : .text
            }
    }

    /// Valid until the next row.
    func cell(_ row: borrowing PostgresRow, _ column: Int) -> Cell {
        if row.isNull(column) { return .empty }
        let bytes = row.bytes(column)
        if bytes.isEmpty { return .empty }
        if checksBytes, TextCheck.finding(bytes) == .notUTF8 { return .unreadable(.notUTF8) }
        switch form {
        case .text: return .text(bytes)
        case .fraction: return Double(String(decoding: bytes, as: UTF8.self)).map { .real($0) } ?? .unreadable(.notOfType)
        case .list: return PostgresText.elements(bytes).map { .parts($0) } ?? .unreadable(.notOfType)
        case .binary: return .unreadable(.binary)
        }
    }
}
