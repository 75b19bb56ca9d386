/// The parts of an absolute http or https URL that herald looks at.
package struct WebAddress: Hashable, Sendable {
    package let isSecure: Bool
    /// In small letters, without the port.
    package let host: String

    /// Nil where it is no such URL, has user and password, spaces or control characters.
    package init?(_ text: String) {
        let small = text.lowercased()
        let scheme = small.hasPrefix("https://") ? "https://" : small.hasPrefix("http://") ? "http://" : ""
        guard !scheme.isEmpty, !text.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7F || "<>\"\\^`{|}".unicodeScalars.contains($0) })
        else { return nil }
        let authority = small.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@") else { return nil }
        var host = Substring(authority)
        var port: Substring = ""
        if authority.first == "[" {
            guard let close = authority.firstIndex(of: "]") else { return nil }
            host = authority[...close]
            port = authority[authority.index(after: close)...]
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            port = authority[colon...]
        }
        guard !host.isEmpty, port.isEmpty || (port.first == ":" && (UInt16(port.dropFirst()) ?? 0) > 0) else { return nil }
        guard host.first == "[" || WebAddress.isHost(String(host)) else { return nil }
        isSecure = scheme == "https://"
        self.host = String(host)
    }

    package var isLoopback: Bool { WebAddress.isLoopback(host) }

    /// Whether a host is this machine by its very name: `localhost`, 127.0.0.0/8 or ::1. A name such as `127.0.0.1.shop.example` is not.
    package static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "[::1]" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { 1...3 ~= $0.utf8.count && $0.utf8.allSatisfy { 48...57 ~= $0 } && UInt8($0) != nil }
    }

    /// Labels of letters, digits and -, any script.
    package static func isHost(_ text: String) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        return text.utf8.count <= 253
            && labels.allSatisfy { label in
                1...63 ~= label.utf8.count && label.first != "-" && label.last != "-"
                    && label.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
            }
    }
}
