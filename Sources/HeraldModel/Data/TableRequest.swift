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

    package init(table: TableName, columns: [Column], key: String?, identity: Set<String> = [], narrowing: Narrowing? = nil) {
        self.table = table
        self.columns = columns
        self.key = key
        self.identity = identity
        self.narrowing = narrowing
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
