package import HeraldModel

/// The moment at which conditions are decided, and the calendar that decides them.
package struct Clock: Sendable {
    package let now: Instant
    package let zone: Zone
    /// The month in which the fiscal year starts.
    package let fiscalMonth: Int

    package init(now: Instant, zone: Zone, fiscalMonth: Int = 1) {
        self.now = now
        self.zone = zone
        self.fiscalMonth = fiscalMonth
    }

    package var today: Day { zone.day(of: now) }

    func start(of period: TimeExpression.Period) -> Day {
        let (year, month, _) = today.parts
        switch period {
        case .week: return today.adding(days: 1 - today.weekday)
        case .month: return Day(year: year, month: month, day: 1) ?? today
        case .quarter:
            let into = (month - fiscalMonth + 12) % 3
            return (Day(year: year, month: month, day: 1) ?? today).adding(months: -into)
        case .year:
            let into = (month - fiscalMonth + 12) % 12
            return (Day(year: year, month: month, day: 1) ?? today).adding(months: -into)
        }
    }

    /// The day of an expression that means a whole day; of an instant, its local day.
    func day(_ expression: TimeExpression) -> Day {
        let base: Day
        switch expression.base {
        case .day(let day): base = day
        case .today: base = today
        case .startOf(let period): base = start(of: period)
        case .now, .local, .instant: return zone.day(of: instant(expression))
        }
        return expression.offset.map { $0.moved(base, backwards: expression.isBackwards) } ?? base
    }

    /// The instant of an expression that is no whole day.
    func instant(_ expression: TimeExpression) -> Instant {
        let base: Instant
        switch expression.base {
        case .now: base = now
        case .local(let time): base = zone.instant(time)
        case .instant(let instant): base = instant
        case .day, .today, .startOf: return zone.start(of: day(expression))
        }
        return expression.offset.map { $0.moved(base, backwards: expression.isBackwards, in: zone) } ?? base
    }
}
