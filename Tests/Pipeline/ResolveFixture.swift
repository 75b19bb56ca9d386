import Foundation
import HeraldModel
import HeraldPipeline
import Testing

/// A workspace in a temporary folder, read and resolved. A `¶` in a file marks where a finding must land.
struct ResolveFixture {
    struct Finding: Equatable, CustomStringConvertible {
        let place: String
        let code: String
        var description: String { "\(place) \(code)" }
    }

    let resolved: Resolved?
    let diagnostics: Diagnostics
    let files: SourceMap
    /// `path:line:column` of each mark, in the order of files and lines.
    let marks: [String]

    /// - Parameters:
    ///   - changes: files that are added to the small working workspace, or stand instead of its own; nil takes one out.
    init(_ changes: [String: String?], environment: String? = nil) throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("herald-\(UUID().uuidString)").resolvingSymlinksInPath().path
        defer { try? FileManager.default.removeItem(atPath: root) }
        var contents = ResolveFixture.small
        for (path, text) in changes { contents[path] = text }
        var marks: [(path: String, line: Int, column: Int)] = []
        for (path, text) in contents {
            for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                for (before, part) in line.split(separator: "¶", omittingEmptySubsequences: false).dropLast().enumerated() {
                    let start = line.split(separator: "¶", omittingEmptySubsequences: false).prefix(before).reduce(0) { $0 + $1.unicodeScalars.count }
                    marks.append((path, number + 1, start + part.unicodeScalars.count + 1))
                }
            }
            let file = URL(fileURLWithPath: "\(root)/\(path)")
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.replacingOccurrences(of: "¶", with: "").utf8).write(to: file)
        }
        self.marks = marks.map { "\($0.path):\($0.line):\($0.column)" }.sorted()
        let (files, diagnostics) = (SourceMap(), Diagnostics())
        let zones = ZoneLoader(variables: [:])
        if let workspace = WorkspaceLoader(root: root, sources: files, diagnostics: diagnostics).load(environment: environment) {
            let zone = zones.load(workspace.settings.timezone, diagnostics) ?? .utc
            resolved = Resolver(
                workspace, columns: workspace.columns, zone: zone, zoneNamed: { zones.load($0, diagnostics) },
                place: { Place(file: files.path(of: $0.file), line: Int($0.line)) }, diagnostics
            ).resolve()
        } else {
            resolved = nil
        }
        (self.files, self.diagnostics) = (files, diagnostics)
    }

    /// What was found of these severities, in the order of the marks.
    func findings(_ severities: Set<Severity> = [.error]) -> [Finding] {
        diagnostics.sorted.filter { severities.contains($0.rule.severity) }
            .map { Finding(place: place($0.span), code: $0.rule.code) }.sorted { ($0.place, $0.code) < ($1.place, $1.code) }
    }

    var errors: [Diagnostic] { diagnostics.sorted.filter { $0.rule.severity == .error } }

    private func place(_ span: SourceSpan?) -> String { span.map { "\(files.path(of: $0.file)):\($0.line):\($0.column)" } ?? "-" }

    /// Expects exactly one error of each code at each mark, in the order of the marks.
    func expect(_ codes: [String], _ severities: Set<Severity> = [.error], sourceLocation: SourceLocation = #_sourceLocation) {
        let expected = zip(marks, codes).map { Finding(place: $0, code: $1) }
        #expect(marks.count == codes.count, "a mark for each code", sourceLocation: sourceLocation)
        #expect(findings(severities) == expected, sourceLocation: sourceLocation)
    }
}

extension ResolveFixture {
    static let settings = """
        herald: 1
        workspace: acme
        timezone: Europe/Berlin
        defaults:
          from: {name: Acme, email: news@acme.example}
          postal_address: Acme GmbH, Hauptstr. 1, 10115 Berlin
        sources:
          crm: {csv: data}
        entities:
          contact:
            from: crm.contacts
            key: id
            email: email
            consent: {column: consent, at: consented_at}
            relations:
              orders: {many: order, by: contact_id}
              account: {one: account, by: account_id}
          order: {from: crm.orders, key: id}
          account: {from: crm.accounts, key: id}
        providers:
          local: {transport: {outbox: .herald/outbox}, public_url: https://mail.acme.example}

        """

    static let columns = """
        crm.contacts:
          id: {type: integer}
          email: {type: text}
          first_name: {type: text, empty: true}
          city: {type: text}
          country: {type: text}
          consent: {type: boolean, empty: true}
          consented_at: {type: datetime, empty: true}
          account_id: {type: integer, empty: true}
        crm.orders:
          id: {type: integer}
          contact_id: {type: integer}
          status: {type: text}
          placed_at: {type: date}
          total: {type: decimal}
        crm.accounts:
          id: {type: integer}
          name: {type: text}

        """

    static let vip = """
        list: vip
        name: VIP customers
        entity: contact
        where:
          country: {in: [DE, AT]}
          not: {filter: churned}
        columns: [first_name, {field: city, label: Town}, {as: spent, orders: {sum: total}}]
        ---
        filter: churned
        entity: contact
        where: {orders: {where: {placed_at: {within: 18 months}}, none: true}}

        """

    static let spring = """
        campaign: spring-sale
        name: Spring sale
        code: spring27
        ---
        email: teaser
        campaign: spring-sale
        list: vip
        via: local
        subject: "{{ contact.first_name | default: 'Hello' }}, spring is here"
        template: teaser.html
        schedule: {at: 2027-03-01 09:00}

        """

    static let template = """
        <p>Hello from {{ contact.city }}</p><a href="https://shop.example/sale">Sale</a>
        <a href="{{ unsubscribe_url }}">Unsubscribe</a> {{ postal_address }}

        """

    /// A workspace in which everything is right.
    static let small = [
        "herald.yaml": settings, "herald.columns.yaml": columns, "lists/vip.yaml": vip, "campaigns/spring.yaml": spring,
        "campaigns/teaser.html": template,
    ]

    /// The settings with something replaced.
    static func settings(_ old: String, _ new: String) -> String { settings.replacingOccurrences(of: old, with: new) }

    static func columns(_ old: String, _ new: String) -> String { columns.replacingOccurrences(of: old, with: new) }

    static func vip(_ old: String, _ new: String) -> String { vip.replacingOccurrences(of: old, with: new) }

    static func spring(_ old: String, _ new: String) -> String { spring.replacingOccurrences(of: old, with: new) }

    static func template(_ old: String, _ new: String) -> String { template.replacingOccurrences(of: old, with: new) }
}

/// A workspace, and the findings that it must give.
struct ResolveCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let files: [String: String?]
    let codes: [String]

    init(_ description: String, _ files: [String: String?], _ codes: String...) {
        testDescription = description
        self.files = files
        self.codes = codes
    }
}
