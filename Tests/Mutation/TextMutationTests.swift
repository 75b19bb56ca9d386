import HeraldModel
import HeraldTemplate
import HeraldYAML
import Testing

/// Files of definitions and templates, spoiled at random: nothing crashes, and whatever is told has its place.
@Suite struct TextMutationTests {
    @Test func settings() throws {
        let inputs = try ["settings-every-key.yaml", "settings-the-other-half.yaml"].map { try MutationRun.file("YAML/Good/" + $0) }
        MutationRun.spoil("herald.yaml", inputs, rounds: 300) { mutator, input in
            let diagnostics = Diagnostics()
            guard let tree = YAMLParser.parse(input, file: FileID(0), diagnostics).first else { return MutationRun.failure(of: diagnostics.sorted, in: [input]) }
            let environment = mutator.next(below: 2) == 0 ? nil : "staging"
            _ = SettingsDecoder(diagnostics, variables: ["X": "x"]).decode(tree, environment: environment)
            return MutationRun.failure(of: diagnostics.sorted, in: [input])
        }
    }

    @Test(arguments: [DefinitionFolder.lists, .campaigns]) func definitions(_ folder: DefinitionFolder) throws {
        let inputs = try ["lists.yaml", "campaigns.yaml"].map { try MutationRun.file("YAML/Good/" + $0) }
        MutationRun.spoil(folder.rawValue + "/", inputs, rounds: 300) { _, input in
            let diagnostics = Diagnostics()
            let trees = YAMLParser.parse(input, file: FileID(0), diagnostics)
            _ = DefinitionDecoder(folder: folder, directory: folder.rawValue, providers: ["news": .mailchimp], diagnostics).decode(trees)
            return MutationRun.failure(of: diagnostics.sorted, in: [input])
        }
    }

    @Test func columns() throws {
        MutationRun.spoil("herald.columns.yaml", [try MutationRun.file("YAML/Good/columns.yaml")], rounds: 200) { _, input in
            let diagnostics = Diagnostics()
            if let tree = YAMLParser.parse(input, file: FileID(0), diagnostics).first {
                let columns = ColumnsFile.decode(tree, diagnostics)
                // What is read is written so that it is read the same.
                let written = Array(ColumnsFile.encode(columns).utf8)
                let again = Diagnostics()
                if !diagnostics.hasErrors, YAMLParser.parse(written, file: FileID(0), again).first.map({ ColumnsFile.decode($0, again) }) ?? PinnedColumns() != columns {
                    return "written, it is read as something else: \(again.sorted.map(\.message))"
                }
            }
            return MutationRun.failure(of: diagnostics.sorted, in: [input])
        }
    }

    // MARK: Templates

    private static let schema = TemplateSchema(
        columns: [
            .init(name: "first_name", type: .text, mayBeEmpty: true), .init(name: "city", type: .text, mayBeEmpty: false), .init(name: "spent", type: .decimal, mayBeEmpty: false),
            .init(name: "joined", type: .datetime, mayBeEmpty: false), .init(name: "vip", type: .boolean, mayBeEmpty: false),
            .init(name: "tags", type: .many(split: ";"), mayBeEmpty: false),
        ], otherColumns: ["phone"], constants: ["postal_address": "Acme & Sons", "site.shop.url": "https://shop.example"])

    /// The worst that a record can hold.
    private static let hostile = "\"'><script>attack()</script>{{ contact.city }}\u{0}\u{202E}\r\n</style>--><!--"
    private static let people: [[Value]] = [
        [.empty, .text(Text("London")), .integer(5), .datetime(Instant(seconds: 1_800_000_000)), .boolean(false), .empty],
        [.text(Text(hostile)), .text(Text(hostile)), .empty, .empty, .boolean(true), .many([Text(hostile), Text("b")])],
    ]

