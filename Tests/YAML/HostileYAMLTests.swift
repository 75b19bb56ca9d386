import HeraldModel
import Testing

@testable import HeraldYAML

/// Files that nobody writes by hand: a clear error, no crash, no memory without end.
@Suite struct HostileYAMLTests {
    private static func parse(_ bytes: [UInt8]) -> (trees: [DocumentTree], found: [Diagnostic]) {
        let diagnostics = Diagnostics()
        let trees = YAMLParser.parse(bytes, file: FileID(0), diagnostics)
        return (trees, diagnostics.sorted)
    }

    private static func parse(_ text: String) -> (trees: [DocumentTree], found: [Diagnostic]) { parse(Array(text.utf8)) }

    // MARK: Limits

    @Test(arguments: [("[", "]"), ("{a: ", "}")]) func nestingIsLimitedTo64(_ open: String, _ close: String) {
        func nested(_ depth: Int) -> String { String(repeating: open, count: depth) + "x" + String(repeating: close, count: depth) }
        #expect(Self.parse(nested(64)).found.isEmpty)
        let deeper = Self.parse(nested(65))
        #expect(deeper.found.map(\.told) == ["1:\(64 * open.count + 1) yaml-limit this is nested more than 64 deep"])
        #expect(deeper.trees.isEmpty)
        #expect(Self.parse(nested(20_000)).found.count == 1)
    }

    @Test func nestingOfBlocksIsLimitedTo64() {
        let text = (0..<65).map { String(repeating: " ", count: $0) + "a:\n" }.joined() + String(repeating: " ", count: 65) + "b: 1\n"
        #expect(Self.parse(text).found.map(\.told) == ["65:65 yaml-limit this is nested more than 64 deep"])
        #expect(Self.parse(String(repeating: "- ", count: 1_000_000)).found.map(\.told) == ["1:129 yaml-limit this is nested more than 64 deep"])
    }

    @Test(arguments: ["x", "\"x\"", "'x'", "|-\n  x"]) func scalarsAreLimitedToAMegabyte(_ form: String) {
        func text(_ length: Int) -> String { "a: " + form.replacing("x", with: String(repeating: "x", count: length)) + "\nb: 1" }
        #expect(Self.parse(text(1 << 20)).found.isEmpty)
        let longer = Self.parse(text(1 << 20 + 1))
        #expect(longer.found.map(\.told) == ["1:4 yaml-limit this text is longer than 1 MB"])
    }

    @Test func aFileIsLimitedTo16Megabytes() {
        let found = Self.parse([UInt8](repeating: UInt8(ascii: "-"), count: YAMLParser.maximumBytes + 1)).found
        #expect(found.map(\.told) == ["1:1 yaml-limit the file is larger than 16 MB"])
    }

    @Test func aFileIsLimitedToAMillionValues() {
        // The list is the first of them.
        let more = "[" + String(repeating: "1,", count: 999_999) + "1]"
        #expect(Self.parse(more).found.map(\.told) == ["1:2000000 yaml-limit the file has more than a million values"])
    }

    @Test func anAliasBombIsRefusedAtItsFirstAnchor() {
        var text = "a0: &a0 [x, x]\n"
        for level in 1..<30 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        let (_, found) = Self.parse(text)
        #expect(found.first?.told.hasPrefix("1:5 yaml-unsupported anchors") == true)
        #expect(found.count == 30 + 58)
    }

    /// Whatever is repeated without end: a bounded number of findings, each inside the file.
    @Test(arguments: [
        "-", "- ", "[", "{", "? ", ": ", "\"", "'", "|", ">", "&a ", "*a ", "*a,", "!x ", "%", "\n", "\t", "\r", "a: b\n", "[*a,", "- &a b\n", "{a: ", "---\n",
        "...\n", "#", "- {a: 1, a: 2}\n", "k: {{ x }}\n", "- |\n a\n", "\\", "\"\\", "-\n ", "${", "é", "- \"\\0\"\n", "? a\n: b\n", "a:\n ", "'' ", "\u{2028}", ",",
    ]) func repetition(_ unit: String) {
        let bytes = Array(String(repeating: unit, count: 60_000 / unit.utf8.count).utf8)
        for reading in [Reading.lists, .settings] {
            let found = reading.problems(bytes)
            #expect(found.count <= Diagnostics.mostOfOneFile)
            #expect(found.prefix(20).allSatisfy { $0.span.map { isInside($0, bytes) } ?? false }, "\(found.prefix(3).map(\.told))")
            #expect(found.allSatisfy { $0.message.utf8.count < 4_000 })
        }
    }

    @Test func aThousandFindingsOfAFileAreKept() {
        let text = "list: vips\nname: VIPs\nentity: contact\ntags: [" + String(repeating: "NO GOOD,", count: 50_000) + "x]\n"
        #expect(Reading.lists.problems(text).count == Diagnostics.mostOfOneFile)
    }

    @Test func aKeyOfAMegabyteIsToldShort() throws {
        let text = "list: vips\nname: VIPs\nentity: contact\n? " + String(repeating: "k", count: 1 << 20) + "\n: 1\n"
        let found = try #require(Reading.lists.problems(text).first)
        #expect(found.rule == .unknownKey && found.message.utf8.count < 1_000)
    }

