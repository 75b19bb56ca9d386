import HeraldModel

extension Rule {
    static let unsafeHTML = Rule("template-unsafe")
    static let relativeLink = Rule("template-relative-link", .warning)
}

/// What has no place in a mail, wherever it stands: scripts in all their forms, and what brings in other documents.
struct HTMLSafety {
    let diagnostics: Diagnostics

    private func refuse(_ message: String, _ part: TemplatePart) {
        diagnostics.report(.unsafeHTML, message, at: part.span, suggestion: "delete it")
    }

    /// Elements that run programs, bring in other documents, or read their content by rules of their own.
    private static let elements: Set<String> = [
        "script", "noscript", "iframe", "frame", "frameset", "noframes", "object", "embed", "applet", "base", "svg", "math", "template", "textarea", "xmp", "noembed",
        "plaintext", "portal",
    ]

    func check(element: String, at name: TemplatePart) {
        if HTMLSafety.elements.contains(element) { refuse("<\(element)> has no place in a mail", name) }
    }

    func check(attribute: String, at name: TemplatePart) {
        if attribute.hasPrefix("on") { refuse("event handlers such as `\(attribute)` have no place in a mail", name) }
    }

    /// - Parameters:
    ///   - value: what the attribute holds, without entities.
    ///   - isLink: whether people follow it.
    func check(value: [Piece], of attribute: String, isLink: Bool, at start: TemplatePart) {
        guard case .literal(let text)? = value.first else { return }
        // White space and control characters do not keep browsers from reading an address.
        let plain = text.lowercased().unicodeScalars.filter { $0.value > 0x20 && $0.value != 0x7F }
        let address = String(String.UnicodeScalarView(plain))
        let isScript = ["javascript:", "vbscript:"].contains(where: address.hasPrefix) || (attribute == "style" && address.contains("javascript:"))
        let isImage = attribute == "src" && ["png", "gif", "jpeg", "jpg", "webp"].contains { address.hasPrefix("data:image/" + $0) }
        if isScript {
            refuse("a link may not run a script", start)
        } else if HTMLPlaces.urlAttributes.contains(attribute), address.hasPrefix("data:"), !isImage {
            refuse("a `data:` link has no place in a mail", start)
        } else if isLink, !address.isEmpty, !address.hasPrefix("#"), !address.prefix(while: { !"/?#".contains($0) }).contains(":") {
            diagnostics.report(
                .relativeLink, "this link leads nowhere in a mail, which has no page that it is relative to", at: start.span,
                suggestion: "write it whole, as https://…")
        }
    }
}
