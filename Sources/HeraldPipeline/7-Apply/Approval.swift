package import HeraldModel

/// Whether a plan that is made now is what was approved: equal, or inside the envelope of what was approved.
package enum Approval {
    package enum Verdict: Equatable, Sendable {
        case equal
        /// Only audiences moved, and no further than allowed.
        case inside
        case outside([String])
    }

    /// Why an approved plan may not be used at all, before anything is read; nil where it may.
    ///
    /// 6: damaged, or spent. 7: of another workspace, environment or state, or expired. 8: an earlier run must be recovered first.
    package static func objection(
        to approved: PlanWire, workspace: String, environment: String?, state: StateDocument, now: Instant
    ) -> (exit: ExitCode, message: String)? {
        if state.spent.contains(where: { $0.digest == approved.digest && $0.madeAgainst == approved.inputs.state_serial }), approved.isIntact {
            return (.refused, "this plan was applied already, and a plan works once; plan again")
        }
        if let objection = objection(to: approved, workspace: workspace, environment: environment, now: now) { return objection }
        guard approved.inputs.state == state.lineage else { return (.stale, "this plan was made against another state") }
        guard !state.needsRecovery else { return (.unknown, "an earlier run was interrupted; run `herald recover` first") }
        return nil
    }

    /// The same as far as the plan alone tells.
    package static func objection(to approved: PlanWire, workspace: String, environment: String?, now: Instant) -> (exit: ExitCode, message: String)? {
        if approved.isIntact, let at = approved.at {
            return (.refused, "this plan is a look ahead to \(at), made with `herald plan --at`, and is never applied; make one with `herald plan`")
        }
        guard approved.isIntact, let expires = approved.expires.flatMap({ Instant(rfc3339: $0) }), approved.inputs.state_serial != nil else {
            return (.refused, "the plan file was changed after it was made, or was made by a newer herald; plan again")
        }
        guard approved.workspace == workspace, approved.environment == environment else {
            let name = approved.environment.map { "\(approved.workspace), environment \($0)" } ?? approved.workspace
            return (.stale, "this is a plan of \(name)")
        }
        return now < expires ? nil : (.stale, "this plan expired at \(expires); plan again")
    }

    /// - Parameter approvedAudience: the sidecar of an address, ascending; nil where it is not there, and then nothing may have moved.
    package static func compare(
        approved: PlanWire, now: PlanWire, audiences: [Address: [PersonDigest]], approvedAudience: (Address) -> [PersonDigest]?
    ) -> Verdict {
        guard approved.digest != now.digest else { return .equal }
        var moved = commonDifferences(approved, now)
        let refusals = { (wire: PlanWire) in Set(wire.refused.map { "\($0.address) \($0.code)" }) }
        for item in refusals(now).subtracting(refusals(approved)).sorted() { moved.append("\(item) is refused now, and was not when it was approved") }
        if approved.approvals != now.approvals { moved.append("it needs the approval of others than when it was approved") }
        for item in refusals(approved).subtracting(refusals(now)).sorted() { moved.append("\(item) was refused when it was approved, and is not any more") }
        let refusedNow = Set(now.refused.map(\.address))
        let before = Dictionary(approved.changes.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
        let after = Dictionary(now.changes.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
        for address in Set(before.keys).union(after.keys).sorted() {
            switch (before[address], after[address]) {
            case (let old?, let new?):
                // Members of a list that stands as it was approved follow the data; the valve has passed them.
                let isFollowing = old.isOnlyMembers && new.isOnlyMembers
                if let what = difference(old, new) {
                    moved.append("\(address): \(what)")
                } else if let old = old.audience, let new = new.audience, !isFollowing {
                    moved += movement(address, old, new, audiences, approvedAudience)
                }
            case (nil, let new?):
                if !new.isOnlyMembers { moved.append("\(address) changes now, and was not approved") }
            case (_?, nil) where refusedNow.contains(address): continue  // That was said.
            case (let old?, nil):
                if !old.isOnlyMembers { moved.append("\(address) was approved, and does not change any more") }
            case (nil, nil): continue
            }
        }
        return moved.isEmpty ? .inside : .outside(shortened(moved))
    }

    /// A list that somebody can read.
    private static func shortened(_ lines: [String], to limit: Int = 20) -> [String] {
        lines.count <= limit ? lines : lines.prefix(limit - 1) + ["and \(PlanText.grouped(lines.count - limit + 1)) more"]
    }

    /// Of `herald send`: whether one email that waits is what was approved, to those who were approved.
    package static func compare(
        sending email: Address, approved: PlanWire, now: PlanWire, audiences: [Address: [PersonDigest]],
        approvedAudience: (Address) -> [PersonDigest]?
    ) -> Verdict {
        guard let old = approved.waiting.first(where: { $0.address == email.description }) else {
            return .outside(["\(email) was not ready to be sent when this plan was made; plan again"])
        }
        guard let new = now.waiting.first(where: { $0.address == email.description }) else {
            let why = now.refused.first { $0.address == email.description }.map { ": \($0.message)" } ?? ""
            return .outside(["\(email) is not ready to be sent any more\(why)"])
        }
        var moved = commonDifferences(approved, now)
        if old.content != new.content || old.provider != new.provider { moved.append("\(email): what people read is another text than the one approved") }
        moved += movement(old.address, old.audience, new.audience, audiences, approvedAudience)
        return moved.isEmpty ? (old.audience.set_digest == new.audience.set_digest ? .equal : .inside) : .outside(moved)
    }

    private static func commonDifferences(_ approved: PlanWire, _ now: PlanWire) -> [String] {
        var moved: [String] = []
        if approved.tool != now.tool { moved.append("the plan was made by \(approved.tool), this is \(now.tool)") }
        if approved.inputs.definitions != now.inputs.definitions { moved.append("the definitions are others than those approved") }
        if approved.inputs.accounts != now.inputs.accounts { moved.append("a provider's account is another one, or could not be read") }
        if approved.options != now.options { moved.append("the plan was made with other options") }
        return moved
    }

    /// How far one audience moved, in words, where it is further than approved.
    private static func movement(
        _ address: String, _ old: PlanWire.AudienceEntry, _ new: PlanWire.AudienceEntry, _ audiences: [Address: [PersonDigest]],
        _ approvedAudience: (Address) -> [PersonDigest]?
    ) -> [String] {
        guard let key = Address(parsing: address), old.set_digest != new.set_digest else { return [] }
        guard let current = audiences[key], let before = approvedAudience(key), MemberSets.digest(people: before) == old.set_digest else {
            return ["\(address): its audience changed, and the approved one is not kept beside the plan"]
        }
        let count = MemberDifference.symmetric(before, current)
        guard !old.isWithin(count, of: before.count) else { return [] }
        return [
            "\(address): \(PlanText.count(count, "person", "people")) came or went since approval, of \(PlanText.grouped(before.count)) (limit \(old.may_move) %)"
        ]
    }

    /// What else than the people of a change is not as approved.
    private static func difference(_ old: PlanWire.ChangeEntry, _ new: PlanWire.ChangeEntry) -> String? {
        let (left, right) = (old.withoutPeople, new.withoutPeople)
        guard left != right else { return nil }
        if left.actions != right.actions { return "other actions than those approved" }
        if left.precondition != right.precondition { return "the object at the provider changed since it was read" }
        if left.content != right.content { return "what people read is another text than the one approved" }
        if left.fields != right.fields { return "other fields change than those approved" }
        if left.schedule != right.schedule { return "the time is another one" }
        return "it is another change than the one approved"
    }
}

extension PlanWire.AudienceEntry {
    fileprivate func isWithin(_ moved: Int, of people: Int) -> Bool { moved * 100 <= people * may_move }
}

extension PlanWire.ChangeEntry {
    private static let memberActions: Set<String> = [Action.addMembers.rawValue, Action.removeMembers.rawValue]

    /// Whether nothing but who is in a list changes.
    fileprivate var isOnlyMembers: Bool { fields.isEmpty && Set(actions).isSubset(of: PlanWire.ChangeEntry.memberActions) }

    /// The change as it was approved, whoever the people of the moment are: they are compared by their number.
    fileprivate var withoutPeople: Self {
        var change = self
        change.actions.removeAll(where: PlanWire.ChangeEntry.memberActions.contains)
        change.operations.removeAll { $0.hasPrefix("members") }
        change.because = []
        change.audience = nil
        change.source = nil
        change.irreversible?.what = ""
        for index in change.schedule.indices { change.schedule[index].people = 0 }
        return change
    }
}
