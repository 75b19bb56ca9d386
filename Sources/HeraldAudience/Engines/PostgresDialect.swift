import HeraldDatabase
import HeraldModel

/// Conditions in PostgreSQL's SQL. Values are bound, never written.
///
/// What herald cannot hold is compared by PostgreSQL's own order: an infinite date is after (or before) every other, and NaN satisfies no comparison.
final class PostgresDialect: SQLDialect {
    private let source: String
    private let zone: Zone
    /// By table; nil where there is none.
    private let schema: (String) -> PostgresSchema?
    private var values: [String] = []
    private var numbers: [String: Int] = [:]

    init(source: String, zone: Zone, schema: @escaping (String) -> PostgresSchema?) {
        self.source = source
        self.zone = zone
        self.schema = schema
    }

    /// What stands for a value until the statement is whole: only then is it known which of them are left in it. No name has this character.
    private func bound(_ value: String) -> String {
        let number = numbers[value] ?? values.count
        if number == values.count {
            values.append(value)
            numbers[value] = number
        }
        return "\u{1}\(number)\u{1}"
    }

    /// A statement made of conditions, with `$1` and so on for its values.
    func statement(_ sql: String) -> (sql: String, values: [String]) {
        var (text, bound): (String, [String]) = ("", [])
        var numbers: [Int: Int] = [:]
        for (index, part) in sql.split(separator: "\u{1}", omittingEmptySubsequences: false).enumerated() {
            guard index % 2 == 1, let number = Int(part) else {
                text += part
                continue
            }
            if numbers[number] == nil {
                bound.append(values[number])
                numbers[number] = bound.count
            }
            text += "$\(numbers[number] ?? 0)"
        }
        return (text, bound)
    }

    let longest = 60_000

    func table(_ entity: EntitySchema, alias: String) -> String? { found(entity).map { "\($0.sql) \(alias)" } }

    func hasUniqueKey(_ entity: EntitySchema) -> Bool { found(entity)?.uniqueColumns.contains(entity.key) ?? false }

    private func found(_ entity: EntitySchema) -> PostgresSchema? { entity.table.source == source ? schema(entity.table.table) : nil }

    func column(_ name: String, as type: ColumnType, of entity: EntitySchema, alias: String) -> SQLOperand? {
        guard let column = found(entity)?.column(name), !column.isArray, entity.columns[name]?.format == nil else { return nil }
        let bare = "\(alias).\(column.quoted)"
        func operand(_ kind: SQLOperand.Kind, _ sql: String? = nil) -> SQLOperand {
            SQLOperand(sql: sql ?? bare, kind: kind, emptiness: column.isNotNull ? nil : "\(bare) IS NULL")
        }
        switch (type, column.type) {
        case (.text, "text"), (.text, "varchar"), (.text, "bpchar"), (.text, "citext"), (.text, "name"), (.enum, "text"), (.enum, "varchar"), (.enum, "bpchar"), (.enum, "citext"):
            let sql = column.hasOwnCollation ? "\(bare)::text COLLATE \"C\"" : column.type == "text" || column.type == "varchar" ? bare : "\(bare)::text"
            return SQLOperand(sql: sql, kind: .text, emptiness: column.isNotNull ? "\(sql) = ''" : "(\(bare) IS NULL OR \(sql) = '')")
        case (.text, "uuid"): return operand(.text, "\(bare)::text")
        case (.text, _) where column.isEnum, (.enum, _) where column.isEnum: return operand(.text, "\(bare)::text")
        case (.integer, "int2"), (.integer, "int4"), (.integer, "int8"), (.decimal, "int2"), (.decimal, "int4"), (.decimal, "int8"): return operand(.integer)
        case (.decimal, "numeric"): return operand(.decimal, "nullif(\(bare), 'NaN')")
        case (.boolean, "bool"): return operand(.boolean)
        case (.date, "date"): return operand(.day)
        case (.datetime, "timestamptz"): return operand(.instant)
        case (.datetime, "timestamp"): return operand(.local)
        default: return nil
        }
    }

    func count() -> String { "count(*)" }
    func count(_ operand: SQLOperand) -> String { "count(\(operand.sql))" }

    func aggregate(_ function: Aggregate.Function, _ operand: SQLOperand) -> SQLOperand? {
        switch (function, operand.kind) {
        case (.sum, .integer), (.sum, .decimal): SQLOperand(sql: "coalesce(sum(\(operand.sql)), 0)", kind: .decimal, emptiness: nil)
        case (.min, .integer), (.min, .decimal), (.min, .day), (.min, .instant), (.max, .integer), (.max, .decimal), (.max, .day), (.max, .instant):
            SQLOperand(sql: "\(function.rawValue)(\(operand.sql))", kind: operand.kind, emptiness: nil)
        default: nil
        }
    }

    func opposite(_ condition: String) -> String { "(\(condition)) IS NOT TRUE" }

    func isOne(of texts: [String], _ operand: SQLOperand) -> String? {
        // No text of PostgreSQL holds NUL.
        let texts = texts.filter { !$0.utf8.contains(0) }
        return texts.count == 1 ? "\(operand.sql) = \(bound(texts[0]))::text" : "\(operand.sql) = ANY(\(bound(PostgresText.array(texts)))::text[])"
    }

