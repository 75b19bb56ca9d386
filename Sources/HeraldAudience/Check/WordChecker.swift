import HeraldModel

/// The words over results. Each becomes a condition over the rows of a table beside the entity (`SideTables`): `sent: {email: teaser}` is "at least one row whose kind
/// is sent and whose email is teaser", and is decided, counted and explained like any relation to many rows.
struct WordChecker {
    let checker: FilterChecker

    private static let keys: [Word: [String]] = [
        .contacted: ["list", "times", "last"],
        .visited: ["site", "url", "times", "within"],
        .event: ["site", "name", "value", "times", "within"],
        .changed: ["field", "to", "within"],
    ]
    private static let required: [Word: [String]] = [.visited: ["site"], .event: ["site", "name"], .changed: ["field", "within"]]
    private static let common = ["email", "campaign", "list", "times", "within"]

    func check(_ key: Node, _ value: Node, _ entity: EntitySchema) -> Filter? {
        guard let word = Word(rawValue: key.scalar) else { return nil }
        guard value.kind == .map else {
            return checker.fail(
                .badCondition, "`\(key.scalar)` is a map, and this is \(value.kindName)", value,
                checker.columnHint(key.scalar, entity) ?? "write `\(key.scalar): {}` for at least once")
        }
        guard !word.isAboutResults || entity.addressColumn != nil else {
            return checker.fail(
                .badCondition, "`\(key.scalar)` asks what happened to people, and \(entity.id) has neither `email` nor `phone`", key,
                checker.columnHint(key.scalar, entity) ?? "ask it of the entity that has the addresses")
        }
        guard hasRightKeys(word, key, value, entity) else { return nil }
        return word == .changed ? changed(key, value, entity) : results(word, key, value, entity)
    }

    private func hasRightKeys(_ word: Word, _ key: Node, _ value: Node, _ entity: EntitySchema) -> Bool {
        let keys = WordChecker.keys[word] ?? WordChecker.common
        var isFine = true
        func complain(_ rule: Rule, _ message: String, _ node: Node, _ suggestion: String? = nil) {
            _ = checker.fail(rule, message, node, suggestion)
            isFine = false
        }
        for (name, _) in value.entries where !keys.contains(name.scalar) {
            complain(
                .unknownName, "`\(key.scalar)` has no key `\(name.scalar)`", name,
                nearest(to: name.scalar, among: keys).map { "did you mean `\($0)`?" } ?? checker.columnHint(key.scalar, entity)
                    ?? "its keys are \(keys.joined(separator: ", "))")
        }
        let names = Set(value.entries.map(\.key.scalar))
        for name in WordChecker.required[word, default: []] where !names.contains(name) {
            complain(.badCondition, "`\(key.scalar)` needs `\(name)`", value, "add `\(name): …`")
        }
        if names.intersection(["email", "campaign", "list"]).count > 1 {
            complain(.badCondition, "only one of email, campaign and list may stand here", value)
        }
        return isFine
    }

    // MARK: What happened to people

    private func results(_ word: Word, _ key: Node, _ value: Node, _ entity: EntitySchema) -> Filter? {
        let kind = word == .contacted ? Word.sent : word
        var rows = [WordChecker.text(ResultColumn.kind.rawValue, kind.rawValue, key.span)]
        var (times, last): (ValueTest?, ValueTest?)
        var isFine = true
        for (name, body) in value.entries {
            var column = ResultColumn.at
            var test: ValueTest?
            switch name.scalar {
            case "times":
                times = TestChecker(checker: checker, type: .integer, name: "times", neverEmpty: true).check(body)
                isFine = isFine && times != nil
                continue
            case "last":
                last = TestChecker(checker: checker, type: .datetime, name: "last").check(body)
                isFine = isFine && last != nil
                continue
            case "within": test = within(body, ColumnReference(name: ResultColumn.at.rawValue, type: .datetime))
            case "url": (column, test) = (.url, TestChecker(checker: checker, type: .text, name: "url").check(body))
            case "value":
                let isText = WordChecker.asksForText(body)
                column = isText ? .text : .number
                test = TestChecker(checker: checker, type: isText ? .text : .decimal, name: "value").check(body)
            default:
                column = ResultColumn(rawValue: name.scalar) ?? .email
                test = named(name.scalar, body).map { WordChecker.isText($0, body.span) }
            }
            guard let test else {
                isFine = false
                continue
            }
            rows.append(Filter(.column(ColumnReference(name: column.rawValue, type: column.type ?? .text), test), body.span))
        }
        guard isFine else { return nil }
        let relation = RelationReference(id: word.rawValue, from: entity.id, to: SideTable.results(of: entity.id))
        func asked(_ aggregate: Aggregate) -> Filter { Filter(.toMany(relation, where: Filter(.all(rows), key.span), aggregate), key.span) }
        // Who was never contacted was not contacted last at any time either.
        let count = asked(times.map { .count($0) } ?? .some)
        guard let last else { return count }
        return Filter(.all([count, asked(.of(.max, ColumnReference(name: ResultColumn.at.rawValue, type: .datetime), last))]), key.span)
    }

