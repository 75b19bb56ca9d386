import HeraldModel

/// Turns local times into instants, quickly for the many that stand on days without a clock change.
struct LocalClock {
    private let zone: Zone
    /// Of each day of these years, as they are asked for: seconds east of UTC on the whole of that day.
    private var offsets: [Int32] = []
    private static let years = Int32(3_652)..<25_567  // 1980 to 2039, in days since 1970
    private static let unknown = Int32.min
    /// Clocks change near it.
    private static let unsteady = Int32.max

    init(zone: Zone) { self.zone = zone }

    /// Twice means the first, nonexistent means forward by the gap.
    mutating func instant(_ local: LocalTime) -> Instant {
        guard let offset = offset(local.day.number) else { return zone.instant(local) }
        return Instant(microseconds: local.ticks - Int64(offset) * 1_000_000)
    }

    private mutating func offset(_ day: Int32) -> Int32? {
        guard LocalClock.years.contains(day) else { return steadyOffset(day) }
        if offsets.isEmpty { offsets = Array(repeating: LocalClock.unknown, count: LocalClock.years.count) }
        let index = Int(day - LocalClock.years.lowerBound)
        let known = offsets[index]
        if known != LocalClock.unknown { return known == LocalClock.unsteady ? nil : known }
        let found = steadyOffset(day)
        offsets[index] = found ?? LocalClock.unsteady
        return found
    }

    private func steadyOffset(_ day: Int32) -> Int32? {
        let noon = Instant(seconds: Int64(day) * 86_400 + 43_200)
        // Three days around it hold every instant that the day, or the rule for gaps, can touch.
        let isSteady = zone.isSteady(after: noon.adding(seconds: -3 * 86_400), through: noon.adding(seconds: 3 * 86_400))
        return isSteady ? zone.offset(at: noon) : nil
    }
}
