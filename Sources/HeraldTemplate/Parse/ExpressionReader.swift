import HeraldModel

/// Reads what stands inside `{{ }}` and `{% %}`: values, filters, comparisons.
struct ExpressionReader {
    private struct Token {
        let text: String
        let range: Range<Int>
        let isQuoted: Bool
    }

    private let text: TemplateText
    private let diagnostics: Diagnostics
    /// What to point at where something is missing.
    private let tag: Range<Int>
    private let end: Int
    private var index: Int

    init(text: TemplateText, range: Range<Int>, whole: Range<Int>? = nil, diagnostics: Diagnostics) {
        self.text = text
        self.diagnostics = diagnostics
        tag = whole ?? range.lowerBound - 2..<range.upperBound + 2
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

    // MARK: Tokens

    private static let signs = Set("|:,<>=!".utf8)

    /// The next word, quoted text or sign; nil at the end.
    private mutating func token() -> Token? {
        while index < end, TemplateTokens.isSpace(text.bytes[index]) { index += 1 }
        guard index < end else { return nil }
        let start = index
        let byte = text.bytes[index]
        index += 1
        if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
            while index < end, text.bytes[index] != byte { index += 1 }
            let inner = text.string(start + 1..<index)
            index = min(index + 1, end)
            return Token(text: inner, range: start..<index, isQuoted: true)
        }
        if ExpressionReader.signs.contains(byte) {
            if index < end, text.bytes[index] == UInt8(ascii: "="), "<>=!".utf8.contains(byte) { index += 1 }
        } else {
            while index < end, !TemplateTokens.isSpace(text.bytes[index]), !ExpressionReader.signs.contains(text.bytes[index]),
                text.bytes[index] != UInt8(ascii: "'"), text.bytes[index] != UInt8(ascii: "\"")
            { index += 1 }
        }
        return Token(text: text.string(start..<index), range: start..<index, isQuoted: false)
    }

    /// The next token where it is this sign or word, taken.
    private mutating func take(_ wanted: String) -> Token? {
        let held = index
        if let token = token(), token.text == wanted, !token.isQuoted { return token }
        index = held
        return nil
    }

    // MARK: Values

    /// A whole expression; anything behind it is an error.
    mutating func whole() -> Expression? {
        guard let expression = expression() else { return nil }
        if let rest = token() {
            fail(.templateSyntax, "`\(rest.text)` does not belong here", rest.range, "a value is followed by `|` and a filter, or by nothing")
            return nil
        }
        return expression
    }

    /// Expressions joined by commas or `or`; empty after reporting what is wrong.
    mutating func list() -> [Expression] {
        var result: [Expression] = []
        while true {
            guard let one = expression() else { return [] }
            result.append(one)
            guard let sign = token() else { return result }
            guard sign.text == "," || sign.text == "or", !sign.isQuoted else {
                fail(.templateSyntax, "`\(sign.text)` does not belong here", sign.range, "join values with commas")
                return []
            }
        }
    }

    private mutating func operand(_ what: String) -> (Operand, Range<Int>)? {
        guard let token = token() else {
            fail(.templateSyntax, "\(what) is missing here", tag)
            return nil
        }
        if token.isQuoted { return (.text(token.text), token.range) }
        if let number = Decimal(parsing: token.text) { return (.number(number), token.range) }
        // A column of the type boolean compares with these words.
        if token.text == "true" || token.text == "false" { return (.text(token.text), token.range) }
        if ["nil", "null", "blank", "empty"].contains(token.text) {
            fail(.templateSyntax, "there is no value `\(token.text)`", token.range, "compare with '', or write {% if contact.column %}")
            return nil
        }
        if token.text == "not" {
            fail(.templateSyntax, "there is no `not`", token.range, "write {% if … %}{% else %}…{% endif %}, or compare with `!=`")
            return nil
        }
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
        while let bar = take("|") {
            guard let name = token() else {
                fail(.templateSyntax, "a filter is missing behind `|`", bar.range)
                return nil
            }
            guard let filter = TextFilter(rawValue: name.text), !name.isQuoted else {
                let all = TextFilter.allCases.map(\.rawValue)
                fail(
                    .unknownFilter, "there is no filter `\(name.text)`", name.range,
                    nearest(to: name.text, among: all).map { "did you mean `\($0)`?" } ?? "the filters are \(all.joined(separator: ", "))")
                return nil
            }
            var argument: Operand?
            last = name.range.upperBound
            if take(":") != nil {
                guard let (read, at) = self.operand("the argument of `\(filter.rawValue)`") else { return nil }
                argument = read
                last = at.upperBound
            }
            guard check(filter, argument, name.range.lowerBound..<last) else { return nil }
            filters.append(FilterCall(name: filter, argument: argument, span: text.span(name.range)))
        }
        return Expression(operand: operand, filters: filters, span: text.span(start.lowerBound..<last))
    }

    private func check(_ filter: TextFilter, _ argument: Operand?, _ range: Range<Int>) -> Bool {
        func refuse(_ message: String, _ suggestion: String) -> Bool {
            fail(.templateSyntax, message, range, suggestion)
            return false
        }
        switch filter {
        case .escape, .upcase, .downcase, .capitalize:
            return argument == nil || refuse("`\(filter.rawValue)` takes no argument", "write `| \(filter.rawValue)`")
        case .default: return argument != nil || refuse("`default` needs what stands there instead", "write `default: 'there'`")
        case .truncate:
            if case .number(let count)? = argument, count.scale == 0, count > Decimal(0), count <= Decimal(10_000) { return true }
            return refuse("`truncate` takes a number of characters from 1 to 10000", "write `truncate: 30`")
        case .money:
            if case .text? = argument { return true }
            return refuse("`money` takes the currency, in quotes", "write `money: 'EUR'`")
        case .date:
            guard let argument else { return true }
            guard case .text(let pattern) = argument else { return refuse("`date` takes a pattern, in quotes", "write `date: 'd MMMM yyyy'`") }
            return DateForm(pattern) != nil || refuse("`\(pattern)` is no date pattern", "write one such as 'd MMMM yyyy' or 'yyyy-MM-dd HH:mm'")
        }
    }

    // MARK: Conditions

    /// `a == b and c`, or `a or b`; both in one tag are refused, since Liquid and everybody else read them differently.
    mutating func condition() -> Condition? {
        guard let first = comparison() else { return nil }
        var parts = [first]
        var joint: String?
        while let word = token() {
            guard word.text == "and" || word.text == "or", !word.isQuoted else {
                fail(
                    .templateSyntax, "`\(word.text)` does not belong here", word.range,
                    word.text == "=" ? "compare with `==`" : word.text == "&" || word.text == "&&" ? "write `and`" : "join conditions with `and` or `or`")
                return nil
            }
            guard joint == nil || joint == word.text else {
                fail(.templateSyntax, "`and` and `or` do not stand in one tag", word.range, "put one {% if %} inside the other")
                return nil
            }
            joint = word.text
            guard let other = comparison() else { return nil }
            parts.append(other)
        }
        return parts.count == 1 ? first : joint == "and" ? .all(parts) : .any(parts)
    }

    private mutating func comparison() -> Condition? {
        guard let left = expression() else { return nil }
        let held = index
        guard let sign = token(), !sign.isQuoted, let comparison = Condition.Comparison(rawValue: sign.text) else {
            index = held
            return .holds(left)
        }
        return expression().map { .compare(left, comparison, $0) }
    }
}
