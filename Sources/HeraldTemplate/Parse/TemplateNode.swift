package import HeraldModel

/// A template as parsed: literal text, values, and the tags that choose or repeat. Nothing here knows who renders it.
package indirect enum TemplateNode: Sendable {
    case literal(TemplatePart)
    case value(Expression)
    /// `tag` is the whole opening tag.
    case choice([(condition: Condition, body: [TemplateNode])], otherwise: [TemplateNode], tag: TemplatePart)
    case loop(variable: String, over: TemplatePart, body: [TemplateNode], tag: TemplatePart)
}

/// `contact.city | default: 'your town' | upcase`
package struct Expression: Sendable {
    package let operand: Operand
    package let filters: [FilterCall]
    package let span: SourceSpan
}

package enum Operand: Sendable, Hashable {
    case variable(String)
    case text(String)
    case number(Decimal)
}

package struct FilterCall: Sendable {
    package let name: TextFilter
    package let argument: Operand?
    package let span: SourceSpan
}

package enum TextFilter: String, Sendable, CaseIterable { case `default`, escape, upcase, downcase, capitalize, date, money, truncate }

package indirect enum Condition: Sendable {
    package enum Comparison: String, Sendable, CaseIterable { case equal = "==", notEqual = "!=", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">=", contains }

    case holds(Expression)
    case compare(Expression, Comparison, Expression)
    case all([Condition])
    case any([Condition])
}
