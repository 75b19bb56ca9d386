package import HeraldModel

extension Rule {
    static let ambiguousColumn = Rule("ambiguous-column")
    static let typeMismatch = Rule("type-mismatch")
    static let nameClash = Rule("name-clash")
}

extension Schemas {
    /// Holds what the entities name against the columns that there are.
    package func check(_ diagnostics: Diagnostics) {
        for schema in entities.values { schema.check(self, diagnostics) }
    }
}

extension EntitySchema.Column {
    /// A boolean, text, or an enum of words that say how somebody stands to being mailed.
    fileprivate var holdsConsent: Bool {
        if case .enum(let words) = type { return words.allSatisfy { ["subscribed", "pending", "unsubscribed"].contains($0.string) } }
        return type == .boolean || type == .text
    }
}

extension EntitySchema {
    /// The column, or nil after reporting that there is none, or that its type is not sure.
    package func column(_ name: Located<String>, _ diagnostics: Diagnostics) -> Column? {
        guard let column = columns[name.value] else {
            diagnostics.report(
                .unknownColumn, "\(table) has no column `\(name.value)`", at: name.span,
                suggestion: nearest(to: name.value, among: columnNames).map { "did you mean `\($0)`?" }
                    ?? "its columns are \(columnNames.prefix(12).joined(separator: ", "))")
            return nil
        }
        if let ambiguity = column.ambiguity {
            diagnostics.report(
                .ambiguousColumn, "the column `\(name.value)` cannot be read for sure: \(ambiguity)", at: name.span,
                suggestion: "say in the entity's `fields` how it is written, such as `\(name.value): {type: date, format: dd/MM/yyyy}`, or `\(name.value): text`")
        }
        return column
    }

    fileprivate func check(_ schemas: Schemas, _ diagnostics: Diagnostics) {
        for name in [definition.key, definition.email, definition.phone, definition.timezone, definition.language].compactMap({ $0 }) {
            _ = column(name, diagnostics)
        }
        if let key = columns[key], key.type != .integer, key.type != .text {
            diagnostics.report(
                .typeMismatch, "a key is an integer or text, and `\(key.name)` is \(key.type.name)", at: definition.key.span,
                suggestion: "give its type in `fields`: `\(key.name): text`")
        }
        if let email = definition.email, let column = columns[email.value], column.type != .text {
            diagnostics.report(
                .typeMismatch, "an address is text, and `\(email.value)` is \(column.type.name)", at: email.span,
                suggestion: "name the column that holds the addresses")
        }
        if case .column(let name, let at, let evidence)? = definition.consent?.value {
            if let consent = column(name, diagnostics), !consent.holdsConsent {
                diagnostics.report(
                    .typeMismatch, "consent is a boolean, or the words subscribed, pending, unsubscribed; `\(name.value)` is \(consent.type.name)",
                    at: name.span, suggestion: "give its type in `fields`: `\(name.value): boolean`")
            }
            if let at, let time = column(at, diagnostics), !time.type.isTime {
                diagnostics.report(.typeMismatch, "the time of consent is a date or a datetime, and `\(at.value)` is \(time.type.name)", at: at.span)
            }
            if let evidence { _ = column(evidence, diagnostics) }
        }
        for field in definition.fields { _ = columns[field.name.value] ?? column(field.name, diagnostics) }
        for relation in definition.relations { check(relation, schemas, diagnostics) }
    }

    private func check(_ relation: RelationDefinition, _ schemas: Schemas, _ diagnostics: Diagnostics) {
        if FilterChecker.words.contains(relation.id.value) || FilterChecker.structural.contains(relation.id.value) {
            diagnostics.report(
                .nameClash, "conditions use the word `\(relation.id.value)`, so no relation is called so", at: relation.id.span,
                suggestion: "give the relation another id")
        }
        if columns[relation.id.value] != nil {
            diagnostics.report(
                .nameClash, "`\(relation.id.value)` is a relation and a column of \(table)", at: relation.id.span, suggestion: "give the relation another id")
        }
        guard let other = schemas[relation.entity.value] else { return }
        let holder = relation.kind == .one ? self : other
        let owner = relation.kind == .one ? other : self
        guard let by = holder.column(relation.by, diagnostics), let key = owner.columns[owner.key], by.type != key.type else { return }
        diagnostics.report(
            .typeMismatch, "`\(by.name)` of \(holder.table) is \(by.type.name), and the key `\(key.name)` of \(owner.table) is \(key.type.name)",
            at: relation.by.span, suggestion: "give both the same type in `fields`")
    }
}
