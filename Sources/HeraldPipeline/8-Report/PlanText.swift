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
    private let policies: [Address: [PolicyResult]]

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
        policies = Dictionary(grouping: plan.policies, by: \.address)
    }

    package func render() -> String {
        var lines = header
        if !plan.changes.isEmpty || !plan.waiting.isEmpty {
            lines += ["", "  + create  ~ change  > rename  - delete, cancel  . let go  ! sends mail  x cannot be undone"]
        }
        lines += ["", impact]
        for change in plan.changes { lines += [""] + block(of: change) }
        for send in plan.waiting { lines += [""] + block(of: send) }
        lines += section("DUE UNTIL THEN", plan.coming.map { "  \(PlanText.visible(ComingWords.line($0, zone), limit: 1_000))" })
        lines += section("REFUSED", Refused.grouped(plan.refused).flatMap(refused))
        lines += section("DRIFT   changed at the provider by somebody else", plan.drift.map(drift))
        lines += section("NOTES", (plan.hints + foreign).map { "  \(PlanText.visible($0))" })
        lines += ["", totals]
        if plan.at == nil {
            lines += plan.approvals.keys.sorted().map { "Approve it first:    herald approve \(planPath) --as \($0)\(environment)" }
            if let command { lines.append(command) }
        } else {
            lines.append("A look ahead: it is never applied, and the plan itself stays as it is.")
        }
        return lines.flatMap { PlanText.wrap($0, to: width) }.joined(separator: "\n") + "\n"
    }

    private var header: [String] {
        let accounts = plan.accounts.sorted { $0.key < $1.key }.map { "\($0.key)/\(PlanText.visible($0.value))" }.joined(separator: " · ")
        let environment = plan.environment.map { "   env \($0)" } ?? ""
        if let at = plan.at {
            return [
                "herald plan   \(plan.workspace)\(environment)   LOOKING AHEAD to \(zone.local(at)) (\(zone.identifier))" + (accounts.isEmpty ? "" : "   \(accounts)"),
                "read \(zone.local(plan.madeAt)): data and providers as they are now, people as they will have aged   digest \(PlanText.short(wire.digest))",
            ]
        }
        return [
            "herald plan   \(plan.workspace)\(environment)" + (accounts.isEmpty ? "" : "   \(accounts)"),
            "read \(zone.local(plan.madeAt)) (\(zone.identifier))   digest \(PlanText.short(wire.digest))   expires \(zone.local(plan.expires))",
        ]
    }

    private var impact: String {
        guard !plan.changes.isEmpty else { return plan.refused.isEmpty ? "IMPACT\(PlanText.gap)nothing changes" : "IMPACT\(PlanText.gap)nothing that is allowed changes" }
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
        return "IMPACT\(PlanText.gap)" + parts.joined(separator: " · ")
    }

    private func block(of change: Change) -> [String] {
        let name = change.name == change.address.id ? "" : "   \"\(PlanText.visible(change.name, limit: 60))\""
        let head = "\(PlanText.symbol(of: change)) \(change.address)\(name)   \(change.actions.map(\.rawValue).joined(separator: ", "))"
        var lines: [String] = []
        if let audience = change.audience { lines += people(audience, isMail: change.address.kind == .email) }
        let isRead = { change.content != nil && PlanText.contentFields.contains($0) }
        if let content = change.content { lines += mail(content, change.fields) }
        for entry in change.schedule { lines.append(PlanText.labelled("when", "\(entry.local) \(entry.zone) = \(entry.instant)")) }
        if change.content != nil, change.schedule.isEmpty, change.actions.contains(.create) { lines.append(PlanText.labelled("when", "by hand, with `herald send`")) }
        lines += allowed(change.address)
        if let irreversible = change.irreversible { lines.append("  x undo\(PlanText.gap)\(moment(irreversible.from)), \(irreversible.what)") }
        lines += change.reasons.map { PlanText.labelled("because", PlanText.visible(PlanText.words($0))) }
        var rest = change.fields.filter { !isRead($0.name) }.map { PlanText.labelled(PlanText.visible($0.name), PlanText.edit($0)) }
        let room = linesPerChange - lines.count
        if rest.count > max(0, room) {
            let shown = max(0, room - 1)
            rest = rest.prefix(shown) + ["    … \(PlanText.count(rest.count - shown, "more field")) in \(planPath)"]
        }
        return headline(head, change.source) + lines + rest
    }

    private func block(of send: WaitingSend) -> [String] {
        headline("! \(send.address)   ready, waits for somebody to send it", send.source) + people(send.audience, isMail: true)
            + mail(send.content, []) + allowed(send.address)
            + ["  x undo\(PlanText.gap)once sent, \(PlanText.count(send.audience.after, "mail")) cannot be called back"]
            + (plan.at == nil ? [PlanText.labelled("send", "herald send \(send.address) --plan \(planPath)\(environment)")] : [])
    }

    private func allowed(_ address: Address) -> [String] {
        policies[address, default: []].map { PlanText.labelled("allowed", "\($0.policy): \($0.result == .advisory ? "warning, " : "")\($0.detail)") }
    }

    /// What `content` says already.
    static let contentFields: Set<String> = ["subject", "preheader", "from", "reply_to"]

    private func headline(_ head: String, _ source: Place?) -> [String] {
        guard let place = source.map({ PlanText.visible($0.description) }) else { return [head] }
        let gap = width - PlanText.columns(head) - PlanText.columns(place)
        guard gap >= 3 else { return [head, PlanText.labelled("in", place)] }
        return [head + String(repeating: " ", count: gap) + place]
    }

    private func people(_ audience: AudienceDelta, isMail: Bool) -> [String] {
        var text = isMail ? PlanText.count(audience.after, "person", "people") : PlanText.movement(audience)
        if isMail { text += audience.isFrozen ? ", these and no others" : ", may move by \(audience.mayMove) %" }
        if let most = audience.atMost { text += ", at most \(PlanText.grouped(most))" }
        var lines = [PlanText.labelled(isMail ? "to" : "people", text)]
        let left = audience.leftOut.filter { $0.reason != LeaveReason.where.rawValue }.map { "\($0.reason) \(PlanText.grouped($0.count))" }
        if !left.isEmpty { lines.append(PlanText.labelled("left out", left.joined(separator: ", "))) }
        if audience.inByEmptiness > 0 {
            let count = "\(PlanText.grouped(audience.inByEmptiness)) \(audience.inByEmptiness == 1 ? "is" : "are")"
            lines.append(PlanText.labelled("note", "\(count) in only because a value is empty"))
        }
        let sample = audience.sampleAdded.map { (isMail ? "" : "+") + $0 } + audience.sampleRemoved.map { "−" + $0 }
        if !sample.isEmpty { lines.append(PlanText.labelled("sample", sample.joined(separator: "  "))) }
        return lines
    }

    /// What people read; what was edited of it with what stood there before.
    private func mail(_ content: MailContent, _ fields: [FieldChange]) -> [String] {
        let edits = Dictionary(fields.filter { $0.before != nil }.map { ($0.name, PlanText.edit($0)) }, uniquingKeysWith: { first, _ in first })
        func lines(_ field: String, _ label: String, _ texts: [String]) -> [String] {
            (edits[field].map { [$0] } ?? texts.map { PlanText.visible($0) }).map { PlanText.labelled(label, $0) }
        }
        let size = content.htmlBytes < 1000 ? PlanText.count(content.htmlBytes, "byte") : "\(PlanText.grouped((content.htmlBytes + 500) / 1000)) kB"
        let preheader = content.preheader.isEmpty ? [] : [content.preheader]
        return lines("subject", "subject", content.subjects) + lines("preheader", "preview", preheader)
            + lines("from", "from", ["\(content.from.name) <\(content.from.email)>"]) + (edits["reply_to"] == nil ? [] : lines("reply_to", "reply to", []))
            + [PlanText.labelled("body", "\(size), \(PlanText.count(content.links.count, "link")), rendered in \(PlanText.visible(content.preview))")]
    }

    private static func edit(_ change: FieldChange) -> String {
        (change.before.map { "\"\(PlanText.visible($0))\" → " } ?? "") + "\"\(PlanText.visible(change.after))\""
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
        return "PLAN\(PlanText.gap)"
            + [list.isEmpty ? "no changes" : list.joined(separator: " · "), cost.joined(separator: ", ")].filter { !$0.isEmpty }.joined(separator: "      ")
    }

    private var command: String? {
        guard !plan.changes.isEmpty else { return nil }
        return "Apply exactly this:  herald apply \(planPath)\(environment)     (single use, checked again before it writes)"
    }

    private var environment: String { plan.environment.map { " --env \($0)" } ?? "" }

    private func moment(_ moment: Irreversible.Moment) -> String {
        switch moment {
        case .onApply: "once applied"
        case .at(let instant): "from \(zone.local(instant)) (\(zone.identifier)) on"
        }
    }

    private func section(_ title: String, _ lines: [String]) -> [String] { lines.isEmpty ? [] : ["", title] + lines }
}
