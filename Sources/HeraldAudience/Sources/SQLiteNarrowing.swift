import HeraldDatabase
import HeraldModel

/// A narrowing as SQL that holds for every row that satisfies it, and perhaps for more. What SQLite might decide otherwise than the
/// evaluator is left out: order of texts (collations, encodings), dates in other forms than ISO 8601, numbers beyond 2^53.
///
/// Columns stand behind a unary plus, which takes their affinity away, so that values compare as they are stored. A cell stored otherwise than the
/// comparison expects passes: it is for the reader to convert or to complain of.
struct SQLiteNarrowing {
    private(set) var sql = ""
    private(set) var arguments: [SQLValue] = []

    /// SQLite takes 32,766 values in one statement; long lists are better read than sent.
    private static let listLimit = 500

    /// Nil where nothing of it can be said in SQL.
    init?(_ narrowing: Narrowing, _ columns: [TableRequest.Column]) {
        guard let (sql, arguments) = SQLiteNarrowing.term(narrowing, columns), arguments.count <= 10_000 else { return nil }
        self.sql = sql
        self.arguments = arguments
    }

    private typealias Term = (sql: String, arguments: [SQLValue])

    /// Nil means: not decided here, true for all that is known.
    private static func term(_ narrowing: Narrowing, _ columns: [TableRequest.Column]) -> Term? {
        func column(_ name: String) -> TableRequest.Column? { columns.first { Text($0.name) == Text(name) } }
        switch narrowing {
        case .all(let parts):
            let terms = parts.compactMap { term($0, columns) }
            return terms.isEmpty ? nil : joined(terms, " AND ")
        case .any(let parts):
            let terms = parts.compactMap { term($0, columns) }
            guard terms.count == parts.count else { return nil }
            return terms.isEmpty ? ("0", []) : joined(terms, " OR ")
        case .isEmpty(let name): return column(name).flatMap { emptiness($0, isEmpty: true) }
        case .isNotEmpty(let name): return column(name).flatMap { emptiness($0, isEmpty: false) }
        case .oneOf(let name, let values):
            guard let column = column(name), !values.isEmpty, values.count <= listLimit else { return nil }
            let terms = values.compactMap { comparison(column, .equal, $0) }
            return terms.count == values.count ? joined(terms, " OR ") : nil
        case .compare(let name, let comparison, let value): return column(name).flatMap { self.comparison($0, comparison, value) }
        }
    }

    private static func joined(_ terms: [Term], _ word: String) -> Term {
        (terms.map { "(\($0.sql))" }.joined(separator: word), terms.flatMap(\.arguments))
    }

    private static func emptiness(_ column: TableRequest.Column, isEmpty: Bool) -> Term? {
        // A many-valued cell may be empty with text in it.
        if case .many = column.type { return nil }
        let name = "+" + SQLiteSchema.quoted(column.name)
        return isEmpty ? ("\(name) IS NULL OR \(name) = ''", []) : ("\(name) IS NOT NULL AND \(name) IS NOT ''", [])
    }

    private static func comparison(_ column: TableRequest.Column, _ comparison: Narrowing.Comparison, _ value: Value) -> Term? {
        let name = "+" + SQLiteSchema.quoted(column.name)
        switch (column.type, value) {
        case (.text, .text(let text)), (.enum, .text(let text)):
            guard comparison == .equal, !text.isEmpty, !text.string.utf8.contains(0) else { return nil }
            return passing("\(name) = ? COLLATE BINARY", [.text(text.string)], name, unless: "'text'")
        case (.boolean, .boolean(let flag)):
            guard comparison == .equal else { return nil }
            return passing("\(name) = ?", [.integer(flag ? 1 : 0)], name, unless: "'integer'")
        case (.integer, .integer(let number)):
            return passing("\(name) \(sign(comparison)) ?", [.integer(number)], name, unless: "'integer'")
        case (.integer, _), (.decimal, _):
            guard let number = value.number, let near = Double(number.description), abs(near) < 9_007_199_254_740_992 else { return nil }
            // The nearest binary fraction stands on the same side as the number, or is equal to what is nearest to the same.
            let widened: Narrowing.Comparison =
                switch comparison {
                case .less, .lessOrEqual: .lessOrEqual
                case .greater, .greaterOrEqual: .greaterOrEqual
                case .equal: .equal
                }
            return passing("\(name) \(sign(widened)) ?", [.real(near)], name, unless: "'integer', 'real'")
        case (.date, .date(let day)):
            return column.format == nil ? days(name, comparison, from: day, through: day) : nil
        case (.datetime, .datetime(let instant)):
            // The cell's own clock may be a day away from UTC at most; offsets are below 24 hours.
            let day = LocalTime(ticks: instant.microseconds).day
            return column.format == nil ? days(name, comparison, from: day.adding(days: -2), through: day.adding(days: 2)) : nil
        default: return nil
        }
    }

    /// Compares the day at the start of a text with what may lie between two days. ISO dates of four-digit years sort as text in every encoding.
    private static func days(_ name: String, _ comparison: Narrowing.Comparison, from first: Day, through last: Day) -> Term? {
        let next = last.adding(days: 1)
        guard first.parts.year >= 1, next.parts.year <= 9999 else { return nil }
        let low: Term = ("\(name) >= ? COLLATE BINARY", [.text(first.description)])
        let high: Term = ("\(name) < ? COLLATE BINARY", [.text(next.description)])
        let term: Term =
            switch comparison {
            case .less, .lessOrEqual: high
            case .greater, .greaterOrEqual: low
            case .equal: joined([low, high], " AND ")
            }
        return passing(term.sql, term.arguments, name, unless: "'text'")
    }

    /// The term, or the cell is stored otherwise than it can judge. Empty cells satisfy no comparison.
    private static func passing(_ sql: String, _ arguments: [SQLValue], _ name: String, unless storage: String) -> Term {
        ("\(sql) OR typeof(\(name)) NOT IN ('null', \(storage))", arguments)
    }

    private static func sign(_ comparison: Narrowing.Comparison) -> String {
        switch comparison {
        case .equal: "="
        case .less: "<"
        case .lessOrEqual: "<="
        case .greater: ">"
        case .greaterOrEqual: ">="
        }
    }
}
