import HeraldModel

/// Makes the plan. The order is that of the document; each kind has a planner of its own.
package enum Planner {
    package static func plan(_ input: PlanInput) -> PlannedRun {
        var draft = PlanDraft(input, head(of: input))
        draft.resolveMoves()
        for list in input.desired.lists where input.options.covers(list.address) { draft.plan(list) }
        for campaign in input.desired.campaigns where input.options.covers(campaign.address) { draft.plan(campaign) }
        // After the lists: an email whose list is refused cannot be made either.
        for email in input.desired.emails where input.options.covers(email.address) { draft.plan(email) }
        draft.planAbsent()
        draft.noteDoneLines()
        draft.countForeign()
        return draft.finish()
    }

    private static func head(of input: PlanInput) -> Plan {
        var accounts: [String: String] = [:]
        for (id, reading) in input.readings {
            if case .success(let inventory) = reading.inventory { accounts[id] = inventory.account }
        }
        let valid = input.settings.policies.approval?.rule.valid ?? CalendarDuration(7, .day)
        var plan = Plan(
            tool: input.tool, workspace: input.settings.id.value, environment: input.settings.environment,
            lineage: input.state.lineage, serial: input.state.serial, madeAt: input.now,
            expires: valid.moved(input.now, in: .utc), accounts: accounts, definitions: input.definitions)
        plan.options = input.options
        if !input.settings.maySend, !input.desired.emails.isEmpty {
            plan.hints.append("\(input.settings.environment ?? "this environment") sends nothing (`send: false`): emails are kept as drafts")
        }
        if input.state.needsRecovery {
            plan.hints.append("an earlier run was interrupted; run `herald recover` before a plan is applied")
        }
        return plan
    }
}

extension PlanDraft {
    /// Objects at the providers that are nobody's here: one counted line, never touched.
    fileprivate mutating func countForeign() {
        for (id, reading) in input.readings {
            guard case .success(let inventory) = reading.inventory else { continue }
            let known = owners[id] ?? [:]
            let taken = claimed[id] ?? []
            let foreign = inventory.objects.keys.reduce(0) { known[$1] == nil && !taken.contains($1) ? $0 + 1 : $0 }
            if foreign > 0 { plan.foreign[id] = foreign }
            plan.cost.calls += inventory.calls
        }
    }

    /// How many mails the plan schedules, and to how many different people.
    private mutating func countMails() {
        let scheduled = plan.changes.filter { $0.actions.contains(.schedule) }.compactMap { audiences[$0.address] }
        plan.cost.mails = scheduled.reduce(0) { $0 + $1.count }
        guard scheduled.count > 1 else {
            plan.mailed = plan.cost.mails
            return
        }
        plan.mailed = Set(scheduled.joined()).count
    }

    fileprivate consuming func finish() -> PlannedRun {
        countMails()
        // Most risky first: what cannot be undone, then deletions, then by address.
        plan.changes.sort { ($0.risk, $0.address) < ($1.risk, $1.address) }
        plan.refused.sort { ($0.address, $0.code.rawValue) < ($1.address, $1.code.rawValue) }
        plan.drift.sort { ($0.address, $0.field) < ($1.address, $1.field) }
        plan.policies.sort { ($0.address, $0.policy) < ($1.address, $1.policy) }
        plan.waiting.sort { $0.address < $1.address }
        plan.hints.sort()
        let order = steps.enumerated().sorted { ($0.element.stage, $0.offset) < ($1.element.stage, $1.offset) }
        let unread = input.readings.compactMapValues { reading in if case .failure(let failure) = reading.inventory { failure } else { nil } }
        return PlannedRun(plan: plan, steps: order.map(\.element), audiences: audiences, unread: unread)
    }
}

extension Change {
    fileprivate var risk: Int {
        if irreversible != nil { return 0 }
        return actions.contains { [.delete, .cancel, .unschedule, .removeMembers].contains($0) } ? 1 : 2
    }
}
