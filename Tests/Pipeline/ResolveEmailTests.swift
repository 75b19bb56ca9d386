import HeraldModel
import HeraldPipeline
import HeraldTemplate
import Testing

@Suite("Resolve: emails and their templates")
struct ResolveEmailTests {
    static let shop =
        "site: shop\nname: Shop\nurl: https://shop.example\ncollect: https://t.shop.example\n---\nsite: blog\nname: Blog\nurl: https://blog.example\nhosts: [www.blog.example]\ncollect: https://t.shop.example\n"

    static let wrong = [
        ResolveCase(
            "a column that the list does not give out", ["campaigns/teaser.html": ResolveFixture.template("{{ contact.city }}", "{{ ¶contact.country }}")],
            "template-unknown-variable"),
        ResolveCase("a value that may be empty", ["campaigns/teaser.html": ResolveFixture.template("{{ contact.city }}", "{{ ¶contact.first_name }}")], "template-may-be-empty"),
        ResolveCase("a site that there is not", ["campaigns/teaser.html": ResolveFixture.template("{{ contact.city }}", "{{ ¶site.shop.url }}")], "template-unknown-variable"),
        ResolveCase(
            "no link to unsubscribe", ["campaigns/teaser.html": "¶" + ResolveFixture.template("<a href=\"{{ unsubscribe_url }}\">Unsubscribe</a>", "")], "template-no-unsubscribe"),
        ResolveCase("a template that is not there", ["campaigns/spring.yaml": ResolveFixture.spring("template: teaser.html", "template: ¶teasr.html")], "missing-template"),
        ResolveCase(
            "a subject with an unknown value",
            ["campaigns/spring.yaml": ResolveFixture.spring("subject: \"{{ contact.first_name | default: 'Hello' }}, spring is here\"", "subject: Hi {{ ¶contact.name }}")],
            "template-unknown-variable"),
        ResolveCase("a time that the clocks skip", ["campaigns/spring.yaml": ResolveFixture.spring("at: 2027-03-01 09:00", "at: ¶2027-03-28 02:30")], "local-time-missing"),
        ResolveCase(
            "a zone that there is not", ["campaigns/spring.yaml": ResolveFixture.spring("{at: 2027-03-01 09:00}", "{at: 2027-03-01 09:00, timezone: ¶Europe/Berln}")],
            "unknown-zone"),
    ]

    @Test("what is wrong with an email", arguments: wrong) func findings(_ example: ResolveCase) throws {
        let fixture = try ResolveFixture(example.files)
        #expect(fixture.findings().map(\.code) == example.codes)
        #expect(fixture.findings().map(\.place) == fixture.marks)
    }

    @Test("a time that the clocks skip is told with the one after the gap") func skipped() throws {
        let fixture = try ResolveFixture(["campaigns/spring.yaml": ResolveFixture.spring("at: 2027-03-01 09:00", "at: 2027-03-28 02:30")])
        #expect(fixture.errors.first?.suggestion == "write `2027-03-28 03:30`")
    }

    @Test("a time that comes twice means the first") func twice() throws {
        let fixture = try ResolveFixture(["campaigns/spring.yaml": ResolveFixture.spring("at: 2027-03-01 09:00", "at: 2027-10-31 02:30")])
        fixture.expect([])
        #expect(fixture.resolved?.emails["teaser"]?.at?.instant.description == "2027-10-31T00:30:00Z")
    }

    @Test("another zone's clock") func otherZone() throws {
        let fixture = try ResolveFixture(["campaigns/spring.yaml": ResolveFixture.spring("{at: 2027-03-01 09:00}", "{at: 2027-03-01 09:00, timezone: America/New_York}")])
        #expect(fixture.resolved?.emails["teaser"]?.at?.instant.description == "2027-03-01T14:00:00Z")
    }

    @Test("links towards all sites are tagged, or towards those of the campaign") func tags() throws {
        let all = try ResolveFixture(["campaigns/sites.yaml": Self.shop])
        let tagged = "https://shop.example/sale?utm_source=acme&utm_medium=email&utm_campaign=spring27&utm_content=link-1"
        #expect(all.resolved?.emails["teaser"]?.template?.links.contains(tagged) == true)
        let some = try ResolveFixture(["campaigns/sites.yaml": Self.shop, "campaigns/spring.yaml": ResolveFixture.spring("code: spring27", "code: spring27\nsites: [blog]")])
        #expect(some.resolved?.emails["teaser"]?.template?.links.contains("https://shop.example/sale") == true)
    }

    @Test("values that are the same for everybody are filled in") func constants() throws {
        let text = ResolveFixture.template("{{ contact.city }}", "{{ campaign.name }} {{ campaign.code }} {{ site.shop.url }} {{ contact.email }}")
        let fixture = try ResolveFixture(["campaigns/sites.yaml": Self.shop, "campaigns/teaser.html": text])
        fixture.expect([])
        #expect(fixture.resolved?.emails["teaser"]?.template?.canonical.contains("Spring sale spring27 https://shop.example") == true)
    }

    @Test("layouts: the workspace's, the email's own, none") func layouts() throws {
        let frame = "<html><body>FRAME {{ content }} {{ postal_address }} <a href=\"{{ unsubscribe_url }}\">x</a></body></html>"
        let settings = ResolveFixture.settings("defaults:\n", "defaults:\n  layout: frames/all.html\n")
        func canonical(_ layout: String) throws -> String {
            let fixture = try ResolveFixture([
                "herald.yaml": settings, "frames/all.html": frame, "campaigns/own.html": frame.replacing("FRAME", with: "OWN"),
                "campaigns/spring.yaml": ResolveFixture.spring("template: teaser.html", "template: teaser.html\(layout)"),
            ])
            fixture.expect([])
            return fixture.resolved?.emails["teaser"]?.template?.canonical ?? ""
        }
        #expect(try canonical("").contains("FRAME"))
        #expect(try canonical("\nlayout: own.html").contains("OWN"))
        let none = try canonical("\nlayout: none")
        #expect(!none.contains("FRAME") && !none.contains("OWN"))
    }

    @Test("an email's document is its own file and templates, not the layout") func document() throws {
        func document(_ changes: [String: String?]) throws -> String? { try ResolveFixture(changes).resolved?.emails["teaser"]?.document }
        let base = try document([:])
        #expect(base != nil)
        #expect(try document(["campaigns/teaser.html": ResolveFixture.template("Hello", "Hallo")]) != base)
        #expect(try document(["campaigns/teaser.txt": "{{ unsubscribe_url }} {{ postal_address }}"]) != base)
        #expect(try document(["lists/vip.yaml": ResolveFixture.vip("18 months", "17 months")]) == base)
        #expect(try document(["campaigns/spring.yaml": "# hi\n" + ResolveFixture.spring]) == base)
    }
}
