import HeraldModel

/// The valve: a list does not lose more than a share of its members at once, unless somebody says how many in so many words.
extension PlanDraft {
    mutating func passesValve(_ list: DesiredList, existing: Int, removed: Int) -> Bool {
        let policy = input.settings.policies.massChange
        guard existing >= policy.floor, removed > 0 else { return true }
        let allowed = input.options.allowRemovals[list.address] ?? 0
        let share = "\(removed) of \(existing) members leave (limit \(list.removalLimit) %)"
        if removed * 100 <= existing * list.removalLimit {
            plan.policies.append(PolicyResult("mass_change", list.address, .pass, share))
            return true
        }
        if removed <= allowed {
            plan.policies.append(PolicyResult("mass_change", list.address, .pass, share + ", allowed with --allow-removals"))
            return true
        }
        plan.policies.append(PolicyResult("mass_change", list.address, .refused, share))
        refuse(
            list.address, list.source, .massChange, share,
            remedy: "look at what changed; if it is meant, plan again with --allow-removals \(list.address)=\(removed)")
        return false
    }
}
