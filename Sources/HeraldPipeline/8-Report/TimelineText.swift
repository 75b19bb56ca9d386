import HeraldModel

/// A timeline for a terminal: a day after the other, and what happens on it.
package struct TimelineText {
    private let timeline: Timeline

    package init(_ timeline: Timeline) { self.timeline = timeline }

    package func render() -> String {
        let zone = timeline.zone
        let environment = timeline.environment.map { "   env \($0)" } ?? ""
        var lines = [
            "herald timeline   \(timeline.workspace)\(environment)   \(zone.local(timeline.from)) to \(zone.local(timeline.to)) (\(zone.identifier))",
            "with contact data as it is now, and if nothing is applied meanwhile",
        ]
        var day: Day?
        for event in timeline.events {
            if event.day != day { lines += ["", "\(event.day) \(TimelineText.weekdays[event.day.weekday - 1])"] }
            day = event.day
            let clock = event.at.map { String(zone.local($0).description.dropFirst(11)) } ?? ""
            lines.append("  \(padded(clock, 5))  " + TimelineText.words(event, zone))
        }
        if timeline.events.isEmpty { lines += ["", "nothing happens by itself in this time"] }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

    /// What happens, as part of a sentence of its own: `list.win-back · +3 −1 as time passes, 52 on it then`.
    static func sentence(_ event: Timeline.Event, _ zone: Zone) -> String { words(event, zone).replacing("   ", with: " · ") }

    /// What happens, on one line: `list.win-back   +3 −1 as time passes, 52 on it then`.
    static func words(_ event: Timeline.Event, _ zone: Zone) -> String {
        let title = PlanText.visible(event.name, limit: 60)
        let name = event.address.map { title == $0.id ? "\($0)" : "\($0) \"\(title)\"" } ?? ""
        switch event.what {
        case .ageing(let joined, let left, let members):
            return "\(name)   +\(PlanText.grouped(joined)) −\(PlanText.grouped(left)) as time passes, \(PlanText.grouped(members)) on it then"
        case .send(let send):
            let clock = send.zone == zone.identifier ? "" : "   (\(send.local) in \(send.zone))"
            return PlanText.visible("\(name)\(clock)   \(ComingWords.outcome(send, zone))", limit: 1_000)
        case .campaignStarts: return "\(name)   starts"
        case .campaignEnds: return "\(name)   ends, this is its last day"
        case .clocks(let old, let new):
            let (before, after) = (old.description.dropFirst(11), new.description.dropFirst(11))
            return "clocks go \(new > old ? "forward" : "back"): \(before) becomes \(after)   (\(zone.identifier))"
        case .planExpires(let digest, let approvals):
            let given = approvals.isEmpty ? "" : ", and with it the approval of \(approvals.joined(separator: ", "))"
            return "the plan \(PlanText.short(digest)) in \(title) expires\(given)"
        }
    }
}
