/// The type of a column.
package enum ColumnType: Hashable, Sendable {
    case text, integer, decimal, boolean, date, datetime
    /// One of a closed set of texts, in the order they were declared.
    case `enum`([Text])
    /// Several texts in one cell, split at a separator.
    case many(split: String)

    /// The word that stands in files and messages.
    package var name: String {
        switch self {
        case .text: "text"
        case .integer: "integer"
        case .decimal: "decimal"
        case .boolean: "boolean"
        case .date: "date"
        case .datetime: "datetime"
        case .enum: "enum"
        case .many: "many"
        }
    }

    package var isNumber: Bool { self == .integer || self == .decimal }
    package var isTime: Bool { self == .date || self == .datetime }
}

/// The content of one cell. Zero characters, NULL and missing are all `empty`; spaces are not.
package enum Value: Hashable, Sendable {
    case empty
    case text(Text)
    case integer(Int64)
    case decimal(Decimal)
    case boolean(Bool)
    case date(Day)
    case datetime(Instant)
    case many([Text])

    package var isEmpty: Bool { self == .empty }

    /// The number it holds, exactly; nil for everything that is not a number.
    package var number: Decimal? {
        switch self {
        case .integer(let value): Decimal(value)
        case .decimal(let value): value
        default: nil
        }
    }
}
