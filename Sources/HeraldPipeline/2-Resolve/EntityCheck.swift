import HeraldAudience
import HeraldModel

extension Rule {
    static let columnsUnknown = Rule("columns-unknown", .warning)
    static let unknownTable = Rule("unknown-table")
    static let noAddressColumn = Rule("no-address-column")
    static let noConsent = Rule("no-consent")
}

extension Resolver {
    /// What entities name, and what they must have because lists and emails use them.
    func checkEntities(_ index: DefinitionIndex, _ schemas: Schemas) {
        let sources = Set(settings.sources.map(\.id.value))
        var unread: [String] = []
        func check(_ table: Located<TableName>) {
            guard sources.contains(table.value.source) else { return unknown("source", Located(table.value.source, table.span), among: sources) }
            guard let columns else { return }
            let known = columns.tables.keys.filter { $0.source == table.value.source }
            guard !known.isEmpty else { return unread.append(table.value.source) }
            guard columns.tables[table.value] == nil else { return }
            diagnostics.report(
                .unknownTable, "the source `\(table.value.source)` has no table `\(table.value.table)`", at: table.span,
                suggestion: nearest(to: table.value.description, among: known.map(\.description)).map { "did you mean `\($0)`?" }
                    ?? "if it is new, run `herald source describe`")
        }
        for entity in settings.entities {
            check(entity.from)
            if let changes = entity.changes { check(changes.from) }
            for relation in entity.relations where index.entities[relation.entity.value] == nil {
                unknown("entity", relation.entity, among: index.entities.ids)
            }
        }
        for list in workspace.lists { if let rows = list.rows { check(rows) } }
        if columns == nil || !unread.isEmpty {
            let which = columns == nil ? "the data" : Set(unread).sorted().joined(separator: ", ")
            diagnostics.report(
                .columnsUnknown, "the columns of \(which) are not known, so conditions and templates are not held against them",
                suggestion: "run `herald source describe` where the data is, and commit herald.columns.yaml")
        }
        schemas.check(diagnostics)
        checkUse(index)
        checkColumns(schemas)
    }

    /// A list needs an address of its people; an email needs an email address and consent.
    private func checkUse(_ index: DefinitionIndex) {
        var listed: [String: Address] = [:]
        for list in workspace.lists where listed[list.entity.value] == nil { listed[list.entity.value] = list.address }
        var mailed: [String: Address] = [:]
        for email in workspace.emails {
            guard let list = index.lists[email.list.value], mailed[list.entity.value] == nil else { continue }
            mailed[list.entity.value] = email.address
        }
        for entity in settings.entities {
            if let list = listed[entity.id.value], entity.email == nil, entity.phone == nil {
                diagnostics.report(
                    .noAddressColumn, "\(list) is of \(entity.id.value), which has neither `email` nor `phone`", at: entity.id.span,
                    suggestion: "say which column holds the address: `email: …`")
            } else if let email = mailed[entity.id.value], entity.email == nil {
                diagnostics.report(
                    .noAddressColumn, "\(email) is sent to \(entity.id.value), which has no `email`", at: entity.id.span,
                    suggestion: "say which column holds the address: `email: …`")
            }
            if let email = mailed[entity.id.value], entity.consent == nil {
                diagnostics.report(
                    .noConsent, "\(email) is sent to \(entity.id.value), which says nothing of consent", at: entity.id.span,
                    suggestion: "add `consent: {column: …}`, or `consent: {assumed: why you may mail them}`")
            }
        }
    }

    /// Columns that are named outside of entities and conditions.
    private func checkColumns(_ schemas: Schemas) {
        checkProviderFields(schemas)
        for campaign in workspace.campaigns {
            if let revenue = campaign.revenue, let schema = schemas[revenue.entity.value] { _ = schema.column(revenue.sum, diagnostics) }
        }
        for site in workspace.sites {
            if let identify = site.identify, let schema = schemas[identify.entity.value] { _ = schema.column(identify.field, diagnostics) }
        }
        for list in workspace.lists {
            guard let rows = list.rows, let columns = columns?.tables[rows.value], let key = schemas[list.entity.value]?.key else { continue }
            guard !columns.contains(where: { $0.name == key }) else { continue }
            diagnostics.report(
                .unknownTable, "the rows of \(list.address) are in \(rows.value), which has no column `\(key)`", at: rows.span,
                suggestion: "name a table with the key of \(list.entity.value)")
        }
    }

    /// A field at a vendor comes from a column of an entity, or from one that a list computes.
    private func checkProviderFields(_ schemas: Schemas) {
        let fields = settings.providers.flatMap { provider -> [ProviderField] in
            switch provider.settings {
            case .local: []
            case .mailchimp(let mailchimp): mailchimp.fields
            case .dotdigital(let dotdigital): dotdigital.fields
            }
        }
        guard !fields.isEmpty, settings.entities.allSatisfy({ schemas[$0.id.value] != nil }) else { return }
        let known = Set(schemas.entities.values.flatMap(\.columnNames) + workspace.lists.flatMap { $0.columns.map(\.name.value) })
        for field in fields where !known.contains(field.from.value) {
            diagnostics.report(
                .unknownReference, "`\(field.name.value)` comes from `\(field.from.value)`, which is no column of an entity or a list", at: field.from.span,
                suggestion: nearest(to: field.from.value, among: known).map { "did you mean `\($0)`?" })
        }
    }
}
