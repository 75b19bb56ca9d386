import HeraldModel
import Testing

@testable import HeraldTemplate

/// Links towards declared sites carry the campaign, others stay as they are.
@Suite struct LinkTests {
    private static let tagged = "utm_source=acme&amp;utm_medium=email&amp;utm_campaign=spring27&amp;utm_content="

    @Test(arguments: [
        ("https://shop.example", "https://shop.example?", ""), ("https://shop.example/", "https://shop.example/?", ""),
        ("https://shop.example/sale", "https://shop.example/sale?", ""),
        ("http://www.shop.example/sale", "http://www.shop.example/sale?", ""), ("HTTPS://Shop.Example/Sale", "HTTPS://Shop.Example/Sale?", ""),
        ("https://shop.example:8443/a", "https://shop.example:8443/a?", ""),
        ("https://shop.example/?a=1", "https://shop.example/?a=1&amp;", ""), ("https://shop.example/?a=1&amp;b=2", "https://shop.example/?a=1&amp;b=2&amp;", ""),
        ("https://shop.example/?a=1&b=2", "https://shop.example/?a=1&amp;b=2&amp;", ""), ("https://shop.example/?a=1&copy=2", "https://shop.example/?a=1&amp;copy=2&amp;", ""),
        ("https://shop.example/?", "https://shop.example/?", ""), ("https://shop.example/?a=1&amp;", "https://shop.example/?a=1&amp;", ""),
        ("https://shop.example/sale#top", "https://shop.example/sale?", "#top"),
        ("https://shop.example/?a=1#top?x", "https://shop.example/?a=1&amp;", "#top?x"), ("https://shop.example/?q=it&#39;s#x", "https://shop.example/?q=it&#39;s&amp;", "#x"),
        ("{{ site.shop.url }}/sale", "https://shop.example/sale?", ""), ("https://shop.example/{{ contact.city }}", "https://shop.example/London?", ""),
        ("https://shop.example/?c={{ contact.city }}#{{ contact.id }}", "https://shop.example/?c=London&amp;", "#7"),
        ("https://shop.example/?{{ contact.city }}", "https://shop.example/?London&amp;", ""),
        (" https://shop.example/x", "https://shop.example/x?", ""),
    ]) func towardsADeclaredSite(_ written: String, _ before: String, _ after: String) {
        #expect(body("<a href=\"\(written)\">x</a>") == "<a href=\"\(before)\(Self.tagged)link-1\(after)\">x</a>")
        #expect(body("<A HREF='\(written)'>x</A>") == "<A HREF='\(before)\(Self.tagged)link-1\(after)'>x</A>")
    }

    @Test(arguments: [
        "https://other.example/", "https://shop.example.evil.example/", "https://evilshop.example/", "https://shop.example@evil.example/", "https://me:pw@shop.example/",
        "mailto:info@shop.example",
        "tel:+49301234", "#top", "https://blog.example/?a=1&amp;b=2", "ftp://shop.example/", "https://other.example/?u=https://shop.example/", "https://SHOP.EXAMPLE.:80/",
    ]) func elsewhere(_ written: String) { #expect(body("<a href=\"\(written)\">x</a>") == "<a href=\"\(written)\">x</a>") }

    @Test func onlyLinksOfPeopleAreTagged() {
        let html = "<img src=\"https://shop.example/a.png\"><link href=\"https://shop.example/a.css\"><form action=\"https://shop.example/f\"></form>"
        #expect(body(html) == html)
        #expect(body("<area href=\"https://shop.example/\">") == "<area href=\"https://shop.example/?\(Self.tagged)link-1\">")
    }

    @Test func parametersThatStandThereStay() {
        #expect(
            body("<a href=\"https://shop.example/?utm_source=x&amp;utm_content=y\">x</a>")
                == "<a href=\"https://shop.example/?utm_source=x&amp;utm_content=y&amp;utm_medium=email&amp;utm_campaign=spring27\">x</a>")
        let all = "<a href=\"https://shop.example/?utm_source=a&utm_medium=b&utm_campaign=c&utm_content=d\">x</a>"
        #expect(body(all) == all)
        #expect(body("<a href=\"https://shop.example/?xutm_source=1\">x</a>")?.contains("&amp;utm_source=acme") == true)
    }

