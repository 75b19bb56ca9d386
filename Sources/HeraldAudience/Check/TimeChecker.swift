import HeraldModel

/// The operators of dates and datetimes, and the ways to say a moment.
struct TimeChecker {
    let checker: FilterChecker
    let type: ColumnType
    let name: String

    @discardableResult
    private func fail(_ rule: Rule, _ message: String, _ node: Node, _ suggestion: String? = nil) -> ValueTest.Check? {
        checker.diagnostics.report(rule, message, at: node.span, suggestion: suggestion)
        return nil
    }

    func check(_ op: String, _ value: Node) -> ValueTest.Check? {
        let tests = TestChecker(checker: checker, type: type, name: name)
        switch op {
        case "is", "is_not": return moment(value).map { .time(.oneOf([$0])) }
        case "in", "not_in":
            let moments = tests.list(value).map(moment)
            return moments.isEmpty || moments.contains { $0 == nil } ? nil : .time(.oneOf(moments.compactMap { $0 }))
        case "before": return moment(value).map { .time(.before($0)) }
        case "after": return moment(value).map { .time(.after($0)) }
        case "between", "not_between":
            guard let (low, high) = tests.pair(value), let a = moment(low), let b = moment(high) else { return nil }
            if let first = fixed(a, isEnd: false), let last = fixed(b, isEnd: true), last < first {
                return fail(.badLiteral, "`\(op)` starts with the earlier moment", value, "swap the two")
            }
            return .time(.between(a, b))
        case "within":
            guard let (duration, next) = span(value, allowsNext: true) else { return nil }
            return .time(.within(duration, next: next))
        case "older_than": return span(value, allowsNext: false).map { .time(.olderThan($0.0)) }
        case "anniversary": return anniversary(value)
        default: return DatePart(rawValue: op).flatMap { part(($0), value) }
        }
    }

    /// Where a literal starts or ends, to compare two of them; nil for what depends on the clock.
    private func fixed(_ expression: TimeExpression, isEnd: Bool) -> LocalTime? {
        guard expression.offset == nil else { return nil }
        return switch expression.base {
        case .day(let day): LocalTime(day: day, microsecond: isEnd ? 86_399_999_999 : 0)
        case .local(let time): time
        default: nil
        }
    }

    private func span(_ node: Node, allowsNext: Bool) -> (CalendarDuration, next: Bool)? {
        guard node.isScalar, node.kind != .null, !node.scalar.isEmpty else {
            fail(
                node.isScalar ? .emptyLiteral : .badLiteral, "a duration stands here, and this is \(node.kindName)", node,
                "write it as `30 days`, or `{empty: true}` to ask for empty values")
            return nil
        }
        var text = Substring(node.scalar)
        let next = allowsNext && text.hasPrefix("next ")
        if next { text = text.dropFirst(5) }
        guard let duration = CalendarDuration(parsing: text) else {
            fail(.badLiteral, "a duration is a number of at least 1 and minutes, hours, days, weeks, months or years", node, "write it as `30 days`")
            return nil
        }
        guard duration.isWholeDays || type == .datetime else {
            fail(.badLiteral, "`\(name)` is a date, which has no minutes and hours", node, "count in days, weeks, months or years")
            return nil
        }
        return (duration, next)
    }

    private func anniversary(_ node: Node) -> ValueTest.Check? {
        if node.scalar == "today" { return .time(.anniversary(past: nil, next: nil)) }
        guard let (duration, next) = span(node, allowsNext: true) else { return nil }
        guard duration.isWholeDays else { return fail(.badLiteral, "anniversaries are counted in days", node) }
        return .time(.anniversary(past: next ? nil : duration, next: next ? duration : nil))
    }

    /// `2027-01-31`, `2027-01-31 09:00`, `now`, `today`, `start of month`, each with ` + 3 days` or ` - 3 days`.
    func moment(_ node: Node) -> TimeExpression? {
        guard node.isScalar, node.kind != .null, !node.scalar.isEmpty else {
            fail(node.isScalar ? .emptyLiteral : .badLiteral, "a date stands here, and this is \(node.kindName)", node, "write `{empty: true}` to ask for empty values")
            return nil
        }
        let text = node.scalar
        var base = text
        var offset: CalendarDuration?
        var isBackwards = false
        if let sign = TimeChecker.sign(in: text) {
            let rest = text[text.utf8.index(sign, offsetBy: 3)...]
            guard let duration = CalendarDuration(parsing: rest) else {
                fail(.badLiteral, "`\(rest)` is no duration", node, "write it as `\(text[..<sign])\(text[sign...].prefix(3))30 days`")
                return nil
            }
            (base, offset, isBackwards) = (String(text[..<sign]), duration, text[sign...].hasPrefix(" - "))
        }
        guard let start = self.base(base) else {
            let words = ["now", "today"] + TimeExpression.Period.allCases.map { "start of \($0.rawValue)" }
            fail(
                .badLiteral, "`\(text)` is no date that exists", node,
                nearest(to: base, among: words).map { "did you mean `\($0)`?" } ?? "write 2027-01-31, 2027-01-31 09:00, now, today, or start of month, with + or - a duration")
            return nil
        }
        let expression = TimeExpression(base: start, offset: offset, isBackwards: isBackwards)
        if let offset, !offset.isWholeDays, expression.isDay || type == .date {
            fail(.badLiteral, "hours and minutes cannot be counted from a whole day", node, "count from `now`, or in days")
            return nil
        }
        if case .local(let time) = start, let zone = checker.zone, case .never(let forward) = zone.read(time) {
            fail(
                .badLiteral, "\(time) does not exist in \(zone.identifier), where the clocks go forward over it", node,
                "write `\(zone.local(forward))`")
            return nil
        }
        if type == .date, case .local = start {
            fail(.badLiteral, "`\(name)` is a date, which has no time of day", node, "write the date alone")
            return nil
        }
        return expression
    }

