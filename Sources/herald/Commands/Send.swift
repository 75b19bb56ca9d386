import ArgumentParser
import HeraldContract
import HeraldModel
import HeraldPipeline
import HeraldStore

struct Send: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send an email that is scheduled by hand, to those whom its plan showed; or a test of it to yourself.",
        discussion: """
            With --plan: the email must have been applied before the plan was made. Sending spends the plan.
            With --to: sends examples to those addresses only, marked [Test] in the subject, for a persona of the workspace's tests or with made-up values. Nothing needs to
            be applied, nothing is recorded, and the links in it lead nowhere.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "The email, such as email.spring-teaser.")
    var address: String

    @Option(name: .long, help: "The plan that showed who gets it, such as output/plan.json.")
    var plan: String?

    @Option(name: .long, help: "Send a test to this address instead; may be given several times.")
    var to: [String] = []

    @Option(name: .long, help: "In a test: whose mail, as the id of a test, or `id:2` for its second person.")
    var persona: String?

    @Flag(name: .long, help: "In a test: a mail for each persona of the tests of the email and of its list.")
    var personas = false

    func validate() throws {
        guard (plan == nil) != to.isEmpty else { throw ValidationError("Say either --plan, to send the email, or --to, to send a test of it.") }
        guard plan == nil || (persona == nil && !personas) else { throw ValidationError("--persona and --personas are for tests, with --to.") }
        guard persona == nil || !personas else { throw ValidationError("Say either --persona or --personas.") }
    }

    func run() async throws {
        guard let plan else { return try await TestSending(common, address, to: to, choice).run() }
        try await send(by: plan)
    }

    private var choice: TestMails.Choice { personas ? .everyPersona : persona.map { .persona($0) } ?? .any }

    private func send(by plan: String) async throws {
        let opened = try OpenedWorkspace.open(common)
        try opened.needEnvironment()
        let address = try KnownAddress.parse(self.address, opened.resolved)
        guard address.kind == .email else { throw ValidationError("\(address) is no email") }
        guard opened.resolved.workspace.settings.maySend else {
            throw ApprovedPlan.refuse("this environment says `send: false`", "send from an environment that may")
        }
        try ProviderRegistry.needSecrets(opened)
        let workspace = try StatefulWorkspace.open(opened)
        let approved = try ApprovedPlan.read(plan, workspace)
        let approvals = try approved.demandApprovals(for: [address.description], opened.environment, common)
        guard approved.wire.waiting.contains(where: { $0.address == address.description }) else {
            throw ApprovedPlan.refuse(
                "the plan does not show \(address) as ready to be sent",
                "it is listed once it was applied, has not been sent, and is scheduled by hand; apply it if it is new, then make a new plan")
        }
        let outcome = try await HeldLock.holding(workspace.store, "send \(address)", opened.environment) {
            try approved.check(workspace, try workspace.reload())
            let session = try workspace.session()
            let state = session.document
            try workspace.demandNoHold(state)
            let fresh = try await workspace.plan(approved.options, state: state)
            let verdict = Approval.compare(
                sending: address, approved: approved.wire, now: try PlanWire(fresh.run.plan), audiences: fresh.run.audiences,
                approvedAudience: approved.audience)
            try ApprovedPlan.demand(verdict, common)
            try QuietNow.demand(workspace, address)
            return try await send(address, approved, approvals, fresh, session, workspace)
        }
        let code = SendTelling(common).tell(outcome, address)
        guard code == HeraldModel.ExitCode.done else { throw Ended(code) }
    }

    private func send(
        _ address: Address, _ approved: ApprovedPlan, _ approvals: [String], _ fresh: PlanningResult, _ session: StateSession, _ workspace: StatefulWorkspace
    ) async throws -> Outcome<SendReport> {
        guard let email = fresh.emails.first(where: { $0.address == address }), let mark = session.document.objects[address]?.mark,
            let provider = workspace.providers.first(where: { $0.id == email.provider })
        else { throw ApprovedPlan.refuse("\(address) was not applied", "apply it, then make a new plan") }
        let approvedPeople = email.audience.members == .frozen ? approved.audience(address).map(Set.init) : nil
        let recipients = email.members.recipients().filter { approvedPeople?.contains($0.person) ?? true }
        let key = EmailSending.key(mark: mark, content: email.content.digest, audience: MemberSets.digest(people: recipients.map(\.person).sorted()))
        guard let order = fresh.order(address, to: recipients, key: key, session.document, workspace.resolved) else {
            throw ApprovedPlan.refuse("\(address) was not applied", "apply it, then make a new plan")
        }
        let progress = ProgressLine("sending", quiet: common.quiet)
        defer { progress.finish() }
        do throws(StoreFailure) {
            let grant = try session.spend(approved.wire, at: workspace.opened.environment.now, workspace.opened.environment.note("send \(address)", approvals))
            Interrupts.listen()
            return try await EmailSending(session: session, late: workspace.lateCheck(email, fresh, session)) { done in
                progress.tell(done, of: recipients.count)
                Interrupts.passOn()
            }.send(address, order, provider: provider, grant)
        } catch { throw Ended(failure: error) }
    }
}

/// Quiet hours at the moment when mails would leave.
enum QuietNow {
    /// When they are over; nil outside of them, and where they are only advice.
    static func end(_ workspace: StatefulWorkspace) -> (over: LocalTime, quiet: QuietWindow)? {
        guard let quiet = workspace.resolved.quiet, quiet.level == .mandatory, let over = quiet.end(around: workspace.opened.environment.now) else { return nil }
        return (quiet.zone.local(over), quiet)
    }

    /// Ends the command inside of them.
    static func demand(_ workspace: StatefulWorkspace, _ address: Address) throws {
        guard let (over, quiet) = end(workspace) else { return }
        throw ApprovedPlan.refuse(
            "these are quiet hours (\(quiet.description)), and \(address) is not sent in them", "send it after \(over) (\(quiet.zone.identifier)); the plan stays good")
    }
}

/// Tells how a send ended.
struct SendTelling {
    private let common: CommonOptions

    init(_ common: CommonOptions) { self.common = common }

    func tell(_ outcome: Outcome<SendReport>, _ address: Address) -> HeraldModel.ExitCode {
        switch outcome {
        case .done(let report):
            Terminal.data("\(address): sent to \(PlanText.count(report.sent, "person", "people")), \(report.failed) failed, \(report.unknown) unknown\n")
            if report.leftOut > 0 { Terminal.talk("left out: \(PlanText.count(report.leftOut, "person", "people")) who said no right before") }
            for (reason, count) in report.reasons.sorted(by: { $0.key < $1.key }) { Terminal.talk("failed for \(PlanText.count(count, "person", "people")): \(reason)") }
            if report.unknown > 0 || report.waiting > 0 { return unknown("\(report.unknown + report.waiting) mails have no recorded end") }
            return report.failed > 0 ? .failed : .done
        case .refusedBeforeActing(let failure), .failed(let failure):
            Terminal.talk("error: \(failure.message)")
            return failure.exit
        case .unknown(let failure): return unknown("it is not known whether the mails left: \(failure.message)")
        }
    }

    private func unknown(_ message: String) -> HeraldModel.ExitCode {
        Terminal.talk("error: \(message)")
        Terminal.talk("help: run `herald recover\(common.option)`; nothing is sent twice")
        return .unknown
    }
}
