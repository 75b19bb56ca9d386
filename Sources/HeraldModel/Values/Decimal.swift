/// An exact decimal number: `coefficient` × 10^−`scale`. Equal numbers are equal whatever their scale (2 is 2.0).
///
/// A source's number has at most `maximumDigits` digits; sums may grow to what 128 bits hold, and report when they would not.
package struct Decimal: Sendable, BitwiseCopyable, Hashable, Comparable, CustomStringConvertible {
    package static let maximumDigits = 28

    // Kept as two words: an Int128 inside an enum is loaded from unaligned memory by Swift 6.3's unoptimised code, which crashes.
    private let high: Int64
    private let low: UInt64
    package let scale: UInt8

    package var coefficient: Int128 { Int128(_low: low, _high: high) }

    /// Trailing zeros of the fraction are dropped, so that one number has one form.
    package init(coefficient: Int128, scale: UInt8 = 0) {
        if let small = Int64(exactly: coefficient) {
            // 128-bit division is far slower.
            var (c, s) = (small, scale)
            while s > 0, c % 10 == 0 { (c, s) = (c / 10, s - 1) }
            (high, low, self.scale) = (c >> 63, UInt64(bitPattern: c), s)
            return
        }
        var (c, s) = (coefficient, scale)
        while s > 0, c % 10 == 0 { (c, s) = (c / 10, s - 1) }
        high = c._high
        low = c._low
        self.scale = s
    }

    package init(_ integer: Int64) { self.init(coefficient: Int128(integer)) }

    /// Reads `-12.50`: an optional sign, digits, and optionally a point with digits. No exponent, no grouping, no spaces; nil otherwise, or beyond
    /// `maximumDigits`, of which zeros at the end of a fraction are none.
    package init?(parsing text: some StringProtocol) {
        var (digits, fraction) = (0, 0)
        // Zeros of the fraction that no other digit has followed yet.
        var zeros = 0
        var coefficient: Int128 = 0
        var (negative, sawPoint, sawDigit, first) = (false, false, false, true)
        for byte in text.utf8 {
            defer { first = false }
            switch byte {
            case UInt8(ascii: "-") where first: negative = true
            case UInt8(ascii: "+") where first: break
            case UInt8(ascii: ".") where sawDigit && !sawPoint: sawPoint = true
            case UInt8(ascii: "0") where sawPoint: zeros += 1
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                sawDigit = true
                let added = zeros + 1
                zeros = 0
                if coefficient != 0 { digits += added } else if byte != UInt8(ascii: "0") { digits += 1 }
                if sawPoint { fraction += added }
                guard digits <= Decimal.maximumDigits, fraction <= Decimal.maximumDigits else { return nil }
                coefficient = coefficient * Decimal.powerOfTen(UInt8(added)) + Int128(byte - UInt8(ascii: "0"))
            default: return nil
            }
        }
        guard sawDigit, !sawPoint || fraction + zeros > 0 else { return nil }
        self.init(coefficient: negative ? -coefficient : coefficient, scale: UInt8(fraction))
    }

    package static func < (left: Decimal, right: Decimal) -> Bool { compare(left, right) < 0 }

    /// −1, 0 or 1, exactly: both sides are scaled to the same power of ten in 256 bits.
    package static func compare(_ left: Decimal, _ right: Decimal) -> Int {
        let shared = max(left.scale, right.scale)
        let a = left.coefficient.multipliedFullWidth(by: powerOfTen(shared - left.scale))
        let b = right.coefficient.multipliedFullWidth(by: powerOfTen(shared - right.scale))
        if a.high != b.high { return a.high < b.high ? -1 : 1 }
        return a.low == b.low ? 0 : a.low < b.low ? -1 : 1
    }

    /// The exact sum, or nil where it does not fit 128 bits.
    package func adding(_ other: Decimal) -> Decimal? {
        let shared = max(scale, other.scale)
        let (a, aOver) = coefficient.multipliedReportingOverflow(by: Decimal.powerOfTen(shared - scale))
        let (b, bOver) = other.coefficient.multipliedReportingOverflow(by: Decimal.powerOfTen(shared - other.scale))
        let (sum, over) = a.addingReportingOverflow(b)
        return aOver || bOver || over ? nil : Decimal(coefficient: sum, scale: shared)
    }

    /// The exact product with a whole number, or nil where it does not fit 128 bits.
    package func multiplied(by factor: Int64) -> Decimal? {
        let (product, over) = coefficient.multipliedReportingOverflow(by: Int128(factor))
        return over ? nil : Decimal(coefficient: product, scale: scale)
    }

    /// The shortest form without an exponent, such as `-0.5`.
    package var description: String {
        var digits = String(coefficient.magnitude)
        if scale > 0 {
            if digits.count <= Int(scale) { digits = String(repeating: "0", count: Int(scale) + 1 - digits.count) + digits }
            digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -Int(scale)))
        }
        return coefficient < 0 ? "-" + digits : digits
    }

    /// 10 to the `exponent`, which is at most 38.
    package static func powerOfTen(_ exponent: UInt8) -> Int128 { powers[Int(exponent)] }

    private static let powers: [Int128] = (0..<38).reduce(into: [1]) { powers, _ in powers.append((powers.last ?? 1) * 10) }
}

/// Adds decimals exactly, many of them quickly: the sum is not brought to its shortest form each time.
package struct DecimalSum: Sendable {
    private var high: Int64 = 0
    private var low: UInt64 = 0
    private var scale: UInt8 = 0

    package init() {}

    private var coefficient: Int128 {
        get { Int128(high) << 64 | Int128(low) }
        set { (high, low) = (Int64(truncatingIfNeeded: newValue >> 64), UInt64(truncatingIfNeeded: newValue)) }
    }

    package var value: Decimal { Decimal(coefficient: coefficient, scale: scale) }

    /// False where the sum would not fit 128 bits; it is then what it was.
    package mutating func add(_ number: Decimal) -> Bool {
        if number.scale <= scale {
            let (scaled, isOver) = number.coefficient.multipliedReportingOverflow(by: Decimal.powerOfTen(scale - number.scale))
            let (sum, isSumOver) = coefficient.addingReportingOverflow(scaled)
            if !isOver, !isSumOver {
                coefficient = sum
                return true
            }
        }
        guard let sum = value.adding(number) else { return false }
        coefficient = sum.coefficient
        scale = sum.scale
        return true
    }
}