    /// Where ` + ` or ` - ` stands.
    private static func sign(in text: String) -> String.Index? {
        let bytes = text.utf8
        return bytes.indices.first { at in
            let three = bytes[at...].prefix(3)
            return three.count == 3 && three.first == 0x20 && three.last == 0x20 && (three.dropFirst().first == 0x2B || three.dropFirst().first == 0x2D)
        }
    }

    private func base(_ text: String) -> TimeExpression.Base? {
        if text == "now" { return .now }
        if text == "today" { return .today }
        if text.hasPrefix("start of ") { return TimeExpression.Period(rawValue: String(text.dropFirst(9))).map { .startOf($0) } }
        if let day = Day(parsing: text) { return .day(day) }
        if let time = LocalTime(parsing: text) { return .local(time) }
        return nil
    }

    // MARK: Parts

    private func part(_ part: DatePart, _ node: Node) -> ValueTest.Check? {
        if node.kind == .list { return fail(.badLiteral, "a list stands under an operator", node, "write `{in: […]}`") }
        guard node.kind == .map else { return partValue(part, node).map { .part(part, [.oneOf([$0], isNegated: false)]) } }
        let tests = TestChecker(checker: checker, type: type, name: part.rawValue)
        var checks: [PartCheck] = []
        guard !node.entries.isEmpty else {
            return fail(.emptyLiteral, "`{}` asks nothing of the \(part.rawValue)", node, "write `{empty: true}` for \(name) to ask for empty values")
        }
        for (key, value) in node.entries {
            switch key.scalar {
            case "is", "is_not":
                guard let one = partValue(part, value) else { return nil }
                checks.append(.oneOf([one], isNegated: key.scalar == "is_not"))
            case "in", "not_in":
                let values = tests.list(value).map { partValue(part, $0) }
                guard !values.isEmpty, !values.contains(where: { $0 == nil }) else { return nil }
                checks.append(.oneOf(values.compactMap { $0 }, isNegated: key.scalar == "not_in"))
            case "between":
                guard let (low, high) = tests.pair(value), let a = partValue(part, low), let b = partValue(part, high) else { return nil }
                if case .number(let first) = a, case .number(let last) = b, last < first { return fail(.badLiteral, "`between` starts with the smaller", value, "swap the two") }
                checks.append(.between(a, b))
            default:
                guard let comparison = ValueTest.NumberComparison(rawValue: key.scalar) else {
                    let operators = ["is", "is_not", "in", "not_in", "gt", "gte", "lt", "lte", "between"]
                    return fail(
                        .badOperator, "a part of a date has no `\(key.scalar)`", key,
                        nearest(to: key.scalar, among: operators).map { "did you mean `\($0)`?" } ?? "it has \(operators.joined(separator: ", "))")
                }
                guard let one = partValue(part, value) else { return nil }
                checks.append(.number(comparison, one))
            }
        }
        return .part(part, checks)
    }

    private static let months = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"]
    private static let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    private func partValue(_ part: DatePart, _ node: Node) -> PartValue? {
        let text = node.scalar
        guard node.isScalar, node.kind != .null, !text.isEmpty else {
            fail(
                node.isScalar ? .emptyLiteral : .badLiteral, "a \(part.rawValue) stands here, and this is \(node.kindName)", node,
                "write `{empty: true}` for \(name) to ask for empty values")
            return nil
        }
        if text == "current" { return .current }
        let names = part == .month ? TimeChecker.months : part == .weekday ? TimeChecker.weekdays : []
        if let index = names.firstIndex(of: text.lowercased()) { return .number(index + 1) }
        let range =
            switch part {
            case .month: 1...12
            case .day: 1...31
            case .dayOfYear: 1...366
            case .weekday: 1...7
            case .week: 1...53
            case .quarter: 1...4
            case .year: 1...9999
            }
        guard node.kind == .integer, let number = Int(text) else {
            fail(
                .badLiteral, "a \(part.rawValue) is a number from \(range.lowerBound) to \(range.upperBound)\(names.isEmpty ? "" : ", its English name"), or `current`", node,
                nearest(to: text, among: names).map { "did you mean `\($0)`?" })
            return nil
        }
        guard range.contains(number) else {
            fail(.badLiteral, "a \(part.rawValue) is from \(range.lowerBound) to \(range.upperBound)", node)
            return nil
        }
        return .number(number)
    }
}
