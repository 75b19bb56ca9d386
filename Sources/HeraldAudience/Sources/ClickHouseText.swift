import HeraldModel

/// How names and texts are spelled in ClickHouse, and how it writes cells in the format TabSeparated.
enum ClickHouseText {
    /// An identifier, whatever characters it has.
    static func quoted(_ name: String) -> String { escaped(name, "`") }

    /// A text, whatever characters it has. ClickHouse 18 has no parameters, so every text of a condition goes through here.
    static func literal(_ text: String) -> String { escaped(text, "'") }

    private static func escaped(_ text: String, _ quote: Unicode.Scalar) -> String {
        var result = String.UnicodeScalarView()
        result.append(quote)
        for scalar in text.unicodeScalars {
            switch scalar {
            case quote, "\\": result.append(contentsOf: ["\\", scalar])
            case "\0": result.append(contentsOf: "\\0".unicodeScalars)
            case "\n": result.append(contentsOf: "\\n".unicodeScalars)
            case "\r": result.append(contentsOf: "\\r".unicodeScalars)
            case "\t": result.append(contentsOf: "\\t".unicodeScalars)
            default: result.append(scalar)
            }
        }
        result.append(quote)
        return String(result)
    }

    /// What stands for an escaped byte; nil where nothing is escaped so.
    static func unescaped(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "b"): 8
        case UInt8(ascii: "f"): 12
        case UInt8(ascii: "n"): 10
        case UInt8(ascii: "r"): 13
        case UInt8(ascii: "t"): 9
        case UInt8(ascii: "0"): 0
        case UInt8(ascii: "'"), UInt8(ascii: "\\"): byte
        default: nil
        }
    }

    /// The texts of an array (`['DE','it\'s',NULL]`), or nil where it is written otherwise.
    static func elements(_ bytes: CellBytes) -> [String]? {
        guard bytes.count >= 2, bytes[0] == UInt8(ascii: "["), bytes[bytes.count - 1] == UInt8(ascii: "]") else { return nil }
        var found: [String] = []
        var at = 1
        let end = bytes.count - 1
        while at < end {
            if bytes[at] == UInt8(ascii: "'") {
                var part: [UInt8] = []
                at += 1
                while at < end, bytes[at] != UInt8(ascii: "'") {
                    if bytes[at] == UInt8(ascii: "\\") {
                        at += 1
                        guard at < end, let byte = unescaped(bytes[at]) else { return nil }
                        part.append(byte)
                    } else {
                        part.append(bytes[at])
                    }
                    at += 1
                }
                guard at < end else { return nil }
                at += 1
                guard let text = String(validating: part, as: UTF8.self) else { return nil }
                found.append(text)
            } else {
                guard at + 4 <= end, CellBytes(rebasing: bytes[at..<at + 4]).elementsEqual("NULL".utf8) else { return nil }
                at += 4
            }
            guard at == end || bytes[at] == UInt8(ascii: ",") else { return nil }
            at += 1
        }
        return found
    }
}
