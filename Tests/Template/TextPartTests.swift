import HeraldModel
import Testing

@testable import HeraldTemplate

/// The text part that herald makes of HTML.
@Suite struct TextPartTests {
    private static func text(of html: String, _ values: [String: Value] = [:]) -> String? {
        let end = "\n\nAcme & Sons, Hauptstr. 1 Unsubscribe (https://mail.acme.example/u/T0K3N?a=1&b=2)\n"
        guard let text = Mail(html).rendered(values)?.text, text.hasSuffix(end) else { return Mail(html).rendered(values)?.text ?? Mail(html).told.joined() }
        return String(text.dropLast(end.count))
    }

    @Test(arguments: [
        ("<h1>Spring</h1><p>One\n  two</p><p>three</p>", "Spring\n\nOne two\n\nthree"), ("<div>a</div><div>b</div>", "a\nb"), ("a<br>b<br/>c", "a\nb\nc"),
        ("a<br><br>b<br><br><br>c", "a\n\nb\n\nc"),
        ("<ul><li>one</li><li>two <b>bold</b></li></ul>after", "- one\n- two bold\n\nafter"), ("<ol><li>one</li><li>two</li></ol>", "1. one\n2. two"),
        ("<ol><li>one<ul><li>in</li></ul></li><li>two</li></ol>", "1. one\n\n- in\n\n2. two"), ("<table><tr><td>a</td><td>b</td></tr><tr><th>c</th></tr></table>", "a b\nc"),
        ("a<hr>b", "a\n---\nb"), ("<p>a</p>\n\n<p>  </p><p>b</p>", "a\n\nb"),
        ("&lt;b&gt; &amp; &copy; &euro; &#8364; &#x20AC; &nbsp; &Uuml;ber &hellip; &unknown; &amp", "<b> & © € € € Über … &unknown; &"),
        ("in<b>side</b> a <i>word</i>", "inside a word"), ("a&shy;b&zwnj;c&#847;d", "abcd"), ("<p>1 < 2</p>", "1 < 2"), ("<!-- note -->a<!--[if mso]>b<![endif]-->", "a"),
        ("<style>p {}</style><title>t</title>a", "a"), ("<p hidden>a</p><div style=\"x; display : none\"><div>b</div></div>c", "c"),
        ("<img src=\"https://x.example/a.png\" alt=\"A cat &amp; dog\">", "A cat & dog"),
        ("<img src=\"https://x.example/a.png\">a", "a"), ("<blockquote>quote</blockquote>", "quote"),
    ]) func reads(_ html: String, _ expected: String) { #expect(Self.text(of: html) == expected) }

    @Test(arguments: [
        ("<a href=\"https://x.example/\">Go</a>", "Go (https://x.example/)"),
        ("See <a href=\"https://x.example/?a=1&amp;b=2\">the <b>shop</b></a>!", "See the shop (https://x.example/?a=1&b=2)!"),
        ("<a href=\"https://x.example/\">https://x.example/</a>", "https://x.example/"), ("<a href=\"https://x.example/\">x.example</a>", "https://x.example/"),
        ("<a href=\"mailto:a@x.example\">a@x.example</a>", "a@x.example"), ("<a href=\"mailto:a@x.example\">Write us</a>", "Write us (a@x.example)"),
        ("<a href=\"tel:+4930\">Call</a>", "Call (+4930)"),
        ("<a href=\"#top\">Up</a>", "Up"), ("<a name=\"x\">Here</a>", "Here"),
        ("<a href=\"https://x.example/\"><img src=\"https://x.example/a.png\" alt=\"Sale\"></a>", "Sale (https://x.example/)"),
        ("<a href=\"https://x.example/\"><img src=\"https://x.example/a.png\"></a>", "https://x.example/"),
        ("<a href=\"https://x.example/?a=1&copy=2\">Go</a>", "Go (https://x.example/?a=1&copy=2)"),
        ("<a href=\"https://x.example/{{ contact.city }}\">{{ contact.city }}</a>", "London (https://x.example/London)"),
        ("<a href=\"https://shop.example\">shop.example</a>", "https://shop.example?utm_source=acme&utm_medium=email&utm_campaign=spring27&utm_content=link-1"),
        ("<a href=\"https://x.example/\">One<a href=\"https://y.example/\">Two</a>", "One (https://x.example/)Two (https://y.example/)"),
        ("<a href=\"https://x.example/\">{% if contact.vip %}VIP{% else %}All{% endif %}</a>", "VIP (https://x.example/)"),
    ]) func linksStandBehindTheirWords(_ html: String, _ expected: String) { #expect(Self.text(of: html) == expected) }

    @Test func valuesAndTagsFlow() {
        #expect(Self.text(of: "<p>Hi {{ contact.first_name | default: '' }}{% if contact.vip %}<br>VIP{% endif %}</p>") == "Hi Ada\nVIP")
        #expect(Self.text(of: "<p>Hi {{ contact.first_name | default: '' }}</p>", ["first_name": .empty]) == "Hi")
        #expect(Self.text(of: "<ul>{% for t in contact.tags %}<li>{{ t }}</li>{% endfor %}</ul>") == "- cats\n- dogs")
        #expect(Self.text(of: "<p>a</p>{% if contact.vip == false %}<p>b</p>{% endif %}<p>c</p>") == "a\n\nc")
        #expect(Self.text(of: "<p>{{ contact.city }}</p>", ["city": TemplateTests.text("a\n\nb")]) == "a  b")
        #expect(Self.text(of: "<img src=\"https://x.example/a.png\" alt=\"Hi {{ contact.city }}\">") == "Hi London")
    }

    @Test func aPageOfItsOwnReadsFromItsBody() {
        let page =
            "<html><head><meta charset=utf-8><title>T</title><style>x</style></head><body><p>a</p><p>{{ postal_address }} <a href=\"{{ unsubscribe_url }}\">u</a></p></body></html>"
        #expect(Mail(whole: page).rendered()?.text == "a\n\nAcme & Sons, Hauptstr. 1 u (https://mail.acme.example/u/T0K3N?a=1&b=2)\n")
    }

    @Test func aTextFileBesideReplacesIt() {
        var mail = Mail("<p>HTML</p>")
        mail.text = "Hello {{ contact.city }},\r\n\r\n{{ postal_address }}\n{{ unsubscribe_url }}"
        #expect(mail.rendered()?.text == "Hello London,\n\nAcme & Sons, Hauptstr. 1\nhttps://mail.acme.example/u/T0K3N?a=1&b=2\n")
    }
}
