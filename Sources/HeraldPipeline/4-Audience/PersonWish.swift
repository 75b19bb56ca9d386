package import HeraldModel

/// What an operator wants to have taken down about a person, and the facts that it takes.
package struct PersonWish: Sendable {
    package enum Kind: Hashable, Sendable {
        case unsubscribe, subscribe, erase
        /// By the mark of the list.
        case remove(list: String)
        case restore(list: String)
    }

    package let kind: Kind
    package let reason: String
    /// When the person said so; nil for now.
    package let at: Instant?
    package let now: Instant

    package init(_ kind: Kind, reason: String, at: Instant?, now: Instant) {
        self.kind = kind
        self.reason = reason
        self.at = at
        self.now = now
    }

    package enum Answer: Hashable, Sendable {
        /// To be taken down. `outdated`: when they agreed again, where that is later than what is taken down, so that it changes nothing now.
        case facts([PersonFact], outdated: Instant? = nil)
        /// All of it is known already.
        case already
        /// Why it may not be, and what to do.
        case refused(String, remedy: String)
    }

    package func answer(for person: FoundPerson, in ledger: Ledger) -> Answer {
        let facts = person.facts(in: ledger)
        switch kind {
        case .unsubscribe: return optOut(.unsubscribed, person, facts)
        case .erase: return optOut(.erased, person, facts)
        case .subscribe: return optIn(person, facts)
        case .remove(let list):
            return FactsInForce.removals(facts).contains(list) ? .already : .facts(bound(person, .removed(list: list), at: at ?? now))
        case .restore(let list):
            return FactsInForce.removals(facts).contains(list) ? .facts(bound(person, .restored(list: list), at: at ?? now)) : .already
        }
    }

    private func bound(_ person: FoundPerson, _ kind: PersonFact.Kind, at: Instant) -> [PersonFact] {
        person.bindings.map {
            PersonFact(kind: kind, person: $0.person, record: $0.record, at: at, recorded: now, source: "operator", reason: reason)
        }
    }

    /// Without a time of its own it is said now, and after everything else that was said: a clock that stands wrong must not undo it.
    private func optOut(_ status: ConsentStatus, _ person: FoundPerson, _ facts: [PersonFact]) -> Answer {
        let inForce = FactsInForce.consent(facts, at: person.person)
        let agreed = (inForce.filter { $0.status == .subscribed }.map(\.at) + [person.agreed].compactMap { $0 }).max()
        let said = at ?? max(now, agreed ?? now)
        let known = facts.filter { fact in
            guard let held = fact.status, held <= status else { return false }
            if held == .erased || held == .complained { return true }
            if let at { return fact.at == at }
            return fact.at >= said || (fact.at >= agreed ?? fact.at && inForce.contains(fact))
        }
        let new = bound(person, .consent(status), at: said).filter { fact in !known.contains { $0.isBound(like: fact) } }
        guard !new.isEmpty else { return .already }
        return .facts(new, outdated: status == .erased ? nil : agreed.flatMap { $0 > said ? $0 : nil })
    }

    private func optIn(_ person: FoundPerson, _ facts: [PersonFact]) -> Answer {
        guard person.person != nil else { return .refused("\(person.name) has no valid address that could be mailed", remedy: "put one into the data") }
        if let final = facts.compactMap(\.status).filter({ $0 == .erased || $0 == .complained }).min() {
            return .refused("\(person.name) is \(final.rawValue), and nothing undoes that", remedy: "leave it")
        }
        let hasOptedIn = facts.contains { $0.status == .subscribed && $0.person == person.person }
        if hasOptedIn, person.status(facts) == .subscribed { return .already }
        let said = at ?? now
        let new = bound(person, .consent(.subscribed), at: said)
        let status = person.status(facts + new)
        guard status == .subscribed else {
            let latest = FactsInForce.consent(facts, at: person.person).filter { $0.status != .subscribed }.max { $0.at < $1.at }
            guard let latest, latest.at >= said else {
                return .refused(
                    "the data says \(status?.rawValue ?? "nothing") of \(person.name), and not before \(said)", remedy: "write the consent and its later time into the data")
            }
            return .refused(
                "\(person.name) is \(latest.status?.rawValue ?? "out") since \(latest.at), and only evidence that is newer may change that",
                remedy: "give the time of the newer evidence with --at")
        }
        return .facts(new)
    }
}
