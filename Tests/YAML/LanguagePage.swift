import Foundation

/// docs/language.md: its generated parts and its examples.
struct LanguagePage {
    static let url = TestFile.repository.appendingPathComponent("docs/language.md")

    private(set) var text: String

    init() throws { text = try String(contentsOf: LanguagePage.url, encoding: .utf8) }

    /// Puts a generated part between `<!-- NAME -->` and the next `<!-- end -->`; false where the page has no such place.
    mutating func replace(_ name: String, with content: String) -> Bool {
        guard let start = text.firstRange(of: "<!-- \(name) -->\n"), let end = text[start.upperBound...].firstRange(of: "<!-- end -->") else { return false }
        text.replaceSubrange(start.upperBound..<end.lowerBound, with: content)
        return true
    }

    /// The names of the generated parts that the page has.
    var parts: Set<String> {
        Set(
            text.split(separator: "\n").filter { $0.hasPrefix("<!-- ") && $0 != "<!-- end -->" }.map {
                String($0.dropFirst(5).dropLast(4))
            })
    }

    /// The examples in a language, in their order, with the line where each begins.
    func examples(_ language: String) -> [(line: Int, text: String)] {
        var (found, current): ([(line: Int, text: String)], (line: Int, text: String)?) = ([], nil)
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if let open = current {
                if line == "```" {
                    found.append(open)
                    current = nil
                } else {
                    current = (open.line, open.text + line + "\n")
                }
            } else if line == "```" + language {
                current = (index + 2, "")
            }
        }
        return found
    }
}
