/// A generated condition, as a person would think of it; `yaml` writes it, `PlainEvaluator` decides it.
indirect enum Condition {
    /// `asKeys`: as keys of one map, where they differ.
    case all([Condition], asKeys: Bool)
    case any([Condition])
    case not(Condition)
    case column(String, [Test], isQualified: Bool)
    case one(Relation, Condition)
    case many(Relation, Condition?, Total)
    /// By its number among the named conditions.
    case named(Int)
}

enum Total {
    case some, none
    case count([Test])
    case of(String, column: String, [Test])
}

struct Test {
    enum Op {
        case isEmpty(Bool)
        case isIn([Literal], isList: Bool)
        case contains(String)
        case startsWith(String)
        case endsWith(String)
        /// gt, gte, lt, lte
        case compare(String, Int)
        case between(Int, Int)
        case hasAny([String])
        case hasAll([String])
        case before(When)
        case after(When)
        case betweenTimes(When, When)
        case within(Span, next: Bool)
        case olderThan(Span)
        /// Nil is today.
        case anniversary(Span?, next: Bool)
        case part(String, [PartTest])
    }

    let op: Op
    /// `is_not`, `not_…`, `has_none`.
    var isNegated = false
}

enum Literal { case text(String), number(Int), flag(Bool), when(When) }

/// A moment as people say it.
struct When {
    enum Base {
        case day(PlainDay)
        /// A wall-clock time, in microseconds of the local clock.
        case local(Int)
        case now, today
        case startOf(String)
    }

    let base: Base
    var offset: Span?
    var isBackwards = false

    var isDay: Bool {
        switch base {
        case .day, .today, .startOf: true
        case .local, .now: false
        }
    }
}

struct Span {
    let count: Int
    /// minute, hour, day, week, month, year
    let unit: String

    var text: String { "\(count) \(unit)\(count == 1 ? "" : "s")" }
}

struct PartTest {
    /// is, is_not, in, not_in, gt, gte, lt, lte, between
    let op: String
    /// Nil is `current`.
    let values: [Int?]
}

// MARK: Smaller conditions

extension Condition {
    /// Conditions that are a step simpler, to find the smallest that still fails.
    var simpler: [Condition] {
        switch self {
        case .all(let parts, let asKeys):
            return parts + Self.without(parts).map { .all($0, asKeys: asKeys) } + Self.eased(parts).map { .all($0, asKeys: asKeys) }
        case .any(let parts): return parts + Self.without(parts).map { .any($0) } + Self.eased(parts).map { .any($0) }
        case .not(let inner): return [inner] + inner.simpler.map { .not($0) }
        case .column(let name, let tests, let isQualified):
            return (isQualified ? [.column(name, tests, isQualified: false)] : []) + Self.without(tests).map { .column(name, $0, isQualified: isQualified) }
        case .one(let relation, let inner): return inner.simpler.map { .one(relation, $0) }
        case .many(let relation, let rows, let total):
            return (rows == nil ? [] : [.many(relation, nil, total)]) + (rows?.simpler ?? []).map { .many(relation, $0, total) }
        case .named: return []
        }
    }

    private static func without<T>(_ all: [T]) -> [[T]] {
        all.count < 2 ? [] : all.indices.map { index in all.indices.filter { $0 != index }.map { all[$0] } }
    }

    private static func eased(_ parts: [Condition]) -> [[Condition]] {
        parts.indices.flatMap { index in
            parts[index].simpler.map { simpler in
                var copy = parts
                copy[index] = simpler
                return copy
            }
        }
    }
}
