import HeraldModel

/// Reads scalars of the language's types; each reports what is wrong and gives nil then.
struct Scalars: Sendable {
    let diagnostics: Diagnostics
    /// `${NAME}` may stand in herald.yaml; elsewhere only where the type is secret.
    let allowsVariables: Bool

    func fail(_ rule: Rule, _ message: String, _ node: Node, _ suggestion: String? = nil, showsLine: Bool = true) {
        diagnostics.report(rule, message, at: node.span, suggestion: suggestion, showsLine: showsLine)
    }

    /// Text as written; not empty.
    func text(_ node: Node?, max: Int = 10_000, what: String = "text") -> Located<String>? {
        guard let node else { return nil }
        guard node.isScalar, node.kind != .null else {
            fail(.wrongType, "\(what) was expected here, and this is \(node.kindName)", node)
            return nil
        }
        let text = node.scalar
        guard !text.isEmpty else {
            fail(.badValue, "\(what) may not be empty", node, "leave the key out instead")
            return nil
        }
        guard text.unicodeScalars.count <= max else {
            fail(.badValue, "\(what) is longer than \(max) characters", node)
            return nil
        }
        guard allowsVariables || !text.contains("${") else {
            fail(.misplacedVariable, "`${…}` is filled in only in herald.yaml and where a secret stands", node, "write the value itself")
            return nil
        }
        return Located(text, node.span)
    }

    /// One line: what stands in a header or a name.
    func line(_ node: Node?, max: Int = 10_000, what: String = "text") -> Located<String>? {
        guard let node, let text = text(node, max: max, what: what) else { return nil }
        guard !text.value.contains(where: \.isNewline) else {
            fail(.badValue, "\(what) is one line, and this has a line break", node)
            return nil
        }
        return text
    }

    func id(_ node: Node?, underscores: Bool = false) -> Located<String>? {
        guard let node, let text = text(node, what: "an id") else { return nil }
        guard Address.isID(text.value, underscores: underscores) else {
            let small = text.value.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
            let proposal = String(String(small).trimmingDashes().prefix(64))
            fail(
                .badValue, "an id is small letters, digits and -, at most 64, and begins with a letter or digit", node,
                Address.isID(proposal) ? "write `\(proposal)`" : nil)
            return nil
        }
        return text
    }

    func boolean(_ node: Node?) -> Located<Bool>? {
        guard let node else { return nil }
        guard node.kind == .boolean else {
            fail(.wrongType, "true or false was expected here, and this is \(node.kindName)", node, "write `true` or `false`")
            return nil
        }
        return Located(node.scalar.lowercased() == "true", node.span)
    }

    func integer(_ node: Node?, _ range: ClosedRange<Int> = 0...Int.max, what: String = "a whole number") -> Located<Int>? {
        guard let node else { return nil }
        guard node.kind == .integer, let value = Int(node.scalar) else {
            fail(.wrongType, "\(what) was expected here", node)
            return nil
        }
        guard range.contains(value) else {
            let limits = range.upperBound == Int.max ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
            fail(.badValue, "\(what) is \(limits) here", node)
            return nil
        }
        return Located(value, node.span)
    }

    /// `N%`, 0 to 100.
    func percent(_ node: Node?) -> Located<Int>? {
        guard let node, let text = text(node, what: "a percentage") else { return nil }
        let digits = text.value.dropLast()
        guard text.value.last == "%", (1...3).contains(digits.utf8.count), digits.utf8.allSatisfy({ 48...57 ~= $0 }), let value = Int(digits),
            value <= 100
        else {
            fail(.badValue, "a percentage is 0% to 100%", node, "write it as `10%`")
            return nil
        }
        return Located(value, node.span)
    }

    func duration(_ node: Node?) -> Located<CalendarDuration>? {
        guard let node, let text = text(node, what: "a duration") else { return nil }
        guard let duration = CalendarDuration(parsing: text.value) else {
            fail(.badValue, "a duration is a number of at least 1 and minutes, hours, days, weeks, months or years", node, "write it as `7 days`")
            return nil
        }
        return Located(duration, node.span)
    }

    func day(_ node: Node?) -> Located<Day>? {
        guard let node, let text = text(node, what: "a date") else { return nil }
        guard let day = Day(parsing: text.value) else {
            fail(.badValue, "a date is written YYYY-MM-DD and must exist", node, "write it as `2027-03-01`")
            return nil
        }
        return Located(day, node.span)
    }

