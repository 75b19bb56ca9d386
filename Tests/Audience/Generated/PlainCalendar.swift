import Foundation

/// A calendar day, counted with nothing but the lengths of months.
struct PlainDay: Hashable, Comparable {
    var year: Int
    var month: Int
    var day: Int

    static func isLeap(_ year: Int) -> Bool { year % 400 == 0 || (year % 4 == 0 && year % 100 != 0) }

    static func length(_ year: Int, _ month: Int) -> Int { [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] }

    /// Days before each year, from the year 1 on.
    private static let before: [Int] = (1...2_500).reduce(into: [0, 0]) { $0.append($0[$1] + (isLeap($1) ? 366 : 365)) }

    /// Days since 1970-01-01.
    var number: Int { Self.before[year] - Self.before[1970] + ordinal - 1 }
    var ordinal: Int { (1..<month).reduce(0) { $0 + Self.length(year, $1) } + day }

    init(_ year: Int, _ month: Int, _ day: Int) { (self.year, self.month, self.day) = (year, month, day) }

    init(number: Int) {
        var rest = number + Self.before[1970]
        year = max(1, rest / 366)
        while Self.before[year + 1] <= rest { year += 1 }
        rest -= Self.before[year]
        month = 1
        while rest >= Self.length(year, month) {
            rest -= Self.length(year, month)
            month += 1
        }
        day = rest + 1
    }

    static func < (left: PlainDay, right: PlainDay) -> Bool { (left.year, left.month, left.day) < (right.year, right.month, right.day) }

    func plus(_ days: Int) -> PlainDay { PlainDay(number: number + days) }

    /// Months later the same day of the month, or its last.
    func plus(months: Int) -> PlainDay {
        var (y, m) = (year, month)
        for _ in 0..<abs(months) {
            m += months > 0 ? 1 : -1
            if m == 13 { (y, m) = (y + 1, 1) }
            if m == 0 { (y, m) = (y - 1, 12) }
        }
        return PlainDay(y, m, min(day, Self.length(y, m)))
    }

    /// Monday = 1, counted from a Monday.
    var weekday: Int {
        let days = number - PlainDay(2024, 1, 1).number
        return ((days % 7) + 7) % 7 + 1
    }

    /// Week 1 holds 4 January; weeks start on Monday.
    var week: Int {
        func start(_ year: Int) -> Int {
            let fourth = PlainDay(year, 1, 4)
            return fourth.number - (fourth.weekday - 1)
        }
        for y in [year + 1, year, year - 1] where start(y) <= number { return (number - start(y)) / 7 + 1 }
        return 0
    }

    var text: String { Self.padded(year, 4) + "-" + Self.padded(month, 2) + "-" + Self.padded(day, 2) }

    static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

/// The local clock of a zone, by Foundation. Times are microseconds.
final class PlainZone: Sendable {
    static let daily = 86_400_000_000

    let name: String
    private let zone: TimeZone

    init(_ name: String) {
        self.name = name
        zone = TimeZone(identifier: name) ?? .gmt
    }

    private func offset(_ instant: Int) -> Int {
        let second = Double(instant / 1_000_000 - (instant % 1_000_000 < 0 ? 1 : 0))
        return zone.secondsFromGMT(for: Date(timeIntervalSince1970: second)) * 1_000_000
    }

    /// Microseconds on the local clock.
    func local(_ instant: Int) -> Int { instant + offset(instant) }

    func day(_ instant: Int) -> PlainDay {
        let local = local(instant)
        return PlainDay(number: local / Self.daily - (local % Self.daily < 0 ? 1 : 0))
    }

    /// The instants at which the local clock shows this: none, one or two.
    func instants(_ local: Int) -> [Int] {
        let offsets = Set(stride(from: -30, through: 30, by: 6).map { offset(local + $0 * 3_600_000_000) })
        return offsets.map { local - $0 }.filter { self.local($0) == local }.sorted()
    }

    /// Twice means the first; what does not exist goes forward by the gap.
    func instant(_ local: Int) -> Int { instants(local).first ?? local - offset(local - 30 * 3_600_000_000) }

    func start(_ day: PlainDay) -> Int { instant(day.number * Self.daily) }
}
