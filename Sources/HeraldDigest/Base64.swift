/// Base64 of RFC 4648, with and without the alphabet for URLs.
package enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let urlAlphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// Without padding where `urlSafe`.
    package static func encode(_ bytes: [UInt8], urlSafe: Bool = false) -> String {
        let letters = urlSafe ? urlAlphabet : alphabet
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let part = Array(bytes[start..<min(start + 3, bytes.count)])
            let bits = UInt32(part[0]) << 16 | (part.count > 1 ? UInt32(part[1]) << 8 : 0) | (part.count > 2 ? UInt32(part[2]) : 0)
            for place in 0..<4 {
                if place <= part.count {
                    text.append(letters[Int(bits >> UInt32(18 - 6 * place) & 63)])
                } else if !urlSafe {
                    text.append(UInt8(ascii: "="))
                }
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Nil where the text is not base64 in the standard alphabet with padding.
    package static func decode(_ text: String) -> [UInt8]? {
        let bytes = Array(text.utf8)
        guard bytes.count % 4 == 0, !bytes.isEmpty else { return nil }
        let padding = bytes.suffix(2).filter { $0 == UInt8(ascii: "=") }.count
        var result: [UInt8] = []
        var bits: UInt32 = 0
        for (index, byte) in bytes.enumerated() {
            if index >= bytes.count - padding {
                bits <<= 6
            } else {
                guard let value = alphabet.firstIndex(of: byte) else { return nil }
                bits = bits << 6 | UInt32(value)
            }
            if index % 4 == 3 {
                result += [UInt8(truncatingIfNeeded: bits >> 16), UInt8(truncatingIfNeeded: bits >> 8), UInt8(truncatingIfNeeded: bits)]
                bits = 0
            }
        }
        return Array(result.dropLast(padding))
    }
}
