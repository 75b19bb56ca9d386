import HeraldModel

/// Compiles text that is no HTML: subjects, preheaders, text parts.
struct TextCompiler {
    let compiler: ExpressionCompiler
    let escape: Escape
    private(set) var hasUnsubscribe = false
    private(set) var hasPostalAddress = false

    init(_ compiler: ExpressionCompiler, escape: Escape) {
        self.compiler = compiler
        self.escape = escape
    }

    mutating func compile(_ nodes: [TemplateNode], loops: [String] = [], filled: Set<String> = []) -> [Piece] {
        nodes.compactMap { node -> Piece? in
            switch node {
            case .literal(let text, _): return .literal(text)
            case .value(let expression):
                if case .variable("unsubscribe_url") = expression.operand { hasUnsubscribe = true }
                if case .variable("postal_address") = expression.operand { hasPostalAddress = true }
                return compiler.compile(expression, loops: loops, filled: filled, isPrinted: true).map { compiled in
                    if case .text(let text) = compiled.operand, compiled.filters.isEmpty { return .literal(text) }
                    return .value(compiled, escape)
                }
            case .choice(let branches, let otherwise):
                let compiled = branches.compactMap { branch -> (condition: CompiledCondition, body: [Piece])? in
                    let body = compile(branch.body, loops: loops, filled: filled.union(compiler.filled(by: branch.condition)))
                    return compiler.compile(branch.condition, loops: loops, filled: filled).map { ($0, body) }
                }
                return .choice(compiled, otherwise: compile(otherwise, loops: loops, filled: filled))
            case .loop(let variable, let over, let body):
                let name = over.value.hasPrefix("contact.") ? String(over.value.dropFirst(8)) : ""
                guard let index = compiler.schema.columns.firstIndex(where: { $0.name == name }), case .many = compiler.schema.columns[index].type else {
                    compiler.diagnostics.report(
                        .loopOverOne, "a loop goes over a column of the list that holds several values, and `\(over.value)` is none", at: over.span)
                    return nil
                }
                return .loop(column: index, body: compile(body, loops: loops + [variable], filled: filled))
            }
        }
    }

    /// Tags the links of a text part that stand in its literal text.
    static func tagged(_ pieces: [Piece], _ tags: LinkTags) -> [Piece] {
        var number = 0
        func tag(_ pieces: [Piece]) -> [Piece] {
            pieces.map { piece -> Piece in
                switch piece {
                case .literal(let text): return .literal(tagged(text))
                case .value: return piece
                case .choice(let branches, let otherwise): return .choice(branches.map { ($0.condition, tag($0.body)) }, otherwise: tag(otherwise))
                case .loop(let column, let body): return .loop(column: column, body: tag(body))
                }
            }
        }
        func tagged(_ text: String) -> String {
            var result = ""
            var rest = Substring(text)
            while let scheme = rest.firstRange(of: "http") {
                result += rest[..<scheme.lowerBound]
                rest = rest[scheme.lowerBound...]
                var url = rest.prefix { !$0.isWhitespace && !"<>\"'()".contains($0) }
                while let last = url.last, ".,;:!?".contains(last) { url = url.dropLast() }
                rest = rest[url.endIndex...]
                guard LinkTagging.host(of: String(url)) != nil else {
                    result += url
                    if url.isEmpty {
                        result += rest.prefix(4)
                        rest = rest.dropFirst(4)
                    }
                    continue
                }
                number += 1
                for case .literal(let part) in LinkTagging.tag([.literal(String(url))], tags, id: "text-\(number)", separator: "&") { result += part }
            }
            return result + rest
        }
        return tag(pieces)
    }
}
