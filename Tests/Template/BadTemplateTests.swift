import HeraldModel
import Testing

@testable import HeraldTemplate

/// A template with one mistake: where it is told (`‹…›` stands around it), by which rule, and a part of what is said.
struct BadTemplate: CustomTestStringConvertible, Sendable {
    let rule: String
    let says: String
    let html: String

    init(_ rule: String, _ says: String, _ html: String) {
        self.rule = rule
        self.says = says
        self.html = html
    }

    var testDescription: String { "\(rule): \(html)" }

    /// Nil where all is as it should be, else what is not.
    var failure: String? {
        let plain = html.replacing("‹", with: "").replacing("›", with: "")
        let found = Mail(plain).compile().found
        let told = found.map(\.told)
        guard found.count == 1, let one = found.first, let span = one.span else { return "expected one finding, got \(told)" }
        let scalars = Array(html.unicodeScalars)
        guard let start = scalars.firstIndex(of: "‹"), let end = scalars.firstIndex(of: "›") else { return "no mark" }
        let (line, column) = (scalars[..<start].count { $0 == "\n" } + 1, start - (scalars[..<start].lastIndex(of: "\n") ?? -1))
        guard Int(span.line) == line, Int(span.column) == column, Int(span.width) == end - start - 1 else { return "expected \(line):\(column)+\(end - start - 1), got \(told)" }
        guard one.rule.code == rule else { return "expected \(rule), got \(told)" }
        return one.message.contains(says) || (one.suggestion?.contains(says) ?? false) ? nil : "expected “\(says)”, got \(told)"
    }
}

