import HeraldModel

/// The most people a send may reach: the email's own limit is binding, the workspace's as much as it says.
extension PlanDraft {
    mutating func passesAudienceLimit(_ email: DesiredEmail) -> Bool {
        let count = email.members.members.count
        if let own = email.audience.atMost?.value, count > own {
            plan.policies.append(PolicyResult("audience", email.address, .refused, "\(count) recipients, its own limit is \(own)"))
            refuse(
                email.address, email.source, .audience, "\(count) people would get it, and its `audience: {at_most: \(own)}` allows \(own)",
                remedy: "raise at_most in a reviewed commit, or narrow \(email.list)")
            return false
        }
        guard let policy = input.settings.policies.audience else { return true }
        let detail = "\(count) recipients, limit \(policy.rule)"
        guard count > policy.rule else {
            plan.policies.append(PolicyResult("audience", email.address, .pass, detail))
            return true
        }
        guard policy.level == .mandatory else {
            plan.policies.append(PolicyResult("audience", email.address, .advisory, detail))
            return true
        }
        plan.policies.append(PolicyResult("audience", email.address, .refused, detail))
        refuse(
            email.address, email.source, .audience, "\(count) people would get it, and the policy `audience` allows \(policy.rule)",
            remedy: "raise the policy in a reviewed commit, or narrow \(email.list)")
        return false
    }
}
