extension Zone {
    /// Reads a TZif file of version 2 or later; nil where the bytes are not one.
    ///
    /// Its footer, a POSIX rule such as `CET-1CEST,M3.5.0,M10.5.0/3`, is spelled out up to the year 2200.
    package init?(identifier: String, tzif bytes: [UInt8]) {
        guard let first = TZifHeader(bytes, at: 0), first.version >= UInt8(ascii: "2"),
            let header = TZifHeader(bytes, at: TZifHeader.size + first.bodySize(timeSize: 4))
        else { return nil }
        let body = header.start + TZifHeader.size
        guard bytes.count >= body + header.bodySize(timeSize: 8) else { return nil }
        let types = body + header.transitionCount * 8
        let infos = types + header.transitionCount
        func integer(_ at: Int, _ size: Int) -> Int64 {
            var value: UInt64 = bytes[at] & 0x80 == 0 ? 0 : .max
            for byte in bytes[at..<at + size] { value = value << 8 | UInt64(byte) }
            return Int64(bitPattern: value)
        }
        var transitions: [Int64] = []
        var offsets: [Int32] = [Int32(truncatingIfNeeded: integer(infos, 4))]
        for index in 0..<header.transitionCount {
            let type = Int(bytes[types + index])
            guard type < header.typeCount else { return nil }
            transitions.append(integer(body + index * 8, 8))
            offsets.append(Int32(truncatingIfNeeded: integer(infos + type * 6, 4)))
        }
        let footer = bytes[(body + header.bodySize(timeSize: 8))...].split(separator: 0x0A).first ?? []
        if let rule = PosixRule(String(decoding: footer, as: UTF8.self)) {
            if transitions.isEmpty { offsets = [rule.standard] }
            for (at, offset) in rule.transitions(years: 1970...2200) where at > (transitions.last ?? .min) {
                transitions.append(at)
                offsets.append(offset)
            }
        }
        self.init(identifier: identifier, transitions: transitions, offsets: offsets)
    }
}

private struct TZifHeader {
    static let size = 44
    let start: Int
    let version: UInt8
    let counts: [Int]

    init?(_ bytes: [UInt8], at start: Int) {
        guard bytes.count >= start + TZifHeader.size, bytes[start..<start + 4].elementsEqual("TZif".utf8) else { return nil }
        self.start = start
        version = bytes[start + 4]
        counts = (0..<6).map { field in
            bytes[(start + 20 + field * 4)..<(start + 24 + field * 4)].reduce(0) { $0 << 8 | Int($1) }
        }
        guard counts[4] > 0 else { return nil }
    }

    var transitionCount: Int { counts[3] }
    var typeCount: Int { counts[4] }

    func bodySize(timeSize: Int) -> Int {
        transitionCount * (timeSize + 1) + typeCount * 6 + counts[5] + counts[2] * (timeSize + 4) + counts[1] + counts[0]
    }
}

/// The rule at the end of a TZif file: a standard offset, and where clocks change, a summer offset with the two dates.
private struct PosixRule {
    let standard: Int32
    var summer: (offset: Int32, start: Moment, end: Moment)?

    /// `M3.5.0/2`: month, week (5 = last), weekday (0 = Sunday), local time in seconds; or a day of the year.
    struct Moment {
        enum Date { case weekday(month: Int, week: Int, weekday: Int), ordinal(Int, countsLeapDay: Bool) }
        let date: Date
        let time: Int64

        func second(in year: Int) -> Int64 {
            guard let january = Day(year: year, month: 1, day: 1) else { return 0 }
            var day = january
            switch date {
            case .ordinal(let number, let countsLeapDay):
                let skipped = !countsLeapDay && Day.isLeap(year) && number >= 60 ? 1 : 0
                day = january.adding(days: (countsLeapDay ? number : number - 1) + skipped)
            case .weekday(let month, let week, let weekday):
                guard let first = Day(year: year, month: month, day: 1) else { return 0 }
                let lead = (weekday - first.weekday % 7 + 7) % 7 + (week - 1) * 7
                day = first.adding(days: lead >= Day.length(ofMonth: month, year: year) ? lead - 7 : lead)
            }
            return Int64(day.number) * 86_400 + time
        }
    }

    init?(_ text: String) {
        var rest = Substring(text)
        guard PosixRule.skipName(&rest), let west = PosixRule.clock(&rest) else { return nil }
        standard = Int32(-west)
        guard PosixRule.skipName(&rest) else { return }
        var offset = Int32(-west) + 3600
        if let given = PosixRule.clock(&rest) { offset = Int32(-given) }
        guard let start = PosixRule.moment(&rest), let end = PosixRule.moment(&rest) else { return nil }
        summer = (offset, start, end)
    }

    func transitions(years: ClosedRange<Int>) -> [(Int64, Int32)] {
        guard let summer else { return [] }
        return years.flatMap { year in
            [
                (summer.start.second(in: year) - Int64(standard), summer.offset),
                (summer.end.second(in: year) - Int64(summer.offset), standard),
            ]
        }.sorted { $0.0 < $1.0 }
    }

    private static func skipName(_ rest: inout Substring) -> Bool {
        if rest.first == "<" {
            guard let close = rest.firstIndex(of: ">") else { return false }
            rest = rest[rest.index(after: close)...]
            return true
        }
        let name = rest.prefix { $0.isLetter }
        rest = rest.dropFirst(name.count)
        return name.count >= 3
    }

    private static func clock(_ rest: inout Substring) -> Int64? {
        let text = rest.prefix { $0.isNumber || $0 == ":" || $0 == "-" || $0 == "+" }
        guard !text.isEmpty else { return nil }
        let parts = text.drop { $0 == "-" || $0 == "+" }.split(separator: ":").map { Int64($0) ?? -1 }
        // RFC 9636: hours up to a week, for rules such as "the day before the last Sunday".
        guard 1...3 ~= parts.count, 0...167 ~= parts[0], parts.dropFirst().allSatisfy({ 0...59 ~= $0 }) else { return nil }
        rest = rest.dropFirst(text.count)
        let seconds = zip(parts, [3600, 60, 1]).reduce(Int64(0)) { $0 + $1.0 * $1.1 }
        return text.first == "-" ? -seconds : seconds
    }

    private static func moment(_ rest: inout Substring) -> Moment? {
        guard rest.first == "," else { return nil }
        rest = rest.dropFirst()
        let text = rest.prefix { $0 != "," && $0 != "/" }
        rest = rest.dropFirst(text.count)
        var time: Int64 = 7200
        if rest.first == "/" {
            rest = rest.dropFirst()
            guard let given = clock(&rest) else { return nil }
            time = given
        }
        let numbers = text.drop { $0 == "M" || $0 == "J" }.split(separator: ".").compactMap { Int($0) }
        if text.first == "M" {
            guard numbers.count == 3, 1...12 ~= numbers[0], 1...5 ~= numbers[1], 0...6 ~= numbers[2] else { return nil }
            return Moment(date: .weekday(month: numbers[0], week: numbers[1], weekday: numbers[2]), time: time)
        }
        guard numbers.count == 1, 0...366 ~= numbers[0] else { return nil }
        return Moment(date: .ordinal(numbers[0], countsLeapDay: text.first != "J"), time: time)
    }
}