@Suite struct BadTemplateTests {
    private static let mistakesInLiquid = [
        BadTemplate("template-syntax", "never closed", "a\n  ‹{{› contact.city"),
        BadTemplate("template-syntax", "never closed", "‹{{› contact.city } x"),
        BadTemplate("template-syntax", "quotes inside it must be closed", "‹{{› 'it }} x"),
        BadTemplate("template-syntax", "never closed", "‹{%› if contact.vip }x"),
        BadTemplate("template-syntax", "a value is missing", "‹{{ }}›"),
        BadTemplate("template-syntax", "does not belong here", "{{ contact.city ‹name› }}"),
        BadTemplate("template-syntax", "`==` does not belong", "{{ contact.city ‹==› 'x' }}"),
        BadTemplate("template-syntax", "is no value", "{{ ‹5a› }}"),
        BadTemplate("template-syntax", "a filter is missing", "{{ contact.city ‹|› }}"),
        BadTemplate("template-unknown-filter", "did you mean `upcase`?", "{{ contact.city | ‹upcas› }}"),
        BadTemplate("template-unknown-filter", "the filters are default", "{{ contact.city | ‹strip_html› }}"),
        BadTemplate("template-syntax", "the argument of `default` is missing", "‹{{ contact.first_name | default: }}›"),
        BadTemplate("template-syntax", "write `default: 'there'`", "{{ contact.first_name | ‹default› }}"),
        BadTemplate("template-syntax", "takes no argument", "{{ contact.city | ‹upcase: 'x'› }}"),
        BadTemplate("template-syntax", "1 to 10000", "{{ contact.city | ‹truncate: 0› }}"),
        BadTemplate("template-syntax", "1 to 10000", "{{ contact.city | ‹truncate: '5'› }}"),
        BadTemplate("template-syntax", "1 to 10000", "{{ contact.city | ‹truncate: 99999999999999999999› }}"),
        BadTemplate("template-syntax", "write `money: 'EUR'`", "{{ contact.spent | ‹money› }}"),
        BadTemplate("template-syntax", "write `money: 'EUR'`", "{{ contact.spent | ‹money: EUR› }}"),
        BadTemplate("template-syntax", "is no date pattern", "{{ contact.joined | ‹date: '%d.%m.%Y'› }}"),
        BadTemplate("template-syntax", "is no date pattern", "{{ contact.joined | ‹date: 'QQQ'› }}"),
        BadTemplate("template-syntax", "in quotes", "{{ contact.joined | ‹date: 5› }}"),
        BadTemplate("template-filter-type", "`date` is for dates, and this is text", "{{ contact.city | ‹date›: 'd MMM' }}"),
        BadTemplate("template-filter-type", "`date` is for dates", "{{ contact.joined | upcase | ‹date› }}"),
        BadTemplate("template-filter-type", "`money` is for numbers", "{{ contact.city | ‹money›: 'EUR' }}"),
        BadTemplate("template-filter-type", "not changed by filters", "<a href=\"{{ view_url | ‹upcase› }}\">x</a>"),
        BadTemplate("template-unknown-variable", "did you mean `contact.city`?", "é {{ ‹contact.citty› }}"),
        BadTemplate("template-unknown-variable", "does not give out `phone`", "{{ ‹contact.phone› }}"),
        BadTemplate("template-unknown-variable", "there is no value `person.name`", "{{ ‹person.name› }}"),
        BadTemplate("template-unknown-variable", "there is no value `tag`", "{% for tag in contact.tags %}{% endfor %}{{ ‹tag› }}"),
        BadTemplate("template-unknown-variable", "did you mean `contact.first_name`?", "{{ contact.city | ‹default›: contact.firstname }}"),
        BadTemplate("template-may-be-empty", "add `| default: '…'`", "Hi {{ ‹contact.first_name› }}"),
        BadTemplate("template-may-be-empty", "`contact.first_name` may be empty", "Hi {{ ‹contact.first_name | upcase› }}"),
        BadTemplate("template-may-be-empty", "`contact.birthday` may be empty", "{{ ‹contact.first_name | default: contact.birthday› }}"),
        BadTemplate("template-may-be-empty", "may be empty", "{% if contact.vip %}{% else %}{{ ‹contact.first_name› }}{% endif %}"),
        BadTemplate("template-may-be-empty", "may be empty", "{% if contact.first_name or contact.vip %}{{ ‹contact.first_name› }}{% endif %}"),
        BadTemplate("template-may-be-empty", "may be empty", "{% if contact.first_name == contact.birthday %}{{ ‹contact.first_name› }}{% endif %}"),
        BadTemplate("template-unknown-tag", "did you mean `elsif`?", "{% if contact.vip %}{% endif %}‹{% elseif %}›"),
        BadTemplate("template-unknown-tag", "the tags are if, case, for", "‹{% include 'x' %}›"),
        BadTemplate("template-unknown-tag", "write {% if … %}{% else %}", "‹{% unless contact.vip %}›x"),
        BadTemplate("template-unknown-tag", "this tag has no name", "‹{% %}›"),
        BadTemplate("template-syntax", "add {% endif %}", "\n‹{% if contact.vip %}›x"),
        BadTemplate("template-syntax", "add {% endfor %}", "‹{% for t in contact.tags %}›x"),
        BadTemplate("template-syntax", "add {% endcase %}", "‹{% case contact.city %}›{% when 'x' %}y"),
        BadTemplate("template-syntax", "add {% endraw %}", "‹{% raw %}› {% endraww %}"),
        BadTemplate("template-syntax", "add {% endcomment %}", "‹{% comment %}› x"),
        BadTemplate("template-syntax", "belongs to nothing that is open", "x ‹{% endif %}›"),
        BadTemplate("template-syntax", "belongs to nothing that is open", "{% for t in contact.tags %}‹{% else %}›{% endfor %}"),
        BadTemplate("template-syntax", "write {% elsif … %}", "{% if contact.vip %}a‹{% else if contact.id == 7 %}›b{% endif %}"),
        BadTemplate("template-syntax", "nothing may stand behind `endif`", "{% if contact.vip %}a‹{% endif contact.vip %}›"),
        BadTemplate("template-syntax", "nothing may follow `else` but `endif`", "{% if contact.vip %}a{% else %}b‹{% elsif contact.vip %}›c{% endif %}"),
        BadTemplate("template-syntax", "nothing may follow `else` but `endcase`", "{% case contact.city %}{% else %}b‹{% when 'x' %}›c{% endcase %}"),
        BadTemplate("template-syntax", "before the first `when`", "‹{% case contact.city %}›lost{% when 'x' %}c{% endcase %}"),
        BadTemplate("template-syntax", "join values with commas", "{% case contact.city %}{% when 'x' ‹and› 'y' %}c{% endcase %}"),
        BadTemplate("template-syntax", "a value is missing", "‹{% if %}›x{% endif %}"),
        BadTemplate("template-syntax", "a value is missing", "‹{% if contact.id > %}›x{% endif %}"),
        BadTemplate("template-syntax", "compare with `==`", "{% if contact.city ‹=› 'x' %}x{% endif %}"),
        BadTemplate("template-syntax", "write `and`", "{% if contact.vip ‹&&› contact.city %}x{% endif %}"),
        BadTemplate("template-syntax", "do not stand in one tag", "{% if contact.vip and contact.city ‹or› contact.id %}x{% endif %}"),
        BadTemplate("template-syntax", "compare with ''", "{% if contact.city == ‹blank› %}x{% endif %}"),
        BadTemplate("template-syntax", "there is no `not`", "{% if ‹not› contact.vip %}x{% endif %}"),
        BadTemplate("template-syntax", "for thing in contact.things", "‹{% for contact.tags %}›x{% endfor %}"),
        BadTemplate("template-syntax", "for thing in contact.things", "‹{% for t in contact.tags limit: 2 %}›x{% endfor %}"),
        BadTemplate("template-loop", "such as contact.tags", "{% for t in ‹contact.city› %}x{% endfor %}"),
        BadTemplate("template-loop", "does not stand inside another", "{% for t in contact.tags %}‹{% for u in contact.tags %}›x{% endfor %}{% endfor %}"),
        BadTemplate("template-loop", "is a value already", "‹{% for view_url in contact.tags %}›x{% endfor %}"),
    ]

