import HeraldModel

/// Tests a narrowing on the cells of one row. What it cannot decide it lets pass: narrowing may only drop rows that do not satisfy it.
struct NarrowingTest {
    private indirect enum Node {
        case all([Node])
        case any([Node])
        case compare(Int, Narrowing.Comparison, Value)
        case oneOf(Int, Set<Value>)
        case isEmpty(Int)
        case isNotEmpty(Int)
        case undecided
    }

    private let root: Node
    /// The columns it looks at, by their place in the request.
    let columns: [Int]

    init(_ narrowing: Narrowing, _ request: [TableRequest.Column]) {
        var used = Set<Int>()
        root = NarrowingTest.node(narrowing, request, &used)
        columns = used.sorted()
    }

    /// `values` holds at least those of `columns`.
    func passes(_ values: [Value]) -> Bool { NarrowingTest.passes(root, values) }

    /// Of each row of these columns, which are those of the request, whether it passes.
    func candidates(_ columns: [Column], rows: Int) -> [Bool] {
        let test = NarrowingTest.test(root, columns)
        return [Bool](unsafeUninitializedCapacity: rows) { memory, filled in
            filled = rows
            let shared = SharedMemory(memory)
            AllCores.eachRun(of: rows) { for row in $0 { shared.elements[row] = test(row) } }
        }
    }

    private static func test(_ node: Node, _ columns: [Column]) -> @Sendable (Int) -> Bool {
        switch node {
        case .all(let parts):
            let tests = parts.map { test($0, columns) }
            if tests.count == 2 { return { tests[0]($0) && tests[1]($0) } }
            return { row in tests.allSatisfy { $0(row) } }
        case .any(let parts):
            let tests = parts.map { test($0, columns) }
            return { row in tests.contains { $0(row) } }
        case .undecided: return { _ in true }
        case .compare(let column, let comparison, let literal):
            switch (columns[column].storage, literal) {
            case (.date(let days), .date(let day)):
                let range = range(comparison, Int64(day.number))
                return { days[$0] != .min && range.contains(Int64(days[$0])) }
            case (.datetime(let ticks), .datetime(let instant)):
                let range = range(comparison, instant.microseconds)
                return { ticks[$0] != .min && range.contains(ticks[$0]) }
            default: return columns[column].lookup { passes(node, $0) }
            }
        case .oneOf(let column, _), .isEmpty(let column), .isNotEmpty(let column): return columns[column].lookup { passes(node, $0) }
        }
    }

    private static func range(_ comparison: Narrowing.Comparison, _ literal: Int64) -> ClosedRange<Int64> {
        switch comparison {
        case .equal: literal...literal
        case .less: Int64.min...max(.min, literal - 1)
        case .lessOrEqual: Int64.min...literal
        case .greater: min(.max, literal + 1)...Int64.max
        case .greaterOrEqual: literal...Int64.max
        }
    }

    private static func node(_ narrowing: Narrowing, _ request: [TableRequest.Column], _ used: inout Set<Int>) -> Node {
        func column(_ name: String) -> Int? {
            guard let found = request.firstIndex(where: { Text($0.name) == Text(name) }) else { return nil }
            used.insert(found)
            return found
        }
        switch narrowing {
        case .all(let parts): return .all(parts.map { node($0, request, &used) })
        case .any(let parts): return .any(parts.map { node($0, request, &used) })
        case .compare(let name, let comparison, let value): return column(name).map { .compare($0, comparison, value) } ?? .undecided
        case .oneOf(let name, let values):
            guard let column = column(name), values.allSatisfy({ fits($0, request[column].type) }) else { return .undecided }
            // A number is one value, however it is held.
            return .oneOf(column, Set(values.map { $0.number.map(Value.decimal) ?? $0 }))
        case .isEmpty(let name): return column(name).map { .isEmpty($0) } ?? .undecided
        case .isNotEmpty(let name): return column(name).map { .isNotEmpty($0) } ?? .undecided
        }
    }

    private static func fits(_ value: Value, _ type: ColumnType) -> Bool {
        switch (value, type) {
        case (.text, .text), (.text, .enum), (.boolean, .boolean), (.date, .date), (.datetime, .datetime): true
        default: value.number != nil && type.isNumber
        }
    }

    private static func passes(_ node: Node, _ values: [Value]) -> Bool {
        switch node {
        case .all(let parts): parts.allSatisfy { passes($0, values) }
        case .any(let parts): parts.contains { passes($0, values) }
        case .undecided: true
        case .isEmpty(let column), .isNotEmpty(let column), .oneOf(let column, _), .compare(let column, _, _): passes(node, values[column])
        }
    }

    /// Whether the value of the node's column passes.
    private static func passes(_ node: Node, _ value: Value) -> Bool {
        switch node {
        case .all, .any, .undecided: return true
        case .isEmpty: return value.isEmpty
        case .isNotEmpty: return !value.isEmpty
        case .oneOf(_, let set):
            if value.isEmpty { return false }
            return set.contains(value.number.map(Value.decimal) ?? value)
        case .compare(_, let comparison, let literal):
            if value.isEmpty { return false }
            guard let order = order(value, literal) else { return true }
            return switch comparison {
            case .equal: order == 0
            case .less: order < 0
            case .lessOrEqual: order <= 0
            case .greater: order > 0
            case .greaterOrEqual: order >= 0
            }
        }
    }

    /// Negative, 0 or positive; nil where the two are not of one kind.
    private static func order(_ left: Value, _ right: Value) -> Int? {
        func order<T: Comparable>(_ a: T, _ b: T) -> Int { a == b ? 0 : a < b ? -1 : 1 }
        switch (left, right) {
        case (.text(let a), .text(let b)): return order(a, b)
        case (.integer(let a), .integer(let b)): return order(a, b)
        case (.date(let a), .date(let b)): return order(a, b)
        case (.datetime(let a), .datetime(let b)): return order(a, b)
        case (.boolean(let a), .boolean(let b)): return order(a ? 1 : 0, b ? 1 : 0)
        default:
            guard let a = left.number, let b = right.number else { return nil }
            return Decimal.compare(a, b)
        }
    }
}
