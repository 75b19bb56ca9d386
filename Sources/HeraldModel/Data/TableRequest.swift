/// What to read of a table.
package struct TableRequest: Sendable {
    package struct Column: Hashable, Sendable {
        package let name: String
        package let type: ColumnType
        /// Unicode pattern of its dates, or nil for ISO 8601.
        package let format: String?

        package init(name: String, type: ColumnType, format: String? = nil) {
            self.name = name
            self.type = type
            self.format = format
        }
    }

    package let table: TableName
    package let columns: [Column]
    /// A column that must be filled and unique in every row, or nil. Duplicates and empties are errors with their line.
    package let key: String?
    /// Columns that are read of every row, even of those that `narrowing` rules out. Empty: such rows may be left out.
    package let identity: Set<String>
    /// A condition that a source may use to read less. It must never drop a row that satisfies it; it may keep others.
    package let narrowing: Narrowing?
    /// Conditions over the rows that the source said it decides exactly: it answers them for each row.
    package let questions: [Question]
    /// The conditions whose rows are asked for, of which a source that decides may read less; nil where all rows are.
    package let wanted: [Filter]?

    /// A condition to decide for each row.
    package struct Question: Hashable, Sendable {
        package let filter: Filter
        /// Whether it matters that a no is one only because a value is empty.
        package let tellsNo: Bool

        package init(_ filter: Filter, tellsNo: Bool) {
            self.filter = filter
            self.tellsNo = tellsNo
        }
    }
    /// The entity whose rows the table holds; empty where nothing is decided.
    package let entity: String

    package init(
        table: TableName, columns: [Column], key: String?, identity: Set<String> = [], narrowing: Narrowing? = nil, entity: String = "", questions: [Question] = [],
        wanted: [Filter]? = nil
    ) {
        self.table = table
        self.columns = columns
        self.key = key
        self.identity = identity
        self.narrowing = narrowing
        self.entity = entity
        self.questions = questions
        self.wanted = wanted
    }
}

/// A condition over the columns of one row, simple enough for every source: what the evaluator decides is always inside it.
package indirect enum Narrowing: Hashable, Sendable {
    package enum Comparison: String, Sendable { case equal, less, lessOrEqual, greater, greaterOrEqual }

    case all([Narrowing])
    case any([Narrowing])
    /// False for an empty cell. `value` is of the column's type (a decimal may stand against an integer column).
    case compare(column: String, Comparison, Value)
    case oneOf(column: String, [Value])
    case isEmpty(column: String)
    case isNotEmpty(column: String)
}