    private static let mistakesOfPlace = [
        BadTemplate("template-unsafe", "<script> has no place", "<p>\n ‹<script›>alert(1)</script>"),
        BadTemplate("template-unsafe", "<script> has no place", "‹<SCRIPT› src=x></SCRIPT>"),
        BadTemplate("template-unsafe", "<script> has no place", "<‹<script›>x</script>"),
        BadTemplate("template-unsafe", "<script> has no place", "<!-->‹<script›>x</script>"),
        BadTemplate("template-unsafe", "<script> has no place", "<title></title>‹<script›/>"),
        BadTemplate("template-unsafe", "<iframe> has no place", "‹<iframe› src=\"https://x.example/\"></iframe>"),
        BadTemplate("template-unsafe", "<svg> has no place", "‹<svg›></svg>"),
        BadTemplate("template-unsafe", "<base> has no place", "‹<base› href=\"https://x.example/\">"),
        BadTemplate("template-unsafe", "event handlers such as `onclick`", "<p ‹onclick›=\"x()\">a</p>"),
        BadTemplate("template-unsafe", "event handlers such as `onclick`", "<p ‹OnClick›=x()>a</p>"),
        BadTemplate("template-unsafe", "event handlers such as `onload`", "<p ‹onload›>a</p>"),
        BadTemplate("template-unsafe", "event handlers such as `onerror`", "<img src/‹onerror›=x>"),
        BadTemplate("template-unsafe", "event handlers such as `onclick`", "<p/‹onclick›='x()'>a</p>"),
        BadTemplate("template-unsafe", "may not run a script", "<a href=\"‹j›avascript:alert(1)\">x</a>"),
        BadTemplate("template-unsafe", "may not run a script", "<a href='‹ › JaVaScRiPt:alert(1)'>x</a>"),
        BadTemplate("template-unsafe", "may not run a script", "<a href=‹j›avascript:alert(1)>x</a>"),
        BadTemplate("template-unsafe", "may not run a script", "<a href=\"‹j›ava\tscript:alert(1)\">x</a>"),
        BadTemplate("template-unsafe", "may not run a script", "<a href=\"‹&›#106;avascript:alert(1)\">x</a>"),
        BadTemplate("template-unsafe", "may not run a script", "<a href=\"‹&›#x6A;avascript&colon;alert(1)\">x</a>"),
        BadTemplate("template-unsafe", "may not run a script", "<a href=\"‹&›#0000106avascript&#58alert(1)\">x</a>"),
        BadTemplate("template-unsafe", "may not run a script", "<a href=\"‹j›av&Tab;ascript&colon;alert(1)\">x</a>"),
        BadTemplate("template-unsafe", "may not run a script", "<a href=\"‹v›bscript:x\">x</a>"),
        BadTemplate("template-unsafe", "may not run a script", "<a href=\"‹{›{ 'javascript:' }}alert(1)\">x</a>"),
        BadTemplate("template-unsafe", "may not run a script", "<form action=\"‹j›avascript:x\"></form>"),
        BadTemplate("template-unsafe", "may not run a script", "<p style=\"‹b›ackground:url(javascript:x)\">x</p>"),
        BadTemplate("template-unsafe", "`data:` link", "<a href=\"‹d›ata:text/html,x\">x</a>"),
        BadTemplate("template-unsafe", "`data:` link", "<img src=\"‹d›ata:image/svg+xml,x\">"),
        BadTemplate("template-bad-place", "in `style`", "<style>p {color: {{ ‹contact.city› }}}</style>"),
        BadTemplate("template-bad-place", "in `style`", "<p style=\"color: {{ ‹contact.city› }}\">x</p>"),
        BadTemplate("template-bad-place", "in `title`", "<title>x</ti{{ ‹contact.city› }}tle>"),
        BadTemplate("template-bad-place", "inside a name", "<style>x</st‹{% if contact.vip %}›a{% endif %}yle></style>"),
        BadTemplate("template-bad-place", "as the name of an element", "<{{ ‹contact.city› }}>x"),
        BadTemplate("template-bad-place", "as the name of an element", "<b{{ ‹contact.city› }}>x</b>"),
        BadTemplate("template-bad-place", "in a tag outside", "<p {{ ‹contact.city› }}>x</p>"),
        BadTemplate("template-bad-place", "in a tag outside", "<p data-{{ ‹contact.city› }}=\"x\">x</p>"),
        BadTemplate("template-bad-place", "in an attribute without quotes", "<p class={{ ‹contact.city› }}>x</p>"),
        BadTemplate("template-bad-place", "in an attribute without quotes", "<p class=a{{ ‹contact.city› }}>x</p>"),
        BadTemplate("template-bad-place", "in a comment", "<!-- {{ ‹contact.city› }} -->x"),
        BadTemplate("template-bad-place", "scheme or host", "<a href=\"{{ ‹contact.city› }}\">x</a>"),
        BadTemplate("template-bad-place", "scheme or host", "<a href=\"https://{{ ‹contact.city› }}/x\">x</a>"),
        BadTemplate("template-bad-place", "scheme or host", "<a href=\"https://shop.example{{ ‹contact.city› }}/\">x</a>"),
        BadTemplate("template-bad-place", "scheme or host", "<a href=\"{{ site.shop.url }}{{ ‹contact.city› }}\">x</a>"),
        BadTemplate("template-bad-place", "scheme or host", "<img src=\"{{ ‹contact.city› }}\">"),
        BadTemplate("template-bad-place", "scheme or host", "<a href=\"mailto:{{ ‹contact.email› }}\">x</a>"),
        BadTemplate("template-bad-place", "it is a link itself", "<a href=\"https://x.example/?u={{ ‹view_url› }}\">x</a>"),
        BadTemplate("template-bad-place", "scheme or host", "<a href=\"{{ view_url }}{{ ‹contact.city› }}\">x</a>"),
        BadTemplate("template-bad-place", "in `srcset`", "<img src=\"https://x.example/a.png\" srcset=\"{{ ‹contact.city› }}\">"),
        BadTemplate("template-bad-place", "inside a link", "<a href=\"https://x.example/‹{% if contact.vip %}›a{% endif %}\">x</a>"),
        BadTemplate("template-bad-place", "inside a link", "<img src=\"‹{% if contact.vip %}›https://x.example/{% endif %}{{ 'x' }}\">"),
        BadTemplate("template-bad-place", "inside a name", "<‹{% if contact.vip %}›b{% else %}i{% endif %}>x"),
        BadTemplate("template-bad-place", "in a comment", "<!-- ‹{% if contact.vip %}›b{% endif %} -->x"),
        BadTemplate("template-bad-place", "without tags inside its element", "<a {% if contact.vip %}href=\"‹h›ttps://x.example/\"{% endif %}>x</a>"),
        BadTemplate("template-branches", "different places", "‹{% if contact.vip %}›<p class=\"a{% else %}<p class=\"b\">{% endif %}\">x</p>"),
        BadTemplate("template-branches", "different places", "‹{% if contact.vip %}›<a href=\"https://x.example/\">{% endif %}x</a>"),
        BadTemplate("template-branches", "different places", "‹{% if contact.vip %}›<div style=\"display:none\">{% endif %}x</div>"),
        BadTemplate("template-branches", "in another place", "‹{% for t in contact.tags %}›<p title=\"{% endfor %}\">x</p>"),
        BadTemplate("template-relative-link", "as https://…", "<a href=\"‹/›sale\">x</a>"),
        BadTemplate("template-relative-link", "as https://…", "<a href=\"‹s›hop.example/sale\">x</a>"),
        BadTemplate("template-relative-link", "as https://…", "<a href=\"‹/›/shop.example/sale\">x</a>"),
        BadTemplate("template-syntax", "no text", "<p>é ‹\u{07}›x"),
        BadTemplate("template-syntax", "no text", "<p>é ‹\u{00}›x"),
    ]

