/// How names and lists are spelled in PostgreSQL.
package enum PostgresText {
    /// An identifier, whatever characters it has.
    package static func quoted(_ name: String) -> String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// The texts of an array as PostgreSQL writes it (`{DE,"a \"b\"",NULL}`), or nil where it has several dimensions or is written otherwise.
    package static func elements(_ bytes: UnsafeBufferPointer<UInt8>) -> [String]? {
        guard bytes.count >= 2, bytes[0] == UInt8(ascii: "{"), bytes[bytes.count - 1] == UInt8(ascii: "}") else { return nil }
        var found: [String] = []
        var at = 1
        let end = bytes.count - 1
        while at < end {
            var part: [UInt8] = []
            let isQuoted = bytes[at] == UInt8(ascii: "\"")
            if isQuoted { at += 1 }
            while at < end, bytes[at] != (isQuoted ? UInt8(ascii: "\"") : UInt8(ascii: ",")) {
                if bytes[at] == UInt8(ascii: "{"), !isQuoted { return nil }
                if bytes[at] == UInt8(ascii: "\\") { at += 1 }
                guard at < end else { return nil }
                part.append(bytes[at])
                at += 1
            }
            if isQuoted {
                guard at < end else { return nil }
                at += 1
            }
            guard at == end || bytes[at] == UInt8(ascii: ",") else { return nil }
            at += 1
            let text = String(decoding: part, as: UTF8.self)
            if isQuoted || text != "NULL" { found.append(text) }
        }
        return found
    }

    /// An array of texts, to be bound as one value.
    package static func array(_ texts: some Sequence<String>) -> String {
        "{" + texts.map { text in "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\"" }.joined(separator: ",") + "}"
    }
}
