import HeraldModel

/// Links as they are, without the entities of HTML: literal text with values between.
enum LinkText {
    /// Where the next link begins in a text.
    static func start(in text: Substring) -> Substring.Index? {
        var from = text.startIndex
        while let found = text[from...].firstIndex(where: { $0 == "h" || $0 == "H" }) {
            let small = text[found...].prefix(8).lowercased()
            let isWord = found > text.startIndex && text[text.index(before: found)].isLetter
            if !isWord, small.hasPrefix("https://") || small.hasPrefix("http://") { return found }
            from = text.index(after: found)
        }
        return nil
    }

    /// The host in small letters; nil where it is no http link, or its host is not written out.
    static func host(of link: [Piece]) -> String? {
        guard case .literal(let start)? = link.first, let authority = authority(start) else { return nil }
        let isWhole = link.count == 1 || authority.endIndex < start.endIndex
        guard isWhole, !authority.isEmpty, !authority.contains("@") else { return nil }
        return authority.lowercased().split(separator: ":").first.map(String.init)
    }

    /// Whether a person's value may follow: behind the host, so that nobody's record decides where a link leads.
    static func mayHoldValue(after link: [Piece]) -> Bool {
        guard case .literal(let start)? = link.first else { return false }
        let small = start.prefix(7).lowercased()
        if small == "mailto:" { return start.contains("?") }
        guard let authority = authority(start) else { return false }
        return authority.endIndex < start.endIndex && !authority.isEmpty
    }

    /// What stands between `://` and the next `/`, `?` or `#`.
    private static func authority(_ text: String) -> Substring? {
        let small = text.prefix(8).lowercased()
        guard let length = small.hasPrefix("https://") ? 8 : small.hasPrefix("http://") ? 7 : nil else { return nil }
        return text.dropFirst(length).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    }

    /// The link for a reviewer: `{contact.city}` where a value goes.
    static func shown(_ link: [Piece], _ schema: TemplateSchema) -> String {
        link.map { piece -> String in
            switch piece {
            case .literal(let text): text
            case .value(let expression, _): "{\(Canonical.operand(expression.operand, schema))}"
            case .choice, .loop, .gap: ""
            }
        }.joined()
    }
}

/// Adds campaign parameters to links that lead to declared sites.
enum LinkTagging {
    static func tag(_ link: [Piece], _ tags: LinkTags, id: String) -> [Piece] {
        guard let host = LinkText.host(of: link), tags.hosts.contains(host) else { return link }
        let written = link.map { if case .literal(let text) = $0 { text } else { "\u{FFFC}" } }.joined().prefix { $0 != "#" }
        let query = written.firstIndex(of: "?").map { written[$0...].dropFirst() }
        let names = Set((query ?? "").split(separator: "&").map { $0.prefix { $0 != "=" } })
        let parameters = [("utm_source", tags.source), ("utm_medium", tags.medium), ("utm_campaign", tags.campaign), ("utm_content", id)]
            .filter { !names.contains(Substring($0.0)) }
            .map { "\($0.0)=\(URLText.escaped($0.1))" }
        guard !parameters.isEmpty else { return link }
        let joint = query == nil ? "?" : written.hasSuffix("?") || written.hasSuffix("&") ? "" : "&"
        let added = joint + parameters.joined(separator: "&")
        // Before the fragment, which stands in a literal: in values it is encoded.
        var result: [Piece] = []
        var isAdded = false
        for piece in link {
            if !isAdded, case .literal(let text) = piece, let fragment = text.firstIndex(of: "#") {
                result.append(text: text[..<fragment] + added + text[fragment...])
                isAdded = true
            } else if case .literal(let text) = piece {
                result.append(text: text)
            } else {
                result.append(piece)
            }
        }
        if !isAdded { result.append(text: added) }
        return result
    }
}