    @Test(arguments: mistakesInLiquid) func liquid(_ bad: BadTemplate) { #expect(bad.failure == nil) }
    @Test(arguments: mistakesOfPlace) func places(_ bad: BadTemplate) { #expect(bad.failure == nil) }

    @Test func bytesThatAreNotUTF8AreToldWhereTheyStand() {
        let text = TemplateText(TemplateSource(file: FileID(0), path: "t", text: Array("é\nü: ".utf8) + [0xC3, 0x28]))
        let diagnostics = Diagnostics()
        #expect(TemplateParser.parse(text, diagnostics) == nil)
        #expect(diagnostics.sorted.map { $0.span.map { "\($0.line):\($0.column)" } } == ["2:4"])
    }

    @Test func unclosedHTMLIsToldWhereItOpens() {
        func told(_ html: String) -> [String] { Mail(whole: html).compile().found.map { "\($0.span.map { "\($0.line):\($0.column)" } ?? "-") \($0.rule.code)" } }
        #expect(told("<p>\nx <a href=\"https://x.example/>y</a>") == ["2:3 template-broken-html"])
        #expect(told("<p>x <!-- y") == ["1:6 template-broken-html"])
        #expect(told("<style>p {}") == ["1:1 template-broken-html"])
        #expect(told("<html><body>x</body></html") == ["1:21 template-broken-html"])
    }

    // MARK: Places in YAML

    @Test func aSubjectIsToldAtItsColumn() {
        var mail = Mail("")
        mail.subjects = ["Hi {{ contact.first_name }}"]
        #expect(mail.compile().found.map { $0.span.map { "\($0.file.index) \($0.line):\($0.column)+\($0.width)" } } == ["3 1:16+18"])
    }

    @Test(arguments: [(0, "1:8+1"), (2, "1:9+1"), (3, "1:5+10")]) func quotesCountAndEscapesPointToTheWhole(_ more: UInt32, _ expected: String) {
        let span = TemplateText(Located("{{ x }}", SourceSpan(file: FileID(0), line: 1, column: 5, width: 7 + more))).span(3..<4)
        #expect("\(span.line):\(span.column)+\(span.width)" == expected)
    }

    @Test(arguments: ["{{ unsubscribe_url }}", "{{ view_url }}"]) func aPersonalLinkDoesNotStandInASubject(_ link: String) {
        var mail = Mail("")
        mail.subjects = ["Read " + link]
        #expect(mail.compile().found.map(\.rule.code) == ["template-bad-place"])
        mail.subjects = ["x"]
        mail.preheader = link
        #expect(Set(mail.compile().found.map(\.rule.code)) == ["template-bad-place"])
    }
}
