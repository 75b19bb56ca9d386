import HeraldAudience
import HeraldModel
import HeraldPipeline
import Testing

@Suite("Resolve: names of other definitions")
struct ResolveReferenceTests {
    @Test("a workspace in which everything is right has no findings") func right() throws {
        let fixture = try ResolveFixture([:])
        #expect(fixture.diagnostics.sorted == [])
        let resolved = try #require(fixture.resolved)
        let list = try #require(resolved.lists["vip"])
        #expect(list.filter != nil)
        #expect(list.columns.map(\.name) == ["first_name", "city", "spent"])
        #expect(list.templateColumns.map(\.name) == ["email", "first_name", "city", "spent"])
        #expect(resolved.filters["churned"]?.filter != nil)
        let email = try #require(resolved.emails["teaser"])
        #expect(email.template != nil)
        #expect(email.from.email == "news@acme.example")
        #expect(email.at?.instant.description == "2027-03-01T08:00:00Z")
        #expect(resolved.unsupported == [] && resolved.blockers == [])
    }

    static let unique = [
        ResolveCase("a list's name twice", ["lists/w.yaml": "list: w\nname: ¶VIP customers\nentity: contact\n"], "duplicate-name"),
        ResolveCase(
            "a campaign's name and code twice",
            ["campaigns/z.yaml": "campaign: z\nname: ¶Spring sale\ncode: ¶spring27\n"], "duplicate-name", "duplicate-code"),
        ResolveCase("a code that another campaign had", ["campaigns/z.yaml": "campaign: z\nname: Z\ncode: z\nformer_codes: [¶spring27]\n"], "duplicate-code"),
        ResolveCase(
            "a site's identifier twice",
            [
                "campaigns/z.yaml":
                    "site: a\nname: A\nurl: https://a.example\ncollect: https://t.a.example\n---\nsite: b\nname: B\nidentifier: ¶a\nurl: https://b.example\ncollect: https://t.b.example\n"
            ],
            "duplicate-name"),
    ]

    @Test("what must be unique", arguments: unique) func duplicates(_ example: ResolveCase) throws {
        try ResolveFixture(example.files).expect(example.codes)
    }

    @Test("of two definitions with one id the second is the mistake, and names the first") func duplicate() throws {
        let fixture = try ResolveFixture(["lists/w.yaml": "filter: ¶churned\nentity: contact\nwhere: {country: DE}\n"])
        fixture.expect(["duplicate-id"])
        #expect(fixture.errors.first?.message == "filter.churned is defined twice, first at lists/vip.yaml:9")
    }

