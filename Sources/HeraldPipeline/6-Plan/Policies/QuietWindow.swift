package import HeraldModel

/// The hours of a day in which no mail goes out, on one clock. They may pass midnight.
package struct QuietWindow: Sendable {
    /// Minutes after midnight: from `start` on, and no more from `end` on.
    private let start, end: Int
    package let zone: Zone
    package let level: Policies.Level

    package init(_ hours: Policies.QuietHours, zone: Zone, level: Policies.Level) {
        (start, end) = (hours.start, hours.end)
        self.zone = zone
        self.level = level
    }

    /// When the quiet hours that an instant falls into are over; nil outside of them.
    package func end(around instant: Instant) -> Instant? {
        let local = zone.local(instant)
        let minute = Int(local.microsecond / 60_000_000)
        let (isAfterStart, isBeforeEnd) = (minute >= start, minute < end)
        guard start < end ? isAfterStart && isBeforeEnd : isAfterStart || isBeforeEnd else { return nil }
        let day = start > end && isAfterStart ? local.day.adding(days: 1) : local.day
        let over = zone.instant(LocalTime(day: day, microsecond: Int64(end) * 60_000_000))
        // In the hour that clocks go back, the end may lie behind already: then it is as far ahead as the clock says.
        return over > instant ? over : instant.adding(seconds: Int64(end - minute) * 60)
    }

    /// `22:00–08:00 Europe/Berlin`
    package var description: String {
        func clock(_ minutes: Int) -> String { "\(padded(minutes / 60, 2)):\(padded(minutes % 60, 2))" }
        return "\(clock(start))–\(clock(end)) \(zone.identifier)"
    }
}
