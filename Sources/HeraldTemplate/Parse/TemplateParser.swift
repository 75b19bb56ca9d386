package import HeraldModel

extension Rule {
    static let templateSyntax = Rule("template-syntax")
    static let unknownTag = Rule("template-unknown-tag")
    static let unknownFilter = Rule("template-unknown-filter")
}

/// Parses the Liquid subset of the language. Reports what it cannot read and goes on behind it.
package struct TemplateParser {
    private static let maximumDepth = 64
    private static let tags = ["if", "elsif", "else", "endif", "case", "when", "endcase", "for", "endfor", "comment", "endcomment", "raw", "endraw"]

    private enum Token {
        case text(Range<Int>)
        case output(Range<Int>)
        case tag(name: String, body: Range<Int>, whole: Range<Int>)
    }

    private let text: TemplateText
    private let diagnostics: Diagnostics
    private var tokens: [Token] = []
    private var next = 0
    private var depth = 0

    /// Nil where the bytes are no text that a mail can hold; then nothing of it is parsed.
    package static func parse(_ text: TemplateText, _ diagnostics: Diagnostics) -> [TemplateNode]? {
        if let bad = firstBadByte(text.bytes) {
            diagnostics.report(.templateSyntax, "the template holds a byte that is no text (not UTF-8, or a control character)", at: text.span(bad..<bad + 1))
            return nil
        }
        var parser = TemplateParser(text: text, diagnostics: diagnostics)
        parser.tokenize()
        return parser.nodes(until: [])
    }

    private init(text: TemplateText, diagnostics: Diagnostics) {
        self.text = text
        self.diagnostics = diagnostics
    }

    private static func firstBadByte(_ bytes: [UInt8]) -> Int? {
        if let control = bytes.firstIndex(where: { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D || $0 == 0x7F }) { return control }
        guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
        return bytes.firstIndex { $0 >= 0x80 } ?? 0
    }

    private func fail(_ rule: Rule, _ message: String, _ range: Range<Int>, _ suggestion: String? = nil) {
        diagnostics.report(rule, message, at: text.span(range), suggestion: suggestion)
    }

    // MARK: Tokens

    private mutating func tokenize() {
        let bytes = text.bytes
        var start = 0
        var index = 0
        var trimNext = false
        func pending(_ end: Int, trimEnd: Bool) -> Range<Int> {
            var (low, high) = (start, end)
            if trimNext { while low < high, TemplateParser.isSpace(bytes[low]) { low += 1 } }
            if trimEnd { while high > low, TemplateParser.isSpace(bytes[high - 1]) { high -= 1 } }
            return low..<high
        }
        while index + 1 < bytes.count {
            guard bytes[index] == UInt8(ascii: "{"), bytes[index + 1] == UInt8(ascii: "{") || bytes[index + 1] == UInt8(ascii: "%") else {
                index += 1
                continue
            }
            let isOutput = bytes[index + 1] == UInt8(ascii: "{")
            guard let end = closing(from: index + 2, isOutput: isOutput) else {
                fail(.templateSyntax, "this opens with \(isOutput ? "{{" : "{%") and is never closed", index..<index + 2, "close it with \(isOutput ? "}}" : "%}")")
                return tokens.append(.text(pending(bytes.count, trimEnd: false)))
            }
            var body = index + 2..<end
            let trimBefore = body.first.map { bytes[$0] == UInt8(ascii: "-") } ?? false
            if trimBefore { body = body.lowerBound + 1..<body.upperBound }
            let trimAfter = !body.isEmpty && bytes[body.upperBound - 1] == UInt8(ascii: "-")
            if trimAfter { body = body.lowerBound..<body.upperBound - 1 }
            let before = pending(index, trimEnd: trimBefore)
            if !before.isEmpty { tokens.append(.text(before)) }
            trimNext = trimAfter
            let whole = index..<end + 2
            index = end + 2
            start = index
            guard !isOutput else {
                tokens.append(.output(body))
                continue
            }
            let (name, rest) = word(body)
            if name == "raw" || name == "comment" {
                let (inner, after) = verbatim(name, from: index, whole)
                if name == "raw", !inner.isEmpty { tokens.append(.text(inner)) }
                index = after
                start = after
                trimNext = false
            } else {
                tokens.append(.tag(name: name, body: rest, whole: whole))
            }
        }
        let last = pending(bytes.count, trimEnd: false)
        if !last.isEmpty { tokens.append(.text(last)) }
    }

    /// The end of a `{{` or `{%`; quotes inside may hold anything.
    private func closing(from start: Int, isOutput: Bool) -> Int? {
        let bytes = text.bytes
        let close = isOutput ? UInt8(ascii: "}") : UInt8(ascii: "%")
        var quote: UInt8?
        var index = start
        while index + 1 < bytes.count {
            let byte = bytes[index]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                quote = byte
            } else if byte == close, bytes[index + 1] == UInt8(ascii: "}") {
                return index
            } else if byte == UInt8(ascii: "{"), bytes[index + 1] == UInt8(ascii: "{") || bytes[index + 1] == UInt8(ascii: "%") {
                return nil
            }
            index += 1
        }
        return nil
    }

    private func verbatim(_ name: String, from start: Int, _ whole: Range<Int>) -> (inner: Range<Int>, after: Int) {
        let bytes = text.bytes
        var index = start
        while index + 1 < bytes.count {
            if bytes[index] == UInt8(ascii: "{"), bytes[index + 1] == UInt8(ascii: "%"), let end = closing(from: index + 2, isOutput: false),
                word(index + 2..<end).0.drop(while: { $0 == "-" }) == "end" + name
            {
                return (start..<index, end + 2)
            }
            index += 1
        }
        fail(.templateSyntax, "`\(name)` is never closed", whole, "add {% end\(name) %}")
        return (start..<bytes.count, bytes.count)
    }

    private func word(_ range: Range<Int>) -> (String, Range<Int>) {
        let bytes = text.bytes
        var low = range.lowerBound
        while low < range.upperBound, TemplateParser.isSpace(bytes[low]) || bytes[low] == UInt8(ascii: "-") { low += 1 }
        var high = low
        while high < range.upperBound, !TemplateParser.isSpace(bytes[high]) { high += 1 }
        return (text.string(low..<high), high..<range.upperBound)
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    // MARK: Structure

    private mutating func nodes(until ends: Set<String>) -> [TemplateNode] {
        var result: [TemplateNode] = []
        depth += 1
        defer { depth -= 1 }
        while next < tokens.count {
            switch tokens[next] {
            case .text(let range): result.append(.literal(text.string(range), text.span(range)))
            case .output(let range):
                if let expression = expression(range) { result.append(.value(expression)) }
            case .tag(let name, let body, let whole):
                if ends.contains(name) { return result }
                next += 1
                guard depth < TemplateParser.maximumDepth else {
                    fail(.templateSyntax, "tags are nested more than \(TemplateParser.maximumDepth) deep", whole)
                    next = tokens.count
                    return result
                }
                if let node = tag(name, body, whole) { result.append(node) }
                continue
            }
            next += 1
        }
        return result
    }

    private mutating func tag(_ name: String, _ body: Range<Int>, _ whole: Range<Int>) -> TemplateNode? {
        switch name {
        case "if": return choice(body, whole)
        case "case": return caseOf(body, whole)
        case "for": return loop(body, whole)
        case _ where TemplateParser.tags.contains(name):
            fail(.templateSyntax, "`\(name)` closes nothing that is open here", whole)
        default:
            fail(
                .unknownTag, "there is no tag `\(name)`", whole,
                nearest(to: name, among: TemplateParser.tags).map { "did you mean `\($0)`?" } ?? "the tags are if, case, for, comment, raw")
        }
        return nil
    }

    /// The name of the tag that stopped `nodes(until:)`, taken.
    private mutating func stop(_ opened: String, _ whole: Range<Int>) -> (name: String, body: Range<Int>, whole: Range<Int>)? {
        guard next < tokens.count, case .tag(let name, let body, let at) = tokens[next] else {
            fail(.templateSyntax, "`\(opened)` is never closed", whole, "add {% end\(opened) %}")
            return nil
        }
        next += 1
        return (name, body, at)
    }

    private mutating func choice(_ body: Range<Int>, _ whole: Range<Int>) -> TemplateNode? {
        var branches: [(condition: Condition, body: [TemplateNode])] = []
        var condition = self.condition(body)
        while true {
            let inner = nodes(until: ["elsif", "else", "endif"])
            if let condition { branches.append((condition, inner)) }
            guard let end = stop("if", whole) else { return .choice(branches, otherwise: []) }
            if end.name == "endif" { return .choice(branches, otherwise: []) }
            if end.name == "else" {
                let otherwise = nodes(until: ["endif", "else", "elsif"])
                if let close = stop("if", whole), close.name != "endif" { fail(.templateSyntax, "nothing may follow `else` but `endif`", close.whole) }
                return .choice(branches, otherwise: otherwise)
            }
            condition = self.condition(end.body)
        }
    }

    private mutating func caseOf(_ body: Range<Int>, _ whole: Range<Int>) -> TemplateNode? {
        let subject = expression(body)
        _ = nodes(until: ["when", "else", "endcase"])
        var branches: [(condition: Condition, body: [TemplateNode])] = []
        var otherwise: [TemplateNode] = []
        while let end = stop("case", whole), end.name != "endcase" {
            let values = end.name == "when" ? whenValues(end.body) : []
            let inner = nodes(until: ["when", "else", "endcase"])
            if end.name == "else" {
                otherwise = inner
            } else if let subject, let first = values.first {
                let condition = values.dropFirst().reduce(Condition.compare(subject, .equal, first)) { .or($0, .compare(subject, .equal, $1)) }
                branches.append((condition, inner))
            }
        }
        return .choice(branches, otherwise: otherwise)
    }

    private func whenValues(_ body: Range<Int>) -> [Expression] {
        var reader = ExpressionReader(text: text, range: body, diagnostics: diagnostics)
        return reader.list()
    }

    private mutating func loop(_ body: Range<Int>, _ whole: Range<Int>) -> TemplateNode? {
        let words = text.string(body).split(whereSeparator: \.isWhitespace).map(String.init)
        let inner = nodes(until: ["endfor"])
        _ = stop("for", whole)
        guard words.count == 3, words[1] == "in", ExpressionReader.isName(words[0]), !words[0].contains(".") else {
            fail(.templateSyntax, "a loop is written `for thing in contact.column`", whole)
            return nil
        }
        return .loop(variable: words[0], over: Located(words[2], text.span(whole)), body: inner)
    }

    private func expression(_ range: Range<Int>) -> Expression? {
        var reader = ExpressionReader(text: text, range: range, diagnostics: diagnostics)
        return reader.whole()
    }

    private func condition(_ range: Range<Int>) -> Condition? {
        var reader = ExpressionReader(text: text, range: range, diagnostics: diagnostics)
        return reader.condition()
    }
}
