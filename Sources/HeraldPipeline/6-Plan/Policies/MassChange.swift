import HeraldModel

/// The valve: a list does not lose more than a share of its members at once, unless somebody says how many in so many words.
extension PlanDraft {
    /// False after refusing the list.
    mutating func passesValve(_ list: DesiredList, existing: Int, removed: Int, _ proposal: inout Proposal) -> Bool {
        guard existing >= input.settings.policies.massChange.floor, removed > 0 else { return true }
        let share = "\(PlanText.grouped(removed)) of \(PlanText.count(existing, "member")) leave (limit \(list.removalLimit) %)"
        let isSmall = removed * 100 <= existing * list.removalLimit
        if isSmall || removed <= input.options.allowRemovals[list.address] ?? 0 {
            proposal.policies.append(
                PolicyResult("mass_change", list.address, .pass, isSmall ? share : share + ", allowed with --allow-removals"))
            return true
        }
        plan.policies.append(PolicyResult("mass_change", list.address, .refused, share))
        refuse(
            list.address, list.source, .massChange, share,
            remedy: "look at what changed; if it is meant, plan again with --allow-removals \(list.address)=\(removed)")
        return false
    }
}
