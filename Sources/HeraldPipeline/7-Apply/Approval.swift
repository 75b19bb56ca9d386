package import HeraldModel

/// Whether a plan that is made now is what was approved: equal, or inside the envelope of what was approved.
package enum Approval {
    package enum Verdict: Equatable, Sendable {
        case equal
        /// Only audiences moved, and no further than allowed.
        case inside
        case outside([String])
    }

    /// - Parameter approvedAudience: the sidecar of an address, ascending; nil where it is not there, and then nothing may have moved.
    package static func compare(
        approved: PlanWire, now: PlanWire, plan: Plan, audiences: [Address: [PersonDigest]], limits: [Address: Int],
        approvedAudience: (Address) -> [PersonDigest]?
    ) -> Verdict {
        guard approved.digest != now.digest else { return .equal }
        var moved: [String] = []
        if approved.inputs.definitions != now.inputs.definitions { moved.append("the definitions are others than those approved") }
        if approved.inputs.accounts != now.inputs.accounts { moved.append("a provider's account is another one") }
        if approved.tool != now.tool { moved.append("the plan was made by \(approved.tool), this is \(now.tool)") }
        if withoutAudiences(approved.refused) != withoutAudiences(now.refused) { moved.append("other items are refused now") }
        let before = Dictionary(approved.changes.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
        let after = Dictionary(now.changes.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
        for address in Set(before.keys).union(after.keys).sorted() {
            switch (before[address], after[address]) {
            case (nil, _): moved.append("\(address) changes now, and was not approved")
            case (_, nil): moved.append("\(address) was approved, and does not change any more")
            case (let old?, let new?):
                if let what = difference(old, new) { moved.append("\(address): \(what)") }
                moved += audienceMoved(address, old.audience, new.audience, audiences, limits, approvedAudience)
            }
        }
        if Set(approved.waiting.map(\.address)) != Set(now.waiting.map(\.address)), moved.isEmpty { moved.append("other emails wait to be sent") }
        return moved.isEmpty ? .inside : .outside(moved)
    }

    /// How far one audience moved, in words, where it is further than approved.
    package static func audienceMoved(
        _ address: String, _ old: PlanWire.AudienceEntry?, _ new: PlanWire.AudienceEntry?, _ audiences: [Address: [PersonDigest]],
        _ limits: [Address: Int], _ approvedAudience: (Address) -> [PersonDigest]?
    ) -> [String] {
        guard let key = Address(parsing: address), old?.set_digest != new?.set_digest else { return [] }
        guard let current = audiences[key], let before = approvedAudience(key) else {
            return ["\(address): its audience changed, and the approved one is not kept beside the plan"]
        }
        let count = MemberDifference.symmetric(before, current)
        let limit = limits[key] ?? 10
        guard count * 100 > max(before.count, 1) * limit else { return [] }
        return ["\(address): \(count) people came or went since approval, of \(before.count) (limit \(limit) %)"]
    }

    private static func difference(_ old: PlanWire.ChangeEntry, _ new: PlanWire.ChangeEntry) -> String? {
        if Set(old.actions).subtracting(memberActions) != Set(new.actions).subtracting(memberActions) { return "other actions than those approved" }
        if old.content?.digest != new.content?.digest { return "what people read is another text than the one approved" }
        if old.fields != new.fields { return "other fields change than those approved" }
        if old.precondition != new.precondition { return "the object at the provider changed since it was read" }
        if old.schedule.map(\.utc) != new.schedule.map(\.utc) { return "the time is another one" }
        return nil
    }

    private static let memberActions: Set<String> = [Action.addMembers.rawValue, Action.removeMembers.rawValue]

    private static func withoutAudiences(_ refused: [PlanWire.RefusedEntry]) -> Set<String> { Set(refused.map { "\($0.address) \($0.code)" }) }
}