    static let references = [
        ResolveCase("an email's list", ["campaigns/spring.yaml": ResolveFixture.spring("list: vip", "list: ¶vib")], "unknown-reference"),
        ResolveCase(
            "an email's campaign and provider",
            ["campaigns/z.yaml": "email: z\ncampaign: ¶autumn\nlist: vip\nvia: ¶mailchimp\nsubject: Hi\ntemplate: teaser.html\nschedule: manual\n"],
            "unknown-reference", "unknown-reference"),
        ResolveCase(
            "a list's and a filter's entity", ["lists/w.yaml": "list: w\nname: W\nentity: ¶contacts\n---\nfilter: f\nentity: ¶person\nwhere: {city: Bonn}\n"], "unknown-reference",
            "unknown-reference"),
        ResolveCase("a relation's entity", ["herald.yaml": ResolveFixture.settings("{one: account,", "{one: ¶acount,")], "unknown-reference"),
        ResolveCase("an entity's source", ["herald.yaml": ResolveFixture.settings("from: crm.accounts", "from: ¶cmr.accounts")], "unknown-reference"),
        ResolveCase("an entity's table", ["herald.yaml": ResolveFixture.settings("from: crm.accounts", "from: ¶crm.account")], "unknown-table"),
        ResolveCase("a campaign's sites", ["campaigns/z.yaml": "campaign: z\nname: Z\ncode: z\nsites: [¶shop]\n"], "unknown-reference"),
        ResolveCase("a campaign's revenue", ["campaigns/z.yaml": "campaign: z\nname: Z\ncode: z\nrevenue: {entity: ¶orders, sum: total}\n"], "unknown-reference"),
        ResolveCase("a column of a campaign's revenue", ["campaigns/z.yaml": "campaign: z\nname: Z\ncode: z\nrevenue: {entity: order, sum: ¶totl}\n"], "unknown-column"),
        ResolveCase("what a test is about", ["lists/t.yaml": "test: t\nlist: ¶vipp\npeople: [{id: 1}]\n"], "unknown-reference"),
        ResolveCase("a provider to sync with", ["lists/w.yaml": "list: w\nname: W\nentity: contact\nsync: {¶mailchimp: {segment: W}}\n"], "unknown-reference"),
        ResolveCase("a filter in a condition", ["lists/w.yaml": "list: w\nname: W\nentity: contact\nwhere: {filter: ¶churnd}\n"], "unknown-reference"),
        ResolveCase("a list in a condition", ["lists/w.yaml": "list: w\nname: W\nentity: contact\nwhere: {not: {list: ¶vips}}\n"], "unknown-reference"),
        ResolveCase(
            "what words are about", ["lists/w.yaml": "list: w\nname: W\nentity: contact\nwhere: {opened: {email: ¶teasr}, sent: {campaign: ¶sprink}}\n"], "unknown-reference",
            "unknown-reference"),
        ResolveCase(
            "a column for a field at the vendor",
            ["herald.yaml": ResolveFixture.settings("providers:\n", "providers:\n  mailchimp: {api_key: \"${KEY}\", audience: News, fields: {CITY: ¶town, SPENT: spent}}\n")],
            "unknown-reference"),
        ResolveCase("an object of another kind", ["herald.yaml": ResolveFixture.settings + "adopt: {¶list.vip: local:email/7}\n"], "adopt-kind"),
        ResolveCase("an adopted address and its provider", ["herald.yaml": ResolveFixture.settings + "adopt: {¶list.vib: local:list/7}\n"], "unknown-reference"),
    ]

    @Test("a name that leads nowhere is told with its place", arguments: references) func leadsNowhere(_ example: ResolveCase) throws {
        try ResolveFixture(example.files).expect(example.codes)
    }

    @Test("a name that leads nowhere comes with a suggestion") func suggestion() throws {
        let fixture = try ResolveFixture(["campaigns/spring.yaml": ResolveFixture.spring("list: vip", "list: vib")])
        #expect(fixture.errors.first?.suggestion == "did you mean `vip`?")
    }

    static let dotdigital = ResolveFixture.settings("providers:\n", "providers:\n  dotdigital: {user: \"${USER}\", password: \"${PASSWORD}\"}\n")
    static let mailchimp = ResolveFixture.settings("providers:\n", "providers:\n  mailchimp: {api_key: \"${KEY}\", audience: News}\n")

    static let syncs = [
        ResolveCase(
            "an address book at Mailchimp", ["herald.yaml": mailchimp, "lists/w.yaml": "list: w\nname: W\nentity: contact\nsync: {mailchimp: {¶address_book: W}}\n"], "unknown-key"),
        ResolveCase("the provider that keeps every list anyway", ["lists/w.yaml": "list: w\nname: W\nentity: contact\nsync: {¶local: {segment: W}}\n"], "sync-mismatch"),
    ]

    @Test("what is synced fits the vendor", arguments: syncs) func fitsVendor(_ example: ResolveCase) throws {
        try ResolveFixture(example.files).expect(example.codes)
    }

    @Test("a list's own fields at the vendor that fit are right") func syncRight() throws {
        try ResolveFixture(["herald.yaml": Self.dotdigital, "lists/w.yaml": "list: w\nname: W\nentity: contact\nsync: {dotdigital: {address_book: W}}\n"]).expect([])
    }
}
