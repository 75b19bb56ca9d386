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

    private let text: TemplateText
    private let diagnostics: Diagnostics
    private let tokens: [TemplateTokens.Token]
    private var next = 0
    private var depth = 0
    /// Too deep a nesting was reported, and nothing behind it is read.
    private var gaveUp = false

    /// Nil where the bytes are no text that a mail can hold; then nothing of it is parsed.
    package static func parse(_ text: TemplateText, _ diagnostics: Diagnostics) -> [TemplateNode]? {
        if let bad = firstBadByte(text.bytes) {
            diagnostics.report(
                .templateSyntax, "the template holds a byte that is no text (not UTF-8, or a control character)", at: text.span(bad..<bad + 1),
                suggestion: "save it as UTF-8")
            return nil
        }
        var parser = TemplateParser(text: text, diagnostics: diagnostics)
        return parser.nodes(until: [])
    }

    private init(text: TemplateText, diagnostics: Diagnostics) {
        self.text = text
        self.diagnostics = diagnostics
        tokens = TemplateTokens(text, diagnostics).tokens
    }

    private static func firstBadByte(_ bytes: [UInt8]) -> Int? {
        let control = bytes.firstIndex { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A || $0 == 0x7F }
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes.span)
            return control
        } catch {
            return min(error.byteOffsets.lowerBound, control ?? bytes.count)
        }
    }

    private func fail(_ rule: Rule, _ message: String, _ range: Range<Int>, _ suggestion: String? = nil) {
        diagnostics.report(rule, message, at: text.span(range), suggestion: suggestion)
    }

    private func part(_ range: Range<Int>) -> TemplatePart { TemplatePart(text: text, range: range) }

    private mutating func nodes(until ends: Set<String>) -> [TemplateNode] {
        var result: [TemplateNode] = []
        depth += 1
        defer { depth -= 1 }
        while next < tokens.count {
            switch tokens[next] {
            case .text(let range): result.append(.literal(part(range)))
            case .output(let range):
                var reader = ExpressionReader(text: text, range: range, diagnostics: diagnostics)
                if let expression = reader.whole() { result.append(.value(expression)) }
            case .tag(let name, let body, let whole):
                if ends.contains(text.string(name)) { return result }
                next += 1
                guard depth < TemplateParser.maximumDepth else {
                    fail(.templateSyntax, "tags are nested more than \(TemplateParser.maximumDepth) deep", whole)
                    (next, gaveUp) = (tokens.count, true)
                    return result
                }
                if let node = tag(text.string(name), body, whole) { result.append(node) }
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
        case _ where TemplateParser.tags.contains(name): fail(.templateSyntax, "`\(name)` belongs to nothing that is open here", whole)
        case "unless": fail(.unknownTag, "there is no tag `unless`", whole, "write {% if … %}{% else %}…{% endif %}, or compare with `!=`")
        default:
            fail(
                .unknownTag, name.isEmpty ? "this tag has no name" : "there is no tag `\(name)`", whole,
                nearest(to: name, among: TemplateParser.tags).map { "did you mean `\($0)`?" } ?? "the tags are if, case, for, comment, raw")
        }
        return nil
    }

    // MARK: Structure

    private struct Stop {
        let name: String
        let body: Range<Int>
        let whole: Range<Int>
    }

    /// The tag that stopped `nodes(until:)`, taken; nil after reporting that there is none.
    private mutating func stop(_ opened: String, _ whole: Range<Int>) -> Stop? {
        guard next < tokens.count, case .tag(let name, let body, let at) = tokens[next] else {
            if !gaveUp { fail(.templateSyntax, "`\(opened)` is never closed", whole, "add {% end\(opened) %}") }
            return nil
        }
        next += 1
        let stop = Stop(name: text.string(name), body: body, whole: at)
        if stop.name == "else" || stop.name.hasPrefix("end") { refuseBody(of: stop) }
        return stop
    }

    private func refuseBody(of stop: Stop) {
        let rest = text.string(stop.body).split(whereSeparator: \.isWhitespace)
        guard let first = rest.first else { return }
        let isElseIf = stop.name == "else" && first == "if"
        fail(.templateSyntax, "nothing may stand behind `\(stop.name)`", stop.whole, isElseIf ? "write {% elsif … %}" : "write {% \(stop.name) %}")
    }

    private mutating func choice(_ body: Range<Int>, _ whole: Range<Int>) -> TemplateNode {
        var branches: [(condition: Condition, body: [TemplateNode])] = []
        var otherwise: [TemplateNode] = []
        var condition = self.condition(body, whole)
        var inner = nodes(until: ["elsif", "else", "endif"])
        while let end = stop("if", whole) {
            if let condition { branches.append((condition, inner)) }
            if end.name == "endif" { break }
            guard end.name == "else" else {
                condition = self.condition(end.body, end.whole)
                inner = nodes(until: ["elsif", "else", "endif"])
                continue
            }
            otherwise = nodes(until: ["endif", "else", "elsif"])
            while let close = stop("if", whole), close.name != "endif" {
                fail(.templateSyntax, "nothing may follow `else` but `endif`", close.whole)
                _ = nodes(until: ["endif", "else", "elsif"])
            }
            break
        }
        return .choice(branches, otherwise: otherwise, tag: part(whole))
    }

    private mutating func caseOf(_ body: Range<Int>, _ whole: Range<Int>) -> TemplateNode {
        var reader = ExpressionReader(text: text, range: body, whole: whole, diagnostics: diagnostics)
        let subject = reader.whole()
        for node in nodes(until: ["when", "else", "endcase"]) {
            if case .literal(let part) = node, part.string.allSatisfy(\.isWhitespace) { continue }
            fail(.templateSyntax, "what stands before the first `when` is never shown", whole, "put it behind a {% when … %}")
        }
        var branches: [(condition: Condition, body: [TemplateNode])] = []
        var otherwise: [TemplateNode] = []
        var sawElse = false
        while let end = stop("case", whole), end.name != "endcase" {
            if sawElse { fail(.templateSyntax, "nothing may follow `else` but `endcase`", end.whole) }
            var values: [Expression] = []
            if end.name == "when" {
                var reader = ExpressionReader(text: text, range: end.body, whole: end.whole, diagnostics: diagnostics)
                values = reader.list()
            }
            let inner = nodes(until: ["when", "else", "endcase"])
            if end.name == "else" {
                (otherwise, sawElse) = (inner, true)
            } else if let subject, !values.isEmpty {
                branches.append((.any(values.map { .compare(subject, .equal, $0) }), inner))
            }
        }
        return .choice(branches, otherwise: otherwise, tag: part(whole))
    }

    private mutating func loop(_ body: Range<Int>, _ whole: Range<Int>) -> TemplateNode? {
        let inner = nodes(until: ["endfor"])
        _ = stop("for", whole)
        var words: [Range<Int>] = []
        var index = body.lowerBound
        while index < body.upperBound {
            var end = index
            while end < body.upperBound, !TemplateTokens.isSpace(text.bytes[end]) { end += 1 }
            if end > index { words.append(index..<end) }
            index = end + 1
        }
        guard words.count == 3, text.string(words[1]) == "in", ExpressionReader.isName(text.string(words[0])), !text.string(words[0]).contains(".") else {
            fail(.templateSyntax, "a loop is written {% for thing in contact.things %}", whole)
            return nil
        }
        return .loop(variable: text.string(words[0]), over: part(words[2]), body: inner, tag: part(whole))
    }

    private func condition(_ range: Range<Int>, _ whole: Range<Int>) -> Condition? {
        var reader = ExpressionReader(text: text, range: range, whole: whole, diagnostics: diagnostics)
        return reader.condition()
    }
}
