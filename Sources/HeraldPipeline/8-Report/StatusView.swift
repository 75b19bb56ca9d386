import FoundationEssentials
package import HeraldContract
package import HeraldModel

/// How everything stands, from the state alone.
package struct StatusView {
    private let state: StateDocument
    private let holder: LockHolder?
    private let zone: Zone

    package init(_ state: StateDocument, holder: LockHolder?, zone: Zone) {
        self.state = state
        self.holder = holder
        self.zone = zone
    }

    /// Whether an apply or a send has no recorded end.
    package var needsRecovery: Bool { state.needsRecovery }

    package func text() -> String {
        var lines = ["\(state.workspace)\(state.environment.map { "   env \($0)" } ?? "")   state serial \(state.serial)"]
        if let last = state.spent.last {
            let isRun = last.digest.hasPrefix(SpentPlan.covered)
            let name = isRun ? String(last.digest.dropFirst(SpentPlan.covered.count).prefix(14)) : PlanText.short(last.digest)
            lines.append("\(isRun ? "last run    " : "last plan   ")\(name)   \(zone.local(last.at)) (\(zone.identifier))   \(last.finished ? "finished" : "interrupted")")
        }
        if let holder { lines.append("locked      \(StoreFailure.locked(holder).message)") }
        if needsRecovery { lines.append("open        \(PlanText.count(state.intents.count, "call")) without a recorded end: run `herald recover`") }
        if let hold = state.hold { lines.append("held        \(hold.message); \(hold.remedy)") }
        lines += section("lists", .list) { object in object.members.map { PlanText.count($0.count, "member") } ?? "members not written yet" }
        lines += section("emails", .email) { object in object.send.map(words) ?? "draft" }
        lines += section("campaigns", .campaign) { PlanText.visible($0.name) }
        return lines.joined(separator: "\n") + "\n"
    }

    private func section(_ title: String, _ kind: DefinitionKind, _ words: (ObjectState) -> String) -> [String] {
        let objects = state.objects.filter { $0.key.kind == kind }.sorted { $0.key < $1.key }
        guard !objects.isEmpty else { return [] }
        let width = objects.map { $0.key.description.count }.max() ?? 0
        return ["", title] + objects.map { "  \(padded($0.key.description, width))   \(padded($0.value.provider ?? "-", 8))   \(words($0.value))" }
    }

    private func words(_ send: SendState) -> String {
        var words = send.phase.rawValue
        if send.phase == .scheduled, let envelope = send.envelope {
            words += " for \(zone.local(envelope.at)) (\(zone.identifier)), \(PlanText.count(envelope.count, "person", "people"))"
        }
        if send.phase == .verified { words = "ready, waits for `herald send`" }
        if let report = send.report {
            words += ": \(PlanText.grouped(report.sent)) sent, \(PlanText.grouped(report.failed)) failed, \(PlanText.grouped(report.unknown)) unknown"
        }
        return words
    }

    package func json() throws -> String {
        struct Object: Encodable {
            let provider: String?
            let members: Int?
            let phase: String?
            let at: String?
            let sent, failed, unknown: Int?
        }
        struct Wire: Encodable {
            let workspace: String
            let environment: String?
            let serial: Int
            let open: Int
            let needs_recovery: Bool
            let locked_by: String?
            /// Why nothing is sent; not there where nothing is held.
            let held: String?
            let objects: [String: Object]
        }
        let objects = state.objects.map { address, object in
            (
                address.description,
                Object(
                    provider: object.provider, members: object.members?.count, phase: object.send?.phase.rawValue,
                    at: object.send?.envelope?.at.description, sent: object.send?.report?.sent, failed: object.send?.report?.failed,
                    unknown: object.send?.report?.unknown)
            )
        }
        let wire = Wire(
            workspace: state.workspace, environment: state.environment, serial: state.serial, open: state.intents.count, needs_recovery: needsRecovery,
            locked_by: holder.map { StoreFailure.locked($0).message }, held: state.hold?.message, objects: Dictionary(uniqueKeysWithValues: objects))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(wire), as: UTF8.self) + "\n"
    }
}
