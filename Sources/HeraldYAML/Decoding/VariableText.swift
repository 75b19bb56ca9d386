import HeraldModel

/// `${NAME}` in text.
enum VariableText {
    private static let dollar = UInt8(ascii: "$")

    static func hasOne(_ text: String) -> Bool {
        var last: UInt8 = 0
        for byte in text.utf8 {
            if last == dollar, byte == UInt8(ascii: "{") { return true }
            last = byte
        }
        return false
    }

    /// The name, where the text is one variable and nothing else.
    static func only(_ text: String) -> String? {
        guard text.hasPrefix("${"), text.hasSuffix("}") else { return nil }
        let name = text.dropFirst(2).dropLast()
        return isName(name) ? String(name) : nil
    }

    private static func isName(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, !(48...57 ~= first) else { return false }
        return text.utf8.allSatisfy { 65...90 ~= $0 || 97...122 ~= $0 || 48...57 ~= $0 || $0 == 95 }
    }

    /// The text with its variables filled in. Their values appear in no message.
    static func fill(_ text: String, _ variables: Variables, _ node: Node, _ diagnostics: Diagnostics) -> String? {
        let values: [String: String]
        let isOffline: Bool
        switch variables {
        case .unread: return nil
        case .refused:
            diagnostics.report(
                .misplacedVariable, "`${…}` is filled in only in herald.yaml and where a secret stands", at: node.span, suggestion: "write the value itself")
            return nil
        case .filled(let given, let offline): (values, isOffline) = (given, offline)
        }
        var result = ""
        var rest = Substring(text)
        while let start = rest.firstRange(of: "${") {
            result += rest[..<start.lowerBound]
            rest = rest[start.upperBound...]
            let name = rest.prefix { $0 != "}" }
            guard name.endIndex < rest.endIndex, isName(name) else {
                diagnostics.report(.badValue, "`${` opens a variable, and no name and `}` follow", at: node.span, suggestion: "write `${NAME}`")
                return nil
            }
            guard let value = values[String(name)] else {
                diagnostics.report(
                    isOffline ? .unsetVariableOffline : .unsetVariable, "the variable `\(name)` is not set", at: node.span, suggestion: "set it where herald runs")
                return nil
            }
            result += value
            rest = rest[name.endIndex...].dropFirst()
        }
        return result + rest
    }
}
