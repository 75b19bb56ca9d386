package import HeraldModel

/// The plan for a terminal, in the order of a reviewer's questions: who, what, when, how much, is it allowed, what cannot be undone, why, and what did others change.
package struct PlanText: Sendable {
    private let plan: Plan
    private let wire: PlanWire
    private let zone: Zone
    private let width: Int
    private let planPath: String
    private static let linesPerChange = 12

    /// `width` in columns; `planPath` as the apply command names it.
    package init(_ plan: Plan, _ wire: PlanWire, zone: Zone, width: Int = 100, planPath: String = "output/plan.json") {
        self.plan = plan
        self.wire = wire
        self.zone = zone
        self.width = max(60, width)
        self.planPath = planPath
    }

    package func render() -> String {
        var lines = header
        lines += ["", "  + create  ~ change  > rename  - delete  . stop managing  ! sends mail  x cannot be undone", ""]
        lines.append(impact)
        for change in plan.changes { lines += [""] + block(of: change) }
        for send in plan.waiting { lines += [""] + block(of: send) }
        lines += section("REFUSED", plan.refused.flatMap(refused))
        lines += section("DRIFT (changed at the provider by somebody else)", plan.drift.map(drift))
        lines += section("POLICIES", plan.policies.map { "  \($0.result.rawValue)  \($0.policy)  \($0.address)  \($0.detail)" })
        lines += section("NOTES", plan.hints.map { "  \($0)" } + foreign)
        lines += ["", totals]
        if let command { lines.append(command) }
        return lines.flatMap(wrapped).joined(separator: "\n") + "\n"
    }

    private var header: [String] {
        let accounts = plan.accounts.sorted { $0.key < $1.key }.map { "\($0.key)/\($0.value)" }.joined(separator: " · ")
        let environment = plan.environment.map { "   env \($0)" } ?? ""
        let first = "herald plan   \(plan.workspace)\(environment)"
        return [
            first + (accounts.isEmpty ? "" : "   \(accounts)"),
            "read \(zone.local(plan.madeAt)) (\(zone.identifier))   digest \(PlanText.short(wire.digest))   expires \(zone.local(plan.expires))",
        ]
    }

    private var impact: String {
        guard !plan.changes.isEmpty else { return plan.refused.isEmpty ? "IMPACT   nothing changes" : "IMPACT   nothing that is allowed changes" }
        let summary = wire.summary
        var parts = ["\(PlanText.count(summary.changes, "change"))"]
        if summary.people_mailed > 0 { parts.append("\(PlanText.grouped(summary.people_mailed)) people get mail") }
        if summary.people_added > 0 { parts.append("\(PlanText.grouped(summary.people_added)) join lists") }
        if summary.people_removed > 0 { parts.append("\(PlanText.grouped(summary.people_removed)) leave lists") }
        parts.append(summary.irreversible == 0 ? "all can be undone" : "\(summary.irreversible) x cannot be undone")
        return "IMPACT   " + parts.joined(separator: " · ")
    }

    private func block(of change: Change) -> [String] {
        let head = "\(PlanText.symbol(of: change)) \(change.address)   \(change.actions.map(\.rawValue).joined(separator: ", "))"
        var lines: [String] = []
        if let irreversible = change.irreversible { lines.append("  x \(moment(irreversible.from)): \(irreversible.what)") }
        for entry in change.schedule { lines.append("    when     \(entry.local) \(entry.zone) = \(entry.instant), \(PlanText.count(entry.people, "person", "people"))") }
        lines += change.reasons.map(reason)
        if let audience = change.audience { lines += people(audience, label: change.address.kind == .email ? "to" : "people") }
        if let content = change.content { lines += mail(content) }
        lines += change.fields.map(field)
        return [headline(head, change.source)] + PlanText.limited(lines, to: PlanText.linesPerChange, of: change.address)
    }

    private func block(of send: WaitingSend) -> [String] {
        [headline("! \(send.address)   ready, waits for `herald send`", send.source)] + people(send.audience, label: "to") + mail(send.content)
            + ["    send     herald send \(send.address) --plan \(planPath)"]
    }

    private func headline(_ head: String, _ source: Place?) -> String {
        guard let source else { return head }
        let gap = width - PlanText.columns(head) - PlanText.columns(source.description)
        return head + String(repeating: " ", count: max(3, gap)) + source.description
    }

    private func people(_ audience: AudienceDelta, label: String) -> [String] {
        let pad = label + String(repeating: " ", count: max(1, 9 - label.count))
        var line = "    \(pad)\(PlanText.grouped(audience.after))"
        if audience.before > 0 { line = "    \(pad)\(PlanText.grouped(audience.before)) → \(PlanText.grouped(audience.after))" }
        if label == "people" {
            line += "   (+\(PlanText.grouped(audience.added)) −\(PlanText.grouped(audience.removed))"
            line += audience.updated > 0 ? " ~\(PlanText.grouped(audience.updated)))" : ")"
        }
        var lines = [line]
        let left = audience.leftOut.filter { $0.count > 0 && $0.reason != .where }.map { "\($0.reason.rawValue) \(PlanText.grouped($0.count))" }
        if !left.isEmpty { lines.append("    left out " + left.joined(separator: ", ")) }
        if audience.inByEmptiness > 0 { lines.append("    note     \(PlanText.grouped(audience.inByEmptiness)) are in only because a value is empty") }
        if !audience.sampleAdded.isEmpty { lines.append("    sample   + \(audience.sampleAdded.joined(separator: "  "))") }
        if !audience.sampleRemoved.isEmpty { lines.append("    sample   − \(audience.sampleRemoved.joined(separator: "  "))") }
        return lines
    }

    private func mail(_ content: MailContent) -> [String] {
        var lines = content.subjects.map { "    subject  \(PlanText.visible($0))" }
        if !content.preheader.isEmpty { lines.append("    preview  \(PlanText.visible(content.preheader))") }
        lines.append("    from     \(PlanText.visible(content.from.name)) <\(content.from.email)>")
        lines.append("    body     \(content.htmlBytes / 1000) kB, \(PlanText.count(content.links.count, "link")), rendered in \(content.preview)")
        return lines
    }

    private func field(_ change: FieldChange) -> String {
        let after = "\"\(PlanText.visible(change.after))\""
        guard let before = change.before else { return "    \(change.name): \(after)" }
        return "    \(change.name): \"\(PlanText.visible(before))\" → \(after)"
    }

    private func reason(_ reason: Reason) -> String {
        let words = PlanText.words(reason)
        return "    because  \(words)" + (reason.people.map { " (\(PlanText.count($0, "person", "people")))" } ?? "")
    }

    private func refused(_ refusal: Refusal) -> [String] {
        [
            headline("  \(refusal.code.rawValue)  \(refusal.address)", refusal.source), "    \(refusal.message)",
            "    → \(refusal.remedy)",
        ]
    }

    private func drift(_ drift: Drift) -> String {
        let git = drift.git.map { "git \"\(PlanText.visible($0))\"" }
        let remote = drift.remote.map { "provider \"\(PlanText.visible($0))\"" } ?? "gone at the provider"
        let end = drift.corrected ? "put right by this plan" : "left as it is"
        return "  \(drift.address).\(drift.field)   " + ([git, remote].compactMap { $0 } + [end]).joined(separator: "   ")
    }

    private var foreign: [String] {
        plan.foreign.sorted { $0.key < $1.key }.map { "  \($0.key) holds \(PlanText.count($0.value, "object")) that herald does not manage; they are left alone" }
    }

    private var totals: String {
        let actions = wire.summary.actions.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        let list = (actions + (plan.refused.isEmpty ? [] : ["\(plan.refused.count) refused"])).joined(separator: " · ")
        return "PLAN     \(list.isEmpty ? "no changes" : list)" + (plan.cost.calls > 0 ? "      about \(PlanText.count(plan.cost.calls, "call"))" : "")
    }

    private var command: String? {
        guard !plan.changes.isEmpty else { return nil }
        let environment = plan.environment.map { " --env \($0)" } ?? ""
        return "Apply exactly this:  herald apply \(planPath)\(environment)     (single use; checked again before the first write)"
    }

    private func moment(_ moment: Irreversible.Moment) -> String {
        switch moment {
        case .onApply: "cannot be undone once applied"
        case .onSend: "cannot be undone once `herald send` runs"
        case .at(let instant): "cannot be undone from \(zone.local(instant)) (\(zone.identifier))"
        }
    }

    private func section(_ title: String, _ lines: [String]) -> [String] { lines.isEmpty ? [] : ["", title] + lines }

    private func wrapped(_ line: String) -> [String] {
        guard PlanText.columns(line) > width else { return [line] }
        return PlanText.wrap(line, to: width)
    }
}
