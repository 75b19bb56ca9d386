package import HeraldModel

extension Rule {
    static let badPersona = Rule("bad-persona")
}

/// What personas may say that they got: the definitions that there are, and when it was.
package struct PersonaResults: Sendable {
    let at: Instant
    let mails: [String: ResultMail]
    let lists: Set<String>

    /// - Parameter at: the moment of the test; whatever a persona got, they got just then.
    package init(_ emails: [EmailDefinition], lists: [String], at: Instant) {
        self.at = at
        mails = Dictionary(
            emails.map { email in
                (email.id.value, ResultMail(object: RemoteID(""), email: email.id.value, list: email.list.value, campaign: email.campaign?.value))
            }, uniquingKeysWith: { first, _ in first })
        self.lists = Set(lists)
    }
}

/// Reads personas against the columns of an entity. Their values are written as in a source, dates in ISO 8601.
package struct PersonaReader {
    private static let words = ["consent", "sent", "opened", "clicked", "contacted", "expect"]

    private let schemas: Schemas
    private let zone: Zone
    private let results: PersonaResults?
    private let diagnostics: Diagnostics

    /// - Parameter results: nil where nobody says what they got.
    package init(_ schemas: Schemas, zone: Zone, results: PersonaResults? = nil, _ diagnostics: Diagnostics) {
        self.schemas = schemas
        self.zone = zone
        self.results = results
        self.diagnostics = diagnostics
    }

    /// - Parameters:
    ///   - isMail: whether an email is tested, so that expectations are about text.
    ///   - rows: the id of the manual list that is tested, in whose rows the personas then stand.
    package func read(_ people: [Node], entity: EntitySchema, isMail: Bool, rows: String? = nil) -> PersonaSet {
        let expectations = ExpectationReader(diagnostics: diagnostics)
        var tables = PersonaTables(schemas, zone: zone, diagnostics)
        var personas: [PersonaSet.Persona] = []
        var contacted: [String: Set<Int>] = [:]
        var said: [String: [ConsentRecord]] = [:]
        for person in people {
            guard person.kind == .map else {
                diagnostics.report(.badPersona, "a person is a map of columns, and this is \(person.kindName)", at: person.span)
                continue
            }
            var expectation: PersonaExpectation?
            var given: [String: Value] = [:]
            var status: ConsentStatus?
            var columns: [(key: Node, value: Node)] = []
            var got: [[String: Value]] = []
            for (key, value) in person.entries {
                switch key.scalar {
                case "expect": expectation = isMail ? expectations.mail(value) : expectations.membership(value)
                case "consent":
                    status = consent(value, entity)
                    if let status, case .column(let name, _, _)? = entity.definition.consent?.value { given[name.value] = cell(status, entity.columns[name.value]) }
                case "sent", "opened", "clicked", "contacted": got += happened(key, value, entity)
                default: columns.append((key, value))
                }
            }
            let added = record(columns, entity, given, person.span, isPerson: true, &tables)
            let own = added.cells[entity.key] ?? .empty
            for cells in got {
                tables.add(to: SideTable.results(of: entity.id), cells.merging([ResultColumn.of.rawValue: own]) { _, own in own })
                if case .text(let list)? = cells[ResultColumn.list.rawValue] { contacted[list.string, default: []].insert(added.row) }
            }
            if let rows { tables.add(to: SideTable.rows(of: rows), [entity.key: own]) }
            personas.append(PersonaSet.Persona(row: added.row, span: person.span, expectation: expectation))
            let address = entity.addressColumn.flatMap { added.cells[$0] }.flatMap { AddressBook.normalForm(ValueText.plain($0), hasEmail: entity.hasEmail) }
            if let status, let address, case .assumed? = entity.definition.consent?.value { said[address, default: []].append(ConsentRecord(status: status, at: nil)) }
        }
        return PersonaSet(
            dataset: Dataset(schemas, tables: tables.finish()), personas: personas, contacted: contacted, ledger: LedgerFacts(consent: { [said] address, _ in said[address] ?? [] })
        )
    }

    /// `sent: [teaser]`, `contacted: [vip]`: what a persona got, as rows of results. Emails, and lists under `contacted`, are named by their ids.
    private func happened(_ key: Node, _ value: Node, _ entity: EntitySchema) -> [[String: Value]] {
        guard entity.addressColumn != nil, let results else { return [] }
        guard value.kind == .list, value.elements.allSatisfy({ $0.isScalar && $0.kind != .null }) else {
            diagnostics.report(
                .badPersona, "`\(key.scalar)` is a list of ids, and this is \(value.kindName)", at: value.span,
                suggestion: entity.columns[key.scalar] == nil ? "write `[\(value.scalar)]`" : "write `\(entity.id).\(key.scalar): …` for the column of that name")
            return []
        }
        let isList = key.scalar == Word.contacted.rawValue
        return value.elements.compactMap { element in
            let mail = isList ? ResultMail(object: RemoteID(""), email: "", list: element.scalar, campaign: nil) : results.mails[element.scalar]
            guard let mail, !isList || results.lists.contains(element.scalar) else {
                let known = isList ? results.lists.sorted() : results.mails.keys.sorted()
                diagnostics.report(
                    .badPersona, "there is no \(isList ? "list" : "email") `\(element.scalar)`", at: element.span,
                    suggestion: nearest(to: element.scalar, among: known).map { "did you mean `\($0)`?" })
                return nil
            }
            let texts: [ResultColumn: String?] = [
                .kind: isList ? Word.sent.rawValue : key.scalar, .email: isList ? nil : mail.email, .list: mail.list, .campaign: mail.campaign,
            ]
            var cells = Dictionary(uniqueKeysWithValues: texts.compactMap { column, text in text.map { (column.rawValue, Value.text(Text($0))) } })
            cells[ResultColumn.at.rawValue] = .datetime(results.at)
            return cells
        }
    }

    /// Adds a record, the row that it belongs to through each relation to one, and those that belong to it.
    private func record(
        _ entries: [(key: Node, value: Node)], _ entity: EntitySchema, _ given: [String: Value], _ span: SourceSpan, isPerson: Bool = false,
        _ tables: inout PersonaTables
    ) -> (row: Int, cells: [String: Value]) {
        var cells: [String: Value] = [:]
        var relations: [(EntitySchema.Relation, Node)] = []
        for (key, value) in entries {
            if let relation = entity.relations[key.scalar] {
                relations.append((relation, value))
            } else if let column = column(key, entity) {
                cells[column.name] = tables.cell(value, column)
            }
        }
        cells.merge(given) { _, given in given }
        for (relation, value) in relations where !relation.isMany {
            guard let other = schemas[relation.entity], isMap(value, "`\(relation.id)` is one row") else { continue }
            let wanted = cells[relation.by.value].map { [other.key: $0] } ?? [:]
            cells[relation.by.value] = record(Array(value.entries), other, wanted, value.span, &tables).cells[other.key]
        }
        if cells[entity.key, default: .empty].isEmpty { cells[entity.key] = tables.freshKey(entity) }
        let row = tables.add(entity, cells, span, isPerson: isPerson)
        for (relation, value) in relations where relation.isMany {
            guard let other = schemas[relation.entity] else { continue }
            guard value.kind == .list else {
                diagnostics.report(
                    .badPersona, "`\(relation.id)` is a list of rows, and this is \(value.kindName)", at: value.span, suggestion: "write `[{…}]`")
                continue
            }
            for element in value.elements where isMap(element, "a row of `\(relation.id)` is its columns") {
                _ = record(Array(element.entries), other, [relation.by.value: cells[entity.key] ?? .empty], element.span, &tables)
            }
        }
        return (row, cells)
    }

    private func isMap(_ node: Node, _ what: String) -> Bool {
        if node.kind != .map { diagnostics.report(.badPersona, "\(what), so a map, and this is \(node.kindName)", at: node.span) }
        return node.kind == .map
    }

    private func column(_ key: Node, _ entity: EntitySchema) -> EntitySchema.Column? {
        var name = key.scalar
        if name.hasPrefix(entity.id + ".") { name = String(name.dropFirst(entity.id.count + 1)) }
        if name == "id", entity.columns["id"] == nil { name = entity.key }
        guard let column = entity.columns[name] else {
            let known = entity.columnNames + entity.relations.keys.sorted() + PersonaReader.words
            diagnostics.report(
                .badPersona, "\(entity.id) has no column or relation `\(name)`", at: key.span,
                suggestion: nearest(to: name, among: known).map { "did you mean `\($0)`?" })
            return nil
        }
        return column
    }

    private func consent(_ node: Node, _ entity: EntitySchema) -> ConsentStatus? {
        guard entity.definition.consent != nil else {
            diagnostics.report(.badPersona, "\(entity.id) says nothing about consent", at: node.span, suggestion: "give the entity `consent`, or leave this out")
            return nil
        }
        guard let status = ConsentStatus(rawValue: node.scalar), [.subscribed, .pending, .unsubscribed].contains(status) else {
            diagnostics.report(.badPersona, "consent is subscribed, pending or unsubscribed", at: node.span)
            return nil
        }
        return status
    }

    /// Consent as the entity's column holds it.
    private func cell(_ status: ConsentStatus, _ column: EntitySchema.Column?) -> Value {
        guard column?.type == .boolean else { return .text(Text(status.rawValue)) }
        return status == .pending ? .empty : .boolean(status == .subscribed)
    }
}
