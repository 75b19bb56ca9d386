package import HeraldModel

/// What a test expects of one made-up person.
package enum PersonaExpectation: Sendable {
    case isIn
    case isOut(LeaveReason?)
    case mail([MailExpectation])
}

/// One line that a mail must have.
package struct MailExpectation: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case subject, preheader
        case htmlHas = "html_has"
        case htmlLacks = "html_lacks"
        case textHas = "text_has"
        case textLacks = "text_lacks"
    }

    package let kind: Kind
    package let text: String
    package let span: SourceSpan
}

/// The people of a test as tables, and what is expected of each.
package struct PersonaSet: Sendable {
    package struct Persona: Sendable {
        /// Its row in the entity's table.
        package let row: Int
        package let span: SourceSpan
        package let expectation: PersonaExpectation?
    }

    package let dataset: Dataset
    package let personas: [Persona]
}

extension Rule {
    static let badPersona = Rule("bad-persona")
}

/// Reads personas against the columns of an entity.
package struct PersonaReader {
    private static let words = ["consent", "sent", "opened", "clicked", "contacted", "expect"]

    private let schemas: Schemas
    private let zone: Zone
    private let diagnostics: Diagnostics

    package init(_ schemas: Schemas, zone: Zone, _ diagnostics: Diagnostics) {
        self.schemas = schemas
        self.zone = zone
        self.diagnostics = diagnostics
    }

    /// - Parameter isMail: whether an email is tested, so that expectations are about text.
    package func read(_ people: [Node], entity: EntitySchema, isMail: Bool) -> PersonaSet {
        var building = PersonaTables(schemas)
        var personas: [PersonaSet.Persona] = []
        for person in people {
            guard person.kind == .map else {
                diagnostics.report(.badPersona, "a person is a map of columns, and this is \(person.kindName)", at: person.span)
                continue
            }
            var cells: [String: Value] = [:]
            var expectation: PersonaExpectation?
            var consent: Node?
            for (key, value) in person.entries {
                switch key.scalar {
                case "expect": expectation = self.expectation(value, isMail: isMail)
                case "consent": consent = value
                case "sent", "opened", "clicked", "contacted":
                    diagnostics.report(
                        .badPersona, "`\(key.scalar)` is about results, which this version does not read yet", at: key.span,
                        suggestion: "test without it, or write `\(entity.id).\(key.scalar)` for a column of that name")
                default: fill(key, value, entity, &cells, &building)
                }
            }
            self.consent(consent, entity, &cells)
            if cells[entity.key] == nil || cells[entity.key] == .empty { cells[entity.key] = building.freshKey(entity) }
            let row = building.add(entity.id, cells)
            personas.append(PersonaSet.Persona(row: row, span: person.span, expectation: expectation))
        }
        return PersonaSet(dataset: Dataset(schemas, tables: building.finish()), personas: personas)
    }

    private func fill(_ key: Node, _ value: Node, _ entity: EntitySchema, _ cells: inout [String: Value], _ building: inout PersonaTables) {
        var name = key.scalar
        if name.hasPrefix(entity.id + ".") { name = String(name.dropFirst(entity.id.count + 1)) }
        if name == "id", entity.columns["id"] == nil { name = entity.key }
        if let relation = entity.relations[name], name == key.scalar { return related(relation, value, entity, &cells, &building) }
        guard let column = entity.columns[name] else {
            return diagnostics.report(
                .badPersona, "\(entity.id) has no column or relation `\(name)`", at: key.span,
                suggestion: nearest(to: name, among: entity.columnNames + entity.relations.keys.sorted() + PersonaReader.words).map { "did you mean `\($0)`?" })
        }
        cells[name] = cell(value, column)
    }

    private func related(
        _ relation: EntitySchema.Relation, _ value: Node, _ entity: EntitySchema, _ cells: inout [String: Value], _ building: inout PersonaTables
    ) {
        guard let other = schemas[relation.entity] else { return }
        guard relation.isMany else {
            guard value.kind == .map else {
                return diagnostics.report(.badPersona, "`\(relation.id)` is one row, so a map, and this is \(value.kindName)", at: value.span)
            }
            var inner = self.cells(value, other, &building)
            if inner[other.key] == nil { inner[other.key] = building.freshKey(other) }
            cells[relation.by.value] = inner[other.key]
            _ = building.add(other.id, inner)
            return
        }
        guard value.kind == .list else {
            return diagnostics.report(.badPersona, "`\(relation.id)` is a list of rows, and this is \(value.kindName)", at: value.span, suggestion: "write `[{…}]`")
        }
        for row in value.elements {
            var inner = self.cells(row, other, &building)
            inner[relation.by.value] = .empty  // Joined below, once the person's key is known.
            if inner[other.key] == nil { inner[other.key] = building.freshKey(other) }
            building.later(other.id, inner, joins: relation.by.value, to: entity.id)
        }
    }

    private func cells(_ node: Node, _ entity: EntitySchema, _ building: inout PersonaTables) -> [String: Value] {
        var cells: [String: Value] = [:]
        for (key, value) in node.entries { fill(key, value, entity, &cells, &building) }
        return cells
    }

    private func consent(_ node: Node?, _ entity: EntitySchema, _ cells: inout [String: Value]) {
        guard let node, case .column(let name, _, _)? = entity.definition.consent?.value else { return }
        guard let status = ConsentStatus(rawValue: node.scalar), [.subscribed, .pending, .unsubscribed].contains(status) else {
            return diagnostics.report(.badPersona, "consent is subscribed, pending or unsubscribed", at: node.span)
        }
        switch entity.columns[name.value]?.type {
        case .boolean: cells[name.value] = status == .pending ? .empty : .boolean(status == .subscribed)
        default: cells[name.value] = .text(Text(status.rawValue))
        }
    }

    private func cell(_ node: Node, _ column: EntitySchema.Column) -> Value {
        guard node.kind != .null, !(node.isScalar && node.scalar.isEmpty) else { return .empty }
        func fail(_ what: String) -> Value {
            diagnostics.report(.badPersona, "`\(column.name)` is \(column.type.name), and this is not \(what)", at: node.span)
            return .empty
        }
        if case .many(let split) = column.type {
            let texts = node.kind == .list ? node.elements.map(\.scalar) : node.scalar.split(separator: split).map(String.init)
            let parts = texts.map { $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ") }.filter { !$0.isEmpty }.map(Text.init)
            return parts.isEmpty ? .empty : .many(parts)
        }
        guard node.isScalar else { return fail("one value") }
        let text = node.scalar
        switch column.type {
        case .text, .many: return .text(Text(text))
        case .enum(let values): return values.contains(Text(text)) ? .text(Text(text)) : fail("one of \(values.map(\.string).joined(separator: ", "))")
        case .integer: return Int64(text).map { .integer($0) } ?? fail("a whole number")
        case .decimal: return Decimal(parsing: text).map { .decimal($0) } ?? fail("a number")
        case .boolean: return node.kind == .boolean ? .boolean(text.lowercased() == "true") : fail("true or false")
        case .date: return Day(parsing: text.prefix(10)).map { .date($0) } ?? fail("a date, written 2027-01-31")
        case .datetime:
            if let time = LocalTime(parsing: text) { return .datetime(zone.instant(time)) }
            if let day = Day(parsing: text) { return .datetime(zone.start(of: day)) }
            if let instant = Instant(rfc3339: text) { return .datetime(instant) }
            return fail("a moment, written 2027-01-31 09:00")
        }
    }

    private func expectation(_ node: Node, isMail: Bool) -> PersonaExpectation? {
        if isMail { return mailExpectation(node) }
        if node.scalar == "in" { return .isIn }
        if node.scalar == "out" { return .isOut(nil) }
        if node.kind == .map, node.entries.count == 1, let (key, value) = node.entries.first, key.scalar == "out" {
            if let reason = LeaveReason(rawValue: value.scalar) { return .isOut(reason) }
            let reasons = LeaveReason.allCases.map(\.rawValue)
            diagnostics.report(
                .badPersona, "people are left out for one of \(reasons.joined(separator: ", "))", at: value.span,
                suggestion: nearest(to: value.scalar, among: reasons).map { "did you mean `\($0)`?" })
            return nil
        }
        diagnostics.report(.badPersona, "a person is expected `in`, or `{out: reason}`", at: node.span)
        return nil
    }

    private func mailExpectation(_ node: Node) -> PersonaExpectation? {
        guard node.kind == .map else {
            diagnostics.report(
                .badPersona, "what a mail must say is a map, and this is \(node.kindName)", at: node.span, suggestion: "write `{subject: …, html_has: […]}`")
            return nil
        }
        var lines: [MailExpectation] = []
        for (key, value) in node.entries {
            guard let kind = MailExpectation.Kind(rawValue: key.scalar) else {
                let kinds = MailExpectation.Kind.allCases.map(\.rawValue)
                diagnostics.report(
                    .badPersona, "a mail has no `\(key.scalar)`", at: key.span,
                    suggestion: nearest(to: key.scalar, among: kinds).map { "did you mean `\($0)`?" } ?? "it has \(kinds.joined(separator: ", "))")
                continue
            }
            for text in value.kind == .list ? value.elements : [value] {
                lines.append(MailExpectation(kind: kind, text: text.scalar, span: text.span))
            }
        }
        return .mail(lines)
    }
}
