/// A table as read from a source: only the columns that were asked for, each typed and stored column by column.
package struct Table: Sendable {
    package let name: TableName
    package let columns: [Column]
    package let rowCount: Int
    /// Where each row stands in its file (CSV: the line its record starts on); empty where the source has no lines.
    package let lines: Cells<UInt32>
    /// False for the rows that the narrowing ruled out, of which only the `identity` columns are sure to be filled. Nil means every row is a candidate.
    package let candidates: [Bool]?
    /// What the source decided of the request's questions, for each row: 0 no, 1 yes, 2 no only because a value is empty, 3 yes only because one is.
    package let answers: [Filter: [UInt8]]

    package init(
        name: TableName, columns: [Column], rowCount: Int, lines: Cells<UInt32> = [], candidates: [Bool]? = nil, answers: [Filter: [UInt8]] = [:]
    ) {
        self.name = name
        self.columns = columns
        self.rowCount = rowCount
        self.lines = lines
        self.candidates = candidates
        self.answers = answers
    }

    package func column(named name: String) -> Int? { columns.firstIndex { $0.name == name } }

    package subscript(row: Int, column: Int) -> Value { columns[column].value(at: row) }
}

/// One column. Texts are referred to by number.
package struct Column: Sendable {
    /// `empty` is nil where every row has a value.
    package enum Storage: Sendable {
        /// −1 is empty; others index the pool, in which a text may stand more than once.
        case text(codes: Cells<Int32>, pool: TextTable)
        case integer(Cells<Int64>, empty: Cells<Bool>?)
        case decimal(Cells<Decimal>, empty: Cells<Bool>?)
        /// Decimals × 10^`scale`, where 64 bits hold all of them.
        case scaled(Cells<Int64>, scale: UInt8, empty: Cells<Bool>?)
        /// 0 false, 1 true, 2 empty.
        case boolean(Cells<UInt8>)
        /// Days since 1970; `Int32.min` is empty.
        case date(Cells<Int32>)
        /// Microseconds since 1970; `Int64.min` is empty.
        case datetime(Cells<Int64>)
        /// −1 is empty; others index the pool of part lists.
        case many(codes: Cells<Int32>, pool: [[Text]])
    }

    package let name: String
    package let type: ColumnType
    package let storage: Storage

    package init(name: String, type: ColumnType, storage: Storage) {
        self.name = name
        self.type = type
        self.storage = storage
    }

    package func value(at row: Int) -> Value {
        switch storage {
        case .text(let codes, let pool): codes[row] < 0 ? .empty : .text(pool[Int(codes[row])])
        case .integer(let values, let empty): empty?[row] == true ? .empty : .integer(values[row])
        case .decimal(let values, let empty): empty?[row] == true ? .empty : .decimal(values[row])
        case .scaled(let values, let scale, let empty): empty?[row] == true ? .empty : .decimal(Decimal(coefficient: Int128(values[row]), scale: scale))
        case .boolean(let values): values[row] == 2 ? .empty : .boolean(values[row] == 1)
        case .date(let days): days[row] == .min ? .empty : .date(Day(number: days[row]))
        case .datetime(let ticks): ticks[row] == .min ? .empty : .datetime(Instant(microseconds: ticks[row]))
        case .many(let codes, let pool): codes[row] < 0 ? .empty : .many(pool[Int(codes[row])])
        }
    }

    /// `transform` of a row's value; where a column holds texts it is worked out once for each, not for each row.
    package func lookup<Result: Sendable>(_ transform: @escaping @Sendable (Value) -> Result) -> @Sendable (Int) -> Result {
        switch storage {
        case .text(let codes, let pool):
            let (results, empty) = (pool.map { transform(.text($0)) }, transform(.empty))
            return { codes[$0] < 0 ? empty : results[Int(codes[$0])] }
        case .many(let codes, let pool):
            let (results, empty) = (pool.map { transform(.many($0)) }, transform(.empty))
            return { codes[$0] < 0 ? empty : results[Int(codes[$0])] }
        case .boolean(let values):
            let results = [transform(.boolean(false)), transform(.boolean(true)), transform(.empty)]
            return { results[Int(values[$0])] }
        // Which storage it is, is asked once and not for each row.
        case .integer(let values, let empty): return { transform(empty?[$0] == true ? .empty : .integer(values[$0])) }
        case .decimal(let values, let empty): return { transform(empty?[$0] == true ? .empty : .decimal(values[$0])) }
        case .scaled(let values, let scale, let empty):
            return { transform(empty?[$0] == true ? .empty : .decimal(Decimal(coefficient: Int128(values[$0]), scale: scale))) }
        case .date(let days): return { transform(days[$0] == .min ? .empty : .date(Day(number: days[$0]))) }
        case .datetime(let ticks): return { transform(ticks[$0] == .min ? .empty : .datetime(Instant(microseconds: ticks[$0]))) }
        }
    }
}
