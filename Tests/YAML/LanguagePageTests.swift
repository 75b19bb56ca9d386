import Foundation
import HeraldAudience
import HeraldModel
import HeraldTemplate
import HeraldYAML
import Testing

/// docs/language.md says what the program does: its tables are made from the code, its examples are read.
///
/// `RECORD_SNAPSHOTS=1` writes the page anew; without it a page that differs fails.
@Suite struct LanguagePageTests {
    @Test func thePageIsWhatTheCodeSays() throws {
        var page = try LanguagePage()
        let before = page.text
        var parts: [(name: String, content: String)] = Reference.chapters.map { ("keys: " + $0.name, Reference.markdown($0)) }
        parts += [("operators", OperatorTable.markdown), ("filters", FilterTable.markdown)]
        for part in parts {
            let isThere = page.replace(part.name, with: part.content)
            #expect(isThere, "the page has no place for “\(part.name)”")
        }
        #expect(page.parts == Set(parts.map(\.name)))
        if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
            try page.text.write(to: LanguagePage.url, atomically: true, encoding: .utf8)
        } else {
            #expect(page.text == before, "docs/language.md is not what the code says; write it with RECORD_SNAPSHOTS=1 swift test --filter LanguagePageTests")
        }
    }

    // MARK: Examples

    /// What an example is, its first line says: `# herald.yaml`, `# lists/…`, `# campaigns/…`, or `# a condition`.
    @Test func everyExampleIsRight() throws {
        let page = try LanguagePage()
        let examples = page.examples("yaml")
        #expect(examples.count >= 20)
        for example in examples {
            let kind = example.text.prefix { $0 != "\n" }
            let found: [Diagnostic]
            switch kind {
            case "# herald.yaml": found = Reading.settings.problems(example.text)
            case "# herald.yaml, in part": found = Reading.settings.problems(Self.completed(example.text))
            case "# a condition": found = SampleShop.check(condition: example.text)
            case _ where kind.hasPrefix("# lists/"): found = Reading.lists.problems(example.text) + SampleShop.check(definitions: example.text)
            case _ where kind.hasPrefix("# campaigns/"): found = Reading.campaigns.problems(example.text)
            default:
                Issue.record("line \(example.line): the example does not say what it is")
                continue
            }
            #expect(found.map(\.told) == [], "the example on line \(example.line)")
        }
    }

    /// A part of herald.yaml, with the rest that it needs.
    private static func completed(_ part: String) -> String {
        let rest = ["herald: 1", "workspace: acme", "timezone: UTC", "sources: {crm: {csv: data}}", "entities: {contact: {from: crm.contacts, key: id}}"]
        return part + rest.filter { line in !part.contains("\n" + line.prefix { $0 != ":" } + ":") }.joined(separator: "\n") + "\n"
    }

    @Test func everyTemplateCompiles() throws {
        let page = try LanguagePage()
        let examples = page.examples("html")
        let layout = try #require(examples.first { $0.text.contains("{{ content }}") })
        for example in examples where example.text != layout.text {
            #expect(SampleShop.check(template: example.text, layout: nil).map(\.told) == [], "the template on line \(example.line)")
            #expect(SampleShop.check(template: example.text, layout: layout.text).map(\.told) == [], "the template on line \(example.line), in its layout")
        }
        // Tags stand in a table, in their first cell.
        let tags = page.text.split(separator: "\n").filter { $0.hasPrefix("| `{") }.compactMap { $0.split(separator: "`").dropFirst().first }
        #expect(tags.count >= 6)
        for tag in tags { #expect(SampleShop.check(template: String(tag).replacing("\\|", with: "|"), layout: layout.text).map(\.told) == [], "\(tag)") }
    }

    @Test func linksInsideThePageLeadSomewhere() throws {
        let page = try LanguagePage()
        let headings = page.text.split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
            line.drop { $0 == "#" || $0 == " " }.lowercased().filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" }.replacing(" ", with: "-")
        }
        for part in page.text.split(separator: "](#").dropFirst() {
            let target = part.prefix { $0 != ")" }
            #expect(headings.contains(String(target)), "#\(target)")
        }
    }
}
