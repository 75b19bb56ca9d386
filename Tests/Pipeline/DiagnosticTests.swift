import Foundation
import HeraldModel
import HeraldPipeline
import Testing

@Suite("Diagnostics as text, JSON and annotations")
struct DiagnosticTests {
    private static let rule = Rule("some-rule")

    private static func text(_ content: String, line: UInt32, column: UInt32, width: UInt32 = 1, terminal: Int = 100, showsLine: Bool = true) -> [String] {
        let files = SourceMap()
        let file = files.add(path: "lists/a.yaml", text: Array(content.utf8))
        let span = SourceSpan(file: file, line: line, column: column, width: width)
        let found = Diagnostic(rule, "something is wrong", at: span, suggestion: "do it right", showsLine: showsLine)
        return DiagnosticText(files, width: terminal).render([found]).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    @Test("the place, what is wrong, the line with a mark, what to do, and how many") func block() {
        #expect(
            Self.text("list: vip\nnme: VIP\n", line: 2, column: 1, width: 3) == [
                "lists/a.yaml:2:1: error: something is wrong [some-rule]",
                " 2 | nme: VIP",
                "   | ^^^",
                "   = help: do it right",
                "",
                "1 error",
                "",
            ])
    }

    @Test("nothing to tell is no text") func empty() { #expect(DiagnosticText(SourceMap()).render([]) == "") }

    @Test("what is missing is marked at the end of the line") func end() {
        #expect(Self.text("list:", line: 1, column: 6)[2] == "   |      ^")
    }

    @Test("tabs, wide and combining characters keep the mark where it belongs") func widths() {
        #expect(Array(Self.text("\tx: y", line: 1, column: 2)[1...2]) == [" 1 |     x: y", "   |     ^"])
        #expect(Array(Self.text("名: 値", line: 1, column: 4)[1...2]) == [" 1 | 名: 値", "   |     ^^"])
        #expect(Array(Self.text("e\u{301}: y", line: 1, column: 5)[1...2]) == [" 1 | e\u{301}: y", "   |    ^"])
        #expect(Self.text("\u{FEFF}list: x", line: 1, column: 7)[1] == " 1 | list: x")
    }

    @Test("control characters and what turns text around are shown as numbers") func controls() {
        let lines = Self.text("name: a\u{1B}[31m\u{202E}b", line: 1, column: 14)
        #expect(Array(lines[1...2]) == [" 1 | name: a\\u{1B}[31m\\u{202E}b", "   |                          ^"])
    }

    @Test("an address in a line is masked, and the mark follows") func masked() {
        let line = "  - {email: anna.berg@shop.example, contry: DE}"
        let found = Self.text(line, line: 1, column: 37, width: 6)
        #expect(Array(found[1...2]) == [" 1 |   - {email: a…@s….example, contry: DE}", "   |                            ^^^^^^"])
        #expect(Self.text(line, line: 1, column: 13, width: 22)[2] == "   |             ^^^^^^^^^^^^^")
    }

    @Test(
        "addresses in messages, suggestions and every other form are masked",
        arguments: [
            "anna.berg@shop.example", "<anna.berg@shop.example>", "mailto:anna.berg@shop.example", "\"anna.berg@shop.example.\"", "änna.berg@shöp.example!",
            "x=anna.berg+tag@shop.example", "a@b@shop.example",
        ])
    func everywhere(_ address: String) throws {
        let files = SourceMap()
        let found = [Diagnostic(Self.rule, "there is no list `\(address)`", suggestion: "write `\(address)`")]
        for text in [DiagnosticText(files).render(found), DiagnosticGitHub(files).render(found), try DiagnosticJSON(files).render(found)] {
            #expect(!text.contains("nna.berg") && !text.contains("shop.example") && !text.contains("b@shop"))
        }
    }

    @Test("a line that may hold a secret is not shown") func secret() {
        #expect(
            Self.text("key: abc123", line: 1, column: 6, showsLine: false) == [
                "lists/a.yaml:1:6: error: something is wrong [some-rule]", " = help: do it right", "", "1 error", "",
            ])
    }

    @Test("a line of data is never shown") func data() {
        let files = SourceMap()
        let span = SourceSpan(file: files.addData(path: "data/people.csv"), line: 3, column: 1)
        let text = DiagnosticText(files).render([Diagnostic(Self.rule, "a row is broken", at: span)])
        #expect(text == "data/people.csv:3:1: error: a row is broken [some-rule]\n\n1 error\n")
    }

    @Test("a long line is cut around the mark") func long() {
        let line = String(repeating: "a", count: 300) + "X" + String(repeating: "b", count: 300)
        let found = Self.text(line, line: 1, column: 301, terminal: 60)
        #expect(found[1].unicodeScalars.count <= 60)
        #expect(found[1].hasPrefix(" 1 | …a") && found[1].hasSuffix("b…"))
        let column = found[2].unicodeScalars.count - 1
        #expect(Array(found[1].unicodeScalars)[column] == "X")
    }

    @Test("a long value is marked as far as it is shown") func longValue() {
        let found = Self.text("a: " + String(repeating: "v", count: 500), line: 1, column: 4, width: 500, terminal: 60)
        #expect(found[1].unicodeScalars.count <= 60 && found[2].unicodeScalars.count <= 60)
    }

    @Test("errors, warnings and notes are counted") func counts() {
        let found = [
            Diagnostic(Rule("a"), "a"), Diagnostic(Rule("b"), "b"), Diagnostic(Rule("c", .warning), "c"), Diagnostic(Rule("d", .note), "d"),
        ]
        #expect(DiagnosticText.summary(found) == "2 errors, 1 warning, 1 note")
    }

    @Test("JSON has a name, counts, and an entry for each") func json() throws {
        let files = SourceMap()
        let span = SourceSpan(file: files.add(path: "lists/a.yaml", text: []), line: 4, column: 3, width: 5)
        let found = [Diagnostic(Self.rule, "wrong", at: span, suggestion: "right"), Diagnostic(Rule("w", .warning), "careful")]
        let data = Data(try DiagnosticJSON(files).render(found).utf8)
        let report = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(report["format"] as? String == "herald.diagnostics/1")
        #expect(report["errors"] as? Int == 1 && report["warnings"] as? Int == 1)
        let entries = try #require(report["diagnostics"] as? [[String: Any]])
        #expect(entries[0]["code"] as? String == "some-rule" && entries[0]["severity"] as? String == "error")
        #expect(entries[0]["file"] as? String == "lists/a.yaml" && entries[0]["line"] as? Int == 4 && entries[0]["column"] as? Int == 3)
        #expect(entries[0]["message"] as? String == "wrong" && entries[0]["suggestion"] as? String == "right")
        #expect(entries[1]["file"] == nil)
    }

    @Test("annotations escape what GitHub reads as its own") func github() {
        let files = SourceMap()
        let span = SourceSpan(file: files.add(path: "lists/a,b:c.yaml", text: []), line: 4, column: 3, width: 5)
        let found = [Diagnostic(Self.rule, "100% wrong", at: span, suggestion: "right"), Diagnostic(Rule("n", .note), "fyi")]
        #expect(
            DiagnosticGitHub(files, prefix: "shop/").render(found) == """
                ::error file=shop/lists/a%2Cb%3Ac.yaml,line=4,col=3,endColumn=8,title=some-rule::100%25 wrong%0Aright
                ::notice title=n::fyi

                """)
    }
}
