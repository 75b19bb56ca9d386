import HeraldModel

/// A compiled text: what stands in it, with constants filled in, links tagged, and the escape of every place known.
indirect enum Piece: Sendable {
    case literal(String)
    case value(CompiledExpression, Escape)
    case choice([(condition: CompiledCondition, body: [Piece])], otherwise: [Piece])
    case loop(column: Int, body: [Piece])
}

/// How a value is made safe for its place.
enum Escape: String, Sendable {
    case html, attribute, url
    /// One line of a header.
    case header
    case plain
}

struct CompiledExpression: Sendable {
    let operand: CompiledOperand
    let filters: [CompiledFilter]
}

enum CompiledOperand: Sendable {
    case column(Int)
    case unsubscribe, view
    /// The element of the loop that is so many loops out.
    case element(Int)
    case text(String)
    case number(Decimal)
}

enum CompiledFilter: Sendable {
    case fallback(CompiledOperand)
    case upcase, downcase, capitalize, escape
    case date(DateForm?)
    case money(String)
    case truncate(Int)
}

indirect enum CompiledCondition: Sendable {
    case holds(CompiledExpression)
    case compare(CompiledExpression, Condition.Comparison, CompiledExpression)
    case and(CompiledCondition, CompiledCondition)
    case or(CompiledCondition, CompiledCondition)
}
