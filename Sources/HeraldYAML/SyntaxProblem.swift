import CYAML
import HeraldModel

/// What libyaml could not read, in words that help the one who wrote it.
struct SyntaxProblem {
    let rule: Rule
    let message: String
    let suggestion: String?
    let line: UInt32
    let column: UInt32
    /// False where the line may hold a secret that somebody wrote out.
    let showsLine: Bool

    init(_ parser: yaml_parser_t, _ bytes: [UInt8]) {
        let problem = parser.problem.map { String(cString: $0) } ?? "the file cannot be read"
        let context = parser.context.map { String(cString: $0) } ?? ""
        let found = SyntaxProblem.explain(problem, context, parser.problem_mark, parser.context_mark, bytes)
        (rule, message, suggestion) = (found.rule, found.message, found.suggestion)
        let place = SyntaxProblem.inside(found.line, found.column, bytes)
        (line, column) = (place.line, place.column)
        showsLine = !SecretLines.mayHold(SyntaxProblem.text(of: place.line, bytes))
    }

    private struct Explanation {
        var rule = Rule.yamlSyntax
        let message: String
        let suggestion: String?
        var line: Int
        var column: Int
    }

    private static func explain(
        _ problem: String, _ context: String, _ mark: yaml_mark_t, _ contextMark: yaml_mark_t, _ bytes: [UInt8]
    ) -> Explanation {
        let (line, column) = (Int(mark.line) + 1, Int(mark.column) + 1)
        func here(_ message: String, _ suggestion: String?, rule: Rule = .yamlSyntax) -> Explanation {
            Explanation(rule: rule, message: message, suggestion: suggestion, line: line, column: column)
        }
        func atStart(_ message: String, _ suggestion: String?) -> Explanation {
            Explanation(message: message, suggestion: suggestion, line: Int(contextMark.line) + 1, column: Int(contextMark.column) + 1)
        }
        let text = text(of: UInt32(line), bytes)
        let cannotStart = problem.contains("cannot start any token")
        if let tab = text.firstIndex(of: 0x09), cannotStart || text[..<tab].allSatisfy({ $0 == 0x20 || $0 == 0x09 }) {
            return Explanation(message: "a tab may not indent or separate", suggestion: "use spaces", line: line, column: tab - text.startIndex + 1)
        }
        if context.contains("quoted scalar") {
            if problem.contains("document indicator") || problem.contains("end of stream") {
                return atStart("the quotes that open here are never closed", "close them at the end of the text")
            }
            return here("there is an escape in this quoted text that means nothing", "write \\\\ for a backslash, or use single quotes")
        }
        if problem.contains("mapping values are not allowed") {
            return here("a second `: ` on one line cannot be read", "put text that holds `: ` in quotes, or begin a new line")
        }
        if problem.contains("could not find expected ':'") {
            return atStart("there is no `:` behind this key", "write `key: value`; text over several lines begins with `|` or `>-`, or stands in quotes")
        }
        if cannotStart {
            let character = String(decoding: text.prefix(4 * column), as: UTF8.self).unicodeScalars.dropFirst(column - 1).first.map { String($0) } ?? ""
            return here("a value cannot begin with `\(character)`", "put the text in quotes")
        }
        if problem.contains("directive") || context.contains("directive") || problem.contains("incompatible YAML") || problem.contains("document start") {
            if text.first == UInt8(ascii: "%") {
                return Explanation(
                    rule: .yamlUnsupported, message: "`%` directives are not part of the language",
                    suggestion: "delete the line, or put text that begins with % in quotes", line: line, column: 1)
            }
            return here("the document before ended, and this does not begin a new one", "begin it with a line `---`, or look at the quotes and brackets before")
        }
        if context.contains("flow") {
            let isMap = context.contains("mapping")
            return here(
                "the \(isMap ? "map" : "list") that opens with \(isMap ? "{" : "[") on line \(contextMark.line + 1) goes wrong here",
                "look for a missing `,` or `\(isMap ? "}" : "]")`; `{{ … }}` and `${NAME}` need quotes inside it")
        }
        if context.contains("block scalar") || problem.contains("indentation indicator") {
            return here("the text behind `|` or `>` cannot be read", "begin it on the next line, indented by two spaces")
        }
        if problem.contains("did not find expected key") || problem.contains("block end") || problem.contains("not allowed in this context")
            || problem.contains("expected '-' indicator")
        {
            return here("this line does not fit the indentation of the lines before it", "indent it like its neighbours, two spaces a level")
        }
        if ["anchor", "alias", "tag"].contains(where: { problem.contains($0) || context.contains($0) }) {
            return here("anchors, aliases and tags are not part of the language", "put text that begins with &, * or ! in quotes", rule: .yamlUnsupported)
        }
        return here("this cannot be read as YAML: \(problem)", nil)
    }

    /// libyaml points behind the end of a file that stops too early; the last character is where a person looks.
    private static func inside(_ line: Int, _ column: Int, _ bytes: [UInt8]) -> (line: UInt32, column: UInt32) {
        var line = UInt32(clamping: max(line, 1))
        var text = text(of: line, bytes)
        var column = UInt32(clamping: max(column, 1))
        while text.isEmpty, line > 1, self.text(of: line, bytes).isEmpty, isLast(line, bytes) {
            line -= 1
            text = self.text(of: line, bytes)
            column = UInt32.max
        }
        let scalars = text.count { $0 & 0xC0 != 0x80 }
        return (line, min(column, UInt32(clamping: scalars) + 1))
    }

    private static func isLast(_ line: UInt32, _ bytes: [UInt8]) -> Bool { start(of: line + 1, bytes) == nil || start(of: line, bytes) == nil }

    private static func text(of line: UInt32, _ bytes: [UInt8]) -> ArraySlice<UInt8> {
        guard let start = start(of: line, bytes) else { return [] }
        return bytes[start..<(bytes[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count)]
    }

    /// Nil where the file has fewer lines.
    private static func start(of line: UInt32, _ bytes: [UInt8]) -> Int? {
        var (current, index): (UInt32, Int) = (1, 0)
        while current < line, index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == 0x0A || (byte == 0x0D && (index >= bytes.count || bytes[index] != 0x0A)) { current += 1 }
        }
        return current == line ? index : nil
    }
}

/// Tabs that stand outside quoted text and comments. libyaml lets some of them pass.
enum TabCheck {
    static func report(_ bytes: [UInt8], _ quoted: [Range<Int>], _ file: FileID, _ diagnostics: Diagnostics) {
        let ranges = quoted.sorted { $0.lowerBound < $1.lowerBound }
        var (line, column, character, next): (UInt32, UInt32, Int, Int) = (1, 1, 0, 0)
        var inComment = false
        var last: UInt8 = 0x0A
        for (index, byte) in bytes.enumerated() where byte & 0xC0 != 0x80 {
            while next < ranges.count, ranges[next].upperBound <= character { next += 1 }
            let inText = next < ranges.count && ranges[next].contains(character)
            if byte == UInt8(ascii: "#"), !inText, last == 0x20 || last == 0x09 || last == 0x0A || last == 0x0D { inComment = true }
            if byte == 0x09, !inText, !inComment {
                diagnostics.report(
                    .yamlSyntax, "a tab may not indent or separate", at: SourceSpan(file: file, line: line, column: column), suggestion: "use spaces")
            }
            if byte == 0x0A || (byte == 0x0D && (index + 1 >= bytes.count || bytes[index + 1] != 0x0A)) {
                (line, column, inComment) = (line + 1, 0, false)
            }
            last = byte
            column += 1
            character += 1
        }
    }
}
