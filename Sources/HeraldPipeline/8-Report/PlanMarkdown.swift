package import HeraldModel

/// The plan for a pull-request comment: what cannot be undone and what is refused is always there, then detail as far as a budget of characters allows,
/// from the most to the least risky.
package struct PlanMarkdown: Sendable {
    /// Comments hold 65,536 characters at the usual forges.
    package static let budget = 60_000

    private let plan: Plan
    private let wire: PlanWire
    private let zone: Zone
    private let planPath: String
    private let policies: [Address: [PolicyResult]]

    package init(_ plan: Plan, _ wire: PlanWire, zone: Zone, planPath: String = "output/plan.json") {
        self.plan = plan
        self.wire = wire
        self.zone = zone
        self.planPath = planPath
        policies = Dictionary(grouping: plan.policies, by: \.address)
    }

    /// The first line is a marker, so that CI finds its comment again and updates it in place.
    package func render(budget: Int = PlanMarkdown.budget) -> String {
        let marker = "<!-- herald:plan\(plan.at == nil ? "" : "-at"):\(plan.workspace):\(plan.environment ?? "default") -->"
        var text = MarkdownBudget(budget, reserved: [marker, summary, footer])
        let third = budget / 3
        text.always("**Cannot be undone**", irreversible, short: plan.changes.filter { $0.irreversible != nil }.map(\.address), limit: third, planPath)
        text.always("**Refused**", refused, short: plan.refused.map(\.address), limit: third, planPath)
        let must = text.take()
        text.lines(plan.coming.map { "- \(MarkdownText.escaped(ComingWords.line($0, zone)))" }, head: ["**Due until then**", ""])
        text.lines(rows, head: ["| | what | people | change | when |", "|-|-|-|-|-|"])
        text.lines(drift, head: ["**Drift** (changed at the provider by somebody else)", ""])
        text.parts(plan.changes, detail)
        text.parts(plan.waiting, detail)
        text.lines(notes, head: ["**Notes**", ""])
        let detail = text.take()
        return ([marker, summary] + must + detail + text.remark(planPath) + [footer]).filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }

    private var summary: String {
        let counts = wire.summary
        let environment = plan.environment.map { " · \($0)" } ?? ""
        let ahead = plan.at.map { ", looking ahead to \(zone.local($0)) (\(zone.identifier))" } ?? ""
        let head = "### herald plan `\(PlanText.short(wire.digest))` — \(plan.workspace)\(environment)\(ahead)\n\n"
        guard !plan.changes.isEmpty else { return head + (plan.refused.isEmpty ? "**Nothing changes.**" : "**Nothing that is allowed changes.**") }
        var parts: [String] = []
        if counts.people_mailed > 0 { parts.append("**\(PlanText.count(counts.people_mailed, "person gets", "people get")) mail**") }
        if counts.people_added + counts.people_removed > 0 {
            parts.append("+\(PlanText.grouped(counts.people_added)) −\(PlanText.grouped(counts.people_removed)) on lists")
        }
        parts.append("**\(PlanText.count(counts.changes, "change"))**")
        parts.append(counts.irreversible == 0 ? "all can be undone" : "⛔ \(PlanText.grouped(counts.irreversible)) cannot be undone")
        if counts.refused > 0 { parts.append("✋ \(PlanText.grouped(counts.refused)) refused") }
        if counts.drift > 0 { parts.append("\(PlanText.grouped(counts.drift)) changed by others") }
        return head + parts.joined(separator: " · ")
    }

    private var irreversible: [String] {
        plan.changes.compactMap { change in
            guard let irreversible = change.irreversible else { return nil }
            let from =
                switch irreversible.from {
                case .onApply: "once applied"
                case .at(let instant): "from \(zone.local(instant)) (\(zone.identifier))"
                }
            return "- `\(change.address)` \(from): \(MarkdownText.escaped(irreversible.what))"
        }
    }

    private var refused: [String] {
        PlanText.Refused.grouped(plan.refused).map { group in
            let items = group.items.prefix(20).map { item in
                "`\(item.address)`" + (item.source.map { " (\(MarkdownText.escaped($0.description)))" } ?? "")
            }
            let more = group.items.count > 20 ? " and \(PlanText.grouped(group.items.count - 20)) more" : ""
            return "- `\(group.code.rawValue)` \(items.joined(separator: ", "))\(more) — \(MarkdownText.escaped(group.message)). → \(MarkdownText.escaped(group.remedy))"
        }
    }

    private var rows: [String] {
        let changes = plan.changes.map { change in
            let when = change.schedule.map { "\($0.local) \($0.zone)" }.joined(separator: ", ")
            let actions = change.actions.map(\.rawValue).joined(separator: ", ")
            let name = change.name == change.address.id ? "" : " " + MarkdownText.cell(change.name)
            return "| \(PlanText.symbol(of: change)) | `\(change.address)`\(name) | \(people(change)) | \(actions) | \(when.isEmpty ? "on apply" : when) |"
        }
        let waiting = plan.waiting.map { "| ! | `\($0.address)` | \(PlanText.grouped($0.audience.after)) | ready | on `herald send` |" }
        return changes + waiting
    }

    private func people(_ change: Change) -> String {
        guard let audience = change.audience else { return "" }
        return change.address.kind == .list ? PlanText.movement(audience) : PlanText.grouped(audience.after)
    }

    private func detail(_ change: Change) -> String {
        var lines = change.audience.map { details($0, isMail: change.address.kind == .email) } ?? []
        let isRead = { change.content != nil && PlanText.contentFields.contains($0) }
        if let content = change.content { lines += details(content, change.fields) }
        lines += change.schedule.map { "- when: \($0.local) \($0.zone) = \($0.instant)" }
        if change.content != nil, change.schedule.isEmpty, change.actions.contains(.create) { lines.append("- when: by hand, with `herald send`") }
        lines += allowed(change.address)
        lines += change.reasons.map { "- because \(MarkdownText.escaped(PlanText.words($0)))" }
        lines += change.fields.filter { !isRead($0.name) }.map { "- \(MarkdownText.escaped($0.name)): \(edit($0))" }
        return folded(change.address, change.source, lines)
    }

    private func detail(_ send: WaitingSend) -> String {
        folded(
            send.address, send.source,
            details(send.audience, isMail: true) + details(send.content, []) + allowed(send.address)
                + (plan.at == nil ? ["- send: `herald send \(send.address) --plan \(planPath)\(environment)`"] : []))
    }

    private func allowed(_ address: Address) -> [String] {
        policies[address, default: []].map { "- allowed: \($0.policy), \($0.result == .advisory ? "warning, " : "")\(MarkdownText.escaped($0.detail))" }
    }

    private func folded(_ address: Address, _ source: Place?, _ lines: [String]) -> String {
        let place = source.map { " · \(MarkdownText.html($0.description))" } ?? ""
        return "<details><summary><code>\(address)</code>\(place)</summary>\n\n\(lines.joined(separator: "\n"))\n\n</details>"
    }

    private func details(_ audience: AudienceDelta, isMail: Bool) -> [String] {
        var lines: [String] = []
        if isMail {
            let limit = audience.atMost.map { ", at most \(PlanText.grouped($0))" } ?? ""
            let moves = audience.isFrozen ? "these and no others" : "may move by \(audience.mayMove) %"
            lines.append("- to: \(PlanText.count(audience.after, "person", "people")), \(moves)\(limit)")
        }
        let left = audience.leftOut.map { "\($0.reason) \(PlanText.grouped($0.count))" }
        if !left.isEmpty { lines.append("- left out: \(left.joined(separator: ", "))") }
        if audience.inByEmptiness > 0 { lines.append("- in only because a value is empty: \(PlanText.grouped(audience.inByEmptiness))") }
        if !audience.sampleAdded.isEmpty { lines.append("- sample\(isMail ? "" : " of those who join"): \(audience.sampleAdded.map(MarkdownText.code).joined(separator: " "))") }
        if !audience.sampleRemoved.isEmpty { lines.append("- sample of those who leave: \(audience.sampleRemoved.map(MarkdownText.code).joined(separator: " "))") }
        return lines
    }

    private func edit(_ field: FieldChange) -> String {
        "\(field.before.map { "\(MarkdownText.code($0)) → " } ?? "")\(MarkdownText.code(field.after))"
    }

    private func details(_ content: MailContent, _ fields: [FieldChange]) -> [String] {
        let edits = Dictionary(fields.filter { $0.before != nil }.map { ($0.name, edit($0)) }, uniquingKeysWith: { first, _ in first })
        func lines(_ field: String, _ label: String, _ texts: [String]) -> [String] {
            (edits[field].map { [$0] } ?? texts.map(MarkdownText.code)).map { "- \(label): \($0)" }
        }
        return lines("subject", "subject", content.subjects) + lines("preheader", "preheader", content.preheader.isEmpty ? [] : [content.preheader])
            + lines("from", "from", ["\(content.from.name) <\(content.from.email)>"]) + (edits["reply_to"] == nil ? [] : lines("reply_to", "reply to", []))
            + ["- body: \(PlanText.grouped((content.htmlBytes + 999) / 1000)) kB, rendered in \(MarkdownText.code(content.preview))"]
            + content.links.map { "- link: \(MarkdownText.code($0))" }
    }

    private var drift: [String] {
        plan.drift.map { drift in
            let git = drift.git.map { ", git \(MarkdownText.code($0))" } ?? ""
            return
                "- `\(drift.address)` \(MarkdownText.escaped(drift.field)): provider \(drift.remote.map(MarkdownText.code) ?? "gone")\(git) — \(drift.corrected ? "put right by this plan" : "left as it is")"
        }
    }

    private var notes: [String] { plan.hints.map { "- \(MarkdownText.escaped($0))" } }

    private var environment: String { plan.environment.map { " --env \($0)" } ?? "" }

    private var footer: String {
        if plan.at != nil { return "_A look ahead, from data and providers as they are now. It is never applied._" }
        let expires = "expires \(zone.local(plan.expires)) \(zone.identifier)"
        let approvals = plan.approvals.keys.sorted().map { "Needs approval first: `herald approve \(planPath) --as \($0)\(environment)`\n\n" }.joined()
        guard !plan.changes.isEmpty else { return "\(approvals)_This plan \(expires)._" }
        return "\(approvals)Apply exactly this: `herald apply \(planPath)\(environment)` (single use, \(expires), checked again before the first write)"
    }
}