    // MARK: Characters

    @Test(
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xFE, 0xFF],
        ] as [[UInt8]]) func bytesThatAreNotUTF8(_ bad: [UInt8])
    {
        let found = Self.parse(Array("a: é\nb: ü".utf8) + bad + Array("\n".utf8)).found
        #expect(found.map(\.told) == ["2:5 yaml-syntax this is not UTF-8 — save the file as UTF-8"])
    }

    @Test(arguments: ["UTF-16": [0xFF, 0xFE, 0x61, 0x00], "UTF-16BE": [0xFE, 0xFF, 0x00, 0x61]]) func otherEncodings(_ name: String, _ bytes: [UInt8]) {
        #expect(Self.parse(bytes).found.map(\.told) == ["1:1 yaml-syntax this is not UTF-8 — save the file as UTF-8"])
    }

    @Test func aByteOrderMarkAtTheStartIsSkipped() throws {
        let (trees, found) = Self.parse([0xEF, 0xBB, 0xBF] + Array("é: 1".utf8))
        #expect(found.isEmpty)
        let key = try #require(trees.first?.root.entries.first?.key)
        #expect(key.scalar == "é" && key.span.column == 1)
    }

    @Test(arguments: ["\n", "\r\n", "\r"]) func theThreeLineEnds(_ end: String) throws {
        let text = ["a: 1", "b: |", "  x", "  y", "c: [", "  2]", "d: 4"].joined(separator: end) + end
        let (trees, found) = Self.parse(text)
        #expect(found.isEmpty)
        let values = try #require(trees.first?.root.entries.map { ($0.key.span.line, $0.value.scalar) })
        #expect(values.map(\.0) == [1, 2, 5, 7])
        #expect(values.map(\.1) == ["1", "x\ny\n", "", "4"])
        #expect(Self.parse("a: 1\(end)b: 2\(end)\tc: 3\(end)").found.map { $0.span?.line } == [3])
    }

    @Test(arguments: ["\u{85}", "\u{2028}", "\u{2029}"]) func whatEndsLinesElsewhereIsTextHere(_ character: String) throws {
        let (trees, found) = Self.parse("a: x\(character)y\nb: \"x\(character) y\"\nc: |\n  x\(character)y\n\(character)k: 1\n")
        #expect(found.isEmpty)
        let entries = try #require(trees.first?.root.entries.map { $0 })
        #expect(entries.map(\.value.scalar) == ["x\(character)y", "x\(character) y", "x\(character)y\n", "1"])
        #expect(entries.map(\.key.span.line) == [1, 2, 3, 5])
        #expect(entries.last?.key.scalar == "\(character)k")
    }

    @Test func tabsAreTextInQuotesAndCommentsAndBlocks() {
        #expect(Self.parse("a: \"x\ty\"\nb: 'x\ty' # a\tcomment\nc: |\n  x\ty\n#\tcomment\nd: 1\n").found.isEmpty)
    }

    @Test(arguments: ["a:\t1", "a: 1\t", "a: x\ty", "[a,\tb]", "-\ta", "a: 1\n\t\nb: 2", "{a: 1\t}", "a: |\n\tx"]) func tabsAreErrorsElsewhere(_ text: String) {
        let found = Self.parse(text).found
        #expect(found.count == 1 && found.first?.message.contains("tab") == true, "\(found.map(\.told))")
        let before = text.prefix { $0 != "\t" }
        #expect(found.first?.span?.line == UInt32(before.count { $0 == "\n" }) + 1)
    }

    // MARK: Documents

    @Test(arguments: ["", "\n\n", "# only a comment\n", "---\n", "---\n---\n...\n", "~", "null\n", "--- # nothing\n...\n"]) func emptyFilesHoldNothing(_ text: String) {
        let (trees, found) = Self.parse(text)
        #expect(trees.isEmpty && found.isEmpty)
    }

    @Test func emptyDocumentsBetweenOthersAreIgnored() {
        let (trees, found) = Self.parse("---\n---\na: 1\n---\n# nothing\n---\nb: 2\n...\n")
        #expect(trees.map { $0.root.entries.first?.key.scalar } == ["a", "b"] && found.isEmpty)
    }

    @Test func whatStandsBeforeASyntaxErrorIsStillRead() {
        let (trees, found) = Self.parse("a: 1\n---\nb: [\n")
        #expect(trees.map { $0.root.entries.first?.key.scalar } == ["a"])
        #expect(found.count == 1)
    }

    /// A file that cannot be parsed must not show the secret that somebody wrote into it.
    @Test(arguments: ["api_key: \"sk-1", "  password: sk-1: x", "key: 'sk-1", "providers: {mailchimp: {api_key: sk-1, audience: [}}", "  \"token\": @sk-1"])
    func aBrokenLineWithASecretIsNotShown(_ line: String) {
        let found = Self.parse("herald: 1\n" + line + "\n").found
        #expect(found.count == 1 && found.allSatisfy { !$0.showsLine }, "\(found.map(\.told))")
    }

    @Test func aBrokenLineWithoutOneIsShown() {
        let found = Self.parse("herald: 1\nname: \"Acme\nentities: {a: 1}\n").found
        #expect(found.count == 1 && found.allSatisfy(\.showsLine))
    }
}
