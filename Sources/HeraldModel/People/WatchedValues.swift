/// The values that fields had when herald last looked, by digests only: what tells a change from one run to the next where an entity has no table of changes.
package struct WatchedValues: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package let record: PersonDigest
        package let value: UInt64

        package init(record: PersonDigest, value: UInt64) {
            self.record = record
            self.value = value
        }
    }

    /// By field, such as `contact.stage`; ascending by record.
    package private(set) var fields: [String: [Entry]] = [:]

    package init() {}

    package mutating func watch(_ field: String, _ entries: [Entry]) { fields[field] = entries.sorted { $0.record < $1.record } }

    /// What changed from these values to later ones, as facts. A record that is new has not changed, and neither has a field that was not watched before.
    package func changes(to later: WatchedValues, at now: Instant) -> [PersonFact] {
        later.fields.sorted { $0.key < $1.key }.flatMap { field, entries -> [PersonFact] in
            guard let before = fields[field] else { return [] }
            var place = 0
            return entries.compactMap { entry in
                while place < before.count, before[place].record < entry.record { place += 1 }
                guard place < before.count, before[place].record == entry.record, before[place].value != entry.value else { return nil }
                return PersonFact(
                    kind: .changed(field: field, to: entry.value), person: nil, record: entry.record, at: now, recorded: now, source: "herald", reason: "")
            }
        }
    }

    /// Without these records.
    package func forgetting(_ records: Set<PersonDigest>) -> WatchedValues {
        var kept = WatchedValues()
        for (field, entries) in fields { kept.fields[field] = entries.filter { !records.contains($0.record) } }
        return kept
    }

    /// The same values under the digests of another key.
    package func moved(by change: KeyChange) -> WatchedValues {
        var moved = WatchedValues()
        for (field, entries) in fields { moved.watch(field, entries.map { Entry(record: change.person($0.record), value: change.values($0.value)) }) }
        return moved
    }
}
