import HeraldModel

/// How values are written in cells. Strict: what could mean two things is not a value, and the column it stands in is text.
enum CellSyntax {
    /// `true` and `false` in any case. `1`, `0`, `yes` and `no` are not taken for booleans where nobody said so.
    static func boolean(_ cell: CellBytes) -> Bool? {
        if spells(cell, "true") { return true }
        return spells(cell, "false") ? false : nil
    }

    /// What a column that was declared boolean may hold: also `1` and `0`.
    static func declaredBoolean(_ cell: CellBytes) -> Bool? {
        if cell.count == 1, cell[0] == UInt8(ascii: "1") || cell[0] == UInt8(ascii: "0") { return cell[0] == UInt8(ascii: "1") }
        return boolean(cell)
    }

    /// An optional minus and digits without a leading zero, within 64 bits.
    static func integer(_ cell: CellBytes) -> Int64? {
        guard let digits = wholeDigits(cell), digits.end == cell.count else { return nil }
        var value: Int64 = 0
        for index in digits.start..<digits.end {
            let (product, over) = value.multipliedReportingOverflow(by: 10)
            let digit = Int64(cell[index] &- 48)
            let (sum, overAgain) = digits.start == 0 ? product.addingReportingOverflow(digit) : product.subtractingReportingOverflow(digit)
            guard !over, !overAgain else { return nil }
            value = sum
        }
        return value
    }

    /// An optional minus, digits without a leading zero, and optionally a point with digits; at most 28 digits.
    static func decimal(_ cell: CellBytes) -> Decimal? {
        if let short = shortDecimal(cell) { return Decimal(coefficient: Int128(short.coefficient), scale: UInt8(short.scale)) }
        guard cell.count > 18, let digits = wholeDigits(cell) else { return nil }
        if digits.end < cell.count {
            guard cell[digits.end] == UInt8(ascii: "."), digits.end + 1 < cell.count, cell[(digits.end + 1)...].allSatisfy({ $0 &- 48 < 10 }) else { return nil }
        }
        return Decimal(parsing: String(decoding: cell, as: UTF8.self))
    }

    /// A decimal of at most eighteen characters, which fits 64 bits; 128-bit arithmetic is far slower. Nil also where it is longer.
    static func shortDecimal(_ cell: CellBytes) -> (coefficient: Int64, scale: Int)? {
        guard cell.count <= 18, let digits = wholeDigits(cell) else { return nil }
        var value: Int64 = 0
        for index in digits.start..<digits.end { value = value * 10 + Int64(cell[index] &- 48) }
        var scale = 0
        if digits.end < cell.count {
            guard cell[digits.end] == UInt8(ascii: "."), digits.end + 1 < cell.count else { return nil }
            for index in (digits.end + 1)..<cell.count {
                let digit = cell[index] &- 48
                guard digit < 10 else { return nil }
                value = value * 10 + Int64(digit)
            }
            scale = cell.count - digits.end - 1
        }
        return (digits.start == 0 ? value : -value, scale)
    }

    /// The range of the digits before a point; nil where there are none, or a zero stands before them. `-0` alone is not a number.
    private static func wholeDigits(_ cell: CellBytes) -> (start: Int, end: Int)? {
        let start = cell.first == UInt8(ascii: "-") ? 1 : 0
        var end = start
        while end < cell.count, cell[end] &- 48 < 10 { end += 1 }
        guard end > start, cell[start] != 48 || end == start + 1 else { return nil }
        return start == 1 && cell.count == 2 && cell[1] == 48 ? nil : (start, end)
    }

    /// `YYYY-MM-DD` at the start of the cell.
    private static func leadingDay(_ cell: CellBytes) -> Day? {
        guard cell.count >= 10, cell[4] == UInt8(ascii: "-"), cell[7] == UInt8(ascii: "-"), let century = two(cell, 0),
            let year = two(cell, 2), let month = two(cell, 5), let day = two(cell, 8)
        else { return nil }
        return Day(year: century * 100 + year, month: month, day: day)
    }

    /// `YYYY-MM-DD` and nothing else.
    static func isoDate(_ cell: CellBytes) -> Day? { cell.count == 10 ? leadingDay(cell) : nil }

