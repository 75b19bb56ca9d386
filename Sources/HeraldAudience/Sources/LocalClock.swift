import HeraldModel

/// Turns local times into instants, quickly for the many that stand on days without a clock change.
struct LocalClock {
    private let zone: Zone
    /// Days since 1970 → seconds east of UTC on the whole of that day; nil where clocks change near it.
    private var offsets: [Int32: Int64?] = [:]
    private var last: (day: Int32, offset: Int64)?

    init(zone: Zone) { self.zone = zone }

    /// Twice means the first, nonexistent means forward by the gap.
    mutating func instant(_ local: LocalTime) -> Instant {
        let day = local.day.number
        if let last, last.day == day { return Instant(microseconds: local.ticks - last.offset * 1_000_000) }
        if offsets[day] == nil {
            let noon = Instant(seconds: Int64(day) * 86_400 + 43_200)
            // Three days around it hold every instant that the day, or the rule for gaps, can touch.
            let isSteady = zone.changes(after: noon.adding(seconds: -3 * 86_400), through: noon.adding(seconds: 3 * 86_400)).isEmpty
            offsets.updateValue(isSteady ? Int64(zone.offset(at: noon)) : nil, forKey: day)
        }
        guard case .some(.some(let offset)) = offsets[day] else { return zone.instant(local) }
        last = (day, offset)
        return Instant(microseconds: local.ticks - offset * 1_000_000)
    }
}
