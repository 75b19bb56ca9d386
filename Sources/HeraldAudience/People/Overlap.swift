import HeraldModel

/// How the members of several lists meet. A person is an address, whatever record of which entity it stands in.
package struct Overlap: Sendable {
    /// How many lists can be held against each other at once.
    package static let mostLists = 32

    /// How many people are on exactly the lists of a set; bit n is the n-th list.
    private let groups: [UInt64: Int]

    /// - Parameter audiences: at most `mostLists`.
    package init(_ audiences: [Audience]) {
        var byEntity: [String: (people: EntityPeople, lists: [UInt64])] = [:]
        for (number, audience) in audiences.prefix(Overlap.mostLists).enumerated() {
            let people = audience.people
            var lists = byEntity.removeValue(forKey: people.schema.id)?.lists ?? [UInt64](repeating: 0, count: people.addresses.count)
            for row in audience.members { lists[Int(people.addresses.ofRow[row])] |= 1 << UInt64(number) }
            byEntity[people.schema.id] = (people, lists)
        }
        var groups: [UInt64: Int] = [:]
        if byEntity.count == 1, let only = byEntity.values.first {
            for lists in only.lists where lists != 0 { groups[lists, default: 0] += 1 }
        } else {
            // One address may have a number in each entity.
            var ofAddress: [Text: UInt64] = [:]
            for (people, lists) in byEntity.values {
                for (address, lists) in lists.enumerated() where lists != 0 { ofAddress[Text(people.addresses[Int32(address)]), default: 0] |= lists }
            }
            for lists in ofAddress.values { groups[lists, default: 0] += 1 }
        }
        self.groups = groups
    }

    /// Everybody who is on at least one of the lists, once.
    package var people: Int { groups.values.reduce(0, +) }

    /// People who are on all of these lists, whatever others they are on; lists by their place in the order.
    package func count(on lists: Int...) -> Int { count(onAll: lists) }

    package func count(onAll lists: some Sequence<Int>) -> Int {
        let wanted = lists.reduce(UInt64(0)) { $0 | 1 << UInt64($1) }
        return groups.reduce(0) { $1.key & wanted == wanted ? $0 + $1.value : $0 }
    }

    /// People who are on this list and no other.
    package func count(onlyOn list: Int) -> Int { groups[1 << UInt64(list)] ?? 0 }
}
