/// A time zone as a value: the instants at which its offset changes, from a TZif file (RFC 9636) up to the year 2200.
///
/// Foundation's `TimeZone` needs the full Foundation with its own copy of the zone data; the system's files are kept current by the system.
package struct Zone: Sendable {
    package let identifier: String
    /// Seconds since 1970, ascending; `offsets[i + 1]` holds from `transitions[i]` on, `offsets[0]` before the first.
    private let transitions: [Int64]
    private let offsets: [Int32]

    /// Tells these rules from others, also from those that the system had for this zone before.
    package var fingerprint: UInt64 {
        var sum: UInt64 = 0
        for number in transitions + offsets.map(Int64.init) { sum = TextHash.mixed(sum ^ UInt64(bitPattern: number)) &+ 1 }
        return sum
    }

    package static let utc = Zone(identifier: "UTC", transitions: [], offsets: [0])

    package init(identifier: String, transitions: [Int64], offsets: [Int32]) {
        self.identifier = identifier
        self.transitions = transitions
        self.offsets = offsets
    }

    /// Seconds east of UTC at an instant.
    package func offset(at instant: Instant) -> Int32 {
        offsets[index(at: instant)]
    }

    private func index(at instant: Instant) -> Int {
        let second = instant.microseconds >= 0 ? instant.microseconds / 1_000_000 : (instant.microseconds - 999_999) / 1_000_000
        var (low, high) = (0, transitions.count)
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle] <= second { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Whether no clock change falls after `from` and not after `to`.
    package func isSteady(after from: Instant, through to: Instant) -> Bool { index(at: from) == index(at: to) }

    package func local(_ instant: Instant) -> LocalTime {
        LocalTime(ticks: instant.microseconds + Int64(offset(at: instant)) * 1_000_000)
    }

    package func day(of instant: Instant) -> Day { local(instant).day }

    /// What a wall-clock time means here.
    package enum Reading: Equatable, Sendable {
        case once(Instant)
        /// Clocks went back: the first of the two.
        case twice(first: Instant)
        /// Clocks went forward over it: what it becomes when moved by the gap.
        case never(forward: Instant)

        /// The rule for data: twice means the first, never means forward by the gap.
        package var instant: Instant {
            switch self {
            case .once(let instant), .twice(let instant), .never(let instant): instant
            }
        }
    }

    package func read(_ local: LocalTime) -> Reading {
        let before = Int64(offset(at: Instant(microseconds: local.ticks - 86_400_000_000)))
        let after = Int64(offset(at: Instant(microseconds: local.ticks + 86_400_000_000)))
        let candidates = Set([before, after]).map { Instant(microseconds: local.ticks - $0 * 1_000_000) }
            .filter { self.local($0) == local }.sorted()
        return switch candidates.count {
        case 0: .never(forward: Instant(microseconds: local.ticks - before * 1_000_000))
        case 1: .once(candidates[0])
        default: .twice(first: candidates[0])
        }
    }

    package func instant(_ local: LocalTime) -> Instant { read(local).instant }

    /// The first instant of a local day.
    package func start(of day: Day) -> Instant { instant(LocalTime(day: day)) }

    /// The transitions after `from` and not after `to`, for those who must tell of a clock change.
    package func changes(after from: Instant, through to: Instant) -> [Instant] {
        transitions.map { Instant(seconds: $0) }.filter { $0 > from && $0 <= to }
    }
}
