import HeraldModel

extension Rule {
    static let unknownKey = Rule("unknown-key")
    static let missingKey = Rule("missing-key")
    static let wrongType = Rule("wrong-type")
    static let badValue = Rule("bad-value")
}

/// A map that was held against its shape: unknown and missing keys are reported, the others can be taken by name.
struct MapReader {
    let node: Node
    private let shape: MapShape
    /// For each key of the shape the index of its value in the tree, or 0: a root is nobody's value.
    private var values: [UInt32]
    /// Keys that the shape does not have, where the caller takes them itself (relations in a computed column).
    private(set) var extra: [(key: Node, value: Node)] = []

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
        values = Array(repeating: 0, count: shape.names.count)
        for (key, value) in node.entries {
            let name = key.scalar
            if let position = shape.names.firstIndex(of: name) {
                values[position] = value.index
            } else if takesExtra {
                extra.append((key, value))
            } else {
                shape.reportUnknown(key, diagnostics)
            }
        }
        for position in shape.required where values[position] == 0 {
            let key = shape.keys[position]
            diagnostics.report(.missingKey, "`\(shape.name)` needs `\(key.name)` (\(key.type))", at: node.span, suggestion: "add `\(key.name): …`")
        }
    }

    subscript(_ name: String) -> Node? {
        guard let position = shape.names.firstIndex(of: name), values[position] != 0 else { return nil }
        return Node(tree: node.tree, index: values[position])
    }
}

extension MapShape {
    func reportUnknown(_ key: Node, _ diagnostics: Diagnostics) {
        let name = key.scalar
        let meant = nearest(to: name, among: names)
        // Behind a misspelt `api_key` stands what must not be shown.
        let isSecret = meant.map { meant in keys.contains { $0.name == meant && $0.type == KeyShape.secret } } ?? false
        diagnostics.report(
            .unknownKey, "`\(self.name)` has no key `\(name)`", at: key.span,
            suggestion: meant.map { "did you mean `\($0)`?" } ?? (names.isEmpty ? nil : "its keys are \(names.joined(separator: ", "))"),
            showsLine: !isSecret)
    }
}
