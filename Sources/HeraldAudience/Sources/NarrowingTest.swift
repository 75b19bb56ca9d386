import HeraldModel

/// Tests a narrowing on the cells of one row. What it cannot decide it lets pass: narrowing may only drop rows that do not satisfy it.
struct NarrowingTest {
    indirect enum Node {
        case all([Node])
        case any([Node])
        case compare(Int, Narrowing.Comparison, Value)
        case oneOf(Int, Set<Value>)
        case isEmpty(Int)
        case isNotEmpty(Int)
        case undecided
    }

    let root: Node
    /// The columns it looks at, by their place in the request.
    let columns: [Int]

    init(_ narrowing: Narrowing, _ request: [TableRequest.Column]) {
        var used = Set<Int>()
        root = NarrowingTest.node(narrowing, request, &used)
        columns = used.sorted()
    }

    /// `values` holds at least those of `columns`.
    func passes(_ values: [Value]) -> Bool { NarrowingTest.passes(root, values) }

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
    static func passes(_ node: Node, _ value: Value) -> Bool {
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
