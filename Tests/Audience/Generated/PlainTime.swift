/// What moments, durations and parts of dates mean, by the plain calendar.
struct PlainTime {
    let moment: Moment

    private var zone: PlainZone { moment.zone }
    private var today: PlainDay { moment.today }

    // MARK: Moments

    private func moved(_ day: PlainDay, _ span: Span, _ isBackwards: Bool) -> PlainDay {
        let count = isBackwards ? -span.count : span.count
        switch span.unit {
        case "day": return day.plus(count)
        case "week": return day.plus(7 * count)
        case "month": return day.plus(months: count)
        case "year": return day.plus(months: 12 * count)
        default: return day
        }
    }

    /// Days to years move the local clock; hours and minutes are elapsed time.
    private func moved(_ instant: Int, _ span: Span, _ isBackwards: Bool) -> Int {
        let sign = isBackwards ? -1 : 1
        if span.unit == "minute" { return instant + sign * span.count * 60_000_000 }
        if span.unit == "hour" { return instant + sign * span.count * 3_600_000_000 }
        let clock = zone.local(instant) - zone.day(instant).number * PlainZone.daily
        return zone.instant(moved(zone.day(instant), span, isBackwards).number * PlainZone.daily + clock)
    }

    private func start(of period: String) -> PlainDay {
        var day = today
        switch period {
        case "week": while day.weekday != 1 { day = day.plus(-1) }
        case "month": while day.day != 1 { day = day.plus(-1) }
        case "quarter": while day.day != 1 || (day.month - moment.fiscalMonth + 12) % 3 != 0 { day = day.plus(-1) }
        default: while day.day != 1 || day.month != moment.fiscalMonth { day = day.plus(-1) }
        }
        return day
    }

    /// The day that is meant; of an instant the local day.
    private func day(_ when: When) -> PlainDay {
        let base: PlainDay
        switch when.base {
        case .day(let day): base = day
        case .today: base = today
        case .startOf(let period): base = start(of: period)
        case .now, .local: return zone.day(instant(when))
        }
        return when.offset.map { moved(base, $0, when.isBackwards) } ?? base
    }

    private func instant(_ when: When) -> Int {
        let base: Int
        switch when.base {
        case .local(let local): base = zone.instant(local)
        default: base = moment.now
        }
        return when.offset.map { moved(base, $0, when.isBackwards) } ?? base
    }

    /// The first and the last microsecond that is meant.
    private func ends(_ when: When) -> (first: Int, last: Int) {
        guard when.isDay else { return (instant(when), instant(when)) }
        return (zone.start(day(when)), zone.start(day(when).plus(1)) - 1)
    }

    func isWithin(_ cell: Cell, _ when: When) -> Bool {
        switch cell {
        case .day(let value): return value == day(when)
        case .time(let instant):
            let (first, last) = ends(when)
            return first <= instant && instant <= last
        default: return false
        }
    }

    // MARK: Operators

    func holds(_ op: Test.Op, _ cell: Cell) -> Bool {
        switch (op, cell) {
        case (.before(let when), .day(let value)): return value < day(when)
        case (.before(let when), .time(let instant)): return instant < ends(when).first
        case (.after(let when), .day(let value)): return value > day(when)
        case (.after(let when), .time(let instant)): return instant > ends(when).last
        case (.betweenTimes(let low, let high), .day(let value)): return day(low) <= value && value <= day(high)
        case (.betweenTimes(let low, let high), .time(let instant)): return ends(low).first <= instant && instant <= ends(high).last
        case (.within(let span, next: false), .day(let value)): return moved(today, span, true) <= value && value <= today
        case (.within(let span, next: true), .day(let value)): return today <= value && value <= moved(today, span, false)
        case (.within(let span, next: false), .time(let instant)): return moved(moment.now, span, true) <= instant && instant <= moment.now
        case (.within(let span, next: true), .time(let instant)): return moment.now <= instant && instant <= moved(moment.now, span, false)
        case (.olderThan(let span), .day(let value)): return value < moved(today, span, true)
        case (.olderThan(let span), .time(let instant)): return instant < moved(moment.now, span, true)
        case (.anniversary(let span, let next), .day(let value)): return anniversary(value, span, next)
        case (.anniversary(let span, let next), .time(let instant)): return anniversary(zone.day(instant), span, next)
        default: return false
        }
    }

    /// Looks at each day of the range whether it is the day.
    private func anniversary(_ born: PlainDay, _ span: Span?, _ next: Bool) -> Bool {
        var day = span.map { next ? today : moved(today, $0, true) } ?? today
        let last = span.map { next ? moved(today, $0, false) : today } ?? today
        while day <= last {
            if (day.month, day.day) == (born.month, born.day) { return true }
            if (born.month, born.day) == (2, 29), (day.month, day.day) == (2, 28), !PlainDay.isLeap(day.year) { return true }
            day = day.plus(1)
        }
        return false
    }

    // MARK: Parts

    private func value(_ part: String, _ day: PlainDay) -> Int {
        switch part {
        case "month": day.month
        case "day": day.day
        case "day_of_year": day.ordinal
        case "weekday": day.weekday
        case "week": day.week
        case "quarter": ((day.month + 12 - moment.fiscalMonth) % 12) / 3 + 1
        default: day.year
        }
    }

    /// An empty date has no parts; `is_not` and `not_in` are the opposite of their positive form.
    func answer(_ part: String, _ test: PartTest, _ cell: Cell) -> PlainEvaluator.Answer {
        let isNegated = test.op == "is_not" || test.op == "not_in"
        var positive = PlainEvaluator.Answer(holds: false, sure: nil)
        if case .day(let day) = cell { positive = PlainEvaluator.Answer(holds(test, value(part, day), part)) }
        if case .time(let instant) = cell { positive = PlainEvaluator.Answer(holds(test, value(part, zone.day(instant)), part)) }
        return isNegated ? positive.opposite : positive
    }

    private func holds(_ test: PartTest, _ actual: Int, _ part: String) -> Bool {
        let values = test.values.map { $0 ?? value(part, today) }
        switch test.op {
        case "gt": return actual > values[0]
        case "gte": return actual >= values[0]
        case "lt": return actual < values[0]
        case "lte": return actual <= values[0]
        case "between": return values[0] <= actual && actual <= values[1]
        default: return values.contains(actual)
        }
    }
}
