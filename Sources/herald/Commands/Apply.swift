import ArgumentParser
import HeraldContract
import HeraldModel
import HeraldPipeline
import HeraldStore

struct Apply: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Do exactly what an approved plan says, once.",
        discussion: "Looks again first: what moved further than the plan allows is not touched, and the command ends with 7.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The plan, such as output/plan.json.")
    var plan: String

    func run() async throws {
        let opened = try OpenedWorkspace.open(common)
        try opened.needEnvironment()
        try ProviderRegistry.needSecrets(opened)
        let workspace = try StatefulWorkspace.open(opened)
        let approved = try ApprovedPlan.read(plan, workspace)
        let approvals = try approved.demandApprovals(for: Set(approved.wire.changes.map(\.address)), opened.environment, common)
        let result = try await HeldLock.holding(workspace.store, "apply", opened.environment) {
            try approved.check(workspace, try workspace.reload())
            let session = try workspace.session()
            let state = session.document
            let fresh = try await workspace.plan(approved.options, state: state, frozen: approved.audiences)
            // What cannot be read now is a reason of its own, not a plan that is old.
            if let (id, failure) = fresh.run.unread.min(by: { $0.key < $1.key }), approved.wire.inputs.accounts[id] != nil {
                Terminal.talk("error: \(id) could not be read: \(failure.message)")
                throw Ended(failure.exit)
            }
            let verdict = Approval.compare(
                approved: approved.wire, now: try PlanWire(fresh.run.plan), audiences: fresh.run.audiences, approvedAudience: approved.audience)
            try ApprovedPlan.demand(verdict, common)
            let result = try await carryOut(fresh, approved, approvals, session, workspace)
            try workspace.keep(fresh.audiences.noticed, session)
            return result
        }
        tell(result.applied)
        for address in result.held { Terminal.talk("refused, and not done: \(address): sends are held; plan again, now that everything was read") }
        for refusal in approved.wire.refused { Terminal.talk("refused, and not done: \(refusal.address): \(refusal.message)") }
        let code = HeraldModel.ExitCode.gravest([result.applied.exitCode, result.held.isEmpty ? .done : .refused, approved.wire.refused.isEmpty ? .done : .refused])
        guard code == HeraldModel.ExitCode.done else { throw Ended(code) }
    }

    private func carryOut(
        _ fresh: PlanningResult, _ approved: ApprovedPlan, _ approvals: [String], _ session: StateSession, _ workspace: StatefulWorkspace
    ) async throws -> (applied: ApplyResult, held: [Address]) {
        let progress = ProgressLine("applying", quiet: common.quiet)
        defer { progress.finish() }
        Interrupts.listen()
        do throws(StoreFailure) {
            let grant = try session.spend(approved.wire, at: workspace.opened.environment.now, workspace.opened.environment.note("apply", approvals))
            let applier = Applier(
                session: session, journal: workspace.journal, providers: workspace.providers, progress: progress.tell, isStopped: { Interrupts.wereAsked })
            let held = session.document.hold == nil ? [] : fresh.run.plan.changes.filter { $0.actions.contains(.schedule) }.map(\.address)
            // An email is made, and its time is not handed over.
            let result = await applier.apply(fresh.run.steps.filter { $0.stage != .holding || !held.contains($0.address) }, grant)
            if session.document.hold != nil, hasReadEverything(fresh, approved), result.exitCode == .done { try session.write { $0.hold = nil } }
            return (result, held)
        } catch { throw Ended(failure: error) }
    }

    /// Whether every opt-out was read again: nothing was left out of the plan, and no provider of it could not be read.
    private func hasReadEverything(_ fresh: PlanningResult, _ approved: ApprovedPlan) -> Bool {
        approved.options.selection.isEmpty && fresh.run.unread.isEmpty
    }

    private func tell(_ result: ApplyResult) {
        for (address, failure) in result.failures { Terminal.talk("failed: \(address): \(failure.message)") }
        for (address, failure) in result.unknown { Terminal.talk("unknown: \(address): \(failure.message)") }
        for address in result.skipped { Terminal.talk("skipped: \(address), because what it needs failed") }
        if result.stopped > 0 { Terminal.talk("stopped: \(PlanText.count(result.stopped, "step")) not begun") }
        if let failure = result.interrupted { Terminal.talk("error: \(failure.message)") }
        if result.needsRecovery { Terminal.talk("help: run `herald recover\(common.option)`; it looks what happened, and nothing is done twice") }
        let failed = result.failures.isEmpty ? "" : ", \(result.failures.count) failed"
        Terminal.data("applied \(PlanText.count(result.done, "step"))\(failed)\n")
    }
}

extension StateSession {
    /// Spends an approved plan: its changes may be written now, and never again.
    func spend(_ wire: PlanWire, at now: Instant, _ note: RunNote) throws(StoreFailure) -> WriteGrant {
        // Both were there when the plan was checked.
        guard let serial = wire.inputs.state_serial, let expires = wire.expires.flatMap({ Instant(rfc3339: $0) }) else {
            throw .other("the plan does not say what it was made against")
        }
        return try spend(digest: wire.digest, madeAgainst: serial, expires: expires, at: now, note)
    }
}

extension RunEnvironment {
    /// What the history is told of a run.
    func note(_ command: String, _ approvals: [String] = []) -> RunNote { RunNote(command: command, by: actor, host: host, approvals: approvals) }
}
