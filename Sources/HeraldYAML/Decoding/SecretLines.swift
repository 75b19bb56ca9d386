import HeraldModel

/// Lines on which somebody wrote a secret out. The error that says so does not show them, and no other finding may.
enum SecretLines {
    /// Keys whose value is a secret wherever they stand.
    static let keys = ["api_key", "password", "client_secret", "token", "postgres", "clickhouse", "user"]

    /// Hides such lines of herald.yaml, also in parts that are not decoded because something above them is wrong.
    static func hide(_ document: Node, _ diagnostics: Diagnostics) {
        func visit(_ node: Node, depth: Int) {
            for element in node.elements { visit(element, depth: depth + 1) }
            for (key, value) in node.entries {
                let name = key.scalar
                let isSecret = keys.contains(name) || nearest(to: name, among: keys) != nil || (depth == 0 && name == "key")
                if isSecret, value.isScalar, VariableText.only(value.scalar) == nil { diagnostics.hideLine(of: value.span) }
                if !value.isScalar { visit(value, depth: depth + 1) }
            }
        }
        visit(document, depth: 0)
    }

    /// Whether a line of a file that cannot be parsed may hold one.
    static func mayHold(_ line: some Collection<UInt8>) -> Bool {
        guard line.count <= 2_000 else { return true }
        let text = String(decoding: line, as: UTF8.self).lowercased()
        if text.hasPrefix("key") { return true }
        return keys.contains { key in
            guard let found = text.firstRange(of: key) else { return false }
            let rest = text[found.upperBound...].drop { $0 == "\"" || $0 == "'" || $0 == " " }
            guard rest.first == ":" else { return false }
            let value = rest.dropFirst().drop { $0 == "\"" || $0 == "'" || $0 == " " }
            return !value.isEmpty && !value.hasPrefix("${")
        }
    }
}
