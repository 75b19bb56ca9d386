/// A keyed digest of a person (HMAC-SHA-256, first 128 bits): tells people apart without telling who they are.
package struct PersonDigest: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// From the first sixteen bytes, most significant first; nil where there are fewer.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count >= 16 else { return nil }
        var (high, low): (UInt64, UInt64) = (0, 0)
        var left = 16
        for byte in bytes {
            if left > 8 { high = high << 8 | UInt64(byte) } else { low = low << 8 | UInt64(byte) }
            left -= 1
            if left == 0 { break }
        }
        self.init(high: high, low: low)
    }

    /// Reads 32 hexadecimal digits.
    package init?(hex: some StringProtocol) {
        guard hex.utf8.count == 32, let high = UInt64(hex.prefix(16), radix: 16), let low = UInt64(hex.suffix(16), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
    }

    package var bytes: [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: high >> (56 - 8 * $0)) } + (0..<8).map { UInt8(truncatingIfNeeded: low >> (56 - 8 * $0)) }
    }

    package static func < (left: PersonDigest, right: PersonDigest) -> Bool { (left.high, left.low) < (right.high, right.low) }

    /// 32 small hexadecimal digits.
    package var description: String { hexadecimal(bytes) }
}

/// Small hexadecimal digits, two a byte.
package func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
    return String(decoding: text, as: UTF8.self)
}
