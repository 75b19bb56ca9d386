import HeraldModel

/// Adds campaign parameters to links that lead to declared sites.
enum LinkTagging {
    /// - Parameter separator: what joins parameters: `&amp;` inside HTML, `&` elsewhere.
    static func tag(_ link: [Piece], _ tags: LinkTags, id: String, separator: String) -> [Piece] {
        guard case .literal(let start)? = link.first, let host = host(of: start), tags.hosts.contains(host) else { return link }
        let written = link.map { if case .literal(let text) = $0 { text } else { "" } }.joined()
        var parameters: [String] = []
        for (name, value) in [("utm_source", tags.source), ("utm_medium", tags.medium), ("utm_campaign", tags.campaign), ("utm_content", id)]
        where !written.contains("?\(name)=") && !written.contains("&\(name)=") && !written.contains(";\(name)=") {
            parameters.append("\(name)=\(URLText.escaped(value))")
        }
        guard !parameters.isEmpty else { return link }
        var result: [Piece] = []
        var hasQuery = false
        var isDone = false
        let query = parameters.joined(separator: separator)
        for piece in link {
            guard !isDone, case .literal(let text) = piece else {
                result.append(piece)
                continue
            }
            let body = text.prefix { $0 != "#" }
            hasQuery = hasQuery || body.contains("?")
            guard body.count < text.count else {
                result.append(piece)
                continue
            }
            let joint = hasQuery ? (body.hasSuffix("?") ? "" : separator) : "?"
            result.append(.literal(body + joint + query + text[body.endIndex...]))
            isDone = true
        }
        if !isDone {
            var joint = hasQuery ? separator : "?"
            if case .literal(let last)? = result.last, last.hasSuffix("?") || last.hasSuffix("&") || last.hasSuffix("&amp;") { joint = "" }
            result.append(.literal(joint + query))
        }
        return result
    }

    static func host(of link: String) -> String? {
        let small = link.lowercased()
        guard let scheme = ["https://", "http://"].first(where: small.hasPrefix) else { return nil }
        let authority = small.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        return authority.isEmpty || authority.contains("@") ? nil : String(authority.split(separator: ":").first ?? "")
    }

    /// The link for a reviewer: `{contact.city}` where a value goes.
    static func shown(_ link: [Piece], _ schema: TemplateSchema) -> String {
        link.map { piece -> String in
            switch piece {
            case .literal(let text): HTMLText.decodeEntities(text)
            case .value(let expression, _):
                switch expression.operand {
                case .column(let index): "{contact.\(schema.columns[index].name)}"
                case .unsubscribe: "{unsubscribe_url}"
                case .view: "{view_url}"
                case .element: "{…}"
                case .text(let text): text
                case .number(let number): number.description
                }
            case .choice, .loop: "{…}"
            }
        }.joined()
    }
}

/// Text inside URLs.
enum URLText {
    /// Percent-encodes everything but unreserved characters.
    static func escaped(_ text: String) -> String {
        var result: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            let isPlain = 48...57 ~= byte || 65...90 ~= byte || 97...122 ~= byte || [45, 46, 95, 126].contains(byte)
            if isPlain { result.append(byte) } else { result += [37, digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
