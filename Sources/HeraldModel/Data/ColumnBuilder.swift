/// Fills one column, value by value.
package struct ColumnBuilder: Sendable {
    private let name: String
    private let type: ColumnType
    private var storage: Column.Storage
    private var textCodes: [Text: Int32] = [:]
    private var manyCodes: [[Text]: Int32] = [:]

    package init(name: String, type: ColumnType) {
        self.name = name
        self.type = type
        storage =
            switch type {
            case .text, .enum: .text(codes: [], pool: [])
            case .integer: .integer([], empty: [])
            case .decimal: .decimal([], empty: [])
            case .boolean: .boolean([])
            case .date: .date([])
            case .datetime: .datetime([])
            case .many: .many(codes: [], pool: [])
            }
    }

    /// Adds a value; one that is not of the column's type counts as empty, so readers convert (and complain) before.
    package mutating func append(_ value: Value) {
        let held = storage
        storage = .boolean([])  // Lets the arrays below be the only owners of their memory.
        switch held {
        case .text(var codes, var pool):
            if case .text(let text) = value {
                if let code = textCodes[text] {
                    codes.append(code)
                } else {
                    textCodes[text] = Int32(pool.count)
                    codes.append(Int32(pool.count))
                    pool.append(text)
                }
            } else {
                codes.append(-1)
            }
            storage = .text(codes: codes, pool: pool)
        case .integer(var values, var empty):
            var number: Int64?
            if case .integer(let held) = value { number = held }
            values.append(number ?? 0)
            empty.append(number == nil)
            storage = .integer(values, empty: empty)
        case .decimal(var values, var empty):
            let number = value.number
            values.append(number ?? Decimal(0))
            empty.append(number == nil)
            storage = .decimal(values, empty: empty)
        case .boolean(var values):
            if case .boolean(let flag) = value { values.append(flag ? 1 : 0) } else { values.append(2) }
            storage = .boolean(values)
        case .date(var days):
            if case .date(let day) = value { days.append(day.number) } else { days.append(.min) }
            storage = .date(days)
        case .datetime(var ticks):
            if case .datetime(let instant) = value { ticks.append(instant.microseconds) } else { ticks.append(.min) }
            storage = .datetime(ticks)
        case .many(var codes, var pool):
            if case .many(let parts) = value, !parts.isEmpty {
                if let code = manyCodes[parts] {
                    codes.append(code)
                } else {
                    manyCodes[parts] = Int32(pool.count)
                    codes.append(Int32(pool.count))
                    pool.append(parts)
                }
            } else {
                codes.append(-1)
            }
            storage = .many(codes: codes, pool: pool)
        }
    }

    package consuming func finish() -> Column { Column(name: name, type: type, storage: storage) }
}
