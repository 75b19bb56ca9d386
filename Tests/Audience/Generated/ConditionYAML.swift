/// Conditions as people write them.
extension Condition {
    /// A map in flow style.
    func yaml(names: [String]) -> String { "{" + entries(names).map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}" }

    private func entries(_ names: [String]) -> [(key: String, value: String)] {
        switch self {
        case .all(let parts, let asKeys):
            let all = parts.flatMap { $0.entries(names) }
            if asKeys, Set(all.map(\.key)).count == all.count { return all }
            return [("all", "[" + parts.map { $0.yaml(names: names) }.joined(separator: ", ") + "]")]
        case .any(let parts): return [("any", "[" + parts.map { $0.yaml(names: names) }.joined(separator: ", ") + "]")]
        case .not(let inner): return [("not", inner.yaml(names: names))]
        case .column(let name, let tests, _): return [(name, Test.yaml(tests))]
        case .one(let relation, let inner): return [(relation.name, inner.yaml(names: names))]
        case .many(let relation, let rows, let total):
            var parts = rows.map { ["where: " + $0.yaml(names: names)] } ?? []
            switch total {
            case .some: break
            case .none: parts.append("none: true")
            case .count(let tests): parts.append("count: " + Test.yaml(tests))
            case .of(let function, let column, let tests): parts.append("\(function): {\(column): \(Test.yaml(tests))}")
            }
            return [(relation.name, "{" + parts.joined(separator: ", ") + "}")]
        case .named(let number): return [(number % 2 == 0 ? "filter" : "list", names[number])]
        }
    }
}

extension Test {
    /// A bare value where `is` stands alone, else a map of operators.
    static func yaml(_ tests: [Test]) -> String {
        if tests.count == 1, !tests[0].isNegated, case .isIn(let values, isList: false) = tests[0].op { return values[0].yaml }
        return "{" + tests.map(\.yaml).joined(separator: ", ") + "}"
    }

    var name: String {
        switch op {
        case .isEmpty: "empty"
        case .isIn(_, let isList): isList ? (isNegated ? "not_in" : "in") : (isNegated ? "is_not" : "is")
        case .contains: isNegated ? "not_contains" : "contains"
        case .startsWith: isNegated ? "not_starts_with" : "starts_with"
        case .endsWith: isNegated ? "not_ends_with" : "ends_with"
        case .compare(let op, _): op
        case .between: "between"
        case .hasAny: isNegated ? "has_none" : "has_any"
        case .hasAll: "has_all"
        case .before: "before"
        case .after: "after"
        case .betweenTimes: isNegated ? "not_between" : "between"
        case .within: "within"
        case .olderThan: "older_than"
        case .anniversary: "anniversary"
        case .part(let part, _): part
        }
    }

    private var yaml: String { "\(name): \(value)" }

    private var value: String {
        switch op {
        case .isEmpty(let yes): return yes ? "true" : "false"
        case .isIn(let values, let isList): return isList ? "[" + values.map(\.yaml).joined(separator: ", ") + "]" : values[0].yaml
        case .contains(let text), .startsWith(let text), .endsWith(let text): return Literal.text(text).yaml
        case .compare(_, let number): return Literal.number(number).yaml
        case .between(let low, let high): return "[\(Literal.number(low).yaml), \(Literal.number(high).yaml)]"
        case .hasAny(let texts), .hasAll(let texts): return "[" + texts.map { Literal.text($0).yaml }.joined(separator: ", ") + "]"
        case .before(let when), .after(let when): return when.yaml
        case .betweenTimes(let low, let high): return "[\(low.yaml), \(high.yaml)]"
        case .within(let span, let next): return (next ? "next " : "") + span.text
        case .olderThan(let span): return span.text
        case .anniversary(let span, let next): return span.map { (next ? "next " : "") + $0.text } ?? "today"
        case .part(let part, let tests):
            if tests.count == 1, tests[0].op == "is" { return PartTest.yaml(part, tests[0].values[0]) }
            return "{"
                + tests.map { test in
                    let values = test.values.map { PartTest.yaml(part, $0) }
                    let isList = ["in", "not_in", "between"].contains(test.op)
                    return "\(test.op): " + (isList ? "[" + values.joined(separator: ", ") + "]" : values[0])
                }.joined(separator: ", ") + "}"
        }
    }
}

extension PartTest {
    static let months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
    static let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

    /// Every other month and weekday by its name.
    static func yaml(_ part: String, _ value: Int?) -> String {
        guard let value else { return "current" }
        if part == "month", value % 2 == 0 { return months[value - 1].lowercased() }
        if part == "weekday", value % 2 == 0 { return weekdays[value - 1] }
        return String(value)
    }
}

extension Literal {
    var yaml: String {
        switch self {
        case .number(let number): return GeneratedData.decimal(number)
        case .flag(let flag): return flag ? "true" : "false"
        case .when(let when): return when.yaml
        case .text(let text):
            let isPlain = text.utf8.allSatisfy { 65...90 ~= $0 || 97...122 ~= $0 } && !["null", "true", "false"].contains(text.lowercased())
            if isPlain { return text }
            var quoted = "\""
            for scalar in text.unicodeScalars {
                switch scalar {
                case "\"", "\\": quoted += "\\\(scalar)"
                case "\n": quoted += "\\n"
                case "\t": quoted += "\\t"
                default: quoted.unicodeScalars.append(scalar)
                }
            }
            return quoted + "\""
        }
    }
}

extension When {
    var yaml: String {
        var text: String
        switch base {
        case .day(let day): text = day.text
        case .now: text = "now"
        case .today: text = "today"
        case .startOf(let period): text = "start of \(period)"
        case .local(let local):
            let days = local / PlainZone.daily - (local % PlainZone.daily < 0 ? 1 : 0)
            let second = (local - days * PlainZone.daily) / 1_000_000
            let clock = [second / 3600, second / 60 % 60, second % 60].map { PlainDay.padded($0, 2) }
            text = PlainDay(number: days).text + " " + (second % 60 == 0 ? clock.prefix(2) : clock[...]).joined(separator: ":")
        }
        if let offset { text += (isBackwards ? " - " : " + ") + offset.text }
        return text
    }
}
