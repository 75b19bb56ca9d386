import HeraldModel

/// What the workspace's policies say of a send that a plan proposes.
extension PlanDraft {
    /// The results where nothing mandatory stands against it, or nil after refusing the email.
    mutating func passesPolicies(_ email: DesiredEmail, _ at: ScheduleEntry?, changing: Bool) -> [PolicyResult]? {
        guard let limit = passesAudienceLimit(email) else { return nil }
        guard let at, changing else { return limit }
        guard let lead = passesLeadTime(email, at), let quiet = passesQuietHours(email, at) else { return nil }
        return limit + lead + quiet
    }

    /// From now until the send there must be time to look at it, and to take it back.
    private mutating func passesLeadTime(_ email: DesiredEmail, _ at: ScheduleEntry) -> [PolicyResult]? {
        guard let policy = input.settings.policies.leadTime else { return [] }
        let latest = policy.rule.moved(at.instant, backwards: true, in: input.zone)
        return judge(
            "lead_time", email, policy.level, passes: input.now <= latest, "at least \(policy.rule) ahead", otherwise: ", and it is less", .leadTime,
            "it is to go at \(at.local) (\(at.zone)), and the policy `lead_time` asks for a plan at least \(policy.rule) before",
            remedy: "give it a later time")
    }

    private mutating func passesQuietHours(_ email: DesiredEmail, _ at: ScheduleEntry) -> [PolicyResult]? {
        guard let quiet = input.quiet else { return [] }
        let over = quiet.end(around: at.instant)
        return judge(
            "quiet_hours", email, quiet.level, passes: over == nil, quiet.description, otherwise: ", and it is in them", .quietHours,
            "it is to go at \(at.local) (\(at.zone)), in the quiet hours \(quiet.description)",
            remedy: "the next time outside of them is \(quiet.zone.local(over ?? at.instant)) (\(quiet.zone.identifier))")
    }

    /// One policy's answer: passed, only a warning, or the email is refused.
    /// - Parameter otherwise: what the detail says more where it does not pass.
    mutating func judge(
        _ policy: String, _ email: DesiredEmail, _ level: Policies.Level, passes: Bool, _ detail: String, otherwise: String = "", _ code: Refusal.Code,
        _ message: String, remedy: String
    ) -> [PolicyResult]? {
        if passes { return [PolicyResult(policy, email.address, .pass, detail)] }
        if level == .advisory { return [PolicyResult(policy, email.address, .advisory, detail + otherwise)] }
        plan.policies.append(PolicyResult(policy, email.address, .refused, detail + otherwise))
        refuse(email.address, email.source, code, message, remedy: remedy)
        return nil
    }

    /// Whether a send is so large that others must agree to it first: the plan says who.
    mutating func approvalNeeded(for email: DesiredEmail) -> [PolicyResult] {
        guard let policy = input.settings.policies.approval else { return [] }
        let count = email.members.members.count
        let people = "\(PlanText.count(count, "recipient")), free up to \(PlanText.grouped(policy.rule.over))"
        guard count > policy.rule.over else { return [PolicyResult("approval", email.address, .pass, people)] }
        let roles = policy.rule.by.joined(separator: ", ")
        guard policy.level == .mandatory else { return [PolicyResult("approval", email.address, .advisory, "\(people): \(roles) should know")] }
        for role in policy.rule.by { plan.approvals[role, default: []].append(email.address) }
        return [PolicyResult("approval", email.address, .pending, "\(people): needs \(roles)")]
    }
}
