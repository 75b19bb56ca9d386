package import HeraldAudience
package import HeraldDigest
package import HeraldModel

/// A person whom an operator named: their address, and every record that has it.
package struct FoundPerson: Sendable {
    /// One record of the data.
    package struct Record: Sendable {
        package let entity: String
        package let key: String
        package let digest: PersonDigest
        fileprivate let people: EntityPeople
        fileprivate let row: Int
    }

    /// In its normal form; nil where the record that was named has none.
    package let address: Personal<String>?
    package let person: PersonDigest?
    package let records: [Record]

    /// As it may be shown.
    package var name: String {
        if let address { return ContactMask.mask(address.reveal()) }
        return records.first.map { "record \($0.key) of \($0.entity)" } ?? "nobody"
    }

    /// What a fact about this person is bound to: the address with each of the records.
    var bindings: [(person: PersonDigest?, record: PersonDigest?)] {
        records.isEmpty ? [(person, nil)] : records.map { (person, $0.digest) }
    }

    package func facts(in ledger: Ledger) -> [PersonFact] { ledger.facts(person: person, records: records.map(\.digest)) }

    /// The worst of what data and facts say together in each entity; nil where neither says anything.
    package func status(_ facts: [PersonFact]) -> ConsentStatus? {
        let kept = FactsInForce.consent(facts, at: person).map { ConsentRecord(status: $0.status ?? .subscribed, at: $0.at) }
        let told = records.map { $0.people.status($0.row, adding: kept) }
        if let worst = told.min() { return worst }
        // An opt-out that an opt-in outdated is no longer among them.
        return kept.map(\.status).min()
    }

    /// What the data alone says.
    package var dataStatus: ConsentStatus? { records.map { $0.people.status($0.row, adding: []) }.min() }

    /// When they last agreed, by the data.
    package var agreed: Instant? { records.compactMap { $0.people.agreed($0.row) }.max() }

    /// The rows of another reading of the same entity that are this person's.
    package func rows(in people: EntityPeople) -> [Int] {
        let keys = Set(records.filter { $0.entity == people.schema.id }.map(\.key))
        guard !keys.isEmpty else { return [] }
        return (0..<people.table.rowCount).filter { keys.contains(ValueText.plain(people.key($0))) }
    }
}

/// Finds people in the data, by an address in any spelling or by the key of a record.
package struct PersonSearch {
    package enum Failure: Error, Hashable {
        /// It is no address, and no record has this key.
        case nobody
        /// Records of several entities have this key.
        case ambiguous([String])

        package var message: String {
            switch self {
            case .nobody: "nobody in the data has this key, and it is no address"
            case .ambiguous(let entities): "records of \(entities.joined(separator: " and ")) have this key; name the address instead"
            }
        }
    }

    private let everybody: [EntityPeople]
    private let key: WorkspaceKey

    /// `everybody`: every entity that has addresses, in the order of their ids.
    package init(_ everybody: [EntityPeople], key: WorkspaceKey) {
        self.everybody = everybody
        self.key = key
    }

    /// One result for each of these, in two passes over the data however many they are.
    package func find(_ texts: [String]) -> [Result<FoundPerson, Failure>] {
        let named = addresses(texts)
        let keys = Set(zip(texts, named).filter { $0.1 == nil }.map(\.0))
        let byKey = keys.isEmpty ? [:] : rows { people, row in keys.contains(ValueText.plain(people.key(row))) ? ValueText.plain(people.key(row)) : nil }
        let wanted = Set(named.compactMap { $0 } + byKey.values.flatMap { $0 }.compactMap { $0.people.address($0.row)?.reveal() })
        let byAddress = rows { people, row in people.address(row).map { $0.reveal() }.flatMap { wanted.contains($0) ? $0 : nil } }
        return zip(texts, named).map { text, address in
            if let address { return .success(person(address, byAddress[address] ?? [])) }
            guard let found = byKey[text], let first = found.first else { return .failure(.nobody) }
            let entities = Set(found.map(\.people.schema.id)).sorted()
            guard entities.count == 1 else { return .failure(.ambiguous(entities)) }
            let own = first.people.address(first.row)?.reveal()
            return .success(person(own, own.flatMap { byAddress[$0] } ?? found))
        }
    }

    private typealias Place = (people: EntityPeople, row: Int)

    private func rows(_ name: (EntityPeople, Int) -> String?) -> [String: [Place]] {
        var found: [String: [Place]] = [:]
        for people in everybody {
            for row in 0..<people.table.rowCount { if let name = name(people, row) { found[name, default: []].append((people, row)) } }
        }
        return found
    }

    /// The normal form of each that is an email address, or a phone number of somebody in the data.
    private func addresses(_ texts: [String]) -> [String?] {
        let others = Set(texts.filter { EmailAddress($0) == nil })
        let phones = others.isEmpty ? [] : everybody.filter { !$0.schema.hasEmail }
        var numbers: [String: String] = [:]
        for people in phones {
            let wanted = Dictionary(others.compactMap { text in people.normalForm(text).map { ($0, text) } }, uniquingKeysWith: { first, _ in first })
            for row in 0..<people.table.rowCount {
                guard let number = people.address(row)?.reveal(), let text = wanted[number] else { continue }
                numbers[text] = number
            }
        }
        return texts.map { EmailAddress($0)?.text ?? numbers[$0] }
    }

    private func person(_ address: String?, _ places: [Place]) -> FoundPerson {
        let records = places.map { place in
            let (entity, own) = (place.people.schema.id, ValueText.plain(place.people.key(place.row)))
            return FoundPerson.Record(entity: entity, key: own, digest: key.record(entity: entity, key: own), people: place.people, row: place.row)
        }
        return FoundPerson(address: address.map(Personal.init), person: address.map(key.person), records: records)
    }
}

extension AudienceStage {
    /// Everybody of every entity that has addresses; nil after reporting what cannot be read.
    package func everybody() -> [EntityPeople]? {
        let schemas = resolved.schemas.entities.values.filter { $0.addressColumn != nil }.sorted { $0.id < $1.id }
        var needs = DataNeeds(resolved.schemas, clock, narrows: false)
        for schema in schemas { needs.addAll(of: schema.id) }
        guard let tables = read(needs) else { return nil }
        let people = schemas.compactMap { schema in tables[schema.id].flatMap { EntityPeople(schema, $0, clock, diagnostics) } }
        return diagnostics.hasErrors ? nil : people
    }
}
