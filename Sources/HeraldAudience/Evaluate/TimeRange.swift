import HeraldModel

/// A test of dates or datetimes once the clock is known: ranges of days, or of microseconds, both ends in.
struct TimeRanges {
    /// Any of these; `Int64.min` and `.max` leave an end open.
    let ranges: [ClosedRange<Int64>]

    /// Nil for anniversaries, which are no ranges.
    init?(_ check: TimeCheck, _ type: ColumnType, _ clock: Clock) {
        let isDate = type == .date
        func bounds(_ expression: TimeExpression) -> (Int64, Int64) {
            if isDate {
                let day = Int64(clock.day(expression).number)
                return (day, day)
            }
            guard expression.isDay else {
                let instant = clock.instant(expression).microseconds
                return (instant, instant)
            }
            let day = clock.day(expression)
            return (clock.zone.start(of: day).microseconds, clock.zone.start(of: day.adding(days: 1)).microseconds - 1)
        }
        func moved(_ duration: CalendarDuration, backwards: Bool) -> Int64 {
            isDate
                ? Int64(duration.moved(clock.today, backwards: backwards).number)
                : duration.moved(clock.now, backwards: backwards, in: clock.zone).microseconds
        }
        let present = isDate ? Int64(clock.today.number) : clock.now.microseconds
        switch check {
        case .oneOf(let expressions):
            ranges = expressions.map(bounds).compactMap(TimeRanges.range)
        case .before(let expression): ranges = [.min...(bounds(expression).0 - 1)]
        case .after(let expression): ranges = [(bounds(expression).1 + 1)...(.max)]
        case .between(let from, let to):
            ranges = [TimeRanges.range(bounds(from).0, bounds(to).1)].compactMap { $0 }
        case .within(let duration, let next):
            let range = next ? TimeRanges.range(present, moved(duration, backwards: false)) : TimeRanges.range(moved(duration, backwards: true), present)
            ranges = [range].compactMap { $0 }
        case .olderThan(let duration): ranges = [.min...(moved(duration, backwards: true) - 1)]
        case .anniversary: return nil
        }
    }

    /// Nil where the ends are reversed: relative ends, or a day that a zone left out when it changed sides of the date line.
    private static func range(_ low: Int64, _ high: Int64) -> ClosedRange<Int64>? { low <= high ? low...high : nil }

    func contains(_ tick: Int64) -> Bool { ranges.contains { $0.contains(tick) } }
}

/// Whether the month and day of a date fall on or near today; 29 February falls on the 28th only in years without a 29th.
struct AnniversaryCheck {
    /// Month × 100 + day.
    let days: Set<Int>

    init(past: CalendarDuration?, next: CalendarDuration?, _ clock: Clock) {
        let first = past?.moved(clock.today, backwards: true) ?? clock.today
        let last = next?.moved(clock.today) ?? clock.today
        var days: Set<Int> = []
        // A year holds every anniversary there is.
        let count = min(Int(last.number - first.number), 366)
        for step in 0...max(count, 0) {
            let (year, month, day) = first.adding(days: step).parts
            days.insert(month * 100 + day)
            if month == 2, day == 28, !Day.isLeap(year) { days.insert(229) }
        }
        self.days = days
    }

    func contains(_ day: Day) -> Bool {
        let (_, month, number) = day.parts
        return days.contains(month * 100 + number)
    }
}

/// Parts of a local day.
struct PartReader {
    let clock: Clock

    func value(_ part: DatePart, of day: Day) -> Int {
        let (year, month, number) = day.parts
        return switch part {
        case .month: month
        case .day: number
        case .dayOfYear: day.dayOfYear
        case .weekday: day.weekday
        case .week: day.isoWeek
        case .quarter: (month - clock.fiscalMonth + 12) % 12 / 3 + 1
        case .year: year
        }
    }

    func matches(_ part: DatePart, _ checks: [PartCheck], _ day: Day) -> Bool {
        let actual = value(part, of: day)
        func resolved(_ value: PartValue) -> Int {
            switch value {
            case .number(let number): number
            case .current: self.value(part, of: clock.today)
            }
        }
        return checks.allSatisfy { check in
            switch check {
            case .oneOf(let values, let isNegated): values.contains { resolved($0) == actual } != isNegated
            case .number(.gt, let value): actual > resolved(value)
            case .number(.gte, let value): actual >= resolved(value)
            case .number(.lt, let value): actual < resolved(value)
            case .number(.lte, let value): actual <= resolved(value)
            case .between(let low, let high): actual >= resolved(low) && actual <= resolved(high)
            }
        }
    }
}
