import HeraldModel

/// Makes the plan. The order is that of the document; each kind has a planner of its own.
package enum Planner {
    package static func plan(_ input: PlanInput) -> PlannedRun {
        var draft = PlanDraft(input: input, plan: head(of: input))
        draft.plan.refused = input.desired.unsupported.filter { input.options.covers($0.address) }
        draft.resolveMoves()
        for list in input.desired.lists where input.options.covers(list.address) { draft.plan(list) }
        for campaign in input.desired.campaigns where input.options.covers(campaign.address) { draft.plan(campaign) }
        for email in input.desired.emails where input.options.covers(email.address) { draft.plan(email) }
        draft.planAbsent()
        draft.countForeign()
        draft.refuseDependents()
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
        return plan
    }
}

extension PlanDraft {
    /// An email whose list cannot be made cannot be made either.
    mutating func refuseDependents() {
        for email in input.desired.emails where isRefused(email.list) && !isRefused(email.address) {
            guard plan.changes.contains(where: { $0.address == email.address }) else { continue }
            plan.changes.removeAll { $0.address == email.address }
            steps.removeAll { $0.address == email.address }
            refuse(email.address, email.source, .unsupported, "\(email.list) is refused, and this email needs it", remedy: "see \(email.list)")
        }
    }

    /// Objects at the providers that are nobody's here: one counted line, never touched.
    mutating func countForeign() {
        let known = Set(input.state.objects.values.compactMap(\.remote))
        for (id, reading) in input.readings {
            guard case .success(let inventory) = reading.inventory else { continue }
            let foreign = inventory.objects.keys.filter { !known.contains($0) }.count
            if foreign > 0 { plan.foreign[id] = foreign }
            plan.cost.calls += inventory.calls
        }
    }

    consuming func finish() -> PlannedRun {
        // Most risky first: what cannot be undone, then deletions, then by address.
        plan.changes.sort { ($0.risk, $0.address) < ($1.risk, $1.address) }
        plan.refused.sort { ($0.address, $0.code.rawValue) < ($1.address, $1.code.rawValue) }
        plan.drift.sort { ($0.address, $0.field) < ($1.address, $1.field) }
        plan.waiting.sort { $0.address < $1.address }
        let order = steps.enumerated().sorted { ($0.element.stage, $0.offset) < ($1.element.stage, $1.offset) }
        return PlannedRun(plan: plan, steps: order.map(\.element), audiences: audiences)
    }
}

extension Change {
    fileprivate var risk: Int {
        if irreversible != nil { return 0 }
        return actions.contains { [.delete, .cancel, .removeMembers].contains($0) } ? 1 : 2
    }
}
