import HeraldModel

/// What comes of a scheduled email, in words that a plan ahead and a timeline share.
enum ComingWords {
    /// `email.spring-teaser   2027-03-01 09:00 (Europe/Berlin)   goes to 1,200 people`
    static func line(_ send: ComingSend, _ zone: Zone) -> String { "\(send.address)   \(send.local) (\(send.zone))   \(outcome(send, zone))" }

    /// - Parameter zone: the workspace's, for other times than that of the email itself.
    static func outcome(_ send: ComingSend, _ zone: Zone) -> String {
        func people(_ count: Int) -> String { PlanText.count(count, "person", "people") }
        switch send.outcome {
        case .goes(let count, nil): return "goes to \(people(count)), as it was applied"
        case .goes(let count, let late?): return "goes to \(people(count)) after the quiet hours, at \(zone.local(late)) (\(zone.identifier))"
        case .held(let because): return "does not go: \(because)"
        case .notApplied(let count, let by):
            let limit = by == send.at ? "before that" : "at \(zone.local(by)) (\(zone.identifier)) at the latest, for the policy `lead_time`"
            return "is missed unless it is applied, \(limit): then it goes to \(people(count))"
        }
    }

    /// `goes`, `held` or `not-applied`.
    static func word(_ send: ComingSend) -> String {
        switch send.outcome {
        case .goes: "goes"
        case .held: "held"
        case .notApplied: "not-applied"
        }
    }
}

extension PlanWire.ComingEntry {
    init(_ send: ComingSend) {
        self.init(
            address: send.address.description, source: PlanWire.PlaceEntry(send.source), tz: send.zone, local: send.local.description, utc: send.at.description,
            outcome: ComingWords.word(send))
        switch send.outcome {
        case .goes(let count, let later): (people, late) = (count, later?.description)
        case .held(let why): because = why
        case .notApplied(let count, let limit): (people, apply_by) = (count, limit.description)
        }
    }
}
