import HeraldModel
import Testing

@testable import HeraldTemplate

/// The canonical form changes when, and only when, people would read something else.
@Suite struct CanonicalTests {
    private static func canonical(_ html: String, _ change: (inout Mail) -> Void = { _ in }) -> String? {
        var mail = Mail(html)
        mail.preheader = "Pre"
        change(&mail)
        return mail.compile().template?.canonical
    }

    private static let base = "<p>Hi {{ contact.city }}, {% if contact.vip %}VIP{% else %}you{% endif %} {{ contact.joined | date: 'd.M.yyyy' }}</p>"

    @Test(arguments: [
        "<p>Hi {{contact.city}}, {%if contact.vip%}VIP{%else%}you{%endif%} {{contact.joined|date:'d.M.yyyy'}}</p>",
        "<p>Hi {{ contact.city | escape }}, {% if contact.vip %}VIP{% else %}you{% endif %} {{ contact.joined | date: \"d.M.yyyy\" }}</p>",
        "<p>Hi\n   {{ contact.city }},\r\n{% if contact.vip %}VIP{% else %}you{% endif %}\t{{ contact.joined | date: 'd.M.yyyy' }}</p>",
        "<p><!-- note -->Hi {{ contact.city }}, {% comment %}x{% endcomment %}{% if contact.vip %}VIP{% else %}you{% endif %} {{ contact.joined | date: 'd.M.yyyy' }}</p>",
        "{% raw %}<p>Hi {% endraw %}{{ contact.city }}, {% if contact.vip %}VIP{% else %}you{% endif %} {{ contact.joined | date: 'd.M.yyyy' }}</p>",
    ]) func staysWhereNobodyReadsAnythingElse(_ html: String) {
        let first = Self.canonical(Self.base)
        #expect(first != nil && Self.canonical(html) == first)
    }

    @Test(arguments: [
        base.replacing("Hi", with: "Hello"), base.replacing("contact.city", with: "contact.email"), base.replacing("contact.vip", with: "contact.id == 7"),
        base.replacing("you", with: "You"),
        base.replacing("d.M.yyyy", with: "dd.M.yyyy"), base.replacing("'d.M.yyyy'", with: "\"'5'.M.yyyy\""), base.replacing("contact.city", with: "contact.city | upcase"),
        base.replacing("contact.city", with: "contact.city | default: 'x'"), base.replacing("<p>Hi", with: "<p title=\"{{ contact.city }}\">Hi"),
        base + "<a href=\"https://x.example/\">x</a>",
        base.replacing("{% if contact.vip %}VIP{% else %}you{% endif %}", with: "VIPyou"), base.replacing("Hi ", with: "Hi"),
    ]) func changesWhereTheyDo(_ html: String) {
        let changed = Self.canonical(html)
        #expect(changed != nil && changed != Self.canonical(Self.base))
    }

    @Test func everyPartCounts() {
        let changes: [(inout Mail) -> Void] = [
            { $0.subjects = ["Other"] }, { $0.subjects = ["Spring is here", "Other"] }, { $0.preheader = "Other" }, { $0.preheader = nil },
            { $0.text = "{{ postal_address }} {{ unsubscribe_url }}" }, { $0.text = "{{ postal_address }}  {{ unsubscribe_url }}" },
            { $0.layout = "<html><body>{{ content }}<p>More</p></body></html>" },
        ]
        let all = changes.map { Self.canonical(Self.base, $0) } + [Self.canonical(Self.base)]
        #expect(Set(all).count == all.count && !all.contains(nil))
    }

    @Test func whiteSpaceCountsWhereItIsShown() {
        #expect(Self.canonical("<pre>a b</pre>") != Self.canonical("<pre>a  b</pre>"))
        #expect(Self.canonical("<p style=\"white-space: pre\">a b</p>") != Self.canonical("<p style=\"white-space: pre\">a  b</p>"))
        #expect(Self.canonical("<p>a b</p>") == Self.canonical("<p>a\n  b</p>"))
    }

    /// Text that looks like what stands for a value is not taken for it.
    @Test func textIsNotTakenForAValue() {
        #expect(Self.canonical("{{ contact.city }}") != Self.canonical("{% raw %}{{ contact.city }}{% endraw %}"))
        #expect(Self.canonical("{% if contact.vip %}a{% endif %}") != Self.canonical("{% raw %}{% if contact.vip %}a{% endif %}{% endraw %}"))
    }

    @Test func constantsCount() {
        let other = TemplateSchema(columns: Mail.columns, otherColumns: [], constants: Mail.schema.constants.merging(["postal_address": "Elsewhere"]) { $1 })
        #expect(Mail("x").compile().template?.canonical != Mail("x").compile(schema: other).template?.canonical)
    }
}
