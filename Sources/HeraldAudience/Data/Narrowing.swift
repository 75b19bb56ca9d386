package import HeraldModel

extension Narrowing {
    /// What of a condition a source can decide row by row. It keeps every row that satisfies the condition; nil where nothing can be said.
    package init?(_ filter: Filter, _ clock: Clock) {
        switch filter.clause {
        case .all(let parts):
            let narrowed = parts.compactMap { Narrowing($0, clock) }
            guard !narrowed.isEmpty else { return nil }
            self = narrowed.count == 1 ? narrowed[0] : .all(narrowed)
        case .any(let parts):
            let narrowed = parts.map { Narrowing($0, clock) }
            guard !narrowed.contains(nil) else { return nil }
            self = .any(narrowed.compactMap { $0 })
        case .filter(_, let inner), .list(_, let inner):
            guard let narrowing = Narrowing(inner, clock) else { return nil }
            self = narrowing
        case .column(let column, let test):
            let narrowed = test.terms.compactMap { Narrowing.term($0, column, clock) }
            guard !narrowed.isEmpty else { return nil }
            self = narrowed.count == 1 ? narrowed[0] : .all(narrowed)
        // An opposite is in where a value is empty; the evaluator decides those.
        case .not, .toOne, .toMany: return nil
        }
    }

    private static func term(_ term: ValueTest.Term, _ column: ColumnReference, _ clock: Clock) -> Narrowing? {
        if case .isEmpty = term.check { return term.isNegated ? .isNotEmpty(column: column.name) : .isEmpty(column: column.name) }
        guard !term.isNegated else { return nil }
        switch term.check {
        case .oneOf(let values):
            // Numbers are compared by value, whatever they are stored as.
            return .oneOf(column: column.name, values)
        case .number(let comparison, let literal):
            let op: Comparison =
                switch comparison {
                case .gt: .greater
                case .gte: .greaterOrEqual
                case .lt: .less
                case .lte: .lessOrEqual
                }
            return .compare(column: column.name, op, .decimal(literal))
        case .numberBetween(let low, let high):
            return .all([
                .compare(column: column.name, .greaterOrEqual, .decimal(low)), .compare(column: column.name, .lessOrEqual, .decimal(high)),
            ])
        case .time(let check):
            guard let ranges = TimeRanges(check, column.type, clock) else { return .isNotEmpty(column: column.name) }
            let parts = ranges.ranges.map { range(column, $0) }
            return parts.count == 1 ? parts[0] : .any(parts)
        case .contains, .startsWith, .endsWith, .hasAny, .hasAll, .reading: return .isNotEmpty(column: column.name)
        case .isEmpty, .part: return nil
        }
    }

    private static func range(_ column: ColumnReference, _ range: ClosedRange<Int64>) -> Narrowing {
        func value(_ tick: Int64) -> Value {
            column.type == .date ? .date(Day(number: Int32(clamping: tick))) : .datetime(Instant(microseconds: tick))
        }
        var bounds: [Narrowing] = []
        if range.lowerBound > .min { bounds.append(.compare(column: column.name, .greaterOrEqual, value(range.lowerBound))) }
        if range.upperBound < .max { bounds.append(.compare(column: column.name, .lessOrEqual, value(range.upperBound))) }
        return bounds.isEmpty ? .isNotEmpty(column: column.name) : bounds.count == 1 ? bounds[0] : .all(bounds)
    }
}