    @Test(arguments: [
        "<a id=\"hero\" href=\"https://shop.example/\">x</a>", "<a href=\"https://shop.example/\" id=\"hero\">x</a>", "<a href=\"https://shop.example/\" class='b' id=hero>x</a>",
    ])
    func anIdNamesTheLink(_ html: String) { #expect(body(html)?.contains("utm_content=hero\"") == true) }

    @Test func anIdIsEncoded() { #expect(body("<a id=\"a b&amp;c\" href=\"https://shop.example/\">x</a>")?.contains("utm_content=a%20b%26c\"") == true) }

    @Test func linksAreCountedInTheirOrder() {
        let html = body("<a href=\"https://other.example/\">1</a><a href=\"https://shop.example/\">2</a>{% if contact.vip %}<a href=\"https://shop.example/v\">3</a>{% endif %}")
        #expect(html?.contains("link-2\">2") == true && html?.contains("link-3\">3") == true)
    }

    @Test func anUnquotedLinkIsQuotedWhenItGrows() {
        #expect(body("<a href=https://shop.example/x>x</a>") == "<a href=\"https://shop.example/x?\(Self.tagged)link-1\">x</a>")
        #expect(body("<a href=https://other.example/x class=b>x</a>") == "<a href=https://other.example/x class=b>x</a>")
    }

    @Test func aReviewerSeesEveryLinkAsItLeaves() {
        let mail = Mail("<a href=\"https://shop.example/{{ contact.city }}?a=1&amp;b=2\">x</a><a href=\"mailto:a@shop.example\">y</a><a href=\"{{ view_url }}\">z</a>")
        #expect(
            mail.compile().template?.links == [
                "https://shop.example/{contact.city}?a=1&b=2&utm_source=acme&utm_medium=email&utm_campaign=spring27&utm_content=link-1", "mailto:a@shop.example", "{view_url}",
                "{unsubscribe_url}",
            ])
    }

    @Test func linksOfConditionsInsideAnElementStand() {
        #expect(
            body("<a {% if contact.vip %}class=\"v\"{% endif %} href=\"https://shop.example/\">x</a>") == "<a class=\"v\" href=\"https://shop.example/?\(Self.tagged)link-1\">x</a>"
        )
        #expect(
            body("<a href=\"https://shop.example/\" {% if contact.vip %}class=\"v\"{% endif %}>x</a>") == "<a href=\"https://shop.example/?\(Self.tagged)link-1\" class=\"v\">x</a>"
        )
        #expect(body("<p class=\"a{% if contact.vip %} v{% else %} n{% endif %} z\">x</p>") == "<p class=\"a v z\">x</p>")
    }

    // MARK: A text part of its own

    private static func part(_ text: String, _ values: [String: Value] = [:]) -> String? {
        var mail = Mail("")
        mail.text = text + "\n-- \n{{ postal_address }}\n{{ unsubscribe_url }}\n"
        guard let all = mail.rendered(values)?.text, let end = all.firstRange(of: "\n-- \n") else { return mail.told.joined(separator: "; ") }
        return String(all[..<end.lowerBound])
    }

    private static func plain(_ number: Int) -> String { "utm_source=acme&utm_medium=email&utm_campaign=spring27&utm_content=text-\(number)" }

    @Test func linksOfATextPartAreTagged() {
        #expect(Self.part("Go to https://shop.example/sale. Now!") == "Go to https://shop.example/sale?\(Self.plain(1)). Now!")
        #expect(Self.part("(https://shop.example/a) <https://other.example/>") == "(https://shop.example/a?\(Self.plain(1))) <https://other.example/>")
        #expect(
            Self.part("{{ site.shop.url }}/x?c={{ contact.city }}&d=1, HTTP://SHOP.example#f")
                == "https://shop.example/x?c=London&d=1&\(Self.plain(1)), HTTP://SHOP.example?\(Self.plain(2))#f")
        #expect(Self.part("https://shop.example/{{ contact.city }}.", ["city": text("a b/c")]) == "https://shop.example/a%20b%2Fc?\(Self.plain(1)).")
        #expect(Self.part("xhttps://shop.example/ https:// http") == "xhttps://shop.example/ https:// http")
        #expect(Self.part("{% if contact.vip %}https://shop.example/v{% else %}https://shop.example/{% endif %} x") == "https://shop.example/v?\(Self.plain(1)) x")
    }

    @Test func aValueDoesNotDecideWhereATextLinkLeads() {
        #expect(Self.part("https://{{ contact.city }}/")?.contains("may not stand as a link's host") == true)
        #expect(Self.part("https://shop.example{{ contact.city }}")?.contains("may not stand as a link's host") == true)
        #expect(Self.part("https://shop.example/{% if contact.vip %}v{% endif %}")?.contains("written whole, without tags inside it") == true)
    }
}
