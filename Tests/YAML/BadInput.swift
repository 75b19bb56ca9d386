import HeraldModel
import Testing

@testable import HeraldYAML

/// A file with one mistake: where it is told (`‹!›`), by which rule, and a part of what is said.
struct BadInput: CustomTestStringConvertible, Sendable {
    /// What stands before the mistake, so that nothing else is wrong with the file.
    enum Start: String, Sendable {
        case nothing = ""
        case settings = "herald: 1\nworkspace: acme\ntimezone: UTC\nsources: {crm: {csv: data}}\nentities: {contact: {from: crm.contacts, key: id}}\n"
        case source = "herald: 1\nworkspace: acme\ntimezone: UTC\nentities: {contact: {from: crm.contacts, key: id}}\nsources:\n"
        case entity = "herald: 1\nworkspace: acme\ntimezone: UTC\nsources: {crm: {csv: data}}\nentities:\n  contact:\n    from: crm.contacts\n    key: id\n"
        case list = "list: vips\nname: VIPs\nentity: contact\n"
        case campaign = "campaign: spring\nname: Spring\ncode: spring27\n"
        case email = "email: teaser\nlist: vips\nvia: local\nsubject: Spring\ntemplate: teaser.html\nschedule: manual\n"
        case site = "site: shop\nname: Shop\nurl: https://shop.example\ncollect: https://t.shop.example/t\n"
        case test = "test: t\nlist: vips\npeople: [{id: 1, expect: in}]\n"
    }

    let reading: Reading
    let start: Start
    let rule: String
    let says: String
    let yaml: String

    init(_ reading: Reading, _ rule: String, _ says: String, _ yaml: String) { self.init(reading, .nothing, rule, says, yaml) }

    init(_ reading: Reading, _ start: Start, _ rule: String, _ says: String, _ yaml: String) {
        self.reading = reading
        self.start = start
        self.rule = rule
        self.says = says
        self.yaml = yaml
    }

    var testDescription: String { "\(rule): \(yaml.split(separator: "\n").first { $0.contains(MarkedText.mark) } ?? "")" }

    /// Nil where all is as it should be, else what is not.
    var failure: String? {
        let marked = MarkedText(start.rawValue + yaml)
        let found = reading.problems(marked.text)
        let told = found.map(\.told)
        guard found.count == 1, let one = found.first, let span = one.span else { return "expected one finding, got \(told)" }
        guard span.line == marked.line, span.column == marked.column else { return "expected it at \(marked.line ?? 0):\(marked.column ?? 0), got \(told)" }
        guard one.rule.code == rule else { return "expected \(rule), got \(told)" }
        guard one.message.contains(says) || (one.suggestion?.contains(says) ?? false) else { return "expected “\(says)”, got \(told)" }
        return isInside(span, Array(marked.text.utf8)) ? nil : "the place is outside the file: \(told)"
    }
}

@Suite struct BadInputTests {
    @Test(arguments: BadInput.syntax) func syntax(_ bad: BadInput) { #expect(bad.failure == nil) }
    @Test(arguments: BadInput.settings) func settings(_ bad: BadInput) { #expect(bad.failure == nil) }
    @Test(arguments: BadInput.providers) func providers(_ bad: BadInput) { #expect(bad.failure == nil) }
    @Test(arguments: BadInput.definitions) func definitions(_ bad: BadInput) { #expect(bad.failure == nil) }

    @Test func noPartOfALineWithASecretIsShown() {
        let secret = BadInput.providers.filter { $0.rule == "secret-literal" }
        #expect(secret.count >= 8)
        for bad in secret {
            let found = bad.reading.problems(MarkedText(bad.start.rawValue + bad.yaml).text)
            #expect(found.allSatisfy { !$0.showsLine && !$0.message.contains("sk-") && !($0.suggestion ?? "").contains("sk-") }, "\(bad.yaml)")
        }
    }
}
