package import HeraldModel

extension Rule {
    static let unknownName = Rule("unknown-name")
    static let unknownReference = Rule("unknown-reference")
    static let badCondition = Rule("bad-condition")
    static let badOperator = Rule("bad-operator")
    static let badLiteral = Rule("bad-literal")
    static let emptyLiteral = Rule("empty-literal")
    static let cycle = Rule("cycle")
}

/// Turns conditions as written into typed filters; whatever does not fit is reported with its place, and gives nil.
///
/// A reference, because the checker of every clause holds one.
package final class FilterChecker {
    package struct Named: Sendable {
        package let entity: String
        package let condition: Node?
        package let span: SourceSpan

        package init(entity: String, condition: Node?, span: SourceSpan) {
            self.entity = entity
            self.condition = condition
            self.span = span
        }
    }

    static let words = Set(Word.allCases.map(\.rawValue))
    static let structural: Set<String> = ["all", "any", "not", "filter", "list"]

    let schemas: Schemas
    let filters: [String: Named]
    let lists: [String: Named]
    /// Named conditions that were typed before, so that each is typed once; nil for one that has an error.
    let typed: [Address: Filter?]
    /// Where local times are read; nil leaves it unchecked that they exist.
    let zone: Zone?
    let diagnostics: Diagnostics
    /// The named conditions that are being read, to stop at rings.
    private let open: [String]

    package convenience init(
        _ schemas: Schemas, filters: [String: Named], lists: [String: Named], typed: [Address: Filter?] = [:], zone: Zone? = nil, _ diagnostics: Diagnostics
    ) {
        self.init(schemas, filters: filters, lists: lists, typed: typed, zone: zone, diagnostics, open: [])
    }

    private init(
        _ schemas: Schemas, filters: [String: Named], lists: [String: Named], typed: [Address: Filter?], zone: Zone?, _ diagnostics: Diagnostics,
        open: [String]
    ) {
        self.schemas = schemas
        self.filters = filters
        self.lists = lists
        self.typed = typed
        self.zone = zone
        self.diagnostics = diagnostics
        self.open = open
    }

    /// The condition of an entity's records; a nil node is everybody.
    package func check(_ node: Node?, entity: EntitySchema, span: SourceSpan) -> Filter? {
        guard let node else { return Filter(.all([]), span) }
        return condition(node, entity)
    }

    func fail(_ rule: Rule, _ message: String, _ node: Node, _ suggestion: String? = nil) -> Filter? {
        diagnostics.report(rule, message, at: node.span, suggestion: suggestion)
        return nil
    }

    func condition(_ node: Node, _ entity: EntitySchema) -> Filter? {
        guard node.kind == .map else {
            return fail(.badCondition, "a condition is a map, and this is \(node.kindName)", node, "write `column: value`")
        }
        let entries = node.entries
        guard !entries.isEmpty else { return fail(.badCondition, "an empty condition says nothing", node, "leave it out to mean everybody") }
        let clauses = entries.map { clause($0.key, $0.value, entity) }
        guard clauses.count > 1 else { return clauses[0] }
        let valid = clauses.compactMap { $0 }
        return valid.count == clauses.count ? Filter(.all(valid), node.span) : nil
    }

    private func clause(_ key: Node, _ value: Node, _ entity: EntitySchema) -> Filter? {
        let name = key.scalar
        switch name {
        case "all", "any": return group(key, value, entity)
        case "not": return condition(value, entity).map { Filter(.not($0), key.span) }
        case "filter": return reference(value, filters, "filter", entity)
        case "list": return reference(value, lists, "list", entity)
        default: break
        }
        if FilterChecker.words.contains(name) { return WordChecker(checker: self).check(key, value, entity) }
        if name.hasPrefix(entity.id + ".") {
            return columnClause(Located(String(name.dropFirst(entity.id.count + 1)), key.span), value, entity)
        }
        if let relation = entity.relations[name] { return self.relation(relation, key, value, entity) }
        guard entity.columns[name] != nil else {
            let known = entity.columnNames + Array(entity.relations.keys) + Array(FilterChecker.words) + Array(FilterChecker.structural)
            return fail(
                .unknownName, "\(entity.id) has no column or relation `\(name)`", key,
                nearest(to: name, among: known.sorted()).map { "did you mean `\($0)`?" } ?? "its columns are \(entity.columnNames.prefix(12).joined(separator: ", "))")
        }
        return columnClause(key.located, value, entity)
    }

    /// How a column is written that is named like a word of the language.
    func columnHint(_ word: String, _ entity: EntitySchema) -> String? {
        entity.columns[word] == nil ? nil : "write `\(entity.id).\(word): …` for the column of that name"
    }

    private func columnClause(_ name: Located<String>, _ value: Node, _ entity: EntitySchema) -> Filter? {
        guard let column = entity.column(name, diagnostics) else { return nil }
        let reference = ColumnReference(name: column.name, type: column.type)
        return TestChecker(checker: self, type: column.type, name: column.name).check(value).map {
            Filter(.column(reference, $0), name.span)
        }
    }

    private func group(_ key: Node, _ value: Node, _ entity: EntitySchema) -> Filter? {
        guard value.kind == .list else {
            return fail(.badCondition, "`\(key.scalar)` is a list of conditions, and this is \(value.kindName)", value, "write `\(key.scalar): [{…}, {…}]`")
        }
        let parts = value.elements
        guard !parts.isEmpty else { return fail(.emptyLiteral, "`\(key.scalar): []` says nothing", value, "write a condition such as `{column: {empty: true}}`, or delete it") }
        let filters = parts.map { condition($0, entity) }
        let valid = filters.compactMap { $0 }
        guard valid.count == filters.count else { return nil }
        return Filter(key.scalar == "all" ? .all(valid) : .any(valid), key.span)
    }

    private func reference(_ value: Node, _ known: [String: Named], _ kind: String, _ entity: EntitySchema) -> Filter? {
        let id = value.scalar
        guard value.isScalar, value.kind != .null, !id.isEmpty else { return fail(.unknownReference, "a \(kind) is named by its id, and this is \(value.kindName)", value) }
        guard let named = known[id] else {
            return fail(
                .unknownReference, "there is no \(kind) `\(id)`", value,
                nearest(to: id, among: known.keys.sorted()).map { "did you mean `\($0)`?" } ?? columnHint(kind, entity))
        }
        guard named.entity == entity.id else {
            return fail(.typeMismatch, "the \(kind) `\(id)` is about \(named.entity), and this condition is about \(entity.id)", value)
        }
        let address = "\(kind).\(id)"
        if let known = typed[Address(kind == "filter" ? .filter : .list, id)] {
            return known.map { Filter(kind == "filter" ? .filter(id: id, $0) : .list(id: id, $0), value.span) }
        }
        guard !open.contains(address) else {
            return fail(.cycle, "this goes round in a ring: \((open.drop { $0 != address } + [address]).joined(separator: " → "))", value)
        }
        // What is wrong inside is reported where it stands, once, and not at every use.
        let ring = Diagnostics()
        let inner = FilterChecker(schemas, filters: filters, lists: lists, typed: typed, zone: zone, ring, open: open + [address])
        guard let filter = inner.check(named.condition, entity: entity, span: named.span) else {
            diagnostics.report(ring.sorted.filter { $0.rule == .cycle })
            return nil
        }
        return Filter(kind == "filter" ? .filter(id: id, filter) : .list(id: id, filter), value.span)
    }
}
