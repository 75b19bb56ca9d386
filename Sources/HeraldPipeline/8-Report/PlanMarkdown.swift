package import HeraldModel

/// The plan for a pull-request comment: a summary that is always whole, then detail as far as a budget of characters allows.
package struct PlanMarkdown: Sendable {
    /// Comments hold 65,536 characters at the usual forges.
    package static let budget = 60_000

    private let plan: Plan
    private let wire: PlanWire
    private let zone: Zone

    package init(_ plan: Plan, _ wire: PlanWire, zone: Zone) {
        self.plan = plan
        self.wire = wire
        self.zone = zone
    }

    package func render(budget: Int = PlanMarkdown.budget) -> String {
        let marker = "<!-- herald:plan:\(plan.workspace):\(plan.environment ?? "default") -->"
        let must = [summary, irreversible, refused].filter { !$0.isEmpty }
        let tail = [footer, marker]
        var used = (must + tail).reduce(0) { $0 + $1.unicodeScalars.count + 2 }
        var detail: [String] = []
        var dropped = 0
        // Changes stand most risky first, so what does not fit is the least risky.
        for part in rows + changeDetails + [drift, policies, notes] where !part.isEmpty {
            let size = part.unicodeScalars.count + 2
            if used + size + 120 <= budget {
                detail.append(part)
                used += size
            } else {
                dropped += 1
            }
        }
        if dropped > 0 { detail.append("_\(PlanText.count(dropped, "part")) of the detail left out for length; all of it is in `output/plan.json`._") }
        return (must + detail + tail).joined(separator: "\n\n") + "\n"
    }

    private var summary: String {
        let counts = wire.summary
        let environment = plan.environment.map { " · \($0)" } ?? ""
        var head = "### herald plan `\(PlanText.short(wire.digest))` — \(plan.workspace)\(environment)\n\n"
        guard !plan.changes.isEmpty else { return head + (plan.refused.isEmpty ? "**Nothing changes.**" : "**Nothing that is allowed changes.**") }
        var parts = ["**\(PlanText.count(counts.changes, "change"))**"]
        if counts.people_mailed > 0 { parts.append("**\(PlanText.grouped(counts.people_mailed)) people get mail**") }
        if counts.people_added + counts.people_removed > 0 {
            parts.append("+\(PlanText.grouped(counts.people_added)) −\(PlanText.grouped(counts.people_removed)) on lists")
        }
        if counts.irreversible > 0 { parts.append("⛔ \(counts.irreversible) cannot be undone") }
        if counts.refused > 0 { parts.append("✋ \(counts.refused) refused") }
        head += parts.joined(separator: " · ")
        return head
    }

    private var irreversible: String {
        let lines = plan.changes.compactMap { change -> String? in
            guard let irreversible = change.irreversible else { return nil }
            let from =
                switch irreversible.from {
                case .onApply: "once applied"
                case .onSend: "once `herald send` runs"
                case .at(let instant): "from \(zone.local(instant)) (\(zone.identifier))"
                }
            return "- `\(change.address)` \(from): \(PlanMarkdown.escaped(irreversible.what))"
        }
        return lines.isEmpty ? "" : "**Cannot be undone**\n\n" + lines.joined(separator: "\n")
    }

    private var refused: String {
        let lines = plan.refused.map {
            "- `\($0.code.rawValue)` `\($0.address)`\($0.source.map { " (\($0))" } ?? "") — \(PlanMarkdown.escaped($0.message)). \(PlanMarkdown.escaped($0.remedy))"
        }
        return lines.isEmpty ? "" : "**Refused**\n\n" + lines.joined(separator: "\n")
    }

    private var rows: [String] {
        guard !plan.changes.isEmpty || !plan.waiting.isEmpty else { return [] }
        var lines = ["| | what | people | change | when |", "|-|-|-|-|-|"]
        for change in plan.changes {
            let when = change.schedule.map { "\($0.local) \($0.zone)" }.joined(separator: ", ")
            let actions = change.actions.map(\.rawValue).joined(separator: ", ")
            lines.append("| \(PlanText.symbol(of: change)) | `\(change.address)` | \(people(change)) | \(actions) | \(when.isEmpty ? "on apply" : when) |")
        }
        for send in plan.waiting {
            lines.append("| ! | `\(send.address)` | \(PlanText.grouped(send.audience.after)) | ready | `herald send` |")
        }
        return [lines.joined(separator: "\n")]
    }

    private func people(_ change: Change) -> String {
        guard let audience = change.audience else { return "" }
        guard change.address.kind == .list else { return PlanText.grouped(audience.after) }
        return "\(PlanText.grouped(audience.before)) → \(PlanText.grouped(audience.after)) (+\(PlanText.grouped(audience.added)) −\(PlanText.grouped(audience.removed)))"
    }

    private var changeDetails: [String] {
        plan.changes.map { change in
            var lines = change.reasons.map { "- because \(PlanMarkdown.escaped(PlanText.words($0)))" + ($0.people.map { " (\(PlanText.count($0, "person", "people")))" } ?? "") }
            if let audience = change.audience { lines += details(of: audience) }
            if let content = change.content { lines += details(of: content) }
            lines += change.fields.map { field in
                let before = field.before.map { "\(PlanMarkdown.code($0)) → " } ?? ""
                return "- \(field.name): \(before)\(PlanMarkdown.code(field.after))"
            }
            let source = change.source.map { " · \($0)" } ?? ""
            return "<details><summary><code>\(change.address)</code>\(source)</summary>\n\n\(lines.joined(separator: "\n"))\n\n</details>"
        }
    }

    private func details(of audience: AudienceDelta) -> [String] {
        var lines: [String] = []
        let left = audience.leftOut.filter { $0.count > 0 }.map { "\($0.reason.rawValue) \(PlanText.grouped($0.count))" }
        if !left.isEmpty { lines.append("- left out: \(left.joined(separator: ", "))") }
        if audience.inByEmptiness > 0 { lines.append("- \(PlanText.grouped(audience.inByEmptiness)) are in only because a value is empty") }
        if !audience.sampleAdded.isEmpty { lines.append("- sample of those who join: \(audience.sampleAdded.map(PlanMarkdown.code).joined(separator: " "))") }
        if !audience.sampleRemoved.isEmpty { lines.append("- sample of those who leave: \(audience.sampleRemoved.map(PlanMarkdown.code).joined(separator: " "))") }
        return lines
    }

    private func details(of content: MailContent) -> [String] {
        content.subjects.map { "- subject: \(PlanMarkdown.code($0))" }
            + (content.preheader.isEmpty ? [] : ["- preheader: \(PlanMarkdown.code(content.preheader))"])
            + ["- from: \(PlanMarkdown.code("\(content.from.name) <\(content.from.email)>"))"]
            + ["- body: \(content.htmlBytes / 1000) kB, rendered in `\(content.preview)`"]
            + content.links.map { "- link: \(PlanMarkdown.code($0))" }
    }

    private var drift: String {
        let lines = plan.drift.map {
            "- `\($0.address)` \($0.field): provider \($0.remote.map(PlanMarkdown.code) ?? "gone")\($0.git.map { ", git \(PlanMarkdown.code($0))" } ?? "") — \($0.corrected ? "put right by this plan" : "left as it is")"
        }
        return lines.isEmpty ? "" : "**Drift** (changed at the provider by somebody else)\n\n" + lines.joined(separator: "\n")
    }

    private var policies: String {
        let lines = plan.policies.map { "- \($0.result.rawValue): \($0.policy), `\($0.address)`: \($0.detail)" }
        return lines.isEmpty ? "" : "**Policies**\n\n" + lines.joined(separator: "\n")
    }

    private var notes: String {
        let lines = plan.hints.map { "- \(PlanMarkdown.escaped($0))" }
        return lines.isEmpty ? "" : "**Notes**\n\n" + lines.joined(separator: "\n")
    }

    private var footer: String {
        guard !plan.changes.isEmpty else { return "_Expires \(zone.local(plan.expires)) (\(zone.identifier))._" }
        let environment = plan.environment.map { " --env \($0)" } ?? ""
        return "Apply exactly this: `herald apply output/plan.json\(environment)` (single use, expires \(zone.local(plan.expires)) \(zone.identifier), checked again before the first write)"
    }

    /// Text of definitions between backticks that it cannot break out of.
    static func code(_ text: String) -> String {
        let visible = PlanText.visible(text).replacing("|", with: "\\|")
        guard visible.contains("`") else { return "`\(visible)`" }
        return "`` \(visible.replacing("``", with: "` `")) ``"
    }

    /// Text of messages: nothing in it is markup, a mention or a tag.
    static func escaped(_ text: String) -> String {
        PlanText.visible(text).replacing("<", with: "&lt;").replacing("@", with: "&#64;").replacing("|", with: "\\|")
    }
}