    func matches(_ pattern: String, _ operand: SQLOperand) -> String? {
        operand.kind == .text ? "(\(operand.sql))::text COLLATE \"C\" ~ \(bound(pattern))::text" : nil
    }

    func isTrue(_ operand: SQLOperand, _ flag: Bool) -> String? { operand.kind == .boolean ? "\(operand.sql) = \(flag)" : nil }

    func compare(_ operand: SQLOperand, _ comparison: SQLComparison, _ literal: Decimal) -> String? {
        guard operand.kind == .integer || operand.kind == .decimal else { return nil }
        // A whole number beside an integer can use its index.
        let isWhole = operand.kind == .integer && literal.scale == 0 && Int64(exactly: literal.coefficient) != nil
        return "\(operand.sql) \(comparison.rawValue) \(bound(literal.description))::\(isWhole ? "bigint" : "numeric")"
    }

    func compareAverage(_ operand: SQLOperand, _ comparison: SQLComparison, _ literal: Decimal) -> String? {
        guard operand.kind == .integer || operand.kind == .decimal else { return nil }
        return "sum(\(operand.sql))::numeric \(comparison.rawValue) \(bound(literal.description))::numeric * count(\(operand.sql))"
    }

    private static let years: ClosedRange<Int64> = -719_162...2_932_896

    func isWithin(_ range: ClosedRange<Int64>, _ operand: SQLOperand) -> String? {
        switch operand.kind {
        case .day: return bounds(range, PostgresDialect.years, operand) { "\(self.bound(Day(number: Int32(clamping: $0)).description))::date" }
        case .instant: return bounds(range, PostgresDialect.instants, operand) { "\(self.bound(PostgresDialect.text($0) + "+00"))::timestamptz" }
        case .local:
            return bounds(range, PostgresDialect.instants, operand) { tick in
                // A clock that is moved near it leaves times out, or shows them twice: the evaluator knows what they mean.
                let instant = Instant(microseconds: tick)
                guard self.zone.changes(after: instant.adding(seconds: -3 * 86_400), through: instant.adding(seconds: 3 * 86_400)).isEmpty else { return nil }
                return "\(self.bound(PostgresDialect.text(tick + Int64(self.zone.offset(at: instant)) * 1_000_000)))::timestamp"
            }
        case .text, .integer, .decimal, .boolean: return nil
        }
    }

    private static let instants = years.lowerBound * 86_400_000_000...years.upperBound * 86_400_000_000

    /// What lies beyond the years that herald holds is no bound.
    private func bounds(_ range: ClosedRange<Int64>, _ known: ClosedRange<Int64>, _ operand: SQLOperand, _ write: (Int64) -> String?) -> String? {
        if range.lowerBound > known.upperBound || range.upperBound < known.lowerBound { return "1 = 0" }
        var parts: [String] = []
        if range.lowerBound > known.lowerBound {
            guard let low = write(range.lowerBound) else { return nil }
            parts.append("\(operand.sql) >= \(low)")
        }
        if range.upperBound < known.upperBound {
            guard let high = write(range.upperBound) else { return nil }
            parts.append("\(operand.sql) <= \(high)")
        }
        return parts.isEmpty ? "\(operand.sql) IS NOT NULL" : SQLVerdict.joined(parts, "AND")
    }

    /// A tick of a clock, as PostgreSQL reads it.
    private static func text(_ ticks: Int64) -> String {
        let local = LocalTime(ticks: ticks)
        let (second, micro) = (local.microsecond / 1_000_000, local.microsecond % 1_000_000)
        func padded(_ number: Int64, _ width: Int) -> String { String(repeating: "0", count: max(0, width - String(number).count)) + String(number) }
        return "\(local.day) \(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2)).\(padded(micro, 6))"
    }

    func part(_ part: DatePart, _ operand: SQLOperand) -> String? {
        let field =
            switch part {
            case .month: "month"
            case .day: "day"
            case .dayOfYear: "doy"
            case .weekday: "isodow"
            case .week: "week"
            case .year: "year"
            case .quarter: "quarter"
            }
        return operand.kind == .day ? "extract(\(field) FROM \(operand.sql))" : nil
    }

    /// As a join, which PostgreSQL does well wherever the answer stands; under OR it would look a subquery up for each row.
    func isMember(_ operand: SQLOperand, of query: SQLQuery, in scope: SQLScope) -> String? {
        guard operand.kind == query.operand.kind else { return nil }
        var sql = "SELECT \(query.having == nil ? "DISTINCT " : "")\(query.operand.sql) AS k FROM \(query.from)"
        if !query.condition.isEmpty { sql += " WHERE \(query.condition)" }
        if let having = query.having { sql += " GROUP BY 1 HAVING \(having)" }
        let alias = scope.join({ "LEFT JOIN (\(sql)) \($0) ON \($0).k = \(operand.sql)" }, key: sql + operand.sql)
        return "\(alias).k IS NOT NULL"
    }
}
