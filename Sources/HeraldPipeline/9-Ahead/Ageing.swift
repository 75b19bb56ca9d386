import HeraldAudience
import HeraldModel

/// Who comes onto lists and leaves them because time passes, day by day on the workspace's clock.
///
/// Each day is looked at as it ends: what changes at midnight and what changes in the course of a day is that day's.
struct Ageing {
    let people: AudiencesAhead
    let zone: Zone
    let place: @Sendable (SourceSpan) -> Place

    /// Lists whose members may be others at another time, though the data is the same.
    static func lists(of resolved: Resolved) -> [ResolvedList] {
        let refused = Set(resolved.unsupported.map(\.address))
        return resolved.lists.values.filter { !refused.contains($0.definition.address) && $0.filter?.dependsOnClock == true }
            .sorted { $0.definition.id.value < $1.definition.id.value }
    }

    /// Nil after reporting what cannot be decided.
    func events(_ lists: [ResolvedList], from: Instant, to end: Instant) -> [Timeline.Event]? {
        let ids = Set(lists.map(\.definition.id.value))
        guard !ids.isEmpty else { return [] }
        guard var before = people.audiences(at: from, of: ids)?.byList else { return nil }
        var (events, day, moment): ([Timeline.Event], Day, Instant) = ([], zone.day(of: from), from)
        while moment < end {
            moment = min(max(moment, Instant(microseconds: zone.start(of: day.adding(days: 1)).microseconds - 1)), end)
            guard let after = people.audiences(at: moment, of: ids)?.byList else { return nil }
            for list in lists {
                let id = list.definition.id.value
                guard let new = after[id], let old = before[id] else { continue }
                let (joined, left) = new.movement(since: old)
                guard joined + left > 0 else { continue }
                events.append(
                    Timeline.Event(
                        day: day, list.definition.address, name: list.definition.name.value, source: place(list.definition.id.span),
                        .ageing(joined: joined, left: left, members: new.members.count)))
            }
            (before, day) = (after, day.adding(days: 1))
        }
        return events
    }
}
