import HeraldDatabase
import HeraldModel

/// The columns of a table or view of ClickHouse, and how each is read.
struct ClickHouseSchema {
    struct Column {
        /// What a value is, under `Nullable` and `LowCardinality`.
        enum Kind: Equatable {
            case text, fixedText, integer, decimal(scale: Int), fraction, boolean, day, time, list, other
        }

        let name: String
        let kind: Kind
        let isNullable: Bool
        let isLowCardinality: Bool
        /// As ClickHouse writes it, without what stands around it.
        let type: String

        init(_ name: String, type: String) {
            self.name = name
            isLowCardinality = type.contains("LowCardinality(")
            var (type, isNullable) = (Substring(type), false)
            while true {
                if type.hasPrefix("Nullable("), type.hasSuffix(")") {
                    isNullable = true
                    type = type.dropFirst(9).dropLast()
                } else if type.hasPrefix("LowCardinality("), type.hasSuffix(")") {
                    type = type.dropFirst(15).dropLast()
                } else {
                    break
                }
            }
            self.isNullable = isNullable
            self.type = String(type)
            kind = Column.kind(String(type))
        }

        private static func kind(_ type: String) -> Kind {
            let name = type.prefix { $0 != "(" }
            switch name {
            case "String", "Enum8", "Enum16", "UUID", "IPv4", "IPv6": return .text
            case "FixedString": return .fixedText
            case "Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64", "Int128", "Int256", "UInt128", "UInt256": return .integer
            case "Decimal", "Decimal32", "Decimal64", "Decimal128", "Decimal256":
                let scale = type.dropLast().split(separator: ",").last?.split(separator: "(").last.flatMap { Int(String($0).trimmed) }
                return scale.map { .decimal(scale: $0) } ?? .other
            case "Float32", "Float64", "BFloat16": return .fraction
            case "Bool": return .boolean
            case "Date", "Date32": return .day
            case "DateTime", "DateTime64": return .time
            case "Array":
                let element = Column("", type: String(type.dropFirst(6).dropLast())).kind
                return element == .text ? .list : .other
            default: return .other
            }
        }
    }

    /// As it is written in SQL.
    let sql: String
    let columns: [Column]

    /// Nil where there is no such table. A name without a point is one of the database of the connection; one with points may also be `database.table`.
    init?(_ table: String, _ database: String, _ connection: ClickHouseConnection) throws(ServerFailure) {
        var places = [(database, table)]
        if let dot = table.firstIndex(of: ".") { places.append((String(table[..<dot]), String(table[table.index(after: dot)...]))) }
        for (database, table) in places {
            var found: [Column] = []
            let condition = "database = \(ClickHouseText.literal(database)) AND table = \(ClickHouseText.literal(table))"
            try connection.rows(["name", "type"], from: "system.columns WHERE \(condition)") { cells in
                found.append(Column(ClickHouseSchema.text(cells[0]), type: ClickHouseSchema.text(cells[1])))
            }
            guard found.isEmpty else {
                sql = "\(ClickHouseText.quoted(database)).\(ClickHouseText.quoted(table))"
                columns = found
                return
            }
        }
        return nil
    }

    func column(_ name: String) -> Column? { columns.first { Text($0.name) == Text(name) } }

    /// The tables of the connection's database, then those of others, each in order.
    static func tables(_ database: String, _ connection: ClickHouseConnection) throws(ServerFailure) -> [String] {
        var found: [(database: String, table: String)] = []
        let hidden = "('system', 'information_schema', 'INFORMATION_SCHEMA')"
        try connection.rows(["database", "name"], from: "system.tables WHERE database NOT IN \(hidden)") { cells in found.append((text(cells[0]), text(cells[1]))) }
        let (own, others) = (found.filter { $0.database == database }.map(\.table), found.filter { $0.database != database }.map { "\($0.database).\($0.table)" })
        return (own.filter { !$0.hasPrefix(".inner") }.sorted() + others.sorted())
    }

    static func text(_ cell: CellBytes?) -> String { cell.map { String(decoding: $0, as: UTF8.self) } ?? "" }
}

extension ClickHouseSchema.Column {
    var quoted: String { ClickHouseText.quoted(name) }

    /// A moment is written on the clock of UTC, whatever zone the column or the server has; a list as the text that it is, so that it is escaped as every text.
    var selected: String {
        switch kind {
        case .time: "concat(toString(\(quoted), 'UTC'), 'Z')"
        case .list: "toString(\(quoted))"
        default: quoted
        }
    }

    /// May hold zero characters.
    var mayBeBlank: Bool { kind == .fixedText || (kind == .text && type == "String") }

    /// Whether it is empty, for a row.
    var emptiness: String? {
        let blank = kind == .fixedText ? "toString(\(quoted)) = \(ClickHouseText.literal(String(repeating: "\0", count: width)))" : "\(quoted) = ''"
        let terms = [isNullable ? "isNull(\(quoted))" : nil, mayBeBlank ? (isNullable ? "ifNull(\(blank), 1)" : blank) : nil].compactMap { $0 }
        return terms.isEmpty ? nil : terms.joined(separator: " OR ")
    }

    private var width: Int { Int(type.drop { $0 != "(" }.dropFirst().dropLast()) ?? 0 }

    /// What it is read as where `fields` says nothing, and what makes that unsure.
    var reading: (type: ColumnType, ambiguity: String?) {
        switch kind {
        case .text, .fixedText: (.text, nil)
        case .integer: (.integer, nil)
        case .decimal: (.decimal, nil)
        case .fraction: (.text, "it holds binary fractions; write `fields: {\(name): decimal}` to read them as their shortest decimals")
        case .boolean: (.boolean, nil)
        case .day: (.date, nil)
        case .time: (.datetime, nil)
        case .list: (.many(split: ";"), nil)
        case .other: (.text, "its type is \(type), which means nothing to herald; write `fields: {\(name): text}` to read it as ClickHouse writes it")
        }
    }
}
