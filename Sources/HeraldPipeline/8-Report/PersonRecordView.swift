import HeraldAudience
package import HeraldModel

/// What is kept about one person, for the operator: their status, the facts behind it, and the lists. The address itself stays masked.
package struct PersonRecordView: Sendable {
    package struct Wire: Encodable, Sendable {
        struct Record: Encodable {
            let entity, key: String
        }
        struct Fact: Encodable {
            let what: String
            let list: String?
            let at, recorded, source, reason: String
        }
        struct ListEntry: Encodable {
            let list: String
            let member: Bool
            let reason: String?
        }
        let person: String
        /// Nil where neither the data nor a fact says anything.
        let status: String?
        let data: String?
        let records: [Record]
        let facts: [Fact]
        let lists: [ListEntry]
    }

    package let wire: Wire
    private let facts: [(fact: PersonFact, list: String?)]

    /// `lists`: those that were decided, in order.
    package init(_ person: FoundPerson, _ known: KnownPeople, _ lists: [Address], _ decided: Audiences) {
        let kept = person.facts(in: known.ledger)
        let names = Dictionary(lists.map { (known.mark(of: $0), $0.description) }, uniquingKeysWith: { first, _ in first })
        // One thing that was said stands once for each record; who reads it wants it once.
        var seen: Set<PersonFact> = []
        facts = kept.filter { fact in
            var one = fact
            (one.person, one.record) = (nil, nil)
            return seen.insert(one).inserted
        }.map { fact in
            switch fact.kind {
            case .consent, .changed: (fact, nil)
            case .removed(let mark), .restored(let mark): (fact, names[mark] ?? "a list that is gone")
            }
        }
        wire = Wire(
            person: person.name, status: person.status(kept)?.rawValue, data: person.dataStatus?.rawValue,
            records: person.records.map { .init(entity: $0.entity, key: $0.key) },
            facts: facts.map {
                .init(
                    what: PersonRecordView.word($0.fact), list: $0.list, at: $0.fact.at.description, recorded: $0.fact.recorded.description,
                    source: $0.fact.source, reason: $0.fact.reason)
            },
            lists: lists.compactMap { list in
                guard let audience = decided.byList[list.id] else { return nil }
                let reasons = person.rows(in: audience.people).map { audience.reasons[$0] }
                guard !reasons.isEmpty else { return nil }
                // Of several records, the one that came furthest tells why.
                let isMember = reasons.contains(nil)
                return .init(list: list.description, member: isMember, reason: isMember ? nil : reasons.compactMap { $0 }.max()?.rawValue)
            })
    }

    /// Whether nothing at all is known.
    package var isEmpty: Bool { wire.records.isEmpty && wire.facts.isEmpty }

    package func text(_ zone: Zone) -> String {
        var lines = ["\(wire.person)   \(wire.status ?? "unknown")"]
        for record in wire.records { lines.append("  record   \(record.key) of \(record.entity)") }
        if let data = wire.data { lines.append("  data     says \(data)") }
        for entry in facts {
            let list = entry.list.map { " \(PersonRecordView.preposition(entry.fact)) \($0)" } ?? ""
            lines.append("  fact     \(PersonRecordView.word(entry.fact))\(list) at \(zone.local(entry.fact.at)), by \(entry.fact.source): \(PlanText.visible(entry.fact.reason))")
        }
        for entry in wire.lists { lines.append("  \(entry.member ? "on " : "off")      \(entry.list)\(entry.reason.map { "   \($0)" } ?? "")") }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func word(_ fact: PersonFact) -> String {
        switch fact.kind {
        case .consent(let status): status.rawValue
        case .removed: "removed"
        case .restored: "restored"
        case .changed(let field, _): "changed \(field)"
        }
    }

    private static func preposition(_ fact: PersonFact) -> String { if case .removed = fact.kind { "from" } else { "to" } }
}
