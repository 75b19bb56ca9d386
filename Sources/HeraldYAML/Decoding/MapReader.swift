import HeraldModel

extension Rule {
    static let unknownKey = Rule("unknown-key")
    static let missingKey = Rule("missing-key")
    static let wrongType = Rule("wrong-type")
    static let badValue = Rule("bad-value")
    static let secretLiteral = Rule("secret-literal")
    static let misplacedVariable = Rule("misplaced-variable")
}

/// A map that was held against its shape: unknown and missing keys are reported, the others can be taken by name.
struct MapReader {
    let node: Node
    let shape: MapShape
    private let values: [String: Node]
    /// Keys that the shape does not have, where the caller takes them itself (relations in a computed column).
    let extra: [(key: Node, value: Node)]

    /// Nil where the node is no map.
    init?(_ node: Node, _ shape: MapShape, _ diagnostics: Diagnostics, takesExtra: Bool = false) {
        guard node.kind == .map else {
            diagnostics.report(
                .wrongType, "`\(shape.name)` is a map, and this is \(node.kindName)", at: node.span,
                suggestion: shape.keys.first.map { "write `\($0.name): …` below it" })
            return nil
        }
        self.node = node
        self.shape = shape
        var values: [String: Node] = [:]
        var extra: [(key: Node, value: Node)] = []
        for (key, value) in node.entries {
            let name = key.scalar
            if shape.keys.contains(where: { $0.name == name }) {
                values[name] = value
            } else if takesExtra {
                extra.append((key, value))
            } else {
                diagnostics.report(
                    .unknownKey, "`\(shape.name)` has no key `\(name)`", at: key.span,
                    suggestion: nearest(to: name, among: shape.keys.map(\.name)).map { "did you mean `\($0)`?" }
                        ?? "its keys are \(shape.keys.map(\.name).joined(separator: ", "))")
            }
        }
        for key in shape.keys where key.isRequired && values[key.name] == nil {
            diagnostics.report(
                .missingKey, "`\(shape.name)` needs `\(key.name)` (\(key.type))", at: node.span, suggestion: "add `\(key.name): …`")
        }
        self.values = values
        self.extra = extra
    }

    subscript(_ name: String) -> Node? { values[name] }
}
