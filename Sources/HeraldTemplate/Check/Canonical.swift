import HeraldModel

/// A compiled text written out, for digests: changes when, and only when, people would read something else.
///
/// How HTML is indented is not read, unless it says that its white space is. What stands between marks cannot stand in a template, so no text looks
/// like a value.
enum Canonical {
    private static let (open, close, next) = ("\u{1}", "\u{2}", "\u{3}")

    static func html(_ pieces: [Piece], _ schema: TemplateSchema) -> String {
        var isPreformatted = false
        func look(_ pieces: [Piece]) {
            for piece in pieces {
                switch piece {
                case .literal(let text):
                    let small = text.lowercased()
                    isPreformatted = isPreformatted || small.contains("<pre") || small.contains("white-space")
                case .choice(let branches, let otherwise):
                    for branch in branches { look(branch.body) }
                    look(otherwise)
                case .loop(_, let body): look(body)
                case .value, .gap: break
                }
            }
        }
        look(pieces)
        let whole = text(pieces, schema)
        return isPreformatted ? whole : collapsed(whole)
    }

    private static func collapsed(_ text: String) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count)
        var isSpaced = false
        for byte in text.utf8 {
            if HTMLState.isSpace(byte) {
                isSpaced = true
                continue
            }
            if isSpaced, !result.isEmpty { result.append(UInt8(ascii: " ")) }
            isSpaced = false
            result.append(byte)
        }
        return String(decoding: result, as: UTF8.self)
    }

    static func text(_ pieces: [Piece], _ schema: TemplateSchema) -> String {
        pieces.map { piece -> String in
            switch piece {
            case .literal(let text): text
            case .value(let expression, let escape): open + self.expression(expression, schema) + next + escape.rawValue + close
            case .choice(let branches, let otherwise):
                open + branches.map { condition($0.condition, schema) + next + text($0.body, schema) + next }.joined() + "else" + next + text(otherwise, schema) + close
            case .loop(let column, let body): open + "for " + schema.columns[column].name + next + text(body, schema) + close
            case .gap: ""
            }
        }.joined()
    }

    static func operand(_ operand: CompiledOperand, _ schema: TemplateSchema) -> String {
        switch operand {
        case .column(let index): "contact.\(schema.columns[index].name)"
        case .unsubscribe: "unsubscribe_url"
        case .view: "view_url"
        case .element: "…"
        case .text(let text): "'\(text)'"
        case .number(let number): number.description
        }
    }

    private static func expression(_ expression: CompiledExpression, _ schema: TemplateSchema) -> String {
        let filters = expression.filters.map { filter -> String in
            switch filter {
            case .fallback(let operand): "default \(self.operand(operand, schema))"
            case .upcase: "upcase"
            case .downcase: "downcase"
            case .capitalize: "capitalize"
            case .date(let form): "date \(form.pattern)"
            case .money(let currency): "money \(currency)"
            case .truncate(let count): "truncate \(count)"
            }
        }
        return ([operand(expression.operand, schema)] + filters).joined(separator: next)
    }

    private static func condition(_ condition: CompiledCondition, _ schema: TemplateSchema) -> String {
        func joined(_ word: String, _ parts: [CompiledCondition]) -> String { open + word + next + parts.map { self.condition($0, schema) }.joined(separator: next) + close }
        return switch condition {
        case .holds(let inner): expression(inner, schema)
        case .compare(let a, let comparison, let b): joined(comparison.rawValue, [.holds(a), .holds(b)])
        case .all(let parts): joined("and", parts)
        case .any(let parts): joined("or", parts)
        }
    }
}
