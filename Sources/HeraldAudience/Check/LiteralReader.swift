import HeraldModel

/// Values that stand in a condition, read by the type of the column that they are compared with.
struct LiteralReader {
    let diagnostics: Diagnostics
    let type: ColumnType
    let name: String
    /// Counts and sums are never empty, so nobody is told to ask for that.
    var neverEmpty = false

    private var instead: String { neverEmpty ? "write a number" : "write `\(name): {empty: true}` to ask for empty values" }

    private func fail(_ rule: Rule, _ message: String, _ node: Node, _ suggestion: String? = nil) {
        diagnostics.report(rule, message, at: node.span, suggestion: suggestion)
    }

    func value(_ node: Node) -> Value? {
        guard node.isScalar else {
            fail(.badLiteral, "a single value stands here, and this is \(node.kindName)", node)
            return nil
        }
        guard node.kind != .null, !node.scalar.isEmpty else {
            fail(.emptyLiteral, "an empty value is not compared", node, instead)
            return nil
        }
        switch type {
        case .text, .many: return .text(Text(node.scalar))
        case .enum(let values):
            guard values.contains(Text(node.scalar)) else {
                fail(
                    .badLiteral, "`\(node.scalar)` is none of the values of `\(name)`", node,
                    nearest(to: node.scalar, among: values.map(\.string)).map { "did you mean `\($0)`?" } ?? "they are \(values.map(\.string).joined(separator: ", "))")
                return nil
            }
            return .text(Text(node.scalar))
        case .integer, .decimal: return number(node).map { .decimal($0) }
        case .boolean:
            guard node.kind == .boolean else {
                fail(.badLiteral, "`\(name)` is true or false, and this is \(node.kindName)", node, "write `true` or `false`")
                return nil
            }
            return .boolean(node.scalar.lowercased() == "true")
        case .date, .datetime: return nil  // Read as time expressions.
        }
    }

    /// A plain decimal number.
    func number(_ node: Node) -> Decimal? {
        guard node.isScalar, node.kind != .null, !node.scalar.isEmpty else {
            fail(node.isScalar ? .emptyLiteral : .badLiteral, "a number stands here, and this is \(node.kindName)", node, instead)
            return nil
        }
        guard node.kind == .integer || node.kind == .float, let number = Decimal(parsing: node.scalar) else {
            let quoted = node.kind == .quoted && Decimal(parsing: node.scalar) != nil
            fail(
                .badLiteral, "`\(name)` is a number, and `\(node.scalar)` is not written as one", node,
                quoted ? "write \(node.scalar) without quotes" : "write digits, with a point for decimals, up to \(Decimal.maximumDigits) of them")
            return nil
        }
        return number
    }
}
