import HeraldDigest
package import HeraldModel

/// Digests of whole member sets.
package enum MemberSets {
    /// Of who is in and with which values.
    package static func digest(_ members: [MemberState]) -> String {
        let hash = SHA256()
        for member in members {
            hash.update(member.person.bytes)
            hash.update((0..<8).map { UInt8(truncatingIfNeeded: member.values >> (8 * $0)) })
        }
        return String(hash.finish().prefix(32))
    }

    /// Of who is in.
    package static func digest(people: [PersonDigest]) -> String {
        let hash = SHA256()
        for person in people { hash.update(person.bytes) }
        return String(hash.finish().prefix(32))
    }
}

extension AudienceDelta {
    /// Groups smaller than this show no examples and are not attributed by themselves.
    static let smallGroup = 5

    static func between(_ existing: [MemberState], _ members: DesiredMembers, _ difference: MemberDifference) -> AudienceDelta {
        AudienceDelta(
            before: existing.count, after: members.members.count, added: difference.added.count, removed: difference.removed.count,
            updated: difference.updated.count, setDigest: members.setDigest, leftOut: members.leftOut,
            inByEmptiness: members.inByEmptiness,
            sampleAdded: difference.added.count >= smallGroup ? members.sample(Array(difference.added.prefix(3))) : [],
            sampleRemoved: difference.removed.count >= smallGroup ? members.sample(Array(difference.removed.prefix(3))) : [])
    }

    /// Why people come and go. Those whom a consent step left out are attributed to it; what remains needs the old data, which is not kept yet.
    static func reasons(_ difference: MemberDifference, _ members: DesiredMembers, isNew: Bool) -> [Reason] {
        guard !isNew else { return [] }
        let consent: Set<LeaveReason> = [.erased, .complained, .bounced, .blocked, .unsubscribed, .unsubscribedList, .pending]
        let withdrawn = difference.removed.filter { members.reason($0).map(consent.contains) ?? false }.count
        let shown = withdrawn >= smallGroup ? withdrawn : 0
        let rest = difference.added.count + difference.removed.count - shown
        var reasons: [Reason] = []
        if shown > 0 { reasons.append(Reason(.consentWithdrawn, people: shown)) }
        if rest > 0 { reasons.append(Reason(.unattributed, people: rest)) }
        if !difference.updated.isEmpty { reasons.append(Reason(.dataChanged, "values", people: difference.updated.count)) }
        return reasons
    }
}