    /// A day, then `T` or a space, hours and minutes, optionally seconds with a fraction, optionally `Z` or an offset
    /// (`+01:00`, `+0100`, `+01`, a space may stand before it). Beyond microseconds the fraction is cut.
    static func isoDateTime(_ cell: CellBytes) -> (local: LocalTime, offset: Int?)? {
        guard cell.count >= 16, let day = leadingDay(cell), cell[10] == UInt8(ascii: "T") || cell[10] == UInt8(ascii: " "),
            cell[13] == UInt8(ascii: ":"), let hour = two(cell, 11), hour < 24, let minute = two(cell, 14), minute < 60
        else { return nil }
        var second = 0
        var fraction = 0
        var at = 16
        if at < cell.count, cell[at] == UInt8(ascii: ":") {
            guard let read = two(cell, at + 1), read < 60 else { return nil }
            second = read
            at += 3
            if at < cell.count, cell[at] == UInt8(ascii: ".") {
                let start = at + 1
                at = start
                var unit = 100_000
                while at < cell.count, cell[at] &- 48 < 10 {
                    fraction += Int(cell[at] &- 48) * unit
                    unit /= 10
                    at += 1
                }
                guard 1...9 ~= at - start else { return nil }
            }
        }
        let local = LocalTime(day: day, microsecond: Int64(hour * 3600 + minute * 60 + second) * 1_000_000 + Int64(fraction))
        if at == cell.count { return (local, nil) }
        guard let offset = offset(cell, from: at) else { return nil }
        return (local, offset)
    }

    /// Seconds east of UTC.
    private static func offset(_ cell: CellBytes, from start: Int) -> Int? {
        var at = start
        if cell[at] == UInt8(ascii: " ") { at += 1 }
        guard at < cell.count else { return nil }
        if cell[at] == UInt8(ascii: "Z") { return at + 1 == cell.count ? 0 : nil }
        guard cell[at] == UInt8(ascii: "+") || cell[at] == UInt8(ascii: "-"), let hours = two(cell, at + 1), hours < 24 else { return nil }
        let sign = cell[at] == UInt8(ascii: "-") ? -1 : 1
        at += 3
        if at == cell.count { return sign * hours * 3600 }
        if cell[at] == UInt8(ascii: ":") { at += 1 }
        guard at + 2 == cell.count, let minutes = two(cell, at), minutes < 60 else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }

    /// Two digits, or nil.
    static func two(_ cell: CellBytes, _ at: Int) -> Int? {
        guard at + 1 < cell.count else { return nil }
        let (tens, ones) = (cell[at] &- 48, cell[at + 1] &- 48)
        return tens < 10 && ones < 10 ? Int(tens) * 10 + Int(ones) : nil
    }

    /// Whether the cell is this word of small letters, in any case.
    static func spells(_ cell: CellBytes, _ word: StaticString) -> Bool {
        guard cell.count == word.utf8CodeUnitCount else { return false }
        return (0..<cell.count).allSatisfy { cell[$0] | 0x20 == word.utf8Start[$0] }
    }

    /// The parts of a many-valued cell, without the white space around them; empty ones are dropped.
    static func parts(_ cell: CellBytes, separator: [UInt8]) -> [Text] {
        var found: [Text] = []
        var (start, at) = (0, 0)
        func close() {
            let part = String(decoding: CellBytes(rebasing: cell[start..<at]), as: UTF8.self).trimmed
            if !part.isEmpty { found.append(Text(part)) }
        }
        while at < cell.count {
            guard !separator.isEmpty, cell[at...].starts(with: separator) else {
                at += 1
                continue
            }
            close()
            at += separator.count
            start = at
        }
        close()
        return found
    }

    /// The parts of a list, likewise.
    static func parts(_ texts: [String]) -> [Text] { texts.map(\.trimmed).filter { !$0.isEmpty }.map { Text($0) } }

    /// The number that a database holds as a binary fraction, as the shortest decimal that means it; nil where that has over 28 digits.
    static func shortestDecimal(_ number: Double) -> Decimal? {
        let text = number.description
        let parts = text.split(separator: "e")
        guard let mantissa = Decimal(parsing: parts[0]) else { return nil }
        let exponent = parts.count > 1 ? Int(parts[1].drop { $0 == "+" }) ?? Int.max : 0
        guard abs(exponent) <= Decimal.maximumDigits else { return nil }
        let scale = Int(mantissa.scale) - exponent
        if scale > Decimal.maximumDigits { return nil }
        if scale >= 0 { return Decimal(coefficient: mantissa.coefficient, scale: UInt8(scale)) }
        let whole = mantissa.coefficient.multipliedReportingOverflow(by: Decimal.powerOfTen(UInt8(-scale)))
        guard !whole.overflow, whole.partialValue.magnitude < Decimal.powerOfTen(28).magnitude else { return nil }
        return Decimal(coefficient: whole.partialValue)
    }
}
