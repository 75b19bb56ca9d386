import HeraldModel

/// The words over results, checked to the letter; running them needs the results that a later version brings.
struct WordChecker {
    let checker: FilterChecker

    private static let keys: [Word.Kind: [String]] = [
        .contacted: ["list", "times", "last"],
        .visited: ["site", "url", "times", "within"],
        .event: ["site", "name", "value", "times", "within"],
        .changed: ["field", "to", "within"],
    ]
    private static let required: [Word.Kind: [String]] = [.visited: ["site"], .event: ["site", "name"], .changed: ["field", "within"]]
    private static let common = ["email", "campaign", "list", "times", "within"]

    func check(_ key: Node, _ value: Node, _ entity: EntitySchema) -> Filter? {
        guard let kind = Word.Kind(rawValue: key.scalar) else { return nil }
        guard value.kind == .map else {
            return checker.fail(
                .badCondition, "`\(key.scalar)` is a map, and this is \(value.kindName)", value,
                checker.columnHint(key.scalar, entity) ?? "write `\(key.scalar): {}` for at least once")
        }
        let keys = WordChecker.keys[kind] ?? WordChecker.common
        var isFine = true
        let entries = Dictionary(value.entries.map { ($0.key.scalar, $0.value) }, uniquingKeysWith: { first, _ in first })
        for (name, body) in value.entries {
            guard keys.contains(name.scalar) else {
                _ = checker.fail(
                    .unknownName, "`\(key.scalar)` has no key `\(name.scalar)`", name,
                    nearest(to: name.scalar, among: keys).map { "did you mean `\($0)`?" } ?? checker.columnHint(key.scalar, entity)
                        ?? "its keys are \(keys.joined(separator: ", "))")
                isFine = false
                continue
            }
            isFine = check(name.scalar, body, kind, entity, entries) && isFine
        }
        for name in WordChecker.required[kind, default: []] where entries[name] == nil {
            _ = checker.fail(.badCondition, "`\(key.scalar)` needs `\(name)`", value, "add `\(name): …`")
            isFine = false
        }
        let targets = ["email", "campaign", "list"].filter { entries[$0] != nil }
        if targets.count > 1 {
            _ = checker.fail(.badCondition, "only one of email, campaign and list may stand here", value)
            isFine = false
        }
        return isFine ? Filter(.word(Word(kind: kind, span: key.span)), key.span) : nil
    }

    private func check(_ name: String, _ body: Node, _ kind: Word.Kind, _ entity: EntitySchema, _ entries: [String: Node]) -> Bool {
        switch name {
        case "times": return TestChecker(checker: checker, type: .integer, name: "times", neverEmpty: true).check(body) != nil
        case "within": return TimeChecker(checker: checker, type: .datetime, name: "within").check("within", body) != nil
        case "last": return TestChecker(checker: checker, type: .datetime, name: "last").check(body) != nil
        case "url": return TestChecker(checker: checker, type: .text, name: "url").check(body) != nil
        case "value":
            let isText =
                body.kind == .text || body.kind == .quoted
                || body.entries.contains { ["contains", "starts_with", "ends_with"].contains($0.key.scalar) || $0.value.kind == .text || $0.value.kind == .quoted }
            return TestChecker(checker: checker, type: isText ? .text : .decimal, name: "value").check(body) != nil
        case "field": return entity.column(body.located, checker.diagnostics) != nil
        case "to":
            guard let field = entries["field"], let column = entity.columns[field.scalar] else { return true }
            if column.type.isTime { return TimeChecker(checker: checker, type: column.type, name: column.name).moment(body) != nil }
            return LiteralReader(diagnostics: checker.diagnostics, type: column.type, name: column.name).value(body) != nil
        default:
            guard body.isScalar, body.kind != .null, !body.scalar.isEmpty else {
                _ = checker.fail(.badLiteral, "`\(name)` names one, and this is \(body.kindName)", body)
                return false
            }
            return true
        }
    }
}
