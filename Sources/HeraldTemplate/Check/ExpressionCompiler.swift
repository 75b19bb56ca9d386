import HeraldModel

extension Rule {
    static let unknownVariable = Rule("template-unknown-variable")
    static let mayBeEmpty = Rule("template-may-be-empty")
    static let filterType = Rule("template-filter-type")
    static let badPlace = Rule("template-bad-place")
    static let loopOverOne = Rule("template-loop")
}

/// What is known where a value stands.
struct Surroundings {
    /// The variable of the loop around; loops do not stand inside each other.
    var loop: String?
    /// Columns that a surrounding `if` found filled.
    var filled: Set<String> = []
}

/// Turns names into columns and constants; reports names that there are not, filters that do not fit, and values that may be empty and say nothing then.
struct ExpressionCompiler {
    let schema: TemplateSchema
    let diagnostics: Diagnostics

    /// A value that reaches the reader.
    func compile(_ expression: Expression, in around: Surroundings) -> CompiledExpression? {
        guard let compiled = filtered(expression, around) else { return nil }
        if let empty = mayBeEmpty(compiled, around) {
            diagnostics.report(
                .mayBeEmpty, "`contact.\(empty)` may be empty, and then nothing would stand here", at: expression.span,
                suggestion: "add `| default: '…'`, or put it inside {% if contact.\(empty) %}")
        }
        return compiled
    }

    /// The column that leaves nothing to read where it is empty, or nil.
    private func mayBeEmpty(_ expression: CompiledExpression, _ around: Surroundings) -> String? {
        func empty(_ operand: CompiledOperand) -> String? {
            guard case .column(let index) = operand, schema.columns[index].mayBeEmpty, !around.filled.contains(schema.columns[index].name) else { return nil }
            return schema.columns[index].name
        }
        var found = empty(expression.operand)
        for case .fallback(let operand) in expression.filters where found != nil { found = empty(operand) }
        return found
    }

    private func filtered(_ expression: Expression, _ around: Surroundings) -> CompiledExpression? {
        guard let operand = operand(expression.operand, expression.span, around) else { return nil }
        var type: ColumnType? = if case .column(let index) = operand { schema.columns[index].type } else { nil }
        var filters: [CompiledFilter] = []
        for call in expression.filters {
            switch operand {
            case .unsubscribe, .view:
                diagnostics.report(.filterType, "a link is not changed by filters", at: call.span, suggestion: "delete `| \(call.name.rawValue)`")
                return nil
            default: break
            }
            // Everything is escaped for where it stands, so `escape` has nothing left to do.
            guard call.name != .escape else { continue }
            guard let filter = filter(call, type, around) else { return nil }
            if call.name != .default { type = .text }
            filters.append(filter)
        }
        return CompiledExpression(operand: operand, filters: filters)
    }

    private func operand(_ operand: Operand, _ span: SourceSpan, _ around: Surroundings) -> CompiledOperand? {
        let name: String
        switch operand {
        case .text(let text): return .text(text)
        case .number(let number): return .number(number)
        case .variable(let variable): name = variable
        }
        if name == around.loop { return .element }
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
        var known = schema.columns.map { "contact.\($0.name)" } + schema.constants.keys.sorted() + TemplateSchema.perMail
        if let loop = around.loop { known.append(loop) }
        diagnostics.report(
            .unknownVariable, "there is no value `\(name)`", at: span,
            suggestion: nearest(to: name, among: known).map { "did you mean `\($0)`?" } ?? "there are \(known.prefix(12).joined(separator: ", "))")
        return nil
    }

