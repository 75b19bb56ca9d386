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
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 2, words[0].utf8.count <= 6, words[0].utf8.allSatisfy({ 48...57 ~= $0 }), let count = Int(words[0]),
            count >= 1,
            let unit = Unit.allCases.first(where: { $0.rawValue == words[1] || $0.rawValue + "s" == words[1] })
        else { return nil }
        self.init(count, unit)
    }

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
