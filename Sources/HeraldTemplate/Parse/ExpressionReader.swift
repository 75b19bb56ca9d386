import HeraldModel

/// Reads what stands inside `{{ }}` and `{% %}`: values, filters, comparisons.
struct ExpressionReader {
    private let text: TemplateText
    private let end: Int
    private let diagnostics: Diagnostics
    private let range: Range<Int>
    private var index: Int

    init(text: TemplateText, range: Range<Int>, diagnostics: Diagnostics) {
        self.text = text
        self.range = range
        self.diagnostics = diagnostics
        index = range.lowerBound
        end = range.upperBound
    }

    static func isName(_ word: String) -> Bool {
        !word.isEmpty && word.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "_" || $0 == "-" || $0 == "." }
            && !(word.utf8.first.map { 48...57 ~= $0 || $0 == 45 } ?? true)
    }

    private func fail(_ rule: Rule, _ message: String, _ at: Range<Int>, _ suggestion: String? = nil) {
        diagnostics.report(rule, message, at: text.span(at), suggestion: suggestion)
    }

    private mutating func skipSpaces() { while index < end, TemplateParser.isSpace(text.bytes[index]) { index += 1 } }

    /// The next word, quoted text or sign, with its place; nil at the end.
    private mutating func token() -> (text: String, range: Range<Int>, isQuoted: Bool)? {
        skipSpaces()
        guard index < end else { return nil }
        let start = index
        let byte = text.bytes[index]
        if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
            index += 1
            while index < end, text.bytes[index] != byte { index += 1 }
            let inner = text.string(start + 1..<index)
            index = min(index + 1, end)
            return (inner, start..<index, true)
        }
        let signs: Set<UInt8> = Set("|:,<>=!".utf8)
        if signs.contains(byte) {
            index += 1
            if index < end, text.bytes[index] == UInt8(ascii: "="), byte != UInt8(ascii: "|"), byte != UInt8(ascii: ":"), byte != UInt8(ascii: ",") { index += 1 }
            return (text.string(start..<index), start..<index, false)
        }
        while index < end, !TemplateParser.isSpace(text.bytes[index]), !signs.contains(text.bytes[index]),
            text.bytes[index] != UInt8(ascii: "'"), text.bytes[index] != UInt8(ascii: "\"")
        { index += 1 }
        return (text.string(start..<index), start..<index, false)
    }

    private mutating func peek() -> (text: String, range: Range<Int>, isQuoted: Bool)? {
        let held = index
        defer { index = held }
        return token()
    }

    /// A whole expression; anything behind it is an error.
    mutating func whole() -> Expression? {
        guard let expression = expression() else { return nil }
        if let rest = token() {
            fail(.templateSyntax, "`\(rest.text)` does not belong here", rest.range, "a value is followed by `|` and a filter, or by nothing")
            return nil
        }
        return expression
    }

    mutating func list() -> [Expression] {
        var result: [Expression] = []
        repeat {
            guard let one = expression() else { return result }
            result.append(one)
            guard let sign = token(), sign.text == "," || sign.text == "or" else { return result }
        } while true
    }

    private mutating func operand(_ what: String) -> (Operand, Range<Int>)? {
        guard let token = token() else {
            fail(.templateSyntax, "\(what) is missing here", range.isEmpty ? range.lowerBound..<range.lowerBound + 1 : range)
            return nil
        }
        if token.isQuoted { return (.text(token.text), token.range) }
        if let number = Decimal(parsing: token.text) { return (.number(number), token.range) }
        guard ExpressionReader.isName(token.text) else {
            fail(.templateSyntax, "`\(token.text)` is no value", token.range, "write a variable such as contact.first_name, or text in quotes")
            return nil
        }
        return (.variable(token.text), token.range)
    }

    private mutating func expression() -> Expression? {
        guard let (operand, start) = operand("a value") else { return nil }
        var filters: [FilterCall] = []
        var last = start.upperBound
        while let bar = peek(), bar.text == "|", !bar.isQuoted {
            _ = token()
            guard let name = token() else {
                fail(.templateSyntax, "a filter is missing behind `|`", bar.range)
                return nil
            }
            guard let filter = TextFilter(rawValue: name.text) else {
                fail(
                    .unknownFilter, "there is no filter `\(name.text)`", name.range,
                    nearest(to: name.text, among: TextFilter.allCases.map(\.rawValue)).map { "did you mean `\($0)`?" }
                        ?? "the filters are \(TextFilter.allCases.map(\.rawValue).joined(separator: ", "))")
                return nil
            }
            var argument: Operand?
            last = name.range.upperBound
            if let colon = peek(), colon.text == ":", !colon.isQuoted {
                _ = token()
                guard let (read, at) = self.operand("the filter's argument") else { return nil }
                argument = read
                last = at.upperBound
            }
            guard check(filter, argument, name.range) else { return nil }
            filters.append(FilterCall(name: filter, argument: argument, span: text.span(name.range)))
        }
        return Expression(operand: operand, filters: filters, span: text.span(start.lowerBound..<last))
    }

    private func check(_ filter: TextFilter, _ argument: Operand?, _ range: Range<Int>) -> Bool {
        switch filter {
        case .default, .truncate, .money:
            guard argument != nil else {
                let example = filter == .default ? "default: 'there'" : filter == .truncate ? "truncate: 30" : "money: 'EUR'"
                fail(.templateSyntax, "`\(filter.rawValue)` needs an argument", range, "write `\(example)`")
                return false
            }
            if filter == .truncate {
                guard case .number(let count)? = argument, count.scale == 0, count > Decimal(0), count <= Decimal(10_000) else {
                    fail(.templateSyntax, "`truncate` takes a number of characters from 1 to 10000", range)
                    return false
                }
            }
        case .escape, .upcase, .downcase, .capitalize:
            guard argument == nil else {
                fail(.templateSyntax, "`\(filter.rawValue)` takes no argument", range)
                return false
            }
        case .date:
            if case .text(let pattern)? = argument, DateForm(pattern) == nil {
                fail(.templateSyntax, "`\(pattern)` is no date pattern", range, "use Unicode patterns such as `d MMMM yyyy`")
                return false
            }
        }
        return true
    }

    /// `a == b and c`, read from left to right.
    mutating func condition() -> Condition? {
        guard var result = comparison() else { return nil }
        while let word = token() {
            guard word.text == "and" || word.text == "or", !word.isQuoted else {
                fail(.templateSyntax, "`\(word.text)` does not belong here", word.range, "join conditions with `and` or `or`")
                return nil
            }
            guard let other = comparison() else { return nil }
            result = word.text == "and" ? .and(result, other) : .or(result, other)
        }
        return result
    }

    private mutating func comparison() -> Condition? {
        guard let left = expression() else { return nil }
        guard let sign = peek(), !sign.isQuoted, let comparison = Condition.Comparison(rawValue: sign.text) else { return .holds(left) }
        _ = token()
        return expression().map { .compare(left, comparison, $0) }
    }
}
