package import HeraldModel

/// What will happen by itself in the time to come, as far as it is known now. Counts only, nobody by name.
package struct Timeline: Sendable {
    package enum What: Sendable {
        /// People come onto a list and leave it because time passes; `members` are on it at the end of the day.
        case ageing(joined: Int, left: Int, members: Int)
        case send(ComingSend)
        case campaignStarts
        case campaignEnds
        /// The workspace's clocks are put forward, or back.
        case clocks(from: LocalTime, to: LocalTime)
        /// A plan that nobody applied yet, with the roles that approved it.
        case planExpires(digest: String, approvals: [String])
    }

    package struct Event: Sendable {
        /// On the workspace's clock.
        package let day: Day
        /// Nil for what is told of a whole day.
        package let at: Instant?
        package let address: Address?
        /// As people call it; the path of a plan.
        package let name: String
        package let source: Place?
        package let what: What

        package init(day: Day, at: Instant? = nil, _ address: Address? = nil, name: String = "", source: Place? = nil, _ what: What) {
            (self.day, self.at, self.address, self.name, self.source, self.what) = (day, at, address, name, source, what)
        }
    }

    package let workspace: String
    package let environment: String?
    package let zone: Zone
    package let from: Instant
    package let to: Instant
    /// By day; on each day first what is told of all of it, then by time.
    package let events: [Event]

    package init(workspace: String, environment: String?, zone: Zone, from: Instant, to: Instant, _ events: [Event]) {
        (self.workspace, self.environment, self.zone, self.from, self.to) = (workspace, environment, zone, from, to)
        func place(_ event: Event) -> (Day, Int64, Int, String) { (event.day, event.at?.microseconds ?? .min, event.what.rank, event.address?.description ?? event.name) }
        self.events = events.sorted { place($0) < place($1) }
    }
}

extension Timeline.What {
    /// The word of it in JSON and calendars.
    package var kind: String {
        switch self {
        case .ageing: "ageing"
        case .send: "send"
        case .campaignStarts: "campaign-starts"
        case .campaignEnds: "campaign-ends"
        case .clocks: "clock-change"
        case .planExpires: "plan-expires"
        }
    }

    fileprivate var rank: Int {
        switch self {
        case .campaignStarts: 0
        case .campaignEnds: 1
        case .ageing: 2
        case .clocks, .send, .planExpires: 3
        }
    }
}
