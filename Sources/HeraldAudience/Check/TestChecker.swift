import HeraldModel

/// The operators of a column, checked against its type.
struct TestChecker {
    let checker: FilterChecker
    let type: ColumnType
    /// What it is called in messages.
    let name: String
    /// For counts and sums, which are 0 of nothing and so never empty.
    var neverEmpty = false

    private var literals: LiteralReader { LiteralReader(diagnostics: checker.diagnostics, type: type, name: name, neverEmpty: neverEmpty) }

    func fail(_ rule: Rule, _ message: String, _ node: Node, _ suggestion: String? = nil) -> ValueTest? {
        checker.diagnostics.report(rule, message, at: node.span, suggestion: suggestion)
        return nil
    }

    /// `value` is `is`; a map is operators, and-ed.
    func check(_ node: Node) -> ValueTest? {
        if node.kind == .list {
            let op = if case .many = type { "has_any" } else { "in" }
            return fail(.badLiteral, "a list stands under an operator", node, "write `{\(op): \(node.elements.isEmpty ? "[…]" : node.words)}`")
        }
        guard node.kind == .map else { return term("is", node, node, words: node.words).map { ValueTest([$0]) } }
        guard !node.entries.isEmpty else {
            return fail(.emptyLiteral, "`{}` asks nothing of `\(name)`", node, neverEmpty ? "write `{gte: 1}`" : "write `{empty: true}` to ask for empty values")
        }
        let terms = node.entries.map { term($0.key.scalar, $0.key, $0.value, words: "\($0.key.scalar) \($0.value.words)") }
        let valid = terms.compactMap { $0 }
        return valid.count == terms.count ? ValueTest(valid) : nil
    }

    private var operators: [String] {
        switch type {
        case .text: TestChecker.ofText
        case .integer, .decimal: neverEmpty ? TestChecker.ofCounts : TestChecker.ofNumbers
        case .boolean, .enum: TestChecker.ofAny
        case .many: TestChecker.ofMany
        case .date, .datetime: TestChecker.ofTimes
        }
    }

    private static let ofAny = ["is", "is_not", "in", "not_in", "empty"]
    private static let ofText = ofAny + ["contains", "not_contains", "starts_with", "not_starts_with", "ends_with", "not_ends_with"]
    private static let ofNumbers = ofAny + ["gt", "gte", "lt", "lte", "between"]
    private static let ofCounts = ofNumbers.filter { $0 != "empty" }
    private static let ofMany = ["empty", "has_any", "has_all", "has_none"]
    private static let ofTimes =
        ofAny + ["before", "after", "between", "not_between", "within", "older_than", "anniversary"] + DatePart.allCases.map(\.rawValue)

    private func term(_ op: String, _ key: Node, _ value: Node, words: String) -> ValueTest.Term? {
        guard operators.contains(op) else {
            if case .many = type, ["is", "in", "is_not", "not_in"].contains(op) {
                let instead = op == "is" || op == "in" ? "has_any" : "has_none"
                _ = fail(
                    .badOperator, "`\(name)` holds several values, and `\(op)` asks for one", key, "write `{\(instead): \(value.isScalar ? "[\(value.words)]" : value.words)}`")
            } else {
                _ = fail(
                    .badOperator, "`\(name)` is \(type.name), which has no `\(op)`", key,
                    nearest(to: op, among: operators).map { "did you mean `\($0)`?" } ?? "it has \(operators.joined(separator: ", "))")
            }
            return nil
        }
        let isNegated = op == "is_not" || op.hasPrefix("not_") || op == "has_none"
        guard let check = self.check(op, value) else { return nil }
        let isEmptyFalse = op == "empty" && value.scalar.lowercased() == "false"
        return ValueTest.Term(isNegated: isNegated || isEmptyFalse, check: check, span: key.span, words: words)
    }

    private func check(_ op: String, _ value: Node) -> ValueTest.Check? {
        switch op {
        case "empty":
            guard value.kind == .boolean else {
                _ = fail(.badLiteral, "`empty` takes true or false", value)
                return nil
            }
            return .isEmpty
        case "contains", "not_contains": return needle(value).map { .contains($0) }
        case "starts_with", "not_starts_with": return needle(value).map { .startsWith($0) }
        case "ends_with", "not_ends_with": return needle(value).map { .endsWith($0) }
        case "has_any", "has_none": return texts(value).map { .hasAny($0) }
        case "has_all": return texts(value).map { .hasAll($0) }
        default: break
        }
        if type.isTime { return TimeChecker(checker: checker, type: type, name: name).check(op, value) }
        switch op {
        case "is", "is_not": return literals.value(value).map { .oneOf([$0]) }
        case "in", "not_in":
            let values = list(value).map { literals.value($0) }
            return values.isEmpty || values.contains { $0 == nil } ? nil : .oneOf(values.compactMap { $0 })
        case "between":
            guard let (low, high) = pair(value), let a = literals.number(low), let b = literals.number(high) else { return nil }
            guard a <= b else {
                _ = fail(.badLiteral, "`between` starts with the smaller number", value, "write [\(b), \(a)]")
                return nil
            }
            return .numberBetween(a, b)
        default: return ValueTest.NumberComparison(rawValue: op).flatMap { comparison in literals.number(value).map { .number(comparison, $0) } }
        }
    }

    private func needle(_ node: Node) -> String? {
        guard case .text(let text)? = literals.value(node) else { return nil }
        return CaseFolding.fold(text.string)
    }

    private func texts(_ node: Node) -> [Text]? {
        let reader = LiteralReader(diagnostics: checker.diagnostics, type: .text, name: name)
        let values = (node.kind == .list ? list(node) : [node]).map { reader.value($0) }
        guard !values.isEmpty, !values.contains(where: { $0 == nil }) else { return nil }
        return values.compactMap { if case .text(let text)? = $0 { text } else { nil } }
    }

    func list(_ node: Node) -> [Node] {
        guard node.kind == .list else {
            _ = fail(.badLiteral, "a list of values stands here, and this is \(node.kindName)", node, "write `[\(node.scalar)]`")
            return []
        }
        if node.elements.isEmpty { _ = fail(.emptyLiteral, "an empty list holds nothing to compare with", node, "write `{empty: true}` to ask for empty values") }
        return node.elements
    }

    func pair(_ node: Node) -> (Node, Node)? {
        let parts = node.elements
        guard node.kind == .list, parts.count == 2 else {
            _ = fail(.badLiteral, "`between` takes a list of two values", node, "write `[first, last]`, both are in")
            return nil
        }
        return (parts[0], parts[1])
    }
}
