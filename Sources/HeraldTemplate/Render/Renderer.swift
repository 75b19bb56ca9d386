import HeraldModel

/// Fills a compiled text for one person.
struct Renderer {
    let value: (Int) -> Value
    let links: RecipientLinks
    let zone: Zone
    private static let maximumRounds = 100

    func render(_ pieces: [Piece], into output: inout String, elements: [Text] = []) {
        for piece in pieces {
            switch piece {
            case .literal(let text): output += text
            case .value(let expression, let escape): output += escaped(text(of: expression, elements), escape, isPersonal: isPersonal(expression))
            case .choice(let branches, let otherwise):
                render(branches.first { holds($0.condition, elements) }?.body ?? otherwise, into: &output, elements: elements)
            case .loop(let column, let body):
                guard case .many(let parts) = value(column) else { continue }
                for part in parts.prefix(Renderer.maximumRounds) { render(body, into: &output, elements: elements + [part]) }
            }
        }
    }

    private func isPersonal(_ expression: CompiledExpression) -> Bool {
        switch expression.operand {
        case .column, .element: true
        default: false
        }
    }

    private func escaped(_ text: String, _ escape: Escape, isPersonal: Bool) -> String {
        switch escape {
        case .html, .attribute: HTMLText.escaped(isPersonal ? Bidirectional.isolated(text) : text)
        case .url: URLText.escaped(text)
        case .header: Bidirectional.stripped(text)
        case .plain: isPersonal ? Bidirectional.isolated(text) : text
        }
    }

    // MARK: Values

    private func value(of operand: CompiledOperand, _ elements: [Text]) -> Value {
        switch operand {
        case .column(let index): value(index)
        case .unsubscribe: .text(Text(links.unsubscribe))
        case .view: .text(Text(links.view))
        case .element(let depth): elements.count > depth ? .text(elements[elements.count - 1 - depth]) : .empty
        case .text(let text): text.isEmpty ? .empty : .text(Text(text))
        case .number(let number): .decimal(number)
        }
    }

    private func filtered(_ expression: CompiledExpression, _ elements: [Text]) -> Value {
        var result = value(of: expression.operand, elements)
        for filter in expression.filters {
            switch filter {
            case .fallback(let operand): if result.isEmpty { result = value(of: operand, elements) }
            case .upcase: result = .text(Text(plain(result).uppercased()))
            case .downcase: result = .text(Text(plain(result).lowercased()))
            case .capitalize:
                let text = plain(result)
                result = .text(Text(text.prefix(1).uppercased() + text.dropFirst()))
            case .escape: result = .text(Text(HTMLText.escaped(plain(result))))
            case .date(let form): result = date(result, form)
            case .money(let currency): if let number = result.number { result = .text(Text("\(Renderer.money(number)) \(currency)")) }
            case .truncate(let count):
                let text = plain(result)
                if text.count > count { result = .text(Text(String(text.prefix(max(0, count - 1))) + "…")) }
            }
            if case .text(let text) = result, text.isEmpty { result = .empty }
        }
        return result
    }

    private func text(of expression: CompiledExpression, _ elements: [Text]) -> String { plain(filtered(expression, elements)) }

    private func date(_ value: Value, _ form: DateForm?) -> Value {
        switch value {
        case .date(let day): form.map { .text(Text($0.text(LocalTime(day: day)))) } ?? value
        case .datetime(let instant): form.map { .text(Text($0.text(zone.local(instant)))) } ?? value
        default: value
        }
    }

    private func plain(_ value: Value) -> String {
        switch value {
        case .empty: ""
        case .text(let text): text.string
        case .integer(let number): String(number)
        case .decimal(let number): number.description
        case .boolean(let flag): flag ? "true" : "false"
        case .date(let day): day.description
        case .datetime(let instant): zone.local(instant).description
        case .many(let parts): parts.map(\.string).joined(separator: ", ")
        }
    }

    /// `1,234.50`: two decimals, half to even, thousands in groups.
    static func money(_ number: Decimal) -> String {
        var cents = number.coefficient
        if number.scale < 2 {
            cents *= Decimal.powerOfTen(2 - number.scale)
        } else if number.scale > 2 {
            let divisor = Decimal.powerOfTen(number.scale - 2)
            let (quotient, remainder) = cents.quotientAndRemainder(dividingBy: divisor)
            let twice = remainder.magnitude * 2
            let up = twice > divisor.magnitude || (twice == divisor.magnitude && quotient % 2 != 0)
            cents = quotient + (up ? cents.signum() : 0)
        }
        let digits = String(cents.magnitude)
        let padded = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
        var whole = String(padded.dropLast(2))
        var groups: [String] = []
        while whole.count > 3 {
            groups.insert(String(whole.suffix(3)), at: 0)
            whole.removeLast(3)
        }
        return (cents < 0 ? "-" : "") + ([whole] + groups).joined(separator: ",") + "." + padded.suffix(2)
    }

    // MARK: Conditions

    private func holds(_ condition: CompiledCondition, _ elements: [Text]) -> Bool {
        switch condition {
        case .holds(let expression):
            switch filtered(expression, elements) {
            case .empty, .boolean(false): false
            default: true
            }
        case .and(let a, let b): holds(a, elements) && holds(b, elements)
        case .or(let a, let b): holds(a, elements) || holds(b, elements)
        case .compare(let a, let comparison, let b): compare(filtered(a, elements), comparison, filtered(b, elements))
        }
    }

    private func compare(_ a: Value, _ comparison: Condition.Comparison, _ b: Value) -> Bool {
        if comparison == .contains {
            if case .many(let parts) = a { return parts.contains(Text(plain(b))) }
            return !b.isEmpty && plain(a).contains(plain(b))
        }
        var order: Int?
        if let x = a.number, let y = b.number {
            order = Decimal.compare(x, y)
        } else if case .boolean(let flag) = a {
            order = (flag ? "true" : "false") == plain(b) ? 0 : 1
        } else {
            let (x, y) = (Text(plain(a)), Text(plain(b)))
            order = x == y ? 0 : x < y ? -1 : 1
        }
        guard let order else { return false }
        switch comparison {
        case .equal: return order == 0
        case .notEqual: return order != 0
        // An empty value is neither smaller nor greater than anything.
        case .less: return !a.isEmpty && !b.isEmpty && order < 0
        case .lessOrEqual: return !a.isEmpty && !b.isEmpty && order <= 0
        case .greater: return !a.isEmpty && !b.isEmpty && order > 0
        case .greaterOrEqual: return !a.isEmpty && !b.isEmpty && order >= 0
        case .contains: return false
        }
    }
}

/// Marks that turn the direction of text. In a header they are dropped; in a body a value that has them cannot turn what stands around it.
enum Bidirectional {
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value) || [0x200E, 0x200F, 0x061C].contains(scalar.value)
    }

    /// One line without marks and control characters; line breaks become spaces.
    static func stripped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where !isControl(scalar) {
            let isBreak = scalar.value < 0x20 || scalar.value == 0x7F || (0x80...0x9F).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029
            result.append(isBreak ? " " : scalar)
        }
        return String(result)
    }

    /// Between isolates where it has marks; isolates that it closes or opens itself are dropped, since they would end ours.
    static func isolated(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        let inner = text.unicodeScalars.filter { !(0x2066...0x2069).contains($0.value) }
        return "\u{2068}" + String(String.UnicodeScalarView(inner)) + "\u{2069}"
    }
}
