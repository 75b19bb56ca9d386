import HeraldAudience
package import HeraldDigest
import HeraldModel

/// Turns who is on a list into digests, so that a plan can be made of it; the people themselves stay behind closures that only writers call.
package struct DesiredMembersMaker {
    private let audiences: Audiences
    private let indexes: [String: PersonIndex]

    package init(_ audiences: Audiences, key: WorkspaceKey) {
        self.audiences = audiences
        var indexes: [String: PersonIndex] = [:]
        for audience in audiences.byList.values where indexes[audience.people.schema.id] == nil {
            indexes[audience.people.schema.id] = audiences.indexes[audience.people.schema.id] ?? PersonIndex(audience.people, key: key)
        }
        self.indexes = indexes
    }

    /// Nil where the list was not decided.
    package func members(of list: ResolvedList) -> DesiredMembers? {
        guard let audience = audiences.byList[list.definition.id.value], let index = indexes[audience.people.schema.id] else { return nil }
        let fields = index.fields(list.columns, audiences.evaluator)
        let rows = index.members(audience.members, fields)
        let states = rows.states
        let rowOf: @Sendable (PersonDigest) -> Int? = { person in MemberSearch.index(of: person, in: states).map { rows.row($0) } }
        return DesiredMembers(
            members: states, setDigest: MemberSets.digest(people: states.lazy.map(\.person)), leftOut: audience.leftOut,
            inByEmptiness: audience.inByEmptiness,
            // Of several records with one address, the one that came furthest tells why.
            reason: { person in index.rows(of: person).compactMap { audience.reasons[$0] }.max() },
            sample: { people in
                people.compactMap { person in
                    (rowOf(person) ?? index.rows(of: person).first).flatMap { audience.people.address($0) }.map { ContactMask.mask($0.reveal()) }
                }
            },
            reveal: { people in
                people.compactMap { person in
                    guard let row = rowOf(person), let at = MemberSearch.index(of: person, in: states), let address = audience.people.address(row) else { return nil }
                    return Member(state: states[at], key: index.record(row), address: address, fields: Personal(fields.texts(row)))
                }
            },
            recipients: {
                states.indices.compactMap { at -> Recipient? in
                    let row = rows.row(at)
                    guard let address = audience.people.address(row).flatMap({ EmailAddress($0.reveal()) }) else { return nil }
                    return Recipient(person: states[at].person, key: index.record(row), address: Personal(address), row: row)
                }
            })
    }
}

/// Finds a person among members, who ascend.
enum MemberSearch {
    static func index(of person: PersonDigest, in members: [MemberState]) -> Int? {
        let place = members.lowerBound { $0.person < person }
        return place < members.count && members[place].person == person ? place : nil
    }
}

/// What may be shown of an address or a phone number.
package enum ContactMask {
    package static func mask(_ contact: String) -> String {
        EmailAddress(contact)?.masked ?? (contact.count > 4 ? "…\(contact.suffix(2))" : "…")
    }
}
