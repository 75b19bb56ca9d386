import HeraldModel

extension Node {
    /// What the file says, on one line; long lists are cut. For explanations and suggestions.
    var words: String {
        switch kind {
        case .list:
            let shown = elements.prefix(6).map(\.words).joined(separator: ", ")
            return elements.count > 6 ? "[\(shown), … \(elements.count) in all]" : "[\(shown)]"
        case .map: return "{\(entries.map { "\($0.key.scalar): \($0.value.words)" }.joined(separator: ", "))}"
        case .quoted: return "\"\(scalar)\""
        case .null: return "null"
        case .boolean, .integer, .float, .text: return scalar
        }
    }
}
