import FoundationEssentials
import HeraldModel

/// A timeline for programs: `herald.timeline/1`, a public contract that only grows.
package struct TimelineJSON {
    private let timeline: Timeline

    package init(_ timeline: Timeline) { self.timeline = timeline }

    private struct Wire: Encodable {
        let format = "herald.timeline/1"
        let workspace: String
        let environment: String?
        let timezone, from, to: String
        let events: [Event]
    }

    private struct Event: Encodable {
        /// On the workspace's clock.
        let day: String
        /// Not there for what is told of a whole day.
        let at: String?
        /// `ageing`, `send`, `campaign-starts`, `campaign-ends`, `clock-change`, `plan-expires`.
        let kind: String
        let address: String?
        let name: String
        let source: PlanWire.PlaceEntry?
        /// What a person reads.
        let words: String
        var joined, left, members: Int?
        var send: PlanWire.ComingEntry?
        var clock_before, clock_after: String?
        var plan: String?
        var approvals: [String]?
    }

    package func render() throws -> String {
        let wire = Wire(
            workspace: timeline.workspace, environment: timeline.environment, timezone: timeline.zone.identifier, from: timeline.from.description,
            to: timeline.to.description, events: timeline.events.map(event))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(wire), as: UTF8.self) + "\n"
    }

    private func event(_ event: Timeline.Event) -> Event {
        var wire = Event(
            day: event.day.description, at: event.at?.description, kind: event.what.kind, address: event.address?.description, name: event.name,
            source: PlanWire.PlaceEntry(event.source), words: TimelineText.sentence(event, timeline.zone))
        switch event.what {
        case .ageing(let joined, let left, let members): (wire.joined, wire.left, wire.members) = (joined, left, members)
        case .send(let send): wire.send = PlanWire.ComingEntry(send)
        case .clocks(let old, let new): (wire.clock_before, wire.clock_after) = (old.description, new.description)
        case .planExpires(let digest, let approvals): (wire.plan, wire.approvals) = (digest, approvals)
        case .campaignStarts, .campaignEnds: break
        }
        return wire
    }
}
