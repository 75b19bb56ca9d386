/// A length of time as people write it: `18 months`. Days and longer move the local clock, hours and minutes are elapsed time.
package struct CalendarDuration: Hashable, Sendable, CustomStringConvertible {
    package enum Unit: String, CaseIterable, Sendable { case minute, hour, day, week, month, year }

    package let count: Int
    package let unit: Unit

    package init(_ count: Int, _ unit: Unit) {
        self.count = count
        self.unit = unit
    }

    /// Reads `1 year`, `18 months`; nil for anything else. The count is at least 1.
    package init?(parsing text: some StringProtocol) {
        let bytes = Array(text.utf8.prefix(32))
        guard let space = bytes.firstIndex(of: 0x20), 1...6 ~= space, bytes[..<space].allSatisfy({ 48...57 ~= $0 }),
            let unit = CalendarDuration.units[String(decoding: bytes[(space + 1)...], as: UTF8.self)], text.utf8.count == bytes.count
        else { return nil }
        let count = bytes[..<space].reduce(0) { $0 * 10 + Int($1 - 48) }
        guard count >= 1 else { return nil }
        self.init(count, unit)
    }

    private static let units = Dictionary(Unit.allCases.flatMap { [($0.rawValue, $0), ($0.rawValue + "s", $0)] }, uniquingKeysWith: { first, _ in first })

    /// Whether it can be counted in whole days.
    package var isWholeDays: Bool { unit != .minute && unit != .hour }

    package var description: String { "\(count) \(unit.rawValue)\(count == 1 ? "" : "s")" }

    /// Moves a day; minutes and hours leave it (callers refuse them first).
    package func moved(_ day: Day, backwards: Bool = false) -> Day {
        let signed = backwards ? -count : count
        return switch unit {
        case .minute, .hour: day
        case .day: day.adding(days: signed)
        case .week: day.adding(days: signed * 7)
        case .month: day.adding(months: signed)
        case .year: day.adding(months: signed * 12)
        }
    }

    /// Moves an instant: calendar units by the local clock of `zone`, hours and minutes by elapsed time.
    package func moved(_ instant: Instant, backwards: Bool = false, in zone: Zone) -> Instant {
        let sign: Int64 = backwards ? -1 : 1
        switch unit {
        case .minute: return instant.adding(seconds: sign * Int64(count) * 60)
        case .hour: return instant.adding(seconds: sign * Int64(count) * 3600)
        case .day, .week, .month, .year:
            let local = zone.local(instant)
            return zone.instant(LocalTime(day: moved(local.day, backwards: backwards), microsecond: local.microsecond))
        }
    }
}
