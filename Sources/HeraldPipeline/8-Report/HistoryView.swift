import FoundationEssentials
package import HeraldModel

/// Who applied what, when, and how it ended, newest first.
package struct HistoryView {
    private let runs: [SpentPlan]
    private let zone: Zone

    /// - Parameter most: how many runs to tell of.
    package init(_ state: StateDocument, most: Int, zone: Zone) {
        runs = Array(state.spent.reversed().prefix(most))
        self.zone = zone
    }

    package func text() -> String {
        guard !runs.isEmpty else { return "nothing was applied yet\n" }
        let commands = runs.map { $0.note.command.isEmpty ? "?" : $0.note.command }
        let width = commands.map(PlanText.columns).max() ?? 0
        return zip(runs, commands).map { run, command in
            let gap = String(repeating: " ", count: width - PlanText.columns(command))
            var parts = ["\(zone.local(run.at))", command + gap, HistoryView.plan(run).map(PlanText.short) ?? "covered by what was applied"]
            if !run.note.by.isEmpty { parts.append("by \(PlanText.visible(run.note.by)) on \(PlanText.visible(run.note.host))") }
            if !run.note.approvals.isEmpty { parts.append("approved by \(PlanText.visible(run.note.approvals.joined(separator: ", ")))") }
            parts.append(run.note.result ?? (run.finished ? "finished" : "interrupted: run `herald recover`"))
            return parts.joined(separator: "   ")
        }.joined(separator: "\n") + "\n"
    }

    package func json() throws -> String {
        struct Run: Encodable {
            let at, command: String
            let plan: String?
            let by, host: String
            let approved_by: [String]
            let finished: Bool
            let result: String?
        }
        let wire = runs.map { run in
            Run(
                at: run.at.description, command: run.note.command, plan: HistoryView.plan(run), by: run.note.by, host: run.note.host,
                approved_by: run.note.approvals, finished: run.finished, result: run.note.result)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(wire), as: UTF8.self) + "\n"
    }

    /// The digest of the plan; nil for what `herald run` did inside of earlier ones.
    private static func plan(_ run: SpentPlan) -> String? { run.digest.hasPrefix(SpentPlan.covered) ? nil : run.digest }
}
