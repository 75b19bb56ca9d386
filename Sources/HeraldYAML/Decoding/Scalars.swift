import HeraldModel

extension Rule {
    static let secretLiteral = Rule("secret-literal")
    static let misplacedVariable = Rule("misplaced-variable")
    static let unsetVariable = Rule("unset-variable", exit: .credentials)
    /// The same where nothing but the files is checked.
    static let unsetVariableOffline = Rule("unset-variable", .warning)
}

/// What `${NAME}` means where no secret stands.
enum Variables: Sendable {
    /// Outside herald.yaml: an error.
    case refused
    /// In herald.yaml: filled in from these. Offline, what holds one that is not set is left unread.
    case filled([String: String], isOffline: Bool)
    /// In an environment that is not in force: what holds one is not read.
    case unread
}

/// Reads scalars of the language's types; each reports what is wrong and gives nil then.
struct Scalars: Sendable {
    let diagnostics: Diagnostics
    let variables: Variables

    func fail(_ rule: Rule, _ message: String, _ node: Node, _ suggestion: String? = nil, showsLine: Bool = true) {
        diagnostics.report(rule, message, at: node.span, suggestion: suggestion, showsLine: showsLine)
    }

    /// Text as written, with variables filled in; not empty.
    func text(_ node: Node?, max: Int = 10_000, what: String = "text") -> Located<String>? {
        guard let node else { return nil }
        guard node.isScalar, node.kind != .null else {
            fail(.wrongType, "\(what) was expected here, and this is \(node.kindName)", node)
            return nil
        }
        var text = node.scalar
        if VariableText.hasOne(text) {
            guard let filled = VariableText.fill(text, variables, node, diagnostics) else { return nil }
            text = filled
        }
        guard !text.isEmpty else {
            fail(.badValue, "\(what) may not be empty", node, "leave the key out instead")
            return nil
        }
        guard text.utf8.count <= max || text.unicodeScalars.count <= max else {
            fail(.badValue, "\(what) is longer than \(max) characters", node)
            return nil
        }
        return Located(text, node.span)
    }

    /// One line: what stands in a header or a name.
    func line(_ node: Node?, max: Int = 10_000, what: String = "text") -> Located<String>? {
        guard let node, let text = text(node, max: max, what: what) else { return nil }
        guard !text.value.unicodeScalars.contains(where: { [0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029].contains($0.value) }) else {
            fail(.badValue, "\(what) is one line, and this has a line break", node)
            return nil
        }
        return text
    }

    func id(_ node: Node?, underscores: Bool = false) -> Located<String>? {
        guard let node, let text = text(node, what: "an id") else { return nil }
        guard Address.isID(text.value, underscores: underscores) else {
            let small = text.value.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
            let proposal = String(String(small).trimmingDashes().prefix(64)).trimmingDashes()
            fail(
                .badValue, "an id is small letters, digits and -\(underscores ? " and _" : ""), at most 64, and begins with a letter or digit", node,
                Address.isID(proposal) ? "write `\(proposal)`" : nil)
            return nil
        }
        return text
    }

    func boolean(_ node: Node?) -> Located<Bool>? {
        guard let node else { return nil }
        guard let word = word(node, .boolean) else { return nil }
        switch word {
        case "true", "True", "TRUE": return Located(true, node.span)
        case "false", "False", "FALSE": return Located(false, node.span)
        default:
            fail(.wrongType, "true or false was expected here, and this is \(node.kindName)", node, "write `true` or `false`")
            return nil
        }
    }

    func integer(_ node: Node?, _ range: ClosedRange<Int> = 0...Int.max, what: String = "a whole number") -> Located<Int>? {
        guard let node else { return nil }
        guard let word = word(node, .integer) else { return nil }
        guard let value = Int(word) else {
            let isLarge = node.kind == .integer && word.utf8.drop { $0 == 45 || $0 == 43 }.allSatisfy { 48...57 ~= $0 }
            fail(.wrongType, isLarge ? "this number is too large" : "\(what) was expected here\(node.kind == .integer ? "" : ", and this is \(node.kindName)")", node)
            return nil
        }
        guard range.contains(value) else {
            let limits = range.upperBound == Int.max ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
            fail(.badValue, "\(what) is \(limits) here", node)
            return nil
        }
        return Located(value, node.span)
    }

    /// The text of a scalar that YAML itself found to be of this kind, or that a variable fills in; `""` where it is neither.
    private func word(_ node: Node, _ kind: Node.Kind) -> String? {
        if node.kind == kind { return node.scalar }
        guard node.isScalar, VariableText.hasOne(node.scalar) else { return "" }
        return text(node)?.value
    }

    func choice<Choice: RawRepresentable & CaseIterable>(_ node: Node?, _ type: Choice.Type) -> Located<Choice>? where Choice.RawValue == String {
        guard let node else { return nil }
        var written = node.scalar
        if VariableText.hasOne(written) {
            guard let filled = text(node) else { return nil }
            written = filled.value
        }
        if node.isScalar, node.kind != .null, let value = Choice(rawValue: written) { return Located(value, node.span) }
        let words = Choice.allCases.map(\.rawValue)
        fail(
            .badValue, "this is one of \(words.joined(separator: ", "))", node,
            nearest(to: node.scalar, among: words).map { "did you mean `\($0)`?" })
        return nil
    }

    func list(_ node: Node?, what: String) -> [Node] {
        guard let node else { return [] }
        guard node.kind == .list else {
            fail(.wrongType, "a list of \(what) was expected here, and this is \(node.kindName)", node, "write `[…]`, or one on each line after `- `")
            return []
        }
        return node.elements
    }

    func ids(_ node: Node?, what: String) -> [Located<String>] { list(node, what: what).compactMap { id($0) } }

    /// The entries of a map whose keys are names that people choose.
    func entries(_ node: Node?, what: String) -> [(key: Node, value: Node)] {
        guard let node else { return [] }
        guard node.kind == .map else {
            fail(.wrongType, "\(what) was expected here, and this is \(node.kindName)", node)
            return []
        }
        return Array(node.entries)
    }

    /// `${NAME}` or `{file: path}`; a literal is never shown.
    func secret(_ node: Node?) -> Secret? {
        guard let node else { return nil }
        if node.kind == .map {
            if node.entries.count == 1, let (key, value) = node.entries.first, key.scalar == "file" { return line(value, max: 1_000, what: "a path").map { .file($0.value) } }
            fail(.wrongType, "a secret is `${NAME}` or `{file: path}`", node, showsLine: false)
            return nil
        }
        guard node.isScalar, let name = VariableText.only(node.scalar) else {
            fail(
                .secretLiteral, "a secret never stands in a file", node, "write `${NAME}` for a variable of that name, or `{file: path}`",
                showsLine: false)
            return nil
        }
        return .environment(name)
    }
}

extension String {
    fileprivate func trimmingDashes() -> String {
        let body = drop { $0 == "-" }
        guard let end = body.lastIndex(where: { $0 != "-" }) else { return "" }
        return String(body[...end])
    }
}
