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
    private static let partLimit = 100

    /// Nil where nothing of it can be said in SQL. Rows whose `key` is empty or not of its type pass, so that they are complained of.
    init?(_ narrowing: Narrowing, _ columns: [TableRequest.Column], key: TableRequest.Column?) {
        guard let (sql, arguments) = SQLiteNarrowing.term(narrowing, columns), arguments.count <= 10_000 else { return nil }
        self.sql = sql
        self.arguments = arguments
        if let key {
            let name = "+" + SQLiteSchema.quoted(key.name)
            self.sql = "(\(sql)) OR \(name) = '' OR typeof(\(name)) NOT IN (\(key.type == .integer ? "'integer'" : "'integer', 'text'"))"
        }
    }

    private typealias Term = (sql: String, arguments: [SQLValue])

    /// Nil means: not decided here, true for all that is known. SQLite refuses expressions over 1,000 deep, and each word joins one deeper.
    private static func term(_ narrowing: Narrowing, _ columns: [TableRequest.Column], depth: Int = 0) -> Term? {
        func column(_ name: String) -> TableRequest.Column? { columns.first { Text($0.name) == Text(name) } }
        guard depth < 5 else { return nil }
        switch narrowing {
        case .all(let parts):
            let terms = parts.lazy.compactMap { term($0, columns, depth: depth + 1) }.prefix(partLimit)
            return terms.isEmpty ? nil : joined(Array(terms), " AND ")
        case .any(let parts):
            guard parts.count <= partLimit else { return nil }
            let terms = parts.compactMap { term($0, columns, depth: depth + 1) }
            guard terms.count == parts.count else { return nil }
            return terms.isEmpty ? ("0", []) : joined(terms, " OR ")
        case .isEmpty(let name): return column(name).flatMap { emptiness($0, isEmpty: true) }
        case .isNotEmpty(let name): return column(name).flatMap { emptiness($0, isEmpty: false) }
        case .oneOf(let name, let values):
            guard let column = column(name), !values.isEmpty, values.count <= listLimit else { return nil }
            let arguments = values.compactMap { argument($0, column.type) }
            guard arguments.count == values.count else { return nil }
            let marks = repeatElement("?", count: values.count).joined(separator: ", ")
            return passing("\(bare(column)) COLLATE BINARY IN (\(marks))", arguments, column)
        case .compare(let name, let comparison, let value): return column(name).flatMap { self.comparison($0, comparison, value) }
        }
    }

    private static func joined(_ terms: [Term], _ word: String) -> Term {
        (terms.map { "(\($0.sql))" }.joined(separator: word), terms.flatMap(\.arguments))
    }

    private static func bare(_ column: TableRequest.Column) -> String { "+" + SQLiteSchema.quoted(column.name) }

    private static func emptiness(_ column: TableRequest.Column, isEmpty: Bool) -> Term? {
        // A many-valued cell may be empty with text in it.
        if case .many = column.type { return nil }
        let name = bare(column)
        return isEmpty ? ("\(name) IS NULL OR \(name) = ''", []) : ("\(name) IS NOT NULL AND \(name) IS NOT ''", [])
    }

    private static func comparison(_ column: TableRequest.Column, _ comparison: Narrowing.Comparison, _ value: Value) -> Term? {
        if column.format == nil, case .date(let day) = value, column.type == .date { return days(column, comparison, from: day, through: day) }
        if column.format == nil, case .datetime(let instant) = value, column.type == .datetime {
            // The cell's own clock may be a day away from UTC at most; offsets are below 24 hours.
            let day = LocalTime(ticks: instant.microseconds).day
            return days(column, comparison, from: day.adding(days: -2), through: day.adding(days: 2))
        }
        guard let argument = argument(value, column.type), comparison == .equal || column.type.isNumber else { return nil }
        return passing("\(bare(column)) \(sign(comparison, isExact: argument.isExact)) ? COLLATE BINARY", [argument], column)
    }

    /// A value as cells of a column hold it; nil where SQLite might compare it otherwise.
    private static func argument(_ value: Value, _ type: ColumnType) -> SQLValue? {
        switch (type, value) {
        case (.text, .text(let text)), (.enum, .text(let text)): text.isEmpty || text.string.utf8.contains(0) ? nil : .text(text.string)
        case (.boolean, .boolean(let flag)): .integer(flag ? 1 : 0)
        case (.integer, .integer(let number)): .integer(number)
        case (.integer, _), (.decimal, _): value.number.flatMap { Double($0.description) }.flatMap { abs($0) < 9_007_199_254_740_992 ? .real($0) : nil }
        default: nil
        }
    }

    /// Compares the day at the start of a text with what may lie between two days. ISO dates of four-digit years sort as text in every encoding.
    private static func days(_ column: TableRequest.Column, _ comparison: Narrowing.Comparison, from first: Day, through last: Day) -> Term? {
        let next = last.adding(days: 1)
        guard first.parts.year >= 1, next.parts.year <= 9999 else { return nil }
        let name = bare(column)
        let low: Term = ("\(name) >= ? COLLATE BINARY", [.text(first.description)])
        let high: Term = ("\(name) < ? COLLATE BINARY", [.text(next.description)])
        let term: Term =
            switch comparison {
            case .less, .lessOrEqual: high
            case .greater, .greaterOrEqual: low
            case .equal: joined([low, high], " AND ")
            }
        // Text in another form is for the reader to complain of.
        return passing("\(term.sql) OR \(name) NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'", term.arguments, column)
    }

    /// The term, or the cell is stored otherwise than it can judge. Empty cells satisfy no comparison.
    private static func passing(_ sql: String, _ arguments: [SQLValue], _ column: TableRequest.Column) -> Term {
        let storage =
            switch column.type {
            case .boolean: "'integer'"
            case .integer, .decimal: "'integer', 'real'"
            case .text, .enum, .many, .date, .datetime: "'text'"
            }
        return ("\(sql) OR typeof(\(bare(column))) NOT IN ('null', \(storage))", arguments)
    }

    /// A number that is not exact is the nearest binary fraction; it stands on the same side as the number, or is equal to what is nearest to the same.
    private static func sign(_ comparison: Narrowing.Comparison, isExact: Bool) -> String {
        switch comparison {
        case .equal: "="
        case .less: isExact ? "<" : "<="
        case .lessOrEqual: "<="
        case .greater: isExact ? ">" : ">="
        case .greaterOrEqual: ">="
        }
    }
}

extension SQLValue {
    fileprivate var isExact: Bool { if case .real = self { false } else { true } }
}
