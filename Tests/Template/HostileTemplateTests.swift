import HeraldModel
import Testing

@testable import HeraldTemplate

/// Templates that nobody writes by hand: a clear error, no crash, no time without end.
@Suite struct HostileTemplateTests {
    @Test func nestingIsLimitedTo64() {
        func nested(_ depth: Int) -> String {
            String(repeating: "{% if contact.vip %}", count: depth) + "x" + String(repeating: "{% endif %}", count: depth)
        }
        #expect(body(nested(63)) == "x")
        #expect(Mail(nested(64)).compile().found.map(\.rule.code) == ["template-syntax"])
        #expect(Mail(nested(10_000)).compile().found.map { "\($0.span?.column ?? 0) \($0.message)" } == ["1261 tags are nested more than 64 deep"])
    }

    @Test func longConditionsDoNotNest() {
        let many = Array(repeating: "contact.vip", count: 5_000).joined(separator: " and ")
        #expect(body("{% if \(many) %}x{% endif %}") == "x")
        let values = Array(repeating: "'x'", count: 5_000).joined(separator: ", ")
        #expect(body("{% case contact.city %}{% when \(values) %}x{% else %}y{% endcase %}") == "y")
    }

    @Test(arguments: [
        "{{", "}}", "{%", "%}", "{{ '", "{% if ", "{% endif %}", "{% raw %}", "{% comment %}{%'", "<", "</", "<!--", "<!", "<a href=\"", "<p ", "<p a=", "&", "&#", "&#x",
        "{{ contact.city |", "\"", "'>",
        "{% for t in contact.tags %}", "{{ contact.city }}", "<li>", "<a href='https://shop.example/'>", "<div style='display:none'>", "\u{202E}", "é", "{{-}}", "{%-%}",
        "{% case x %}{% when ", "http://",
    ]) func repetition(_ unit: String) {
        let mail = Mail(String(repeating: unit, count: 6_000 / unit.utf8.count))
        let found = mail.compile().found
        #expect(found.count <= Diagnostics.mostOfOneFile)
        for one in found.prefix(20) { #expect(one.span.map { $0.line >= 1 && $0.column >= 1 } ?? false, "\(one.told)") }
        var lines = Mail("")
        lines.text = mail.html
        _ = lines.compile()
    }

    @Test func aLongLineIsToldQuickly() {
        let found = Mail(String(repeating: "{{ contact.nobody }} ", count: 1_200)).compile().found
        #expect(found.count == Diagnostics.mostOfOneFile && found.last?.span?.column == UInt32((Diagnostics.mostOfOneFile - 1) * 21 + 4))
    }
}
