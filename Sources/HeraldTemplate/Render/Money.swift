import HeraldModel

/// `1,234.50`: two decimals, half to even, thousands in groups.
enum Money {
    static func text(_ number: Decimal) -> String {
        guard let cents = cents(number) else { return number.description }
        let digits = Array(String(cents.magnitude).utf8)
        let padded = Array(repeating: UInt8(ascii: "0"), count: max(0, 3 - digits.count)) + digits
        var result: [UInt8] = cents < 0 ? [UInt8(ascii: "-")] : []
        for (index, digit) in padded.enumerated() {
            let left = padded.count - index
            if left == 2 { result.append(UInt8(ascii: ".")) } else if index > 0, left > 2, (left - 2) % 3 == 0 { result.append(UInt8(ascii: ",")) }
            result.append(digit)
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Nil where they do not fit 128 bits.
    private static func cents(_ number: Decimal) -> Int128? {
        guard number.scale > 2 else {
            let (cents, isOver) = number.coefficient.multipliedReportingOverflow(by: Decimal.powerOfTen(2 - number.scale))
            return isOver ? nil : cents
        }
        // 10 to the 38th is the last power that fits.
        guard number.scale <= 40 else { return nil }
        let divisor = Decimal.powerOfTen(number.scale - 2)
        let (quotient, remainder) = number.coefficient.quotientAndRemainder(dividingBy: divisor)
        let (rest, half) = (remainder.magnitude, divisor.magnitude / 2)
        let up = rest > half || (rest == half && quotient % 2 != 0)
        return quotient + (up ? number.coefficient.signum() : 0)
    }
}
