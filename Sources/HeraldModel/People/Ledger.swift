/// All facts that are kept about people, found by a person's digests.
///
/// An opt-out speaks for the person: it holds for every record with its address, and for its record under every address. An opt-in speaks for its address
/// only. Lookups are binary searches, since most of ten million people have no fact at all.
package struct Ledger: Sendable {
    /// In the order in which they were taken down.
    package let facts: [PersonFact]
    private let byPerson: [Entry]
    private let byRecord: [Entry]

    private struct Entry {
        let digest: PersonDigest
        let index: Int32
    }

    package static let empty = Ledger([])

    package init(_ facts: [PersonFact]) {
        self.facts = facts
        byPerson = Ledger.sorted(facts, \.person)
        // What changed in a record is nothing that was said about being mailed.
        byRecord = Ledger.sorted(facts) { if case .changed = $0.kind { nil } else { $0.record } }
    }

    package var isEmpty: Bool { facts.isEmpty }
    /// Whether any fact is bound to a record, so that records must be looked up too.
    package var knowsRecords: Bool { !byRecord.isEmpty }

    private static func sorted(_ facts: [PersonFact], _ digest: (PersonFact) -> PersonDigest?) -> [Entry] {
        var entries: [Entry] = []
        entries.reserveCapacity(facts.count)
        for (index, fact) in facts.enumerated() { if let digest = digest(fact) { entries.append(Entry(digest: digest, index: Int32(index))) } }
        entries.sort { ($0.digest, $0.index) < ($1.digest, $1.index) }
        return entries
    }

    /// Every fact about an address or one of these records, in the order in which they were taken down.
    package func facts(person: PersonDigest?, records: [PersonDigest]) -> [PersonFact] {
        var found: Set<Int32> = []
        if let person { Ledger.collect(person, byPerson, &found) }
        for record in records { Ledger.collect(record, byRecord, &found) }
        return found.isEmpty ? [] : found.sorted().map { facts[Int($0)] }
    }

    package func knows(person: PersonDigest) -> Bool { Ledger.knows(person, byPerson) }
    package func knows(record: PersonDigest) -> Bool { Ledger.knows(record, byRecord) }

    private static func knows(_ digest: PersonDigest, _ entries: [Entry]) -> Bool {
        let place = first(digest, entries)
        return place < entries.count && entries[place].digest == digest
    }

    private static func collect(_ digest: PersonDigest, _ entries: [Entry], _ found: inout Set<Int32>) {
        var place = first(digest, entries)
        while place < entries.count, entries[place].digest == digest {
            found.insert(entries[place].index)
            place += 1
        }
    }

    /// The first entry that is not before a digest.
    private static func first(_ digest: PersonDigest, _ entries: [Entry]) -> Int {
        entries.lowerBound { $0.digest < digest }
    }
}

extension Ledger {
    /// Opt-outs as things that happened, for conditions over results. They are about no email.
    package var results: Results {
        var events: [ResultEvent] = []
        // A plain loop: Swift 6.3's optimiser fails on a chain of optionals here.
        for fact in facts {
            guard case .consent(let status) = fact.kind, let kind = Word(happening: status) else { continue }
            events.append(ResultEvent(kind: kind, person: fact.person, record: fact.record, at: fact.at))
        }
        return Results(events: events)
    }
}

extension Word {
    /// What somebody did when they said no in this way; nil where that is nothing that conditions ask about.
    fileprivate init?(happening status: ConsentStatus) {
        switch status {
        case .unsubscribed: self = .unsubscribed
        case .complained: self = .complained
        case .bounced: self = .bounced
        case .erased, .blocked, .pending, .subscribed: return nil
        }
    }
}

/// What facts about one person come to.
package enum FactsInForce {
    /// Of the facts about an address and its records, those about consent that nothing has outdated. An opt-out is outdated by a later opt-in of the
    /// address that is looked at, or of its own address and record; a complaint and an erasure by nothing. Ties go to the opt-out.
    package static func consent(_ facts: [PersonFact], at address: PersonDigest?) -> [PersonFact] {
        let optIns = facts.filter { $0.status == .subscribed }
        return facts.filter { fact in
            guard let status = fact.status else { return false }
            if status == .subscribed { return address != nil && fact.person == address }
            guard status != .erased, status != .complained else { return true }
            return !optIns.contains { $0.at > fact.at && ((address != nil && $0.person == address) || $0.isBound(like: fact)) }
        }
    }

    /// Marks of the lists that the person was taken off by hand and not let back onto: the last fact counts.
    package static func removals(_ facts: [PersonFact]) -> Set<String> {
        var lists: Set<String> = []
        for fact in facts {
            switch fact.kind {
            case .removed(let list): lists.insert(list)
            case .restored(let list): lists.remove(list)
            case .consent, .changed: continue
            }
        }
        return lists
    }
}
