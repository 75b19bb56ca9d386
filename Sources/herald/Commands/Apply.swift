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
        let workspace = try StatefulWorkspace.open(opened, common)
        let approved = try ApprovedPlan.read(plan, workspace)
        let environment = workspace.opened.environment
        let result = try await HeldLock.holding(workspace.store, "apply", environment) {
            // What another run did between reading and locking.
            guard let state = try ending({ () throws(StoreFailure) in try workspace.store.load() }) else { throw Ended(.refused) }
            try OpenWork.check(state)
            let fresh = try await workspace.plan(approved.options, state: state)
            try check(approved, fresh, workspace)
            return try await carryOut(fresh, approved, StateSession(store: workspace.store, document: state), workspace)
        }
        tell(result)
        guard result.exitCode == HeraldModel.ExitCode.done else { throw Ended(result.exitCode) }
    }

    private func check(_ approved: ApprovedPlan, _ fresh: PlanningResult, _ workspace: StatefulWorkspace) throws {
        let limits = Dictionary(uniqueKeysWithValues: fresh.emails.map { ($0.address, $0.audience.change) })
        let verdict = Approval.compare(
            approved: approved.wire, now: try PlanWire(fresh.run.plan), plan: fresh.run.plan, audiences: fresh.run.audiences, limits: limits,
            approvedAudience: approved.audience)
        guard case .outside(let moved) = verdict else { return }
        Terminal.talk("error: this is not what was approved any more:")
        for line in moved { Terminal.talk("  - \(line)") }
        Terminal.talk("help: make a new plan with `herald plan\(common.option)`, and have it approved")
        throw Ended(.stale)
    }

    private func carryOut(
        _ fresh: PlanningResult, _ approved: ApprovedPlan, _ session: StateSession, _ workspace: StatefulWorkspace
    ) async throws -> Applier.Result {
        let journal = JournalFile(path: workspace.store.journalFile)
        let progress = ProgressLine("applying", quiet: common.quiet)
        defer { progress.finish() }
        do throws(StoreFailure) {
            let grant = try session.spend(
                digest: approved.wire.digest, madeAgainst: approved.wire.inputs.state_serial ?? 0, at: workspace.opened.environment.now)
            let applier = Applier(session: session, journal: journal, providers: workspace.providers, plan: approved.wire.digest) { done, total, what in
                progress.tell(done, of: total, what)
            }
            let result = try await applier.apply(fresh.run.steps, grant)
            // An outcome that nobody knows stays open, for `recover`.
            if result.unknown.isEmpty { try session.finish(digest: approved.wire.digest, journal) }
            return result
        } catch { throw Ended(failure: error) }
    }

    private func tell(_ result: Applier.Result) {
        for (address, failure) in result.failures { Terminal.talk("failed: \(address): \(failure.message)") }
        for (address, failure) in result.unknown { Terminal.talk("unknown: \(address): \(failure.message)") }
        for address in result.skipped { Terminal.talk("skipped: \(address), because what it needs failed") }
        var words = "applied \(PlanText.count(result.done, "step"))"
        if !result.failures.isEmpty { words += ", \(result.failures.count) failed" }
        if !result.unknown.isEmpty { words += ", \(result.unknown.count) unknown: run `herald recover`" }
        Terminal.data(words + "\n")
    }
}
