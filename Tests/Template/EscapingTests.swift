import HeraldModel
import Testing

@testable import HeraldTemplate

/// People's values are text wherever they stand, whatever is in them.
@Suite struct EscapingTests {
    @Test(arguments: [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"), ("\" onmouseover=\"x", "&quot; onmouseover=&quot;x"), ("O'Neil & Co", "O&#39;Neil &amp; Co"),
        ("&lt;", "&amp;lt;"), ("{{ contact.city }}", "{{ contact.city }}"), ("{% if x %}", "{% if x %}"), ("a\u{0}b\u{7}c", "abc"), ("a\u{9F}b", "ab"),
        ("</p></body>", "&lt;/p&gt;&lt;/body&gt;"), ("é 🎉", "é 🎉"),
    ]) func inHTMLText(_ name: String, _ expected: String) {
        #expect(body("<p>{{ contact.city }}</p>", ["city": text(name)]) == "<p>\(expected)</p>")
        #expect(body("<p title='{{ contact.city }}'>x</p>", ["city": text(name)]) == "<p title='\(expected)'>x</p>")
        #expect(body("<p title=\"{{ contact.city | escape }}\">x</p>", ["city": text(name)]) == "<p title=\"\(expected)\">x</p>")
        #expect(body("{% for t in contact.tags %}{{ t }}{% endfor %}", ["tags": .many([Text(name)])]) == expected)
        #expect(body("{{ contact.first_name | default: contact.city }}", ["first_name": .empty, "city": text(name)]) == expected)
        #expect(body("{{ contact.city | truncate: 100 }}", ["city": text(name)]) == expected)
    }

    @Test(arguments: [
        ("a b&c=d#e", "a%20b%26c%3Dd%23e"), ("../../x", "..%2F..%2Fx"), ("javascript:x", "javascript%3Ax"), ("\"><script>", "%22%3E%3Cscript%3E"), ("é", "%C3%A9"),
        ("%41", "%2541"),
        ("a-b_c.d~e", "a-b_c.d~e"), ("\u{202E}x", "%E2%80%AEx"), ("@evil.example/", "%40evil.example%2F"),
    ]) func inLinks(_ value: String, _ expected: String) {
        #expect(
            body("<a href=\"https://x.example/{{ contact.city }}/?c={{ contact.city }}#{{ contact.city }}\">x</a>", ["city": text(value)])
                == "<a href=\"https://x.example/\(expected)/?c=\(expected)#\(expected)\">x</a>")
        #expect(body("<img src=\"https://x.example/{{ contact.city }}.png\" alt=\"\">", ["city": text(value)]) == "<img src=\"https://x.example/\(expected).png\" alt=\"\">")
        #expect(body("<a href=\"mailto:a@x.example?subject={{ contact.city }}\">x</a>", ["city": text(value)]) == "<a href=\"mailto:a@x.example?subject=\(expected)\">x</a>")
    }

    @Test(arguments: [
        ("Ada\r\nBcc: eve@example.org", "Ada  Bcc: eve@example.org"), ("A\nB", "A B"), ("A\u{2028}B", "A B"), ("A\u{85}B", "A B"), ("A\tB", "A B"), ("A\u{0}B\u{7F}", "AB"),
        ("\u{202E}abc\u{202C}", "abc"),
        ("\u{2066}a\u{2069}\u{200F}", "a"), ("<b>&amp;", "<b>&amp;"),
    ]) func inHeaders(_ name: String, _ expected: String) {
        var mail = Mail("")
        mail.subjects = ["Hi {{ contact.city }}!"]
        mail.preheader = "Hi {{ contact.city }}!"
        #expect(mail.rendered(["city": text(name)])?.subject == "Hi \(expected)!")
        #expect(mail.rendered(["city": text(name)])?.preheader == "Hi \(expected)!")
    }

    /// A value that turns the direction of text turns only itself.
    @Test(arguments: [
        ("\u{202E}abc", "\u{2068}\u{202E}abc\u{2069}"), ("a\u{200F}", "\u{2068}a\u{200F}\u{2069}"), ("\u{2069}\u{202E}abc\u{2067}", "\u{2068}\u{202E}abc\u{2069}"),
        ("שלום", "שלום"),
    ]) func turnedText(_ value: String, _ expected: String) {
        #expect(body("<p>{{ contact.city }}</p>", ["city": text(value)]) == "<p>\(expected)</p>")
        var mail = Mail("")
        mail.text = "{{ contact.city }} {{ postal_address }} {{ unsubscribe_url }}"
        #expect(mail.rendered(["city": text(value)])?.text.hasPrefix(expected + " ") == true)
    }

    @Test func inATextPart() {
        var mail = Mail("")
        mail.text = "{{ contact.city }}|{{ postal_address }}|{{ unsubscribe_url }}"
        #expect(mail.rendered(["city": text("<b>\u{0}&amp;\nx")])?.text == "<b>&amp;\nx|Acme & Sons, Hauptstr. 1|https://mail.acme.example/u/T0K3N?a=1&b=2\n")
        // Made from HTML, where line ends are spaces.
        #expect(Mail("<p>{{ contact.city }}</p>").rendered(["city": text("<b>\u{0}&amp;\nx")])?.text.hasPrefix("<b>&amp; x\n\n") == true)
    }

    @Test func constantsAreEscapedToo() {
        #expect(body("<p title=\"{{ campaign.name }}\">{{ campaign.name | upcase }}</p>") == "<p title=\"Spring &lt;sale&gt;\">SPRING &lt;SALE&gt;</p>")
    }

    @Test func theUnsubscribeLinkIsAnAttribute() throws {
        let page = try #require(Mail("").rendered()?.html)
        #expect(page.contains("<a href=\"https://mail.acme.example/u/T0K3N?a=1&amp;b=2\">Unsubscribe</a>"))
    }

    /// Every place of a page, filled by the worst that a record can hold: nothing becomes markup.
    @Test func nothingBecomesMarkup() throws {
        let hostile = "\"'><script>x</script><img src=x onerror=y>{{ contact.email }}\r\n\u{0}\u{202E}&lt;--></style></title>"
        let page = """
            <title>{{ contact.city }}</title><p class="{{ contact.city }}" title='{{ contact.city }}'>{{ contact.city }}</p>
            <a href="https://shop.example/{{ contact.city }}?q={{ contact.city }}#{{ contact.city }}">{{ contact.city | upcase }}</a><img alt="{{ contact.city }}" src="https://x.example/{{ contact.city }}">
            """
        let clean = try #require(Mail(page).rendered(["city": text("x")])?.html)
        let dirty = try #require(Mail(page).rendered(["city": text(hostile)])?.html)
        for sign in ["<", ">", "\"", "'"] { #expect(clean.count { String($0) == sign } == dirty.count { String($0) == sign }, "\(sign)") }
        #expect(!dirty.contains("\u{0}") && !dirty.contains("ada@example.org"))
    }
}
