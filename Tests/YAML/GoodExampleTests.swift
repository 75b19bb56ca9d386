import HeraldModel
import Testing

@testable import HeraldYAML

/// Files that use every key of the language.
@Suite struct GoodExampleTests {
    @Test(arguments: TestFile.good.indices) func decodeWithoutAComplaint(_ index: Int) throws {
        let (name, reading) = TestFile.good[index]
        #expect(reading.problems(try TestFile.good(name)).map(\.told) == [])
    }

    @Test(arguments: ["staging", "production"]) func decodeInEachEnvironment(_ environment: String) throws {
        #expect(Reading.settings.problems(try TestFile.good("settings-every-key.yaml"), environment: environment).map(\.told) == [])
    }

    /// A value of a wrong type is told where it stands, whichever key it belongs to: no key is read loosely or forgotten.
    @Test(arguments: TestFile.good.indices) func noValueMayBeAListOfLists(_ index: Int) throws {
        let (name, reading) = TestFile.good[index]
        let bytes = try TestFile.good(name)
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.unicodeScalars) }
        for tree in YAMLParser.parse(bytes, file: FileID(0), Diagnostics()) {
            for value in Self.values(of: tree.root) {
                let span = value.span
                let (row, start) = (Int(span.line) - 1, Int(span.column) - 1)
                // Block text spans lines, and its mark stands before it.
                guard start + Int(span.width) <= lines[row].count, lines[row][start] != "|" else { continue }
                var changed = lines
                changed[row].replaceSubrange(start..<start + Int(span.width), with: Array("[[x]]".unicodeScalars))
                let broken = changed.map { String(String.UnicodeScalarView($0)) }.joined(separator: "\n")
                let found = reading.problems(broken)
                #expect(
                    found.contains { $0.span?.line == span.line && (span.column..<span.column + 5).contains($0.span?.column ?? 0) },
                    "\(name):\(span.line):\(span.column) `\(value.scalar)` replaced: \(found.map(\.told))")
            }
        }
    }

    /// Scalars that decoding reads; conditions and people are held against columns, which is done elsewhere.
    private static func values(of node: Node) -> [Node] {
        var result = node.elements.flatMap { $0.isScalar ? [$0] : values(of: $0) }
        for (key, value) in node.entries where !["where", "people", "orders"].contains(key.scalar) || value.isScalar {
            result += value.isScalar ? [value] : values(of: value)
        }
        return result
    }

    @Test func everyKeyOfEveryShapeIsUsed() throws {
        var used: Set<String> = []
        func visit(_ node: Node) {
            for element in node.elements { visit(element) }
            for (key, value) in node.entries {
                used.insert(key.scalar)
                visit(value)
            }
        }
        for (name, _) in TestFile.good {
            for tree in YAMLParser.parse(try TestFile.good(name), file: FileID(0), Diagnostics()) { visit(tree.root) }
        }
        let all = Reference.chapters.flatMap { $0.shapes.flatMap { shape in shape.keys.map { "\(shape.name).\($0.name)" } } }
        #expect(all.filter { !used.contains(String($0.split(separator: ".").last ?? "")) } == [])
    }
}
