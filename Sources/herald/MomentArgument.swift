import ArgumentParser
import HeraldModel

/// A time on the command line: RFC 3339, or a local time or a day on the workspace's clock.
enum MomentArgument {
    /// - Parameter option: as it is called, such as `--at`.
    static func read(_ text: String, option: String, after now: Instant, in zone: Zone) throws -> Instant {
        let moment = try read(text, option: option, in: zone)
        guard moment > now else {
            throw ValidationError(
                "\(option) looks ahead, and \(zone.local(moment)) is past: it is \(zone.local(now)) (\(zone.identifier)) now; what was is told by `herald history`")
        }
        return moment
    }

    private static func read(_ text: String, option: String, in zone: Zone) throws -> Instant {
        if let instant = Instant(rfc3339: text) { return instant }
        if let day = Day(parsing: text) { return zone.start(of: day) }
        guard let local = LocalTime(parsing: text) else {
            throw ValidationError("`\(text)` is no time for \(option); write 2027-03-01, \"2027-03-01 09:00\" (\(zone.identifier)), or 2027-03-01T09:00:00+01:00")
        }
        if case .never(let forward) = zone.read(local) {
            throw ValidationError("\(local) does not exist in \(zone.identifier), where clocks go forward over it; \(zone.local(forward)) does")
        }
        return zone.instant(local)
    }
}
