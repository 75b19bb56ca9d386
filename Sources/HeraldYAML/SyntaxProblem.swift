import CYAML
import HeraldModel

/// What libyaml could not read, in words that help the one who wrote it.
struct SyntaxProblem {
    let rule = Rule.yamlSyntax
    let message: String
    let suggestion: String?
    let line: UInt32
    let column: UInt32

    init(_ parser: yaml_parser_t, _ bytes: [UInt8]) {
        let problem = parser.problem.map { String(cString: $0) } ?? "the file cannot be read"
        let context = parser.context.map { String(cString: $0) } ?? ""
        let mark = parser.problem_mark
        var (line, column) = (UInt32(mark.line) + 1, UInt32(mark.column) + 1)
        let text = SyntaxProblem.text(of: line, bytes)
        let before = text.prefix(Int(column) - 1)
        if let tab = text.firstIndex(of: 0x09), text[..<tab].allSatisfy({ $0 == 0x20 || $0 == 0x09 }) || problem.contains("cannot start any token") {
            message = "a tab may not indent or separate"
            suggestion = "use spaces"
            column = UInt32(tab) + 1
        } else if context.contains("quoted scalar") {
            (line, column) = (UInt32(parser.context_mark.line) + 1, UInt32(parser.context_mark.column) + 1)
            message = problem.contains("escape") ? "there is an escape in this quoted text that means nothing" : "the quotes that open here are never closed"
            suggestion = problem.contains("escape") ? "write \\\\ for a backslash, or use single quotes" : "close them at the end of the text"
        } else if problem.contains("mapping values are not allowed") {
            message = "a second `: ` on one line cannot be read"
            suggestion = "put text that holds `: ` in quotes, or begin a new line"
        } else if problem.contains("could not find expected ':'") {
            message = "there is no `:` after this key"
            suggestion = "write `key: value`"
        } else if problem.contains("cannot start any token") {
            let character = text.dropFirst(before.count).first.map { String(UnicodeScalar($0)) } ?? ""
            message = "a value cannot begin with `\(character)`"
            suggestion = "put the text in quotes"
        } else if context.contains("flow") {
            message = "the list or map that opens on line \(parser.context_mark.line + 1) goes wrong here"
            suggestion = "look for a missing `,`, `]` or `}`; a value that begins with {{ needs quotes"
        } else if problem.contains("did not find expected key") || problem.contains("block end") || problem.contains("not allowed in this context") {
            message = "this line does not fit the indentation of the lines before it"
            suggestion = "indent it like its neighbours, two spaces a level"
        } else if problem.contains("directive") {
            message = "`%` directives are not part of the language"
            suggestion = "delete the line, or put text that begins with % in quotes"
        } else if problem.contains("anchor") || problem.contains("alias") || problem.contains("tag") {
            message = "anchors, aliases and tags are not part of the language"
            suggestion = "put text that begins with &, * or ! in quotes"
        } else {
            message = "this cannot be read as YAML: \(problem)"
            suggestion = nil
        }
        self.line = line
        self.column = column
    }

    private static func text(of line: UInt32, _ bytes: [UInt8]) -> [UInt8] {
        var current: UInt32 = 1
        var index = 0
        while index < bytes.count, current < line {
            let byte = bytes[index]
            index += 1
            if byte == 0x0A || (byte == 0x0D && (index >= bytes.count || bytes[index] != 0x0A)) { current += 1 }
        }
        return Array(bytes[index...].prefix { $0 != 0x0A && $0 != 0x0D })
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
