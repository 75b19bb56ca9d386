import HeraldModel

/// A compiled text: what stands in it, with constants filled in, links tagged, and the escape of every place known.
enum Piece: Sendable {
    case literal(String)
    case value(CompiledExpression, Escape)
    case choice([(condition: CompiledCondition, body: [Piece])], otherwise: [Piece])
    case loop(column: Int, body: [Piece])
    /// White space of a text part that was made from HTML: several in a row are one.
    case gap(Gap)
}

/// White space between two stretches of text.
enum Gap: Sendable {
    case space
    /// Another line, another paragraph, whatever stood between them.
    case line, paragraph
    /// One more line: two of them leave a line free.
    case lineBreak
}

/// How a value is made safe for its place.
enum Escape: String, Sendable {
    /// Between the tags of HTML, or inside a quoted attribute.
    case html
    /// In the path, query or fragment of a URL.
    case url
    /// One line of a header.
    case header
    case plain
    /// Text that was made from HTML: as there, line breaks are spaces.
    case flow
}

struct CompiledExpression: Sendable {
    let operand: CompiledOperand
    let filters: [CompiledFilter]
}

enum CompiledOperand: Sendable {
    case column(Int)
    case unsubscribe, view
    /// What the loop around stands at.
    case element
    case text(String)
    case number(Decimal)

    /// Whether it comes from a person's record.
    var isPersonal: Bool {
        switch self {
        case .column, .element: true
        case .unsubscribe, .view, .text, .number: false
        }
    }
}

enum CompiledFilter: Sendable {
    case fallback(CompiledOperand)
    case upcase, downcase, capitalize
    case date(DateForm)
    case money(String)
    case truncate(Int)
}

indirect enum CompiledCondition: Sendable {
    case holds(CompiledExpression)
    case compare(CompiledExpression, Condition.Comparison, CompiledExpression)
    case all([CompiledCondition])
    case any([CompiledCondition])
}

extension [Piece] {
    /// Longer literals are not added to: each time they would be copied.
    static var longLiteral: Int { 2_000 }

    /// Adds text to the last literal, or begins one: a link whose host is filled in is one text, then.
    mutating func append(text: String) {
        guard !text.isEmpty else { return }
        if case .literal(let before)? = last, before.utf8.count < [Piece].longLiteral { self[count - 1] = .literal(before + text) } else { append(.literal(text)) }
    }
}
