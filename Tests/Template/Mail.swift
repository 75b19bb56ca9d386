import HeraldModel

@testable import HeraldTemplate

/// A mail as a test writes it: what it does not say is there and right.
struct Mail {
    static let footer = "\n<p>{{ postal_address }} <a href=\"{{ unsubscribe_url }}\">Unsubscribe</a></p>"

    var subjects = ["Spring is here"]
    var preheader: String?
    var html: String
    var layout: String?
    var text: String?

    /// A template with the footer that every mail needs.
    init(_ body: String) { html = body + Mail.footer }

    init(whole html: String) { self.html = html }

    static let columns: [TemplateSchema.Column] = [
        .init(name: "email", type: .text, mayBeEmpty: false), .init(name: "first_name", type: .text, mayBeEmpty: true),
        .init(name: "city", type: .text, mayBeEmpty: false), .init(name: "spent", type: .decimal, mayBeEmpty: false),
        .init(name: "birthday", type: .date, mayBeEmpty: true), .init(name: "joined", type: .datetime, mayBeEmpty: false),
        .init(name: "vip", type: .boolean, mayBeEmpty: false), .init(name: "tags", type: .many(split: ";"), mayBeEmpty: false),
        .init(name: "id", type: .integer, mayBeEmpty: false),
    ]

    static let schema = TemplateSchema(
        columns: columns, otherColumns: ["phone"],
        constants: [
            "postal_address": "Acme & Sons, Hauptstr. 1", "campaign.name": "Spring <sale>", "campaign.code": "spring27", "site.shop.url": "https://shop.example",
            "site.blog.url": "https://blog.example/",
        ])

    static let tags = LinkTags(hosts: ["shop.example", "www.shop.example"], source: "acme", medium: "email", campaign: "spring27")
    static let links = RecipientLinks(unsubscribe: "https://mail.acme.example/u/T0K3N?a=1&b=2", view: "https://mail.acme.example/v/T0K3N")

    /// Somebody to write to; values that a test does not give are these.
    static let ada: [String: Value] = [
        "email": .text(Text("ada@example.org")), "first_name": .text(Text("Ada")), "city": .text(Text("London")),
        "spent": Decimal(parsing: "1234.5").map { .decimal($0) } ?? .empty, "birthday": Day(parsing: "1990-12-10").map { .date($0) } ?? .empty,
        "joined": Instant(rfc3339: "2027-01-05T13:04:05Z").map { .datetime($0) } ?? .empty, "vip": .boolean(true), "tags": .many([Text("cats"), Text("dogs")]),
        "id": .integer(7),
    ]

    /// File 0 is the template, 1 the layout, 2 the text part, 3 the YAML with subject and preheader.
    func compile(schema: TemplateSchema = Mail.schema) -> (template: MailTemplate?, found: [Diagnostic]) {
        let diagnostics = Diagnostics()
        func source(_ text: String, _ file: UInt32) -> TemplateSource { TemplateSource(file: FileID(file), path: "t\(file)", text: Array(text.utf8)) }
        func located(_ text: String, line: UInt32) -> Located<String> {
            Located(text, SourceSpan(file: FileID(3), line: line, column: 10, width: UInt32(text.unicodeScalars.count)))
        }
        let parts = MailTemplate.Source(
            subjects: subjects.map { located($0, line: 1) }, preheader: preheader.map { located($0, line: 2) }, html: source(html, 0),
            layout: layout.map { source($0, 1) }, text: text.map { source($0, 2) }, language: "en")
        let template = MailTemplate(parts, schema: schema, tags: Mail.tags, diagnostics)
        return (template, diagnostics.sorted)
    }

    /// What Ada reads, with some values her own; nil where it does not compile.
    func rendered(_ values: [String: Value] = [:], subject: Int = 0) -> RenderedMail? {
        let person = Mail.ada.merging(values) { $1 }
        return compile().template?.render({ person[Mail.columns[$0].name] ?? .empty }, links: Mail.links, zone: .utc, subject: subject)
    }

    var told: [String] { compile().found.map(\.told) }
}

extension Diagnostic {
    var told: String { "\(span.map { "\($0.line):\($0.column)+\($0.width)" } ?? "-") \(rule.code) \(message)\(suggestion.map { " — " + $0 } ?? "")" }
}

/// What stands between the tags of <body> and the footer.
func body(_ html: String, _ values: [String: Value] = [:]) -> String? {
    guard let page = Mail(html).rendered(values)?.html, let start = page.firstRange(of: "<body>\n"), let end = page.firstRange(of: "\n<p>Acme &amp; Sons") else {
        return nil
    }
    return String(page[start.upperBound..<end.lowerBound])
}

func text(_ value: String) -> Value { value.isEmpty ? .empty : .text(Text(value)) }
