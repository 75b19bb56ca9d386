import HeraldDigest
package import HeraldModel

/// Digests of whole member sets: 128 bits of SHA-256 over the words of each member, most significant byte first.
package enum MemberSets {
    /// Of who is in and with which values.
    package static func digest(_ members: [MemberState]) -> String {
        digest(members) { words, member in words += [member.person.high.bigEndian, member.person.low.bigEndian, member.values.bigEndian] }
    }

    /// Of who is in.
    package static func digest(people: some Sequence<PersonDigest>) -> String {
        digest(people) { words, person in words += [person.high.bigEndian, person.low.bigEndian] }
    }

    /// In parts, so that ten million members need no second copy of themselves.
    private static func digest<Elements: Sequence>(_ elements: Elements, _ append: (inout [UInt64], Elements.Element) -> Void) -> String {
        let hash = SHA256()
        var words: [UInt64] = []
        func hashWords() {
            words.withUnsafeBytes { hash.update($0) }
            words.removeAll(keepingCapacity: true)
        }
        for element in elements {
            append(&words, element)
            if words.count >= 8192 { hashWords() }
        }
        hashWords()
        return String(hash.finish().prefix(32))
    }
}

extension AudienceDelta {
    /// Groups smaller than this show no examples and are not told apart from others.
    static let smallGroup = 5

    static func between(_ before: Int, _ people: DesiredMembers, _ difference: MemberDifference) -> AudienceDelta {
        AudienceDelta(
            before: before, after: people.members.count, added: difference.added.count, removed: difference.removed.count,
            updated: difference.updated.count, setDigest: people.setDigest, leftOut: cells(people.leftOut),
            inByEmptiness: people.inByEmptiness, sampleAdded: sample(difference.added, people), sampleRemoved: sample(difference.removed, people))
    }

    /// Of those who are to get an email, all of whom are new to it.
    static func whole(_ people: DesiredMembers, _ audience: EmailDefinition.Audience) -> AudienceDelta {
        let persons = people.members.map(\.person)
        return AudienceDelta(
            before: 0, after: persons.count, added: persons.count, removed: 0, updated: 0, setDigest: people.setDigest,
            leftOut: cells(people.leftOut), inByEmptiness: people.inByEmptiness, sampleAdded: sample(persons, people),
            mayMove: audience.change, atMost: audience.atMost?.value, isFrozen: audience.members == .frozen)
    }

    private static func sample(_ group: [PersonDigest], _ people: DesiredMembers) -> [String] {
        group.count >= smallGroup ? people.sample(Array(group.prefix(3))) : []
    }

    /// Small cells stand together as `other`; the total stays exact.
    private static func cells(_ leftOut: [(reason: LeaveReason, count: Int)]) -> [(reason: String, count: Int)] {
        let other = leftOut.filter { 1..<smallGroup ~= $0.count }.reduce(0) { $0 + $1.count }
        return leftOut.filter { $0.count >= smallGroup }.map { ($0.reason.rawValue, $0.count) } + (other > 0 ? [("other", other)] : [])
    }
}