    private static let footer = "<p>{{ postal_address }} <a href=\"{{ unsubscribe_url }}\">Unsubscribe</a></p>\n"
    private static let template = """
        <h1 class="a">Hello {{ contact.first_name | default: 'friend' | capitalize }}</h1>
        <p title="{{ contact.city }}">{% if contact.vip and contact.city != 'Paris' %}You spent {{ contact.spent | money: 'EUR' }}{% elsif contact.spent > 5 %}Some{% else %}{{ contact.city | truncate: 9 }}{% endif %}</p>
        <ul>{% for tag in contact.tags %}<li>{{ tag | upcase }}</li>{% endfor %}</ul>
        <!-- note --><!--[if mso]><b>x</b><![endif]-->
        {% case contact.city %}{% when 'London', "Oslo" %}North{% else %}South{% endcase %}{%- comment %} x {% endcomment -%}
        <p><a id="hero" href="https://shop.example/sale?c={{ contact.city }}&amp;x=1#top">To the <i>sale</i></a> since {{ contact.joined | date: 'd MMMM yyyy' }}</p>
        <img src="https://shop.example/a.png" alt="Hi {{ contact.city }}"><style>p > a { color: red }</style><a href=mailto:a@shop.example class=b>Write</a>
        """
    private static let layout =
        "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Acme {{ contact.city }}</title></head>\n<body class='b'>\n{{ content }}\n{{ postal_address }} <a href=\"{{ unsubscribe_url }}\">Unsubscribe</a>\n</body></html>\n"
    private static let text =
        "Hello {{ contact.city }},\nhttps://shop.example/{{ contact.city }}?a=1. Or {% if contact.vip %}https://x.example/{% endif %}\n{{ postal_address }}\n{{ unsubscribe_url }}\n"

    @Test func templates() {
        let inputs = [Self.template + Self.footer, Self.template, Self.layout, Self.text].map { Array($0.utf8) }
        MutationRun.spoil("templates", inputs, rounds: 500) { mutator, input in
            var files = [inputs[0], inputs[2], inputs[3]]
            let spoiled = mutator.next(below: 3)
            files[spoiled] = input
            func source(_ index: Int) -> TemplateSource { TemplateSource(file: FileID(UInt32(index)), path: "t", text: files[index]) }
            let line = Located("Hello {{ contact.city }}", SourceSpan(file: FileID(3), line: 1, column: 1, width: 24))
            let diagnostics = Diagnostics()
            let parts = MailTemplate.Source(
                subjects: [line], preheader: line, html: source(0), layout: spoiled == 1 || mutator.next(below: 2) == 0 ? source(1) : nil,
                text: spoiled == 2 || mutator.next(below: 2) == 0 ? source(2) : nil, language: "en")
            let tags = LinkTags(hosts: ["shop.example"], source: "acme", medium: "email", campaign: "spring")
            let template = MailTemplate(parts, schema: Self.schema, tags: tags, diagnostics)
            if let failure = MutationRun.failure(of: diagnostics.sorted, in: files + [Array("Hello {{ contact.city }}".utf8)]) { return failure }
            guard let template else { return diagnostics.hasErrors ? nil : "no template, and no error" }
            return Self.failure(of: template)
        }
    }

    /// Whatever a template is, people's values become no markup in it.
    private static func failure(of template: MailTemplate) -> String? {
        let links = RecipientLinks(unsubscribe: "https://mail.acme.example/u/T0K3N?a=1&b=2", view: "https://mail.acme.example/v/T0K3N")
        for person in people {
            let mail = template.render({ person[$0] }, links: links, zone: .utc)
            if mail.html.contains("<script>attack") { return "a value became markup" }
            if mail.html.contains("\u{0}") || mail.text.contains("\u{0}") || mail.subject.contains("\n") { return "a control character left" }
            if !mail.html.contains("href=\"https://mail.acme.example/u/T0K3N?a=1&amp;b=2\"") && !mail.html.contains("'https://mail.acme.example/u/T0K3N?a=1&amp;b=2'") {
                return "a mail has no link to unsubscribe"
            }
            if !mail.html.contains("Acme &amp; Sons") || !mail.text.contains("Acme & Sons") || !mail.text.contains("https://mail.acme.example/u/T0K3N?a=1&b=2") {
                return "a mail has no postal address, or its text no link to unsubscribe"
            }
        }
        return nil
    }
}
