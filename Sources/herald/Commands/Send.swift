import ArgumentParser
import HeraldContract
import HeraldModel
import HeraldPipeline
import HeraldStore

struct Send: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send an email that is scheduled by hand, to those whom its plan showed.",
        discussion: "The email must have been applied before the plan was made. Sending spends the plan.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The email, such as email.spring-teaser.")
    var address: String

    @Option(name: .long, help: "The plan that showed who gets it, such as output/plan.json.")
    var plan: String

    func run() async throws {
        let opened = try OpenedWorkspace.open(common)
        try opened.needEnvironment()
        let address = try KnownAddress.parse(self.address, opened.resolved)
        guard address.kind == .email else { throw ValidationError("\(address) is no email") }
        guard opened.resolved.workspace.settings.maySend else {
            throw ApprovedPlan.refuse("this environment says `send: false`", "send from an environment that may")
        }
        let workspace = try StatefulWorkspace.open(opened, common)
        let approved = try ApprovedPlan.read(plan, workspace)
        guard let waiting = approved.wire.waiting.first(where: { $0.address == address.description }) else {
            throw ApprovedPlan.refuse(
                "the plan does not show \(address) as ready to be sent", "apply the email first, then make a new plan: it lists what waits to be sent")
        }
        let report = try await HeldLock.holding(workspace.store, "send \(address)", opened.environment) {
            guard let state = try ending({ () throws(StoreFailure) in try workspace.store.load() }) else { throw Ended(.refused) }
            try OpenWork.check(state)
            let fresh = try await workspace.plan(approved.options, state: state)
            let recipients = try recipients(address, waiting, approved, fresh)
            return try await send(address, recipients, approved, fresh, StateSession(store: workspace.store, document: state), workspace)
        }
        Terminal.data("\(address): sent to \(PlanText.count(report.sent, "person", "people")), \(report.failed) failed, \(report.unknown) unknown\n")
        if report.unknown > 0 { throw Ended(.unknown) }
        if report.failed > 0 { throw Ended(.failed) }
    }

    /// Those who get it now: inside what was approved, and still eligible.
    private func recipients(
        _ address: Address, _ waiting: PlanWire.WaitingEntry, _ approved: ApprovedPlan, _ fresh: PlanningResult
    ) throws -> [Recipient] {
        guard let email = fresh.emails.first(where: { $0.address == address }), let now = try PlanWire(fresh.run.plan).waiting.first(where: { $0.address == address.description })
        else { throw stale(["\(address) does not wait to be sent any more"]) }
        if approved.wire.inputs.definitions != fresh.run.plan.definitions { throw stale(["the definitions are others than those approved"]) }
        if now.content.digest != waiting.content.digest { throw stale(["what people read is another text than the one approved"]) }
        let moved = Approval.audienceMoved(
            address.description, waiting.audience, now.audience, fresh.run.audiences, [address: email.audience.change], approved.audience)
        guard moved.isEmpty else { throw stale(moved) }
        let everybody = email.members.recipients()
        guard email.audience.members == .frozen, now.audience.set_digest != waiting.audience.set_digest else { return everybody }
        guard let people = approved.audience(address).map(Set.init) else { throw stale(["the approved audience is not kept beside the plan"]) }
        return everybody.filter { people.contains($0.person) }
    }

    private func stale(_ moved: [String]) -> Ended {
        Terminal.talk("error: this is not what was approved any more:")
        for line in moved { Terminal.talk("  - \(line)") }
        Terminal.talk("help: make a new plan with `herald plan\(common.option)`, and have it approved")
        return Ended(.stale)
    }

    private func send(
        _ address: Address, _ recipients: [Recipient], _ approved: ApprovedPlan, _ fresh: PlanningResult, _ session: StateSession,
        _ workspace: StatefulWorkspace
    ) async throws -> SendReport {
        guard let object = session.document.objects[address], let remote = object.remote, let email = fresh.emails.first(where: { $0.address == address }),
            let provider = workspace.providers.first(where: { $0.id == email.provider })
        else { throw ApprovedPlan.refuse("\(address) was not applied", "apply it, then make a new plan") }
        let key = EmailSending.key(mark: object.mark, content: email.content.digest, audience: MemberSets.digest(people: recipients.map(\.person)))
        guard let order = fresh.order(address, to: recipients, object: remote, key: key, workspace.resolved) else { throw Ended(.failed) }
        let progress = ProgressLine("sending", quiet: common.quiet)
        defer { progress.finish() }
        let outcome: Outcome<SendReport>
        do throws(StoreFailure) {
            let grant = try session.spend(
                digest: approved.wire.digest, madeAgainst: approved.wire.inputs.state_serial ?? 0, at: workspace.opened.environment.now)
            outcome = try await EmailSending(session: session) { progress.tell($0, of: recipients.count) }
                .send(address, order, provider: provider, plan: approved.wire.digest, grant)
            if session.document.intents.isEmpty { try session.finish(digest: approved.wire.digest, JournalFile(path: workspace.store.journalFile)) }
        } catch { throw Ended(failure: error) }
        switch outcome {
        case .done(let report): return report
        case .refusedBeforeActing(let failure), .failed(let failure):
            Terminal.talk("error: \(failure.message)")
            throw Ended(failure.exit)
        case .unknown(let failure):
            Terminal.talk("error: it is not known whether the mails left: \(failure.message)")
            Terminal.talk("help: run `herald recover`; nothing is sent twice")
            throw Ended(.unknown)
        }
    }
}
