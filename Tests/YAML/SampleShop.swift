import HeraldAudience
import HeraldModel
import HeraldTemplate

@testable import HeraldYAML

/// The data that the examples of the page are about.
enum SampleShop {
    private static func column(_ name: String, _ type: ColumnType, empty: Bool = false) -> PinnedColumn { PinnedColumn(name: name, type: type, mayBeEmpty: empty) }

    private static let schemas: Schemas = {
        let text = """
            herald: 1
            workspace: acme
            timezone: Europe/Berlin
            sources: {crm: {csv: data}}
            entities:
              contact:
                from: crm.contacts
                key: id
                email: email
                fields: {tags: {type: text, many: true}, size: {type: enum, values: [small, large]}}
                relations: {orders: {many: order, by: contact_id}, account: {one: account, by: account_id}}
              order: {from: crm.orders, key: id}
              account: {from: crm.accounts, key: id}

            """
        let span = SourceSpan(file: FileID(0), line: 1, column: 1)
        let settings = decodeSettings(text) ?? WorkspaceSettings(file: FileID(0), id: Located("acme", span), timezone: Located("UTC", span))
        return Schemas(
            settings,
            columns: PinnedColumns(tables: [
                TableName(source: "crm", table: "contacts"): [
                    column("id", .integer), column("email", .text), column("first_name", .text, empty: true), column("country", .text), column("city", .text),
                    column("birthday", .date), column("joined", .datetime), column("spent", .decimal), column("vip", .boolean), column("tags", .text), column("size", .text),
                    column("account_id", .integer),
                ],
                TableName(source: "crm", table: "orders"): [
                    column("id", .integer), column("contact_id", .integer), column("status", .text), column("placed_at", .datetime), column("total", .decimal),
                ],
                TableName(source: "crm", table: "accounts"): [column("id", .integer), column("industry", .text)],
            ]))
    }()

    /// A condition of contacts, which may use the filter `churned`.
    static func check(condition text: String) -> [Diagnostic] {
        let diagnostics = Diagnostics()
        for tree in YAMLParser.parse(Array(text.utf8), file: FileID(0), diagnostics) { check(tree.root, diagnostics) }
        return diagnostics.sorted
    }

    /// The conditions of lists and filters.
    static func check(definitions text: String) -> [Diagnostic] {
        let diagnostics = Diagnostics()
        let file = decodeDefinitions(text, in: .lists)
        for condition in file.lists.compactMap(\.condition) + file.filters.map(\.condition) { check(condition, diagnostics) }
        return diagnostics.sorted
    }

    private static func check(_ condition: Node, _ diagnostics: Diagnostics) {
        guard let contact = schemas["contact"] else { return }
        let churned = FilterChecker.Named(entity: "contact", condition: nil, span: condition.span)
        _ = FilterChecker(schemas, filters: ["churned": churned], lists: [:], diagnostics).check(condition, entity: contact, span: condition.span)
    }

    static func check(template: String, layout: String?) -> [Diagnostic] {
        let diagnostics = Diagnostics()
        guard let contact = schemas["contact"] else { return [] }
        func source(_ text: String) -> TemplateSource { TemplateSource(file: FileID(0), path: "template.html", text: Array(text.utf8)) }
        let columns = contact.columnNames.compactMap { contact.columns[$0] }
        let schema = TemplateSchema(
            columns: columns.map { .init(name: $0.name, type: $0.type, mayBeEmpty: $0.mayBeEmpty) }, otherColumns: [],
            constants: ["postal_address": "Acme GmbH, Hauptstr. 1, 10115 Berlin", "site.shop.url": "https://shop.example"])
        let subject = Located("Spring", SourceSpan(file: FileID(0), line: 1, column: 1))
        let parts = MailTemplate.Source(subjects: [subject], preheader: nil, html: source(template), layout: layout.map(source), text: nil, language: "en")
        let tags = LinkTags(hosts: ["shop.example"], source: "acme", medium: "email", campaign: "spring27")
        _ = MailTemplate(parts, schema: schema, tags: tags, diagnostics)
        return diagnostics.sorted
    }

    /// The operators that a column has, as the checker itself lists them; those of the parts of a date are asked for by a part.
    static func operators(of column: String) -> [String] {
        let suggestion = check(condition: "\(column): {zzzzzzzzzzzz: 1}\n").first?.suggestion ?? ""
        return suggestion.hasPrefix("it has ") ? suggestion.dropFirst(7).split(separator: ", ").map(String.init) : []
    }
}