    /// - Parameter type: of what is filtered; nil for what is no column.
    private func filter(_ call: FilterCall, _ type: ColumnType?, _ around: Surroundings) -> CompiledFilter? {
        func refuse(_ wants: String) -> CompiledFilter? {
            diagnostics.report(
                .filterType, "`\(call.name.rawValue)` is for \(wants), and this is \(type?.name ?? "text")", at: call.span,
                suggestion: "delete `| \(call.name.rawValue)`")
            return nil
        }
        switch call.name {
        case .default: return call.argument.flatMap { operand($0, call.span, around) }.map { .fallback($0) }
        case .upcase: return .upcase
        case .downcase: return .downcase
        case .capitalize: return .capitalize
        case .escape: return nil
        case .date:
            guard let type, type.isTime else { return refuse("dates") }
            if case .text(let pattern)? = call.argument { return DateForm(pattern).map { .date($0) } }
            return DateForm(type == .date ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm").map { .date($0) }
        case .money:
            guard let type, type.isNumber else { return refuse("numbers") }
            if case .text(let currency)? = call.argument { return .money(currency) }
            return nil
        case .truncate:
            if case .number(let count)? = call.argument { return .truncate(Int(clamping: count.coefficient)) }
            return nil
        }
    }

    // MARK: Conditions

    func compile(_ condition: Condition, in around: Surroundings) -> CompiledCondition? {
        func every(_ parts: [Condition]) -> [CompiledCondition]? {
            let compiled = parts.compactMap { compile($0, in: around) }
            return compiled.count == parts.count ? compiled : nil
        }
        switch condition {
        case .holds(let expression): return filtered(expression, around).map { .holds($0) }
        case .compare(let left, let comparison, let right):
            let (a, b) = (filtered(left, around), filtered(right, around))
            guard let a, let b else { return nil }
            return .compare(a, comparison, b)
        case .all(let parts): return every(parts).map { .all($0) }
        case .any(let parts): return every(parts).map { .any($0) }
        }
    }

    /// Columns that are surely filled where a condition holds.
    func filled(by condition: Condition) -> Set<String> {
        func column(_ expression: Expression) -> Set<String> {
            guard case .variable(let name) = expression.operand, name.hasPrefix("contact."), !expression.filters.contains(where: { $0.name == .default })
            else { return [] }
            return [String(name.dropFirst(8))]
        }
        switch condition {
        case .holds(let expression): return column(expression)
        case .compare(let left, let comparison, let right):
            switch comparison {
            // An empty value is neither smaller nor greater than anything, and holds nothing.
            case .less, .lessOrEqual, .greater, .greaterOrEqual: return column(left).union(column(right))
            case .contains: return column(left)
            case .equal:
                switch right.operand {
                case .text(let text): return text.isEmpty ? [] : column(left)
                case .number: return column(left)
                case .variable: return []
                }
            case .notEqual: if case .text("") = right.operand { return column(left) } else { return [] }
            }
        case .all(let parts): return parts.reduce(into: []) { $0.formUnion(filled(by: $1)) }
        case .any(let parts): return parts.dropFirst().reduce(parts.first.map(filled) ?? []) { $0.intersection(filled(by: $1)) }
        }
    }

    /// The column that a loop goes over, or nil after reporting why it goes over nothing.
    func column(of loop: TemplatePart, named variable: String, tag: TemplatePart, in around: Surroundings) -> Int? {
        let name = loop.string
        guard around.loop == nil else {
            diagnostics.report(.loopOverOne, "a loop does not stand inside another one", at: tag.span, suggestion: "write one after the other")
            return nil
        }
        guard !TemplateSchema.perMail.contains(variable), variable != "content", schema.constants[variable] == nil else {
            diagnostics.report(.loopOverOne, "`\(variable)` is a value already, so a loop cannot be called that", at: tag.span, suggestion: "give it another name")
            return nil
        }
        let column = name.hasPrefix("contact.") ? String(name.dropFirst(8)) : ""
        if let index = schema.columns.firstIndex(where: { $0.name == column }), case .many = schema.columns[index].type { return index }
        diagnostics.report(
            .loopOverOne, "a loop goes over a column of the list that holds several values, and `\(name)` is none", at: loop.span,
            suggestion: schema.columns.first { if case .many = $0.type { true } else { false } }.map { "such as contact.\($0.name)" })
        return nil
    }
}
