import HeraldModel
import HeraldPipeline
import Testing

@Suite("Resolve: settings, entities, and what comes and goes")
struct ResolveSettingsTests {
    static let settings = [
        ResolveCase("a state that is not local needs a key", ["herald.yaml": ResolveFixture.settings + "state: ¶{git: {}}\n"], "missing-key-secret"),
        ResolveCase("emails need a sender", ["herald.yaml": "¶" + ResolveFixture.settings(defaults, "")], "missing-setting"),
        ResolveCase(
            "the built-in provider needs to know where recipients reach it",
            [
                "herald.yaml": ResolveFixture.settings(
                    "local: {transport: {outbox: .herald/outbox}, public_url: https://mail.acme.example}", "¶local: {transport: {outbox: .herald/outbox}}")
            ], "missing-setting"),
        ResolveCase(
            "a mail server that is not this machine",
            ["herald.yaml": ResolveFixture.settings("{outbox: .herald/outbox}", "{smtp: {host: ¶127.0.0.1.acme.example}}")], "mail-leaves-machine"),
        ResolveCase(
            "a feature that is off and used",
            [
                "herald.yaml": ResolveFixture.settings + "features: {campaigns: false}\n",
                "campaigns/spring.yaml": ResolveFixture.spring("campaign: spring-sale\nname", "campaign: ¶spring-sale\nname"),
            ], "feature-off"),
        ResolveCase(
            "a word over results that are switched off",
            ["herald.yaml": ResolveFixture.settings + "features: {activity: false}\n", "lists/w.yaml": "list: w\nname: W\nentity: contact\nwhere: {¶sent: {}}\n"], "feature-off"),
        ResolveCase(
            "a waiver of no policy, for nothing",
            ["herald.yaml": ResolveFixture.settings + "policies: {waivers: [{policy: ¶audiences, for: ¶email.tease, owner: A, reason: B, until: 2027-01-01}]}\n"], "unknown-policy",
            "unknown-reference"),
        ResolveCase(
            "a zone of quiet hours", ["herald.yaml": ResolveFixture.settings + "policies: {quiet_hours: ¶{start: 20:00, end: 08:00, timezone: Europe/Berln}}\n"], "unknown-zone"),
    ]

    private static let defaults = "defaults:\n  from: {name: Acme, email: news@acme.example}\n  postal_address: Acme GmbH, Hauptstr. 1, 10115 Berlin\n"

    @Test("settings", arguments: settings) func checkSettings(_ example: ResolveCase) throws {
        // Without a sender nothing of the mail can be compiled either: only the cause is told.
        let fixture = try ResolveFixture(example.files)
        fixture.expect(example.codes)
    }

    @Test("a mail server on this machine", arguments: ["localhost", "127.0.0.1", "127.1.2.3", "\"::1\"", "\"[::1]\""]) func mailServer(_ host: String) throws {
        let fixture = try ResolveFixture(["herald.yaml": ResolveFixture.settings("{outbox: .herald/outbox}", "{smtp: {host: \(host)}}")])
        fixture.expect([], [.error, .warning])
        #expect(fixture.resolved?.unsupported == [])
    }

    static let entities = [
        ResolveCase(
            "a list needs an address of its people",
            ["lists/w.yaml": "list: w\nname: W\nentity: account\n", "herald.yaml": ResolveFixture.settings("  account: {from", "  ¶account: {from")], "no-address-column"),
        ResolveCase(
            "an email needs email and consent",
            [
                "herald.yaml": ResolveFixture.settings("    email: email\n    consent: {column: consent, at: consented_at}", "    phone: email").replacingOccurrences(
                    "  contact:\n", "  ¶contact:\n"), "campaigns/teaser.html": ResolveFixture.template,
            ], "no-address-column", "no-consent"),
        ResolveCase("a column of an entity", ["herald.yaml": ResolveFixture.settings("key: id\n    email: email", "key: id\n    email: ¶mail")], "unknown-column"),
        ResolveCase("a relation's column", ["herald.yaml": ResolveFixture.settings("by: contact_id", "by: ¶customer_id")], "unknown-column"),
        ResolveCase("a relation and a column of one name", ["herald.yaml": ResolveFixture.settings("      account: {one", "      ¶city: {one")], "name-clash"),
    ]

