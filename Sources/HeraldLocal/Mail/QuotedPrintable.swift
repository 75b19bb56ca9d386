/// Text as quoted-printable (RFC 2045, 6.7), in lines of at most 76 characters that end with CRLF.
enum QuotedPrintable {
    private static let longest = 76
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// Appends `text`. Its line breaks (LF, CR or CRLF) become those of mail; NUL, which no text may have, is dropped.
    static func append(_ text: String, to mail: inout [UInt8]) {
        var text = text
        text.withUTF8 { append($0, to: &mail) }
    }

    private static func append(_ bytes: UnsafeBufferPointer<UInt8>, to mail: inout [UInt8]) {
        var column = 0
        var index = 0
        while index < bytes.count {
            // Most of a mail stands for itself. What begins a line, or ends one, is looked at more closely.
            if column > 0 {
                let limit = min(bytes.count, index + longest - 1 - column)
                var end = index
                while end < limit, standsForItself(bytes[end]) { end += 1 }
                while end > index, isBlank(bytes[end - 1]) { end -= 1 }
                if end > index {
                    mail += bytes[index..<end]
                    column += end - index
                    index = end
                    continue
                }
            }
            let byte = bytes[index]
            index += 1
            switch byte {
            case 0: continue
            case UInt8(ascii: "\r"), UInt8(ascii: "\n"):
                if byte == UInt8(ascii: "\r"), index < bytes.count, bytes[index] == UInt8(ascii: "\n") { index += 1 }
                mail.append(UInt8(ascii: "\r"))
                mail.append(UInt8(ascii: "\n"))
                column = 0
                continue
            default: break
            }
            var stands = standsForItself(byte) && !(isBlank(byte) && endsLine(bytes, index))
            // A line that goes on needs room for its `=`.
            if column + (stands ? 1 : 3) > longest - 1 {
                mail += [UInt8(ascii: "="), UInt8(ascii: "\r"), UInt8(ascii: "\n")]
                column = 0
            }
            if column == 0, isUnsafeAtStart(bytes, index - 1) { stands = false }
            if stands {
                mail.append(byte)
                column += 1
            } else {
                mail.append(UInt8(ascii: "="))
                mail.append(digits[Int(byte >> 4)])
                mail.append(digits[Int(byte & 15)])
                column += 3
            }
        }
    }

    private static func standsForItself(_ byte: UInt8) -> Bool { (32...126 ~= byte && byte != UInt8(ascii: "=")) || byte == UInt8(ascii: "\t") }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    private static func endsLine(_ bytes: UnsafeBufferPointer<UInt8>, _ next: Int) -> Bool {
        next == bytes.count || bytes[next] == UInt8(ascii: "\r") || bytes[next] == UInt8(ascii: "\n")
    }

    /// A lone dot ends a mail in SMTP, and `From ` begins one in mailboxes (RFC 2049, 3): careless software on the way takes them so.
    private static func isUnsafeAtStart(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        bytes[index] == UInt8(ascii: ".") || (bytes[index] == UInt8(ascii: "F") && bytes[index...].starts(with: "From ".utf8))
    }
}
