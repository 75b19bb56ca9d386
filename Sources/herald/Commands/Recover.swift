import ArgumentParser
import HeraldContract
import HeraldModel
import HeraldPipeline
import HeraldStore

struct Recover: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Settle what an interrupted apply or send left open. Looks what happened; nothing is done twice.")

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let opened = try OpenedWorkspace.open(common)
        try opened.needEnvironment()
        let workspace = try StatefulWorkspace.open(opened)
        try HeldLock.takeOverDead(workspace.store, opened.environment)
        let report = try await HeldLock.holding(workspace.store, "recover", opened.environment) {
            let session = try workspace.session()
            let progress = ProgressLine("sending", quiet: common.quiet)
            defer { progress.finish() }
            Interrupts.listen()
            let total = session.document.intents.compactMap { session.document.objects[$0.address]?.members?.count }.max() ?? 0
            let recovery = Recovery(session: session, journal: workspace.journal, providers: workspace.providers) { done in
                progress.tell(done, of: max(done, total))
                Interrupts.passOn()
            }
            do throws(StoreFailure) {
                return try await recovery.run { email, send, key in await order(email, send, key, session, workspace) }
            } catch { throw Ended(failure: error) }
        }
        tell(report)
        guard report.exitCode == HeraldModel.ExitCode.done else { throw Ended(report.exitCode) }
    }

    /// The send as it was begun: the same text, to those people that it was begun with who may still be mailed.
    private func order(
        _ email: Address, _ send: SendState, _ key: String, _ session: StateSession, _ workspace: StatefulWorkspace
    ) async -> (order: SendOrder, late: LateCheck)? {
        let state = session.document
        guard let audience = send.audience, let kept = try? workspace.store.audience(audience),
            let fresh = try? await workspace.plan(PlanOptions(), state: state), let desired = fresh.emails.first(where: { $0.address == email }),
            let mark = state.objects[email]?.mark
        else { return nil }
        // The key holds the text and the audience that it was begun with; another text is another send.
        guard EmailSending.key(mark: mark, content: desired.content.digest, audience: audience) == key else { return nil }
        let begun = Set(kept)
        // Who said no meanwhile is not sent to any more.
        let recipients = desired.members.recipients().filter { begun.contains($0.person) }
        guard let order = fresh.order(email, to: recipients, key: key, state, workspace.resolved) else { return nil }
        return (order, workspace.lateCheck(desired, fresh, session))
    }

    private func tell(_ report: RecoveryReport) {
        guard !report.isEmpty else { return Terminal.data("nothing was left open\n") }
        for (title, lines) in [("settled", report.settled), ("finished", report.finished), ("open", report.open)] {
            for line in lines { Terminal.data("\(title): \(line.address.map { "\($0) " } ?? "")\(line.words)\n") }
        }
    }
}
