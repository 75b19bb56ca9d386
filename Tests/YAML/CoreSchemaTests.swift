import HeraldModel
import Testing

@testable import HeraldYAML

/// What plain scalars mean: the core schema of YAML 1.2, and nothing of YAML 1.1.
@Suite struct CoreSchemaTests {
    private static func root(_ text: String) -> Node? { YAMLParser.parse(Array(text.utf8), file: FileID(0), Diagnostics()).first?.root }

    @Test(arguments: [
        "NO", "no", "No", "yes", "on", "off", "y", "N", "09:00", "20:59:59", "2027-03-01", "2027-03-01 09:00", "1_000", "0b101", "0o8", "0x", "0xG", "1e", "1e+", ".",
        "+", "-.", "+.e1", ".e1", "e5", "1.2.3", "--1", "+-1", "1-", "nULL", "nil", "None", "tRUE", "-.nan", "+.NaN", ".infinity", "-0x1F", "1,5", "1 000", "0o", "12e03.4",
        "=", "~~", "DE", "é",
    ]) func text(_ scalar: String) {
        let node = Self.root("- \(scalar)")?.elements.first
        #expect(node?.kind == .text && node?.scalar == scalar)
    }

    @Test(arguments: ["0", "-1", "+12", "007", "0o17", "0x1F", "99999999999999999999999999999999999999999"]) func integers(_ scalar: String) {
        #expect(Self.root("- \(scalar)")?.elements.first?.kind == .integer)
    }

    @Test(arguments: ["1.5", "-1.5", ".5", "+.5", "5.", "1e3", "1E-3", "-1.5e+10", ".inf", "-.INF", "+.Inf", ".nan", ".NaN", "1." + String(repeating: "0", count: 400)])
    func floats(_ scalar: String) {
        #expect(Self.root("- \(scalar)")?.elements.first?.kind == .float)
    }

    @Test(arguments: ["true", "True", "TRUE", "false", "False", "FALSE"]) func booleans(_ scalar: String) {
        #expect(Self.root("- \(scalar)")?.elements.first?.kind == .boolean)
    }

    @Test(arguments: ["", "~", "null", "Null", "NULL"]) func nulls(_ scalar: String) { #expect(Self.root("a: \(scalar)")?.entries.first?.value.kind == .null) }

    @Test(arguments: ["\"true\"", "'1'", "\"\"", "'~'", "|\n  12"]) func quotedAndBlockTextIsText(_ scalar: String) {
        #expect(Self.root("a: \(scalar)")?.entries.first?.value.kind == .quoted)
    }

    @Test func norwayIsACountry() throws {
        let countries = try #require(Self.root("in: [DE, AT, CH, NO]")?.entries.first?.value)
        #expect(countries.elements.map(\.scalar) == ["DE", "AT", "CH", "NO"])
    }

    @Test func escapesAndFoldingAreResolved() throws {
        let entries = try #require(Self.root("a: \"x\\u00e9\\n\\\"y\"\nb: 'it''s'\nc: >-\n  one\n  two\n\n  three\nd: |+\n  x\n\n\"k\\x41\": 1\n")?.entries.map { $0 })
        #expect(entries.map(\.value.scalar) == ["xé\n\"y", "it's", "one two\nthree", "x\n\n", "1"])
        #expect(entries.last?.key.scalar == "kA")
    }

    @Test func everyNodeKnowsItsPlace() throws {
        let root = try #require(Self.root("é: {k: [x, \"ÿz\"]}\nlist:\n  - a: 1\n    b: 2\n"))
        var places: [String] = []
        func visit(_ node: Node) {
            places.append("\(node.span.line):\(node.span.column)+\(node.span.width)")
            for element in node.elements { visit(element) }
            for (key, value) in node.entries {
                visit(key)
                visit(value)
            }
        }
        visit(root)
        #expect(places == ["1:1+1", "1:1+1", "1:4+1", "1:5+1", "1:8+1", "1:9+1", "1:12+4", "2:1+4", "3:3+1", "3:5+1", "3:5+1", "3:8+1", "4:5+1", "4:8+1"])
    }
}
