import HeraldModel

/// Tests of one value as SQL; the counterpart of `CompiledTest`.
struct TestSQL {
    private let dialect: any SQLDialect
    private let clock: Clock

    init(_ dialect: any SQLDialect, _ clock: Clock) {
        self.dialect = dialect
        self.clock = clock
    }

    func verdict(_ term: ValueTest.Term, _ operand: SQLOperand, _ type: ColumnType) -> SQLVerdict? {
        if case .isEmpty = term.check {
            let empty = operand.emptiness ?? "1 = 0"
            let verdict = SQLVerdict(certain: empty, opposite: dialect.opposite(empty))
            return term.isNegated ? verdict.opposite(dialect) : verdict
        }
        guard let holds = match(term.check, operand, type) else { return nil }
        guard let empty = operand.emptiness else {
            let verdict = SQLVerdict(certain: holds, opposite: dialect.opposite(holds))
            return term.isNegated && !isPart(term.check) ? verdict.opposite(dialect) : verdict
        }
        let not = "(\(dialect.opposite(holds)) AND \(dialect.opposite(empty)))"
        if case .part(_, let checks) = term.check {
            let isOpposite = checks.allSatisfy { if case .oneOf(_, isNegated: true) = $0 { true } else { false } }
            return SQLVerdict(holds: isOpposite ? "(\(empty) OR \(holds))" : holds, surely: holds, surelyNot: not)
        }
        let verdict = SQLVerdict(holds: holds, surely: holds, surelyNot: not)
        return term.isNegated ? verdict.opposite(dialect) : verdict
    }

    private func isPart(_ check: ValueTest.Check) -> Bool { if case .part = check { true } else { false } }

    /// All terms, of a value that is not empty.
    func condition(_ test: ValueTest, _ operand: SQLOperand, _ type: ColumnType) -> String? {
        var filled = SQLOperand(sql: operand.sql, kind: operand.kind, emptiness: nil)
        filled.scale = operand.scale
        let terms = test.terms.map { verdict($0, filled, type)?.holds }
        return terms.contains { $0 == nil } ? nil : SQLVerdict.joined(terms.compactMap { $0 }, "AND")
    }

    /// The same of the average of a value, where there is one.
    func average(_ test: ValueTest, _ operand: SQLOperand) -> String? {
        func compare(_ comparison: SQLComparison, _ literal: Decimal) -> String? { dialect.compareAverage(operand, comparison, literal) }
        let terms = test.terms.map { term -> String? in
            let holds: String?
            switch term.check {
            case .isEmpty: holds = "1 = 0"
            case .oneOf(let values): holds = any(values.compactMap(\.number).map { compare(.equal, $0) })
            case .number(let comparison, let literal): holds = compare(comparison.sql, literal)
            case .numberBetween(let low, let high): holds = both(compare(.greaterOrEqual, low), compare(.lessOrEqual, high))
            default: holds = nil
            }
            return term.isNegated ? holds.map(dialect.opposite) : holds
        }
        return terms.contains { $0 == nil } ? nil : SQLVerdict.joined(terms.compactMap { $0 }, "AND")
    }

    private func any(_ parts: [String?]) -> String? {
        if parts.contains(where: { $0 == nil }) { return nil }
        return parts.isEmpty ? "1 = 0" : SQLVerdict.joined(parts.compactMap { $0 }, "OR")
    }

    private func both(_ a: String?, _ b: String?) -> String? { a.flatMap { a in b.map { "(\(a) AND \($0))" } } }