    private func named(_ name: String, _ body: Node) -> String? {
        guard body.isScalar, body.kind != .null, !body.scalar.isEmpty else {
            _ = checker.fail(.badLiteral, "`\(name)` names one, and this is \(body.kindName)", body)
            return nil
        }
        return body.scalar
    }

    private static func asksForText(_ body: Node) -> Bool {
        func isText(_ node: Node) -> Bool { node.kind == .text || node.kind == .quoted }
        return isText(body) || body.entries.contains { ["contains", "starts_with", "ends_with"].contains($0.key.scalar) || isText($0.value) }
    }

    private func within(_ body: Node, _ at: ColumnReference) -> ValueTest? {
        TimeChecker(checker: checker, type: at.type, name: "within").check("within", body).map { check in
            ValueTest([ValueTest.Term(isNegated: false, check: check, span: body.span, words: "within \(body.words)")])
        }
    }

    private static func isText(_ text: String, _ span: SourceSpan) -> ValueTest {
        ValueTest([ValueTest.Term(isNegated: false, check: .oneOf([.text(Text(text))]), span: span, words: text)])
    }

    private static func text(_ column: String, _ text: String, _ span: SourceSpan) -> Filter {
        Filter(.column(ColumnReference(name: column, type: .text), isText(text, span)), span)
    }

    // MARK: What changed in their records

    private func changed(_ key: Node, _ value: Node, _ entity: EntitySchema) -> Filter? {
        let entries = Dictionary(value.entries.map { ($0.key.scalar, $0.value) }, uniquingKeysWith: { first, _ in first })
        let changes = entity.definition.changes
        guard let field = entries["field"], let column = entity.column(field.located, checker.diagnostics), let body = entries["within"],
            let table = checker.schemas[SideTable.changes(of: entity.id)],
            let at = table.column(changes?.at ?? Located(ChangeColumn.at, key.span), checker.diagnostics)
        else { return nil }
        guard at.type.isTime else {
            checker.diagnostics.report(
                .typeMismatch, "the time of a change is a date or a datetime, and `\(at.name)` of \(table.table) is \(at.type.name)", at: changes?.at.span,
                suggestion: "name the column that holds the time")
            return nil
        }
        let time = ColumnReference(name: at.name, type: at.type)
        guard let within = within(body, time) else { return nil }
        var rows = [
            WordChecker.text(changes?.field.value ?? ChangeColumn.field, column.name, field.span),
            Filter(.column(time, within), body.span),
        ]
        if let to = entries["to"] {
            guard changes == nil || changes?.new != nil else {
                return checker.fail(
                    .badCondition, "the changes of \(entity.id) do not say what a field changed to", to, "name the column with the new value in the entity's `changes`: `new: …`")
            }
            if changes == nil, !WordChecker.isNoticed(column.type) {
                return checker.fail(
                    .badCondition, "without a table of changes nobody knows what `\(column.name)`, which is \(column.type.name), changed to", to,
                    "leave `to` out, or name an audit table in the entity's `changes`")
            }
            guard let check = reached(to, column) else { return nil }
            let term = ValueTest.Term(isNegated: false, check: check, span: to.span, words: to.words)
            rows.append(Filter(.column(ColumnReference(name: changes?.new?.value ?? ChangeColumn.new, type: .text), ValueTest([term])), to.span))
        }
        let relation = RelationReference(id: key.scalar, from: entity.id, to: table.id)
        return Filter(.toMany(relation, where: Filter(.all(rows), key.span), .some), key.span)
    }

    /// Whether a value can be recognised by its digest: an instant and several values have no one form in a condition.
    private static func isNoticed(_ type: ColumnType) -> Bool {
        switch type {
        case .datetime, .many: false
        case .text, .enum, .integer, .decimal, .boolean, .date: true
        }
    }

    /// The new value stands there as text, whatever the field's type.
    private func reached(_ to: Node, _ column: EntitySchema.Column) -> ValueTest.Check? {
        let check: ValueTest.Check?
        if column.type.isTime {
            check = TimeChecker(checker: checker, type: column.type, name: column.name).moment(to).map { .time(.oneOf([$0])) }
        } else if case .many = column.type {
            check = LiteralReader(diagnostics: checker.diagnostics, type: .text, name: column.name).value(to).flatMap { value in
                if case .text(let text) = value { .hasAny([text]) } else { nil }
            }
        } else {
            check = LiteralReader(diagnostics: checker.diagnostics, type: column.type, name: column.name).value(to).map { .oneOf([$0]) }
        }
        switch column.type {
        case .text, .enum: return check
        default: return check.map { .reading(column.type, format: column.format, $0) }
        }
    }
}
