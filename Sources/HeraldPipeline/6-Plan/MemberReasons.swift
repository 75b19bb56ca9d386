import HeraldModel

/// Why people come onto a list and leave it: whose consent changed, what the filter, the data or the clock did, as far as it can be told exactly.
///
/// From the old filter on the old data at the old time (the members as they were left) one can go to today's members in three steps: another filter, other data,
/// another time. Without the old data the last step can be worked out always (today's filter and data at the old time), and the first two where only one of them
/// happened: digests tell which.
struct MemberReasons {
    private let list: DesiredList
    /// What the members were made of, where nothing stands against comparing with it.
    private let basis: MemberBasis?

    /// - Parameters:
    ///   - known: nil for a list that is new.
    ///   - hasDrifted: whether somebody else changed the members, so that they are not those that were left.
    init(_ list: DesiredList, _ known: ObjectState?, hasDrifted: Bool) {
        self.list = list
        let basis = known?.members?.basis
        // An edit that was applied only half, or another way of reading the data, is no ground to stand on.
        self.basis = basis.flatMap { !hasDrifted && $0.condition == known?.condition && $0.reading == list.basis?.reading ? $0 : nil }
    }

    private enum Cause: Int, CaseIterable {
        case consent, byHand, records, filter, data, aged, unknown

        /// Whether it is something about a person, rather than about the change.
        var isPersonal: Bool { rawValue <= Cause.records.rawValue }
    }

    /// Reasons with the number of people whom each moves; together they are all who moved.
    func reasons(_ difference: MemberDifference) -> [Reason] {
        var counts: [Cause: Int] = [:]
        for person in difference.added { counts[cause(person, joined: true), default: 0] += 1 }
        for person in difference.removed { counts[cause(person, joined: false), default: 0] += 1 }
        let unknown = counts.removeValue(forKey: .unknown) ?? 0
        let merged = mergeSmall(&counts, unknown)
        var reasons = Cause.allCases.compactMap { cause in counts[cause].map { reason(cause, $0) } }
        if unknown + merged > 0 {
            let detail = unknown == 0 ? "groups of fewer than \(AudienceDelta.smallGroup) people are not told apart" : ""
            reasons.append(Reason(.unattributed, detail, people: unknown + merged))
        }
        if !difference.updated.isEmpty { reasons.append(Reason(.dataChanged, "values", people: difference.updated.count)) }
        return reasons
    }

    /// Takes out what is said of fewer people than may be told from others, and more where what is left over would be as few. Returns how many people that is.
    private func mergeSmall(_ counts: inout [Cause: Int], _ unknown: Int) -> Int {
        let personal = counts.filter(\.key.isPersonal)
        let few = personal.values.filter { $0 < AudienceDelta.smallGroup }.reduce(0, +)
        let mergesAll = 1..<AudienceDelta.smallGroup ~= unknown + few
        let merged = personal.filter { mergesAll || $0.value < AudienceDelta.smallGroup }
        for cause in merged.keys { counts[cause] = nil }
        return merged.values.reduce(0, +)
    }

    private func reason(_ cause: Cause, _ count: Int) -> Reason {
        switch cause {
        case .consent: Reason(.consentWithdrawn, people: count)
        case .byHand: Reason(.removed, people: count)
        case .records: Reason(.dataChanged, "in the records", people: count)
        case .filter: Reason(.filterEdited, people: count)
        case .data: Reason(.dataChanged, people: count)
        case .aged: Reason(.aged, people: count)
        case .unknown: Reason(.unattributed, people: count)
        }
    }

    private static let consent: Set<LeaveReason> = [.erased, .complained, .bounced, .blocked, .unsubscribed, .unsubscribedList, .pending]

    private func cause(_ person: PersonDigest, joined: Bool) -> Cause {
        if !joined, let reason = list.members.reason(person) {
            if MemberReasons.consent.contains(reason) { return .consent }
            if reason == .removed { return .byHand }
        }
        guard let basis, let earlier = list.earlier, let wouldBeIn = earlier.wouldBeIn(person) else { return .unknown }
        if wouldBeIn != joined { return .aged }
        if joined, earlier.spoke(person) { return .records }
        let isEdited = basis.condition != list.basis?.condition
        guard let old = basis.data, let new = list.basis?.data else { return .unknown }
        switch (isEdited, old != new) {
        case (true, false): return .filter
        case (false, true): return .data
        // Whoever is not in the data any more cannot have left by the filter.
        case (true, true): return !joined && !earlier.isThere(person) ? .data : .unknown
        case (false, false): return .unknown
        }
    }
}
