import HeraldDigest

/// Free text in headers: one line of it, folded, and as encoded words (RFC 2047) where it is not plain ASCII. Whatever stands in it, it stays in its header.
enum HeaderText {
    private static let longest = 76

    /// One line: line breaks and tabs become spaces; other controls, and marks that turn the direction of text, are dropped.
    static func line(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x09...0x0D, 0x85, 0x2028, 0x2029: result.append(" ")
            case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: continue
            default: result.append(scalar)
            }
        }
        return String(result).trimmed
    }

    /// A header of unstructured text, such as the subject, without its CRLF.
    static func unstructured(_ name: String, _ text: String) -> String {
        let text = line(text)
        guard !text.isEmpty else { return name + ":" }
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard isASCII(text), !looksEncoded(text), words.allSatisfy({ 1...60 ~= $0.utf8.count }) else {
            return name + ": " + encoded(text, column: name.utf8.count + 2)
        }
        var (result, column) = (name + ":", name.utf8.count + 1)
        for word in words {
            if column + 1 + word.utf8.count > longest {
                result += "\r\n"
                column = 0
            }
            result += " " + word
            column += 1 + word.utf8.count
        }
        return result
    }

    /// A header that names one person: `name` is shown, mails go to `address`. Without its CRLF.
    static func mailbox(_ field: String, _ name: String, _ address: MailAddress) -> String {
        let name = line(name)
        guard !name.isEmpty else { return "\(field): \(address.text)" }
        let start = "\(field): " + phrase(name, column: field.utf8.count + 2)
        let column = start.utf8.split(separator: UInt8(ascii: "\n")).last?.count ?? 0
        return start + (column + address.text.utf8.count + 3 > longest ? "\r\n" : "") + " <\(address.text)>"
    }

    private static func phrase(_ name: String, column: Int) -> String {
        guard isASCII(name), !looksEncoded(name), name.utf8.count <= 60 else { return encoded(name, column: column) }
        let words = name.split(separator: " ", omittingEmptySubsequences: false)
        return words.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(MailAddress.isAtom) } ? name : MailAddress.quoted(name)
    }

    /// Encoded words of at most 75 characters, none of which ends within a character, in lines of at most 76.
    private static func encoded(_ text: String, column: Int) -> String {
        let (head, tail) = ("=?UTF-8?B?", "?=")
        func room(_ column: Int) -> Int { (min(longest - column, 75) - head.utf8.count - tail.utf8.count) / 4 * 3 }
        var words: [String] = []
        var word: [UInt8] = []
        for scalar in text.unicodeScalars {
            let bytes = UTF8.encode(scalar).map(Array.init) ?? []
            if word.count + bytes.count > room(words.isEmpty ? column : 1) {
                words.append(head + Base64.encode(word) + tail)
                word = []
            }
            word += bytes
        }
        words.append(head + Base64.encode(word) + tail)
        return words.joined(separator: "\r\n ")
    }

    private static func isASCII(_ text: String) -> Bool { text.utf8.allSatisfy { $0 < 0x80 } }

    /// What a reader would decode although nobody encoded it.
    private static func looksEncoded(_ text: String) -> Bool { text.contains("=?") }
}

extension String {
    fileprivate var trimmed: String {
        let isSpace: (Unicode.Scalar) -> Bool = { $0.properties.isWhitespace }
        guard let first = unicodeScalars.firstIndex(where: { !isSpace($0) }), let last = unicodeScalars.lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(unicodeScalars[first...last])
    }
}
