import HeraldModel
import Testing

@testable import HeraldTemplate

/// Pages, layouts, the preheader, and what every mail must have.
@Suite struct PageTests {
    private static let layout =
        "<!DOCTYPE html>\n<html><head><title>Acme</title></head>\n<body class=\"a\">\n<header>Acme</header>\n{{ content }}\n<footer>{{ postal_address }} <a href=\"{{ unsubscribe_url }}\">Unsubscribe</a></footer>\n</body></html>\n"

    @Test func aTemplateThatIsNoPageGetsOne() {
        #expect(
            Mail("<h1>Hi</h1>").rendered()?.html == """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                </head>
                <body>
                <h1>Hi</h1>
                <p>Acme &amp; Sons, Hauptstr. 1 <a href="https://mail.acme.example/u/T0K3N?a=1&amp;b=2">Unsubscribe</a></p>
                </body>
                </html>

                """)
    }

    @Test func aLayoutStandsAroundTheTemplate() {
        var mail = Mail(whole: "<h1>Hi {{ contact.city }}</h1>")
        mail.layout = Self.layout
        #expect(mail.told == [])
        #expect(mail.rendered()?.html.contains("<header>Acme</header>\n<h1>Hi London</h1>\n<footer>Acme &amp; Sons") == true)
    }

    @Test func aPageOfItsOwnNeedsNoLayout() {
        let page = Self.layout.replacing("{{ content }}", with: "<p>x</p>")
        #expect(Mail(whole: page).rendered()?.html.hasPrefix("<!DOCTYPE html>\n<html><head><title>Acme") == true)
    }

    @Test(arguments: [
        ("<h1>x</h1>", "<html><body>{{ content }}{{ content }}x</body></html>", "layout-content", "once"),
        ("<h1>x</h1>", "<html><body>x</body></html>", "layout-content", "has no {{ content }}"), ("<h1>x</h1>", "<p>{{ content }}</p>", "layout-content", "<html> and <body>"),
        ("<h1>x</h1>", "<html>{{ content }}</html>", "layout-content", "<html> and <body>"),
        ("<h1>x</h1>", "<html><body title=\"{{ content }}\"></body></html>", "layout-content", "between elements"),
        ("<h1>x</h1>", "<html><body>{% if contact.vip %}{{ content }}{% endif %}</body></html>", "layout-content", "outside of tags"),
        ("<h1>x</h1>", "<html><body>{{ content | upcase }}</body></html>", "layout-content", "without filters"),
        ("<html><body>x</body></html>", "<html><body>{{ content }}</body></html>", "layout-content", "write `layout: none`"),
        ("<h1 title=\"x>", "<html><body>{{ content }}</body></html>", "template-broken-html", "never closed"),
        ("<h1>x</h1>", "<html>{% if contact.vip %}<body>{% endif %}{{ content }}</body></html>", "template-broken-html", "does not stand inside a tag"),
    ]) func whatIsWrongWithALayout(_ template: String, _ layout: String, _ rule: String, _ says: String) {
        var mail = Mail(whole: template)
        mail.layout = layout
        let found = mail.compile().found.filter { !$0.rule.code.hasPrefix("template-no-") }
        #expect(found.count == 1 && found.first?.rule.code == rule && found.first?.told.contains(says) == true, "\(found.map(\.told))")
    }

    @Test func aPageWithoutABodyIsBroken() {
        #expect(
            Mail(whole: "<html><p>{{ postal_address }}<a href=\"{{ unsubscribe_url }}\">u</a></p></html>").told == [
                "1:1+1 template-broken-html a page has <html> and <body> — add what is missing"
            ])
    }

    // MARK: Preheader

    @Test func thePreheaderIsHiddenTextBehindTheBody() throws {
        var mail = Mail("<h1>Hi</h1>")
        mail.preheader = "Save 20 % & more, {{ contact.city }}{% if contact.vip %} <VIP>{% endif %}"
        let page = try #require(mail.rendered(["city": text("<London>")])?.html)
        #expect(page.contains("<body><div style=\"display:none;max-height:0;overflow:hidden;mso-hide:all\">Save 20 % &amp; more, &lt;London&gt; &lt;VIP&gt;&#847;&zwnj;&nbsp;"))
        #expect(page.ranges(of: "Save 20").count == 1)
        #expect(mail.rendered()?.text.contains("Save 20") == false)
        mail.layout = Self.layout
        mail.html = "<p>x</p>"
        #expect(mail.rendered()?.html.contains("<body class=\"a\"><div style=\"display:none") == true)
        mail.preheader = nil
        #expect(mail.rendered()?.html.contains("display:none") == false)
    }

    @Test func aBodyInACommentIsNone() throws {
        var mail = Mail(whole: "<html><!-- <body> --><body id=x>{{ postal_address }}<a href=\"{{ unsubscribe_url }}\">u</a></body></html>")
        mail.preheader = "Pre"
        #expect(try #require(mail.rendered()?.html).hasPrefix("<html><body id=x><div style=\"display:none"))
    }

    // MARK: What every mail must have

    @Test(arguments: [
        "", "{{ unsubscribe_url }}", "<a href=\"https://x.example/\">Unsubscribe</a>", "{% if contact.vip %}<a href=\"{{ unsubscribe_url }}\">u</a>{% endif %}",
        "{% for t in contact.tags %}<a href=\"{{ unsubscribe_url }}\">u</a>{% endfor %}", "<div style=\"display: none\"><a href=\"{{ unsubscribe_url }}\">u</a></div>",
        "<p hidden><a href=\"{{ unsubscribe_url }}\">u</a></p>", "<link href=\"{{ unsubscribe_url }}\">",
        "<area href=\"{{ unsubscribe_url }}\">",
    ]) func everybodyMustBeAbleToUnsubscribe(_ html: String) {
        #expect(Mail(whole: html + "{{ postal_address }}").compile().found.map(\.rule.code).filter { $0 != "template-relative-link" } == ["template-no-unsubscribe"])
    }

    @Test(arguments: [
        "", "{% if contact.vip %}{{ postal_address }}{% else %}x{% endif %}", "<p title=\"{{ postal_address }}\">x</p>", "<title>{{ postal_address }}</title>",
        "<div style=\"DISPLAY:NONE\">{{ postal_address }}</div>", "{{ postal_address | truncate: 1 }}",
    ]) func everybodyMustReadThePostalAddress(_ html: String) {
        #expect(Mail(whole: html + "<a href=\"{{ unsubscribe_url }}\">u</a>").compile().found.map(\.rule.code) == ["template-no-postal-address"])
    }

    @Test func bothWaysOfAConditionCount() {
        let footer = "{{ postal_address }} <a href=\"{{ unsubscribe_url }}\">u</a>"
        #expect(Mail(whole: "{% if contact.vip %}A \(footer){% else %}B \(footer){% endif %}").told == [])
        #expect(Mail(whole: "{% case contact.city %}{% when 'x' %}A \(footer){% else %}B \(footer){% endcase %}").told == [])
        #expect(Mail(whole: "{% if contact.vip %}A \(footer){% elsif contact.id == 1 %}B{% else %}C \(footer){% endif %}").compile().found.count == 2)
    }

    @Test func aTextPartNeedsThemToo() {
        var mail = Mail("")
        mail.text = "Hello"
        #expect(mail.compile().found.map { "\($0.span?.file.index ?? 9) \($0.rule.code)" } == ["2 template-no-unsubscribe", "2 template-no-postal-address"])
        mail.text = "{% if contact.vip %}{{ postal_address }} {{ unsubscribe_url }}{% endif %}"
        #expect(mail.compile().found.count == 2)
        mail.text = "{{ postal_address }} {{ unsubscribe_url }}"
        #expect(mail.told == [])
    }

    // MARK: What leaves

    @Test func commentsDoNotLeave() {
        #expect(body("a<!-- to do: ask Kim -->b<!---->c<!-->d<!--->e<!-- x --!>f") == "abcdef")
        #expect(
            body("a<!--[if mso]><p>x</p><![endif]-->b<!--[if !mso]><!-->c<!--<![endif]-->d<![if x]>e")
                == "a<!--[if mso]><p>x</p><![endif]-->b<!--[if !mso]><!-->c<!--<![endif]-->d<![if x]>e")
    }

    @Test func whatIsNoTagIsText() { #expect(body("1 < 2 <3 a<b c>d</b> x << y <> </ > &amp;") == "1 < 2 <3 a<b c>d</b> x << y <> </ > &amp;") }

    @Test func stylesStandAsTheyAre() {
        let html = "<style>p > a { color: red } /* <a href=\"https://shop.example/\"> </styl */</style><p style='x'>y</p>"
        #expect(body(html) == html)
    }

    @Test func lineEndsAreLF() { #expect(body("<p>a\r\nb\rc</p>") == "<p>a\nb\nc</p>") }
}
