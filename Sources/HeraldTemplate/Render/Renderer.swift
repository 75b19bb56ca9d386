import HeraldModel

/// Fills a compiled text for one person.
struct Renderer {
    let value: (Int) -> Value
    let links: RecipientLinks
    let zone: Zone
    private static let maximumRounds = 100

    func render(_ pieces: [Piece], into output: inout Output, element: Text? = nil) {
        for piece in pieces {
            switch piece {
            case .literal(let text): output.append(text)
            case .value(let expression, let escape): output.append(escaped(plain(filtered(expression, element)), escape, isPersonal: expression.operand.isPersonal))
            case .choice(let branches, let otherwise):
                render(branches.first { holds($0.condition, element) }?.body ?? otherwise, into: &output, element: element)
            case .loop(let column, let body):
                guard case .many(let parts) = value(column) else { continue }
                for part in parts.prefix(Renderer.maximumRounds) { render(body, into: &output, element: part) }
            case .gap(let gap): output.append(gap)
            }
        }
    }

    private func escaped(_ text: String, _ escape: Escape, isPersonal: Bool) -> String {
        switch escape {
        case .html: HTMLText.escaped(isPersonal ? Bidirectional.isolated(text) : text)
        case .url: URLText.escaped(text)
        case .header: Bidirectional.stripped(text)
        case .plain: isPersonal ? Bidirectional.isolated(text) : text
        case .flow: isPersonal ? Bidirectional.isolatedLine(text) : text
        }
    }

    // MARK: Values

    private func value(of operand: CompiledOperand, _ element: Text?) -> Value {
        switch operand {
        case .column(let index): value(index)
        case .unsubscribe: .text(Text(links.unsubscribe))
        case .view: .text(Text(links.view))
        case .element: element.map { .text($0) } ?? .empty
        case .text(let text): text.isEmpty ? .empty : .text(Text(text))
        case .number(let number): .decimal(number)
        }
    }

    private func filtered(_ expression: CompiledExpression, _ element: Text?) -> Value {
        var result = value(of: expression.operand, element)
        for filter in expression.filters {
            switch filter {
            case .fallback(let operand): if result.isEmpty { result = value(of: operand, element) }
            case .upcase: result = .text(Text(plain(result).uppercased()))
            case .downcase: result = .text(Text(plain(result).lowercased()))
            case .capitalize:
                let text = plain(result)
                result = .text(Text(text.prefix(1).uppercased() + text.dropFirst()))
            case .date(let form): result = date(result, form)
            case .money(let currency): if let number = result.number { result = .text(Text("\(Money.text(number)) \(currency)")) }
            case .truncate(let count):
                let text = plain(result)
                if text.count > count { result = .text(Text(String(text.prefix(count - 1)) + "…")) }
            }
            if case .text(let text) = result, text.isEmpty { result = .empty }
        }
        return result
    }

    private func date(_ value: Value, _ form: DateForm) -> Value {
        switch value {
        case .date(let day): .text(Text(form.text(LocalTime(day: day))))
        case .datetime(let instant): .text(Text(form.text(zone.local(instant))))
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

    // MARK: Conditions

    private func holds(_ condition: CompiledCondition, _ element: Text?) -> Bool {
        switch condition {
        case .holds(let expression):
            switch filtered(expression, element) {
            case .empty, .boolean(false): false
            default: true
            }
        case .all(let parts): parts.allSatisfy { holds($0, element) }
        case .any(let parts): parts.contains { holds($0, element) }
        case .compare(let a, let comparison, let b): compare(filtered(a, element), comparison, filtered(b, element))
        }
    }

    private func compare(_ a: Value, _ comparison: Condition.Comparison, _ b: Value) -> Bool {
        if comparison == .contains {
            if case .many(let parts) = a { return parts.contains(Text(plain(b))) }
            return !b.isEmpty && plain(a).firstRange(of: plain(b)) != nil
        }
        let order: Int
        if let x = a.number, let y = b.number {
            order = Decimal.compare(x, y)
        } else {
            let (x, y) = (Text(plain(a)), Text(plain(b)))
            order = x == y ? 0 : x < y ? -1 : 1
        }
        // An empty value is neither smaller nor greater than anything.
        let areFilled = !a.isEmpty && !b.isEmpty
        return switch comparison {
        case .equal: order == 0
        case .notEqual: order != 0
        case .less: areFilled && order < 0
        case .lessOrEqual: areFilled && order <= 0
        case .greater: areFilled && order > 0
        case .greaterOrEqual: areFilled && order >= 0
        case .contains: false
        }
    }
}