    func localTime(_ node: Node?) -> Located<LocalTime>? {
        guard let node, let text = text(node, what: "a local time") else { return nil }
        guard text.value.utf8.count == 16, let time = LocalTime(parsing: text.value) else {
            fail(.badValue, "a local time is written YYYY-MM-DD HH:MM, without a zone", node, "write it as `2027-03-01 09:00`")
            return nil
        }
        return Located(time, node.span)
    }

    /// `HH:MM` as minutes after midnight.
    func clock(_ node: Node?) -> Int? {
        guard let node, let text = text(node, what: "a time of day") else { return nil }
        guard text.value.utf8.count == 5, let time = LocalTime(parsing: "2000-01-01 " + text.value) else {
            fail(.badValue, "a time of day is written HH:MM", node, "write it as `20:00`")
            return nil
        }
        return Int(time.microsecond / 60_000_000)
    }

    func choice<Choice: RawRepresentable & CaseIterable>(_ node: Node?, _ type: Choice.Type) -> Located<Choice>? where Choice.RawValue == String {
        guard let node else { return nil }
        let words = Choice.allCases.map(\.rawValue)
        guard node.isScalar, node.kind != .null, let value = Choice(rawValue: node.scalar) else {
            fail(
                .badValue, "this is one of \(words.joined(separator: ", "))", node,
                nearest(to: node.scalar, among: words).map { "did you mean `\($0)`?" })
            return nil
        }
        return Located(value, node.span)
    }

    func list(_ node: Node?, what: String) -> [Node] {
        guard let node else { return [] }
        guard node.kind == .list else {
            fail(.wrongType, "a list of \(what) was expected here, and this is \(node.kindName)", node, "write `[…]`, or one on each line after `- `")
            return []
        }
        return node.elements
    }

    func texts(_ node: Node?, what: String, max: Int = 10_000) -> [Located<String>] { list(node, what: what).compactMap { line($0, max: max, what: what) } }

    func ids(_ node: Node?, what: String) -> [Located<String>] { list(node, what: what).compactMap { id($0) } }

    /// A relative path inside the workspace.
    func path(_ node: Node?) -> Located<String>? {
        guard let node, let text = line(node, max: 1_000, what: "a path") else { return nil }
        guard !text.value.split(separator: "/", omittingEmptySubsequences: false).contains(".."), !text.value.contains("\\") else {
            fail(.badValue, "a path stays inside the workspace and uses /", node)
            return nil
        }
        return text
    }

    /// An address that a sender may have.
    func email(_ node: Node?) -> Located<String>? {
        guard let node, let text = line(node, max: 254, what: "an email address") else { return nil }
        guard EmailAddress(text.value) != nil, !text.value.contains(" ") else {
            fail(.badValue, "this is no email address", node, "write it as `name@domain`")
            return nil
        }
        return text
    }

    /// An absolute URL without credentials. `secure`: https, or http towards loopback.
    func url(_ node: Node?, secure: Bool = false) -> Located<String>? {
        guard let node, let text = line(node, max: 2_000, what: "a URL") else { return nil }
        guard let parts = WebAddress(text.value) else {
            fail(.badValue, "this is no URL with http or https and a host", node, "write it as `https://shop.example`")
            return nil
        }
        guard !secure || parts.isSecure || parts.isLoopback else {
            fail(.badValue, "this URL must use https", node, "write `https://\(parts.host)…`")
            return nil
        }
        return text
    }

    /// `${NAME}` or `{file: path}`; a literal is never shown.
    func secret(_ node: Node?) -> Secret? {
        guard let node else { return nil }
        if node.kind == .map {
            let entries = node.entries
            if entries.count == 1, entries[0].key.scalar == "file", let path = line(entries[0].value, what: "a path") { return .file(path.value) }
            fail(.wrongType, "a secret is `${NAME}` or `{file: path}`", node, showsLine: false)
            return nil
        }
        let text = node.scalar
        let name = text.dropFirst(2).dropLast()
        let isName = name.utf8.allSatisfy { 65...90 ~= $0 || 97...122 ~= $0 || 48...57 ~= $0 || $0 == 95 }
        guard node.isScalar, text.hasPrefix("${"), text.hasSuffix("}"), !name.isEmpty, isName else {
            fail(
                .secretLiteral, "a secret never stands in a file", node, "write `${NAME}` for a variable of that name, or `{file: path}`",
                showsLine: false)
            return nil
        }
        return .environment(String(name))
    }
}

extension String {
    fileprivate func trimmingDashes() -> String {
        let body = drop { $0 == "-" }
        guard let end = body.lastIndex(where: { $0 != "-" }) else { return "" }
        return String(body[...end])
    }
}
