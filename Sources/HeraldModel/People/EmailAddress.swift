/// The one normal form of an address: trimmed, small letters; +tags and dots are kept.
package struct EmailAddress: Hashable, Sendable {
    package let text: String

    /// Nil where it is no address: one @, a local part of 1 to 64 without spaces, a domain of two or more labels.
    package init?(_ source: String) {
        let trimmed = EmailAddress.trim(source).lowercased()
        let parts = trimmed.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, 1...64 ~= parts[0].utf8.count, parts[1].utf8.count <= 253 else { return nil }
        let forbidden: (Unicode.Scalar) -> Bool = {
            $0.properties.isWhitespace || $0.value < 0x20 || $0.value == 0x7F || "<>(),;:\\\"[]".unicodeScalars.contains($0)
        }
        guard !trimmed.unicodeScalars.contains(where: forbidden) else { return nil }
        let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2,
            labels.allSatisfy({ 1...63 ~= $0.utf8.count && $0.first != "-" && $0.last != "-" })
        else { return nil }
        text = trimmed
    }

    package var domain: String { String(text[text.index(after: text.firstIndex(of: "@") ?? text.startIndex)...]) }

    /// Whether its domain is set aside for examples (RFC 2606, RFC 6761), so that nobody can own it.
    package var isReserved: Bool { EmailAddress.isReservedDomain(domain) }

    package static func isReservedDomain(_ domain: String) -> Bool {
        let labels = domain.lowercased().split(separator: ".").map(String.init)
        guard let last = labels.last else { return false }
        if ["example", "test", "invalid", "localhost"].contains(last) { return true }
        return labels.count >= 2 && labels[labels.count - 2] == "example" && ["com", "net", "org"].contains(last)
    }

    /// `a…@s….example`: the first letter of each side and the last label.
    package var masked: String {
        let local = text.prefix { $0 != "@" }
        let labels = domain.split(separator: ".")
        return "\(local.prefix(1))…@\(labels.first?.prefix(1) ?? "")….\(labels.last ?? "")"
    }

    private static func trim(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }
}
