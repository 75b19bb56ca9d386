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
        let workspace = try StatefulWorkspace.open(opened, common)
        let approved = try ApprovedPlan.read(plan, workspace)
        let result = try await HeldLock.holding(workspace.store, "apply", opened.environment) {
            let state = try workspace.reload()
            try approved.check(workspace, state)
            let fresh = try await workspace.plan(approved.options, state: state, frozen: approved.audiences)
            // What cannot be read now is a reason of its own, not a plan that is old.
            if let (id, failure) = fresh.run.unread.min(by: { $0.key < $1.key }), approved.wire.inputs.accounts[id] != nil {
                Terminal.talk("error: \(id) could not be read: \(failure.message)")
                throw Ended(failure.exit)
            }
            let verdict = Approval.compare(
                approved: approved.wire, now: try PlanWire(fresh.run.plan), audiences: fresh.run.audiences, approvedAudience: approved.audience)
            try ApprovedPlan.demand(verdict, common)
            return try await carryOut(fresh, approved, StateSession(store: workspace.store, document: state), workspace)
        }
        tell(result)
        for refusal in approved.wire.refused { Terminal.talk("refused, and not done: \(refusal.address): \(refusal.message)") }
        let code = HeraldModel.ExitCode.gravest([result.exitCode, approved.wire.refused.isEmpty ? .done : .refused])
        guard code == HeraldModel.ExitCode.done else { throw Ended(code) }
    }

    private func carryOut(
        _ fresh: PlanningResult, _ approved: ApprovedPlan, _ session: StateSession, _ workspace: StatefulWorkspace
    ) async throws -> ApplyResult {
        let progress = ProgressLine("applying", quiet: common.quiet)
        defer { progress.finish() }
        Interrupts.listen()
        do throws(StoreFailure) {
            let grant = try session.spend(approved.wire, at: workspace.opened.environment.now)
            let applier = Applier(
                session: session, journal: workspace.journal, providers: workspace.providers, progress: progress.tell, isStopped: { Interrupts.wereAsked })
            return await applier.apply(fresh.run.steps, grant)
        } catch { throw Ended(failure: error) }
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
    func spend(_ wire: PlanWire, at now: Instant) throws(StoreFailure) -> WriteGrant {
        // Both were there when the plan was checked.
        guard let serial = wire.inputs.state_serial, let expires = wire.expires.flatMap({ Instant(rfc3339: $0) }) else {
            throw .other("the plan does not say what it was made against")
        }
        return try spend(digest: wire.digest, madeAgainst: serial, expires: expires, at: now)
    }
}
