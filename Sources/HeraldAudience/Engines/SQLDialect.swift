import HeraldModel

/// A value in SQL: a column, or an aggregate over one.
struct SQLOperand {
    enum Kind { case text, integer, decimal, boolean, day, instant, local }

    let sql: String
    let kind: Kind
    /// What holds where it is empty; nil where it never is. True or false, never NULL.
    let emptiness: String?
    /// ClickHouse: digits after the point of a decimal; 1 for integers of 64 bits.
    var scale = 0
}

/// How an engine says what `ConditionSQL` has to say. Whatever it cannot say exactly as the evaluator would decide it is nil, and left to the evaluator.
///
/// Conditions may be NULL where a value is: that counts as false. So they may stand under AND and OR, and under `opposite` only.
protocol SQLDialect: AnyObject {
    /// Bytes of one condition.
    var longest: Int { get }
    /// What to select the rows of an entity from, `alias` standing for them; nil where they are kept elsewhere.
    func table(_ schema: EntitySchema, alias: String) -> String?
    /// Whether at most one row has a key; nil where that is not sure.
    func hasUniqueKey(_ schema: EntitySchema) -> Bool
    func column(_ name: String, as type: ColumnType, of schema: EntitySchema, alias: String) -> SQLOperand?
    /// The number of rows, or an aggregate over one operand; empty where there is nothing to aggregate, except for a sum, which is 0.
    func count() -> String
    func aggregate(_ function: Aggregate.Function, _ operand: SQLOperand) -> SQLOperand?
    /// How many values of an operand are not empty.
    func count(_ operand: SQLOperand) -> String

    /// True where the condition is false or NULL.
    func opposite(_ condition: String) -> String
    /// Byte by byte; none of the texts is empty.
    func isOne(of texts: [String], _ operand: SQLOperand) -> String?
    /// A regular expression, as RE2 and PostgreSQL read it alike.
    func matches(_ pattern: String, _ operand: SQLOperand) -> String?
    func isTrue(_ operand: SQLOperand, _ flag: Bool) -> String?
    func compare(_ operand: SQLOperand, _ comparison: SQLComparison, _ literal: Decimal) -> String?
    /// The same of the average of an operand.
    func compareAverage(_ operand: SQLOperand, _ comparison: SQLComparison, _ literal: Decimal) -> String?
    /// Days or instants, both ends in; `Int64.min` and `.max` leave an end open.
    func isWithin(_ range: ClosedRange<Int64>, _ operand: SQLOperand) -> String?
    /// A whole number that says a part of a day: month, day of the month, …; the quarter is that of the calendar.
    func part(_ part: DatePart, _ operand: SQLOperand) -> String?
    /// Whether an operand is among the values of a query that gives one column called `k`, none of them empty. `scope` is the query in which it stands.
    func isMember(_ operand: SQLOperand, of query: SQLQuery, in scope: SQLScope) -> String?
}

enum SQLComparison: String { case equal = "=", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">=" }

/// A query for one column.
struct SQLQuery {
    let operand: SQLOperand
    let from: String
    let condition: String
    /// What holds for groups of one value; nil where rows are not grouped.
    let having: String?
}

/// The query that is being written: the name of its rows, and what is joined to them.
final class SQLScope {
    let alias: String
    private(set) var joins: [String] = []
    private let names: SQLNames

    init(_ names: SQLNames) {
        self.names = names
        alias = names.next()
    }

    /// The alias of a joined query; the same for the same query.
    func join(_ make: (_ alias: String) -> String, key: String) -> String {
        if let known = aliases[key] { return known }
        let alias = names.next()
        aliases[key] = alias
        joins.append(make(alias))
        return alias
    }

    private var aliases: [String: String] = [:]
}

final class SQLNames {
    private var count = 0

    func next() -> String {
        count += 1
        return "t\(count)"
    }
}
