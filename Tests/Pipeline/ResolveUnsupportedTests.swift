import HeraldModel
import HeraldPipeline
import Testing

@Suite("Resolve: what this version does not do is refused, never ignored")
struct ResolveUnsupportedTests {
    private static let mailchimp = ResolveFixture.settings("providers:\n", "providers:\n  mailchimp: {api_key: \"${KEY}\", audience: News}\n")

    private static func list(_ more: String) -> [String: String?] { ["lists/w.yaml": "list: w\nname: W\nentity: contact\n" + more] }

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let files: [String: String?]
        let refused: [String]

        init(_ description: String, _ files: [String: String?], _ refused: String...) {
            testDescription = description
            self.files = files
            self.refused = refused
        }
    }

    static let cases = [
        Case("a word that only tracking or a vendor answers", list("where: {not: {clicked: {within: 7 days}}}\n"), "list.w"),
        Case(
            "a word in a filter that a list uses",
            ["lists/w.yaml": "filter: f\nentity: contact\nwhere: {opened: {}}\n---\nlist: w\nname: W\nentity: contact\nwhere: {any: [{city: Bonn}, {filter: f}]}\n"], "list.w"),
        Case("a list in step with Mailchimp", list("sync: {mailchimp: {segment: W}}\n").merging(["herald.yaml": mailchimp]) { $1 }, "list.w"),
        Case("the vendor's own members", list("sync: {mailchimp: {existing_segment: W}}\n").merging(["herald.yaml": mailchimp]) { $1 }, "list.w"),
        Case("an email to a list that cannot be worked out", ["lists/vip.yaml": ResolveFixture.vip("not: {filter: churned}", "opened: {}")], "list.vip", "email.teaser"),
        Case("an email through Mailchimp", ["herald.yaml": mailchimp, "campaigns/spring.yaml": ResolveFixture.spring("via: local", "via: mailchimp")], "email.teaser"),
        Case(
            "subjects that are tried first",
            [
                "campaigns/spring.yaml": ResolveFixture.spring(
                    "subject: \"{{ contact.first_name | default: 'Hello' }}, spring is here\"", "subject: [One, Two]\nab: {test: 20%, after: 4 hours}")
            ], "email.teaser"),
        Case(
            "a template for each language", ["campaigns/spring.yaml": ResolveFixture.spring("template: teaser.html", "template: {de: teaser.html, en: teaser.html}")],
            "email.teaser"),
        Case("each recipient's clock", ["campaigns/spring.yaml": ResolveFixture.spring("{at: 2027-03-01 09:00}", "{at: 2027-03-01 09:00, timezone: recipient}")], "email.teaser"),
        Case("a frequency cap", ["herald.yaml": ResolveFixture.settings + "policies: {frequency: {at_most: 2, within: 7 days}}\n"], "email.teaser"),
        Case("a policy that only advises", ["herald.yaml": ResolveFixture.settings + "policies: {blocked_domains: {domains: [example.net], level: advisory}}\n"], "email.teaser"),
        Case(
            "a waiver", ["herald.yaml": ResolveFixture.settings + "policies: {waivers: [{policy: audience, for: list.vip, owner: A, reason: B, until: 2027-01-01}]}\n"], "list.vip"),
    ]

    @Test("refused by plan, told by validate, and no error", arguments: cases) func refused(_ example: Case) throws {
        let fixture = try ResolveFixture(example.files)
        #expect(fixture.errors == [])
        let refusals = try #require(fixture.resolved?.unsupported)
        #expect(Set(refusals.map { "\($0.address)" }) == Set(example.refused))
        #expect(refusals.allSatisfy { $0.code == .unsupported && !$0.message.isEmpty && !$0.remedy.isEmpty && $0.source != nil })
        #expect(fixture.findings([.warning]).contains { $0.code == "unsupported" && $0.place != "-" })
    }

    @Test(
        "lists of every type, and words over what herald knows, are planned",
        arguments: [
            "type: on-demand\n", "type: manual\nrows: crm.contacts\n", "keep_contacted: true\n", "where: {not: {sent: {within: 7 days}}}\n",
            "where: {changed: {field: city, within: 7 days}}\n", "where: {list: m}\n---\nlist: m\nname: M\nentity: contact\ntype: manual\nrows: crm.contacts\n",
        ])
    func everyType(_ more: String) throws {
        let fixture = try ResolveFixture(Self.list(more))
        fixture.expect([], [.error, .warning])
        #expect(fixture.resolved?.unsupported == [])
    }

    @Test("what is supported is not refused") func supported() throws {
        let policies = "policies: {mass_change: {removals: 20%}, audience: {at_most: 1000}}\nfeatures: {lists: true}\nstate: {local: .herald}\n"
        let fixture = try ResolveFixture(["herald.yaml": ResolveFixture.settings + policies])
        fixture.expect([], [.error, .warning])
        #expect(fixture.resolved?.unsupported == [])
    }

    @Test("a state that is kept elsewhere stops every plan", arguments: ["{git: {}}", "{postgres: \"${DATABASE}\"}"]) func state(_ backend: String) throws {
        let fixture = try ResolveFixture(["herald.yaml": ResolveFixture.settings + "key: ${KEY}\nstate: \(backend)\n"])
        #expect(fixture.errors == [])
        let blockers = try #require(fixture.resolved?.blockers)
        #expect(blockers.map(\.rule.severity) == [.error])
        #expect(blockers.map(\.rule.exit) == [.configuration])
    }

    @Test("what has its effect later is noted") func notes() throws {
        let more = "campaign: z\nname: Z\ncode: z\nrevenue: {entity: order, sum: total}\n---\nsite: shop\nname: Shop\nurl: https://shop.example\ncollect: https://t.shop.example\n"
        let fixture = try ResolveFixture(["campaigns/z.yaml": more])
        #expect(fixture.findings([.error, .warning]) == [])
        #expect(fixture.findings([.note]).map(\.code) == ["not-yet"])
    }
}
