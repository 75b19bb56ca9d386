package import HeraldModel

/// The plan for a terminal, in the order of a reviewer's questions: who, what they read, when, how much, is it allowed, what cannot be undone and from
/// when, why, and what did others change.
package struct PlanText: Sendable {
    private let plan: Plan
    private let wire: PlanWire
    private let zone: Zone
    private let width: Int
    private let planPath: String
    private let linesPerChange: Int

    /// `width` in columns; `planPath` as the apply command names it; `linesPerChange` nil for all of them.
    package init(
        _ plan: Plan, _ wire: PlanWire, zone: Zone, width: Int = 100, planPath: String = "output/plan.json", linesPerChange: Int? = 12
    ) {
        self.plan = plan
        self.wire = wire
        self.zone = zone
        self.width = max(60, width)
        self.planPath = planPath
        self.linesPerChange = linesPerChange ?? .max
    }

    package func render() -> String {
        var lines = header
        if !plan.changes.isEmpty || !plan.waiting.isEmpty {
            lines += ["", "  + create  ~ change  > rename  - delete or cancel  . stop managing  ! sends mail  x cannot be undone"]
        }
        lines += ["", impact]
        for change in plan.changes { lines += [""] + block(of: change) }
        for send in plan.waiting { lines += [""] + block(of: send) }
        lines += section("REFUSED", Refused.grouped(plan.refused).flatMap(refused))
        lines += section("DRIFT   changed at the provider by somebody else", plan.drift.map(drift))
        lines += section("NOTES", (plan.hints + foreign).map { "  \(PlanText.visible($0))" })
        lines += ["", totals]
        if let command { lines.append(command) }
        return lines.flatMap { PlanText.wrap($0, to: width) }.joined(separator: "\n") + "\n"
    }

    private var header: [String] {
        let accounts = plan.accounts.sorted { $0.key < $1.key }.map { "\($0.key)/\(PlanText.visible($0.value))" }.joined(separator: " · ")
        let environment = plan.environment.map { "   env \($0)" } ?? ""
        return [
            "herald plan   \(plan.workspace)\(environment)" + (accounts.isEmpty ? "" : "   \(accounts)"),
            "read \(zone.local(plan.madeAt)) (\(zone.identifier))   digest \(PlanText.short(wire.digest))   expires \(zone.local(plan.expires))",
        ]
    }

    private var impact: String {
        guard !plan.changes.isEmpty else { return plan.refused.isEmpty ? "IMPACT   nothing changes" : "IMPACT   nothing that is allowed changes" }
        let summary = wire.summary
        var parts: [String] = []
        if summary.people_mailed > 0 {
            parts.append("\(PlanText.count(summary.people_mailed, "person gets", "people get")) mail")
            if plan.cost.mails > summary.people_mailed { parts.append(PlanText.count(plan.cost.mails, "mail")) }
        }
        if summary.people_added > 0 { parts.append("\(PlanText.grouped(summary.people_added)) \(summary.people_added == 1 ? "joins" : "join") lists") }
        if summary.people_removed > 0 { parts.append("\(PlanText.grouped(summary.people_removed)) \(summary.people_removed == 1 ? "leaves" : "leave") lists") }
        parts.append(PlanText.count(summary.changes, "change"))
        parts.append(summary.irreversible == 0 ? "all can be undone" : "\(PlanText.grouped(summary.irreversible)) cannot be undone")
        if summary.refused > 0 { parts.append("\(PlanText.grouped(summary.refused)) refused") }
        return "IMPACT   " + parts.joined(separator: " · ")
    }

    private func block(of change: Change) -> [String] {
        let name = change.name == change.address.id ? "" : "   \"\(PlanText.visible(change.name, limit: 60))\""
        let head = "\(PlanText.symbol(of: change)) \(change.address)\(name)   \(change.actions.map(\.rawValue).joined(separator: ", "))"
        var lines: [String] = []
        if let audience = change.audience { lines += people(audience, isMail: change.address.kind == .email) }
        let edits = change.fields.filter { $0.before != nil || change.content == nil || !PlanText.contentFields.contains($0.name) }
        if let content = change.content { lines += mail(content, skipping: Set(edits.map(\.name))) }
        for entry in change.schedule { lines.append("    when     \(entry.local) \(entry.zone) = \(entry.instant)") }
        lines += plan.policies.filter { $0.address == change.address }.map { "    allowed  \($0.policy): \($0.result == .advisory ? "warning, " : "")\($0.detail)" }
        if let irreversible = change.irreversible { lines.append("  x undo     \(moment(irreversible.from)): \(irreversible.what)") }
        lines += change.reasons.map { "    because  \(PlanText.visible(PlanText.words($0)))" }
        var rest = edits.map(field)
        let room = linesPerChange - lines.count
        if rest.count > max(0, room) {
            let shown = max(0, room - 1)
            rest = rest.prefix(shown) + ["    … \(PlanText.count(rest.count - shown, "more field")) in \(planPath)"]
        }
        return headline(head, change.source) + lines + rest
    }

    private func block(of send: WaitingSend) -> [String] {
        headline("! \(send.address)   ready, waits for somebody to send it", send.source) + people(send.audience, isMail: true)
            + mail(send.content, skipping: []) + ["    send     herald send \(send.address) --plan \(planPath)"]
    }

    /// What `content` says already.
    static let contentFields: Set<String> = ["subject", "preheader", "from", "reply_to"]

    private func headline(_ head: String, _ source: Place?) -> [String] {
        guard let place = source.map({ PlanText.visible($0.description) }) else { return [head] }
        let gap = width - PlanText.columns(head) - PlanText.columns(place)
        guard gap >= 3 else { return [head, "    in       \(place)"] }
        return [head + String(repeating: " ", count: gap) + place]
    }

    private func people(_ audience: AudienceDelta, isMail: Bool) -> [String] {
        var line = isMail ? "    to       \(PlanText.count(audience.after, "person", "people"))" : "    people   "
        if !isMail {
            line += audience.before == audience.after ? PlanText.grouped(audience.after) : "\(PlanText.grouped(audience.before)) → \(PlanText.grouped(audience.after))"
            line += "   (+\(PlanText.grouped(audience.added)) −\(PlanText.grouped(audience.removed))"
            line += audience.updated > 0 ? ", \(PlanText.grouped(audience.updated)) renewed)" : ")"
        }
        if isMail { line += audience.isFrozen ? ", these and no others" : ", may move by \(audience.mayMove) %" }
        if let most = audience.atMost { line += ", at most \(PlanText.grouped(most))" }
        var lines = [line]
        let left = audience.leftOut.filter { $0.reason != LeaveReason.where.rawValue }.map { "\($0.reason) \(PlanText.grouped($0.count))" }
        if !left.isEmpty { lines.append("    left out \(left.joined(separator: ", "))") }
        if audience.inByEmptiness > 0 {
            lines.append("    note     \(PlanText.grouped(audience.inByEmptiness)) \(audience.inByEmptiness == 1 ? "is" : "are") in only because a value is empty")
        }
        let sample = audience.sampleAdded.map { (isMail ? "" : "+ ") + $0 } + audience.sampleRemoved.map { "− " + $0 }
        if !sample.isEmpty { lines.append("    sample   \(sample.joined(separator: "  "))") }
        return lines
    }

    private func mail(_ content: MailContent, skipping edited: Set<String>) -> [String] {
        var lines: [String] = []
        if !edited.contains("subject") { lines += content.subjects.map { "    subject  \(PlanText.visible($0))" } }
        if !edited.contains("preheader"), !content.preheader.isEmpty { lines.append("    preview  \(PlanText.visible(content.preheader))") }
        if !edited.contains("from") { lines.append("    from     \(PlanText.visible(content.from.name)) <\(PlanText.visible(content.from.email))>") }
        let size = content.htmlBytes < 1000 ? PlanText.count(content.htmlBytes, "byte") : "\(PlanText.grouped((content.htmlBytes + 500) / 1000)) kB"
        lines.append("    body     \(size), \(PlanText.count(content.links.count, "link")), rendered in \(PlanText.visible(content.preview))")
        return lines
    }

    private func field(_ change: FieldChange) -> String {
        let after = "\"\(PlanText.visible(change.after))\""
        let name = "    \(PlanText.visible(change.name))" + String(repeating: " ", count: max(1, 9 - change.name.count))
        guard let before = change.before else { return name + after }
        return name + "\"\(PlanText.visible(before))\" → \(after)"
    }

    private func refused(_ group: Refused) -> [String] {
        let shown = group.items.prefix(5)
        var lines = shown.flatMap { headline("  \(group.code.rawValue)  \($0.address)", $0.source) }
        if group.items.count > shown.count { lines.append("  \(group.code.rawValue)  and \(PlanText.grouped(group.items.count - shown.count)) more, all in \(planPath)") }
        return lines + ["    \(PlanText.visible(group.message))", "    → \(PlanText.visible(group.remedy))"]
    }

    private func drift(_ drift: Drift) -> String {
        let git = drift.git.map { "git \"\(PlanText.visible($0))\"" }
        let remote = drift.remote.map { "provider \"\(PlanText.visible($0))\"" } ?? "gone at the provider"
        let end = drift.corrected ? "put right by this plan" : "left as it is"
        return "  \(drift.address) \(PlanText.visible(drift.field))   " + ([git, remote].compactMap { $0 } + [end]).joined(separator: "   ")
    }

    private var foreign: [String] {
        plan.foreign.sorted { $0.key < $1.key }.map { "\($0.key) holds \(PlanText.count($0.value, "object")) that herald does not manage; they are left alone" }
    }

    private var totals: String {
        let actions = Action.allCases.compactMap { action in wire.summary.actions[action.rawValue].map { "\(PlanText.grouped($0)) \(action.rawValue)" } }
        let list = actions + (plan.refused.isEmpty ? [] : ["\(PlanText.grouped(plan.refused.count)) refused"])
        let cost = [
            plan.cost.calls > 0 ? "about \(PlanText.count(plan.cost.calls, "call"))" : "",
            plan.cost.mails > 0 ? PlanText.count(plan.cost.mails, "mail") : "",
        ].filter { !$0.isEmpty }
        return "PLAN     " + [list.isEmpty ? "no changes" : list.joined(separator: " · "), cost.joined(separator: ", ")].filter { !$0.isEmpty }.joined(separator: "      ")
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
}
