/// A calendar day of the proleptic Gregorian calendar, as days since 1970-01-01.
package struct Day: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let number: Int32

    package init(number: Int32) { self.number = number }

    /// Nil where there is no such day. Years 1 to 9999.
    package init?(year: Int, month: Int, day: Int) {
        guard 1...9999 ~= year, 1...12 ~= month, 1...Day.length(ofMonth: month, year: year) ~= day else { return nil }
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        number = Int32(era * 146_097 + dayOfEra - 719_468)
    }

    /// Reads `YYYY-MM-DD`, nil for anything else.
    package init?(parsing text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = Day.digits(bytes[0..<4]), let month = Day.digits(bytes[5..<7]), let day = Day.digits(bytes[8..<10])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    package static func digits(_ bytes: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for byte in bytes {
            guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return bytes.isEmpty ? nil : value
    }

    package var parts: (year: Int, month: Int, day: Int) {
        let z = Int(number) + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let mp = (5 * dayOfYear + 2) / 153
        let month = mp < 10 ? mp + 3 : mp - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * mp + 2) / 5 + 1)
    }

    package static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    package static func length(ofMonth month: Int, year: Int) -> Int {
        month == 2 ? (isLeap(year) ? 29 : 28) : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31
    }

    /// ISO 8601: 1 = Monday … 7 = Sunday.
    package var weekday: Int { (Int(number) % 7 + 7 + 3) % 7 + 1 }

    package var dayOfYear: Int { Int(number) - Int(Day(year: parts.year, month: 1, day: 1)?.number ?? 0) + 1 }

    /// ISO 8601 week number, 1 to 53.
    package var isoWeek: Int {
        let thursday = Day(number: number + Int32(4 - weekday))
        return (thursday.dayOfYear - 1) / 7 + 1
    }

    package func adding(days: Int) -> Day { Day(number: number + Int32(clamping: days)) }

    /// Keeps the day of the month, or takes the last of the month. Held within years 1 to 9999.
    package func adding(months: Int) -> Day {
        let (year, month, day) = parts
        let total = year * 12 + month - 1 + months
        let newYear = total >= 12 ? total / 12 : 0
        guard newYear >= 1 else { return Day(year: 1, month: 1, day: 1) ?? self }
        guard newYear <= 9999 else { return Day(year: 9999, month: 12, day: 31) ?? self }
        let newMonth = total % 12 + 1
        return Day(year: newYear, month: newMonth, day: min(day, Day.length(ofMonth: newMonth, year: newYear))) ?? self
    }

    package static func < (left: Day, right: Day) -> Bool { left.number < right.number }

    /// `YYYY-MM-DD`.
    package var description: String {
        let (year, month, day) = parts
        return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2)
    }
}

/// A wall-clock time without a zone, to the microsecond.
package struct LocalTime: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let day: Day
    /// 0 up to (not including) 86,400,000,000.
    package let microsecond: Int64

    package init(day: Day, microsecond: Int64 = 0) {
        self.day = day
        self.microsecond = microsecond
    }

    /// Reads `YYYY-MM-DD HH:MM` or `YYYY-MM-DD HH:MM:SS`, nil for anything else.
    package init?(parsing text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 16 || bytes.count == 19, bytes[10] == UInt8(ascii: " "), bytes[13] == UInt8(ascii: ":"),
            let day = Day(parsing: text.prefix(10)), let hour = Day.digits(bytes[11..<13]), hour < 24,
            let minute = Day.digits(bytes[14..<16]), minute < 60
        else { return nil }
        var second = 0
        if bytes.count == 19 {
            guard bytes[16] == UInt8(ascii: ":"), let read = Day.digits(bytes[17..<19]), read < 60 else { return nil }
            second = read
        }
        self.init(day: day, microsecond: Int64(hour * 3600 + minute * 60 + second) * 1_000_000)
    }

    /// Microseconds since 1970-01-01 00:00 of the same clock.
    package var ticks: Int64 { Int64(day.number) * 86_400_000_000 + microsecond }

    package init(ticks: Int64) {
        let day = ticks >= 0 ? ticks / 86_400_000_000 : (ticks - 86_399_999_999) / 86_400_000_000
        self.init(day: Day(number: Int32(clamping: day)), microsecond: ticks - day * 86_400_000_000)
    }

    package static func < (left: LocalTime, right: LocalTime) -> Bool { left.ticks < right.ticks }

    /// `YYYY-MM-DD HH:MM`, with seconds where they are not zero.
    package var description: String {
        let seconds = Int(microsecond / 1_000_000)
        let clock = padded(seconds / 3600, 2) + ":" + padded(seconds / 60 % 60, 2)
        return "\(day) \(clock)" + (seconds % 60 == 0 ? "" : ":" + padded(seconds % 60, 2))
    }
}

/// A point in time: microseconds since 1970-01-01T00:00:00Z.
package struct Instant: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }

    package init(seconds: Int64) { self.init(microseconds: seconds * 1_000_000) }

    /// Reads RFC 3339, such as `2026-11-24T09:00:00+01:00`; nil for anything else.
    package init?(rfc3339 text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, [0x54, 0x74, 0x20].contains(bytes[10]), bytes[16] == UInt8(ascii: ":"),
            let local = LocalTime(parsing: String(decoding: bytes[0..<10], as: UTF8.self) + " " + String(decoding: bytes[11..<19], as: UTF8.self))
        else { return nil }
        var index = 19
        var fraction: Int64 = 0
        if bytes[index] == UInt8(ascii: ".") {
            index += 1
            let start = index
            while index < bytes.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[index] { index += 1 }
            guard index > start, let digits = Day.digits(bytes[start..<min(index, start + 6)]) else { return nil }
            fraction = Int64(digits)
            for _ in min(index - start, 6)..<6 { fraction *= 10 }
        }
        guard index < bytes.count else { return nil }
        var offset: Int64 = 0
        if bytes[index] | 0x20 != UInt8(ascii: "z") {
            guard bytes.count == index + 6, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-"),
                bytes[index + 3] == UInt8(ascii: ":"), let hours = Day.digits(bytes[index + 1..<index + 3]), hours < 24,
                let minutes = Day.digits(bytes[index + 4..<index + 6]), minutes < 60
            else { return nil }
            offset = Int64(hours * 3600 + minutes * 60) * (bytes[index] == UInt8(ascii: "-") ? -1 : 1)
        } else if bytes.count != index + 1 {
            return nil
        }
        self.init(microseconds: local.ticks + fraction - offset * 1_000_000)
    }

    package func adding(seconds: Int64) -> Instant { Instant(microseconds: microseconds + seconds * 1_000_000) }

    package static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }

    /// RFC 3339 in UTC, to the second: `2026-11-24T08:00:00Z`.
    package var description: String {
        let local = LocalTime(ticks: microseconds)
        let seconds = Int(local.microsecond / 1_000_000)
        return "\(local.day)T\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))Z"
    }
}

/// A number with leading zeros to at least `width` digits.
package func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
