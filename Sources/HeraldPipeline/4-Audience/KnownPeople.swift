import HeraldAudience
package import HeraldDigest
package import HeraldModel

/// What herald keeps about people beside the data: handed to stage 4, which merges it with what the data says.
package struct KnownPeople: Sendable {
    package let ledger: Ledger
    package let key: WorkspaceKey
    private let settings: WorkspaceSettings
    private let marks: [Address: String]
    private let memberships: [String: [PersonDigest]]
    let watched: WatchedValues

    /// - Parameters:
    ///   - memberships: by the marks of on-demand lists, the records that their last refresh found, ascending.
    ///   - watched: what the last run saw.
    package init(
        _ ledger: Ledger, key: WorkspaceKey, _ settings: WorkspaceSettings, _ state: StateDocument, memberships: [String: [PersonDigest]] = [:],
        watched: WatchedValues = WatchedValues()
    ) {
        self.memberships = memberships
        self.watched = watched
        self.ledger = ledger
        self.key = key
        self.settings = settings
        marks = state.objects.filter { $0.key.kind == .list }.mapValues(\.mark)
    }

    /// What a removal by hand calls a list: its mark, which stays through a move.
    package func mark(of list: Address) -> String {
        if let mark = marks[list] { return mark }
        let former = settings.moved.first { $0.to.value == list }.flatMap { marks[$0.from.value] }
        return former ?? Mark.of(list, settings)
    }

    /// The records on an on-demand list; nil where it was never refreshed.
    func membership(of list: Address) -> [PersonDigest]? { memberships[mark(of: list)] }
}

/// The facts about one entity's people, looked up once for all lists.
package struct EntityFacts: Sendable {
    /// By the normal form of an address, those of whom something is kept: what is in force, and the marks of the lists that they were taken off.
    private var known: [String: (inForce: [PersonFact], removals: Set<String>)] = [:]

    var isEmpty: Bool { known.isEmpty }

    init(_ index: PersonIndex, _ ledger: Ledger) {
        guard !ledger.isEmpty else { return }
        var found: [String: (person: PersonDigest, records: [PersonDigest])] = [:]
        for row in 0..<index.people.table.rowCount {
            guard let person = index.digest(row) else { continue }
            let record = ledger.knowsRecords ? index.record(row) : nil
            let isKnown = record.map { ledger.knows(record: $0) } ?? false
            guard isKnown || ledger.knows(person: person), let address = index.people.address(row)?.reveal() else { continue }
            found[address, default: (person, [])].records += isKnown ? [record].compactMap { $0 } : []
        }
        known = found.mapValues { entry in
            let facts = ledger.facts(person: entry.person, records: entry.records)
            return (FactsInForce.consent(facts, at: entry.person), FactsInForce.removals(facts))
        }
    }

    /// For a list, by its mark.
    func ledger(for list: String) -> LedgerFacts {
        guard !known.isEmpty else { return .none }
        return LedgerFacts(
            consent: { [known] address, _ in known[address]?.inForce.map { ConsentRecord(status: $0.status ?? .subscribed, at: $0.at) } ?? [] },
            removedFromList: { [known] address, _ in known[address]?.removals.contains(list) ?? false })
    }

    /// The fact that leaves an address out for this reason, where one does and not the data alone.
    func cause(of reason: LeaveReason, at address: String) -> PersonFact? {
        known[address]?.inForce.filter { $0.status?.rawValue == reason.rawValue }.max { $0.at < $1.at }
    }
}