    /// The positive form; false or NULL where the operand is empty.
    private func match(_ check: ValueTest.Check, _ operand: SQLOperand, _ type: ColumnType) -> String? {
        switch check {
        case .isEmpty, .hasAny, .hasAll, .reading: return nil
        case .oneOf(let values): return oneOf(values, operand)
        case .contains(let needle): return FoldedPattern.pattern(needle).flatMap { dialect.matches($0, operand) }
        case .startsWith(let needle): return FoldedPattern.pattern(needle).flatMap { dialect.matches("^" + $0, operand) }
        case .endsWith(let needle): return FoldedPattern.pattern(needle).flatMap { dialect.matches($0 + "$", operand) }
        case .number(let comparison, let literal): return dialect.compare(operand, comparison.sql, literal)
        case .numberBetween(let low, let high): return both(dialect.compare(operand, .greaterOrEqual, low), dialect.compare(operand, .lessOrEqual, high))
        case .time(.anniversary(let past, let next)): return anniversary(past, next, operand)
        case .time(let time):
            guard let ranges = TimeRanges(time, type, clock)?.ranges else { return nil }
            return any(ranges.map { dialect.isWithin($0, operand) })
        case .part(let part, let checks):
            guard operand.kind == .day else { return nil }
            let terms = checks.map { self.part(part, $0, operand) }
            return terms.contains { $0 == nil } ? nil : filled(SQLVerdict.joined(terms.compactMap { $0 }, "AND"), operand)
        }
    }

    /// Not where it is empty, whatever an engine makes of the parts of no date.
    private func filled(_ condition: String, _ operand: SQLOperand) -> String {
        operand.emptiness.map { "(\(dialect.opposite($0)) AND \(condition))" } ?? condition
    }

    private func oneOf(_ values: [Value], _ operand: SQLOperand) -> String? {
        switch operand.kind {
        case .text:
            let texts = values.compactMap { if case .text(let text) = $0 { text.string } else { nil } }
            return texts.count == values.count ? dialect.isOne(of: texts, operand) : nil
        case .integer, .decimal:
            let numbers = values.compactMap(\.number)
            return numbers.count == values.count ? any(numbers.map { dialect.compare(operand, .equal, $0) }) : nil
        case .boolean:
            let flags = values.compactMap { if case .boolean(let flag) = $0 { flag } else { nil } }
            return flags.count == values.count ? any(flags.map { dialect.isTrue(operand, $0) }) : nil
        case .day, .instant, .local: return nil
        }
    }

    private func anniversary(_ past: CalendarDuration?, _ next: CalendarDuration?, _ operand: SQLOperand) -> String? {
        guard operand.kind == .day, let month = dialect.part(.month, operand), let day = dialect.part(.day, operand) else { return nil }
        let days = AnniversaryCheck(past: past, next: next, clock).days.sorted()
        return filled("\(month) * 100 + \(day) IN (\(days.map(String.init).joined(separator: ", ")))", operand)
    }

    private func part(_ part: DatePart, _ check: PartCheck, _ operand: SQLOperand) -> String? {
        let reader = PartReader(clock: clock)
        func number(_ value: PartValue) -> Int {
            switch value {
            case .number(let number): number
            case .current: reader.value(part, of: clock.today)
            }
        }
        // The fiscal quarter is the calendar's of some other month.
        let sql: String?
        if part == .quarter {
            sql = dialect.part(.month, operand).map { month in
                let quarters = (1...12).map { (month: $0, quarter: ($0 - clock.fiscalMonth + 12) % 12 / 3 + 1) }
                return "CASE " + quarters.map { "WHEN \(month) = \($0.month) THEN \($0.quarter)" }.joined(separator: " ") + " END"
            }
        } else {
            sql = dialect.part(part, operand)
        }
        guard let sql else { return nil }
        switch check {
        case .oneOf(let values, let isNegated): return "\(sql) \(isNegated ? "NOT IN" : "IN") (\(values.map { String(number($0)) }.joined(separator: ", ")))"
        case .number(let comparison, let value): return "\(sql) \(comparison.sql.rawValue) \(number(value))"
        case .between(let low, let high): return "(\(sql) >= \(number(low)) AND \(sql) <= \(number(high)))"
        }
    }
}

extension ValueTest.NumberComparison {
    fileprivate var sql: SQLComparison {
        switch self {
        case .gt: .greater
        case .gte: .greaterOrEqual
        case .lt: .less
        case .lte: .lessOrEqual
        }
    }
}