    @Test("entities", arguments: entities) func checkEntities(_ example: ResolveCase) throws {
        let fixture = try ResolveFixture(example.files)
        let found = fixture.findings().map(\.code)
        for code in example.codes { #expect(found.contains(code)) }
        for mark in fixture.marks { #expect(fixture.findings().contains { $0.place == mark }) }
    }

    @Test("without columns there is one warning, and what depends on them is left out") func noColumns() throws {
        let fixture = try ResolveFixture(["herald.columns.yaml": nil, "lists/w.yaml": "list: w\nname: W\nentity: contact\nwhere: {contry: DE, filter: nobody}\n"])
        #expect(fixture.findings([.error, .warning]) == [.init(place: "-", code: "columns-unknown")])
        #expect(fixture.resolved?.lists["w"]?.filter == nil)
    }

    static let lifecycle = [
        ResolveCase("removed and still defined", ["herald.yaml": ResolveFixture.settings + "removed: [¶list.vip]\n"], "still-defined", "still-referenced"),
        ResolveCase("unmanaged and still defined", ["herald.yaml": ResolveFixture.settings + "unmanaged: [¶email.teaser]\n"], "still-defined"),
        ResolveCase(
            "moved from something still defined", ["herald.yaml": ResolveFixture.settings + "moved: {¶filter.churned: filter.gone}\nremoved: [filter.gone]\n"], "still-defined"),
        ResolveCase("moved across kinds", ["herald.yaml": ResolveFixture.settings + "moved: {list.old: ¶filter.churned}\n"], "move-across-kinds"),
        ResolveCase("moved in a ring", ["herald.yaml": ResolveFixture.settings + "moved: {¶list.a: list.b, list.b: list.a}\n"], "move-ring"),
        ResolveCase("moved onto itself", ["herald.yaml": ResolveFixture.settings + "moved: {¶list.a: list.a}\n"], "move-ring"),
        ResolveCase("two moves onto one", ["herald.yaml": ResolveFixture.settings + "moved: {list.a: list.vip, list.b: ¶list.vip}\n"], "move-ring"),
        ResolveCase("moved to nothing", ["herald.yaml": ResolveFixture.settings + "moved: {list.a: ¶list.vib}\n"], "unknown-reference"),
    ]

    @Test("moved, removed, unmanaged", arguments: lifecycle) func checkLifecycle(_ example: ResolveCase) throws {
        let fixture = try ResolveFixture(example.files)
        #expect(fixture.findings() == example.codes.map { .init(place: fixture.marks[0], code: $0) })
    }

    @Test("a chain of moves is history, and right") func chain() throws {
        try ResolveFixture(["herald.yaml": ResolveFixture.settings + "moved: {list.a: list.b, list.b: list.vip}\n"]).expect([])
    }

    @Test("a removal that is still used names who uses it") func references() throws {
        let fixture = try ResolveFixture([
            "herald.yaml": ResolveFixture.settings + "removed: [filter.gone]\n", "lists/w.yaml": "list: w\nname: W\nentity: contact\nwhere: {filter: gone}\n",
        ])
        let finding = fixture.errors.first { $0.rule.code == "still-referenced" }
        #expect(finding?.message == "filter.gone is removed, and still used by list.w (lists/w.yaml:4)")
    }

    static let personas = [
        ResolveCase("an address that may be somebody's", ["lists/t.yaml": "test: t\nlist: vip\npeople: [{id: 1, email: ¶anna@gmail.com, expect: {out: where}}]\n"], "real-address"),
        ResolveCase("a column that there is not", ["lists/t.yaml": "test: t\nlist: vip\npeople: [{id: 1, ¶contry: DE}]\n"], "bad-persona"),
        ResolveCase("addresses of senders in what a mail must say", ["campaigns/t.yaml": "test: t\nemail: teaser\npeople: [{id: 1, expect: {html_has: [news@acme.com]}}]\n"]),
    ]

    @Test("people of tests", arguments: personas) func checkPersonas(_ example: ResolveCase) throws {
        let fixture = try ResolveFixture(example.files)
        fixture.expect(example.codes)
        #expect(!fixture.errors.contains { $0.message.contains("anna@gmail.com") })
    }
}

extension String {
    fileprivate func replacingOccurrences(_ old: String, _ new: String) -> String { replacing(old, with: new) }
}
