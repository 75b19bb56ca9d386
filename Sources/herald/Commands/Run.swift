import ArgumentParser
import HeraldContract
import HeraldModel
import HeraldPipeline
import HeraldStore

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Do what applied plans cover: keep lists in step with the data, send scheduled emails that are due. For cron.",
        discussion: """
            Creates, edits and deletes no definition. What moved further than was approved is not done and told with 7; a scheduled email whose time passed
            more than four hours ago is never sent and told with 6.
            """)

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let opened = try OpenedWorkspace.open(common)
        try opened.needEnvironment()
        try ProviderRegistry.needSecrets(opened)
        let workspace = try StatefulWorkspace.open(opened)
        let code = try await HeldLock.holding(workspace.store, "run", opened.environment) {
            let session = try workspace.session()
            let state = session.document
            guard !state.needsRecovery else {
                Terminal.talk("error: an earlier run was interrupted")
                Terminal.talk("help: run `herald recover\(common.option)` first")
                throw Ended(.unknown)
            }
            let fresh = try await workspace.plan(PlanOptions(), state: state)
            Interrupts.listen()
            var codes = [try await syncMembers(fresh, session, workspace)]
            for email in fresh.emails.sorted(by: { $0.address < $1.address }) where !Interrupts.wereAsked {
                codes.append(try await send(email, fresh, session, workspace))
            }
            tellOfWithdrawn(fresh, state, workspace)
            try workspace.keep(fresh.audiences.noticed, session)
            return HeraldModel.ExitCode.gravest(codes)
        }
        guard code == HeraldModel.ExitCode.done else { throw Ended(code) }
    }

    /// A scheduled email that left the files is not sent; the next plan cancels it.
    private func tellOfWithdrawn(_ fresh: PlanningResult, _ state: StateDocument, _ workspace: StatefulWorkspace) {
        let there = Set(fresh.emails.map(\.address))
        for (address, object) in state.objects.sorted(by: { $0.key < $1.key }) where object.send?.phase == .scheduled && !there.contains(address) {
            guard let at = object.send?.envelope?.at, at <= workspace.opened.environment.now else { continue }
            Terminal.talk("not sent: \(address) is due, and no longer in the files; plan and apply to cancel it")
        }
    }

    /// Members who came or went since the last run, of lists whose definition is the one that was applied, inside the valve.
    private func syncMembers(_ fresh: PlanningResult, _ session: StateSession, _ workspace: StatefulWorkspace) async throws -> HeraldModel.ExitCode {
        let covered = Set(fresh.run.plan.changes.filter { $0.isOnlyMembers && !$0.reasons.contains { $0.code == .filterEdited } }.map(\.address))
        let steps = fresh.run.steps.filter { covered.contains($0.address) }
        let valve = fresh.run.plan.refused.filter { $0.code == .massChange }
        for refusal in valve { Terminal.talk("refused: \(refusal.address): \(refusal.message); \(refusal.remedy)") }
        guard !steps.isEmpty else { return valve.isEmpty ? .done : .refused }
        do throws(StoreFailure) {
            let grant = try session.cover("members", at: workspace.opened.environment.now, workspace.opened.environment.note("run"))
            let progress = ProgressLine("syncing", quiet: common.quiet)
            defer { progress.finish() }
            let applier = Applier(
                session: session, journal: workspace.journal, providers: workspace.providers, progress: progress.tell, isStopped: { Interrupts.wereAsked })
            let result = await applier.apply(steps, grant)
            for (address, failure) in result.failures + result.unknown { Terminal.talk("failed: \(address): \(failure.message)") }
            for change in fresh.run.plan.changes where covered.contains(change.address) && !result.failures.contains(where: { $0.address == change.address }) {
                guard let audience = change.audience else { continue }
                Terminal.data("\(change.address): \(PlanText.grouped(audience.added)) joined, \(PlanText.grouped(audience.removed)) left\n")
            }
            return HeraldModel.ExitCode.gravest([result.exitCode, valve.isEmpty ? .done : .refused])
        } catch { throw Ended(failure: error) }
    }

    private func send(
        _ email: DesiredEmail, _ fresh: PlanningResult, _ session: StateSession, _ workspace: StatefulWorkspace
    ) async throws -> HeraldModel.ExitCode {
        guard let object = session.document.objects[email.address], let send = object.send, send.phase == .scheduled, let envelope = send.envelope,
            workspace.resolved.workspace.settings.maySend
        else { return .done }
        if envelope.at <= workspace.opened.environment.now, let hold = session.document.hold {
            Terminal.talk("not sent: \(email.address): \(hold.message); \(hold.remedy)")
            return .refused
        }
        let approved = try ending { () throws(StoreFailure) in try workspace.store.audience(envelope.audience) }
        switch DueSend(email, envelope, approved: approved, now: workspace.opened.environment.now) {
        case .notYet: return .done
        case .missed:
            Terminal.talk("missed: \(email.address) was to go at \(envelope.at), and is not sent late; give it a new time and apply that")
            return .refused
        case .outside(let why):
            Terminal.talk("not sent: \(email.address): \(why); plan again and have it approved")
            return .stale
        case .due(let recipients):
            if let (over, quiet) = QuietNow.end(workspace) {
                Terminal.talk("not sent yet: \(email.address): these are quiet hours (\(quiet.description)); it goes after \(over), if that is within its window")
                return .done
            }
            if let refusal = fresh.run.plan.refused.first(where: { $0.address == email.address }) {
                Terminal.talk("not sent: \(email.address): \(refusal.message); \(refusal.remedy)")
                return .refused
            }
            if let edited = edited(email, fresh.run.plan) {
                Terminal.talk("not sent: \(email.address): \(edited) was edited since it was applied; plan again and have it approved")
                return .stale
            }
            return try await deliver(email, to: recipients, mark: object.mark, fresh, session, workspace)
        }
    }

    /// The email, or its list, where the files say something else by now than what was applied.
    private func edited(_ email: DesiredEmail, _ plan: Plan) -> Address? {
        plan.changes.first { change in
            change.address == email.address
                || (change.address == email.list && (!change.isOnlyMembers || change.reasons.contains { $0.code == .filterEdited }))
        }?.address
    }

    private func deliver(
        _ email: DesiredEmail, to recipients: [Recipient], mark: String, _ fresh: PlanningResult, _ session: StateSession, _ workspace: StatefulWorkspace
    ) async throws -> HeraldModel.ExitCode {
        let key = EmailSending.key(mark: mark, content: email.content.digest, audience: MemberSets.digest(people: recipients.map(\.person).sorted()))
        guard let provider = workspace.providers.first(where: { $0.id == email.provider }),
            let order = fresh.order(email.address, to: recipients, key: key, session.document, workspace.resolved)
        else { throw ApprovedPlan.refuse("\(email.address) was not applied", "apply it, then run again") }
        let progress = ProgressLine("sending", quiet: common.quiet)
        defer { progress.finish() }
        let outcome: Outcome<SendReport>
        do throws(StoreFailure) {
            let grant = try session.cover("send \(key)", at: workspace.opened.environment.now, workspace.opened.environment.note("run \(email.address)"))
            outcome = try await EmailSending(session: session, late: workspace.lateCheck(email, fresh, session)) { done in
                progress.tell(done, of: recipients.count)
                Interrupts.passOn()
            }.send(email.address, order, provider: provider, grant)
        } catch { throw Ended(failure: error) }
        return SendTelling(common).tell(outcome, email.address)
    }
}
