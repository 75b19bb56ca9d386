import HeraldModel

/// What a connection string of ClickHouse says: `https://user:password@host:8443/database`. It is a secret.
struct ClickHouseAddress {
    let host: String
    /// Without user and password.
    let url: String
    let user: String
    let password: String
    let database: String

    /// Nil where it is no such URL.
    init?(_ text: String) {
        guard let scheme = ["https://", "http://"].first(where: { text.lowercased().hasPrefix($0) }) else { return nil }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let at = authority.lastIndex(of: "@")
        let place = at.map { authority[authority.index(after: $0)...] } ?? authority[...]
        let login = (at.map { authority[..<$0] } ?? "").split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        // Checks host and port.
        guard let address = WebAddress(scheme + place) else { return nil }
        host = address.host
        let hasPort = place.last != "]" && place.contains(":")
        url = scheme + place + (hasPort ? "" : scheme == "https://" ? ":8443" : ":8123") + "/"
        var path = rest.dropFirst(authority.count)
        var database = "default"
        if path.first == "/" {
            let name = path.dropFirst().prefix { $0 != "?" && $0 != "/" && $0 != "#" }
            if !name.isEmpty {
                guard let decoded = ClickHouseAddress.decoded(name) else { return nil }
                database = decoded
            }
            path = path.dropFirst(1 + name.count)
            if path.first == "/" { path = path.dropFirst() }
        }
        if path.hasPrefix("?database="), let decoded = ClickHouseAddress.decoded(path.dropFirst(10)) {
            database = decoded
        } else if !path.isEmpty {
            return nil
        }
        guard let user = ClickHouseAddress.decoded(login.first ?? ""), let password = ClickHouseAddress.decoded(login.count > 1 ? login[1] : "") else { return nil }
        self.user = user.isEmpty ? "default" : user
        self.password = password
        self.database = database
    }

    /// Percent-decoded; nil where it is not UTF-8 then, or has control characters.
    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        let utf8 = Array(text.utf8)
        var at = 0
        while at < utf8.count {
            if utf8[at] == UInt8(ascii: "%"), at + 2 < utf8.count, let byte = UInt8(String(decoding: utf8[(at + 1)...(at + 2)], as: UTF8.self), radix: 16) {
                bytes.append(byte)
                at += 3
            } else {
                bytes.append(utf8[at])
                at += 1
            }
        }
        guard !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    /// As a value in a URL.
    static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
