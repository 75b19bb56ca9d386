import HeraldModel

/// The most people a send may reach: the email's own limit is binding, the workspace's as much as it says.
extension PlanDraft {
    /// The policy's result where nothing stands against it, or nil after refusing the email.
    mutating func passesAudienceLimit(_ email: DesiredEmail) -> [PolicyResult]? {
        let count = email.members.members.count
        let people = PlanText.count(count, "recipient")
        if let own = email.audience.atMost?.value, count > own {
            plan.policies.append(PolicyResult("audience", email.address, .refused, "\(people), its own limit is \(PlanText.grouped(own))"))
            refuse(
                email.address, email.source, .audience,
                "\(PlanText.count(count, "person", "people")) would get it, and its `audience: {at_most: \(own)}` does not allow that",
                remedy: "raise at_most in a reviewed commit, or narrow \(email.list)")
            return nil
        }
        guard let policy = input.settings.policies.audience else { return [] }
        return judge(
            "audience", email, policy.level, passes: count <= policy.rule, "\(people), limit \(PlanText.grouped(policy.rule))", .audience,
            "\(PlanText.count(count, "person", "people")) would get it, and the policy `audience` allows \(PlanText.grouped(policy.rule))",
            remedy: "raise the policy in a reviewed commit, or narrow \(email.list)")
    }
}
