import HeraldModel

extension Rule {
    static let unknownVariable = Rule("template-unknown-variable")
    static let mayBeEmpty = Rule("template-may-be-empty")
    static let badPlace = Rule("template-bad-place")
    static let loopOverOne = Rule("template-loop")
}

/// Turns names into columns and constants; reports names that there are not, and values that may be empty and say nothing then.
struct ExpressionCompiler {
    let schema: TemplateSchema
    let diagnostics: Diagnostics
    /// Names of `content`-like values that only a layout has.
    var extra: Set<String> = []

    /// - Parameters:
    ///   - loops: variables of the loops around, innermost last.
    ///   - filled: columns that a surrounding `if` found filled.
    ///   - isPrinted: whether the value reaches the reader; a comparison does not need a default.
    func compile(_ expression: Expression, loops: [String], filled: Set<String>, isPrinted: Bool) -> CompiledExpression? {
        guard let operand = operand(expression.operand, expression.span, loops) else { return nil }
        var hasDefault = false
        let filters = expression.filters.compactMap { call -> CompiledFilter? in
            if call.name == .default { hasDefault = true }
            return filter(call, loops)
        }
        if isPrinted, !hasDefault, case .column(let index) = operand, schema.columns[index].mayBeEmpty, !filled.contains(schema.columns[index].name) {
            diagnostics.report(
                .mayBeEmpty, "`contact.\(schema.columns[index].name)` may be empty, and then nothing would stand here", at: expression.span,
                suggestion: "add `| default: '…'`, or put it inside {% if contact.\(schema.columns[index].name) %}")
        }
        return CompiledExpression(operand: operand, filters: filters)
    }

    private func operand(_ operand: Operand, _ span: SourceSpan, _ loops: [String]) -> CompiledOperand? {
        guard case .variable(let name) = operand else {
            if case .text(let text) = operand { return .text(text) }
            if case .number(let number) = operand { return .number(number) }
            return nil
        }
        if let depth = loops.lastIndex(of: name) { return .element(loops.count - 1 - depth) }
        if name == "unsubscribe_url" { return .unsubscribe }
        if name == "view_url" { return .view }
        if let constant = schema.constants[name] { return .text(constant) }
        if name.hasPrefix("contact.") {
            let column = String(name.dropFirst(8))
            if let index = schema.columns.firstIndex(where: { $0.name == column }) { return .column(index) }
            if schema.otherColumns.contains(column) {
                diagnostics.report(
                    .unknownVariable, "the list does not give out `\(column)`", at: span, suggestion: "add `\(column)` to the list's `columns`")
                return nil
            }
        }
        let known = schema.columns.map { "contact.\($0.name)" } + schema.constants.keys.sorted() + TemplateSchema.perMail + loops
        diagnostics.report(
            .unknownVariable, "there is no value `\(name)`", at: span,
            suggestion: nearest(to: name, among: known).map { "did you mean `\($0)`?" } ?? "there are \(known.prefix(12).joined(separator: ", "))")
        return nil
    }

    private func filter(_ call: FilterCall, _ loops: [String]) -> CompiledFilter? {
        switch call.name {
        case .default: return call.argument.flatMap { operand($0, call.span, loops) }.map { .fallback($0) }
        case .upcase: return .upcase
        case .downcase: return .downcase
        case .capitalize: return .capitalize
        case .escape: return .escape
        case .date:
            if case .text(let pattern)? = call.argument { return .date(DateForm(pattern)) }
            return .date(nil)
        case .money:
            if case .text(let currency)? = call.argument { return .money(currency) }
            return nil
        case .truncate:
            if case .number(let count)? = call.argument { return .truncate(Int(clamping: count.coefficient)) }
            return nil
        }
    }

    func compile(_ condition: Condition, loops: [String], filled: Set<String>) -> CompiledCondition? {
        switch condition {
        case .holds(let expression): return compile(expression, loops: loops, filled: filled, isPrinted: false).map { .holds($0) }
        case .compare(let left, let comparison, let right):
            guard let a = compile(left, loops: loops, filled: filled, isPrinted: false),
                let b = compile(right, loops: loops, filled: filled, isPrinted: false)
            else { return nil }
            return .compare(a, comparison, b)
        case .and(let left, let right), .or(let left, let right):
            guard let a = compile(left, loops: loops, filled: filled), let b = compile(right, loops: loops, filled: filled) else { return nil }
            if case .and = condition { return .and(a, b) }
            return .or(a, b)
        }
    }

    /// Columns that are surely filled where a condition holds.
    func filled(by condition: Condition) -> Set<String> {
        func column(_ expression: Expression) -> String? {
            guard case .variable(let name) = expression.operand, name.hasPrefix("contact."), !expression.filters.contains(where: { $0.name == .default })
            else { return nil }
            return String(name.dropFirst(8))
        }
        switch condition {
        case .holds(let expression): return Set([column(expression)].compactMap { $0 })
        case .compare(let left, let comparison, let right):
            switch comparison {
            case .equal, .contains, .less, .lessOrEqual, .greater, .greaterOrEqual:
                if case .text("") = right.operand { return [] }
                return Set([column(left)].compactMap { $0 })
            case .notEqual: if case .text("") = right.operand { return Set([column(left)].compactMap { $0 }) } else { return [] }
            }
        case .and(let left, let right): return filled(by: left).union(filled(by: right))
        case .or(let left, let right): return filled(by: left).intersection(filled(by: right))
        }
    }
}
