import ArgumentParser
import HeraldContract
import HeraldDigest
import HeraldModel
import HeraldPipeline

/// `herald send ADDRESS --to …`: examples of an email for those who wrote it. Reads the files and nothing else; keeps nothing.
struct TestSending {
    private let common: CommonOptions
    private let address: String
    private let recipients: [String]
    private let choice: TestMails.Choice

    init(_ common: CommonOptions, _ address: String, to recipients: [String], _ choice: TestMails.Choice) {
        (self.common, self.address, self.recipients, self.choice) = (common, address, recipients, choice)
    }

    func run() async throws {
        // The address is somebody's, so what is wrong with it is said without it.
        let addresses = try recipients.enumerated().map { number, text in
            guard let address = EmailAddress(text) else { throw ValidationError("The \(Self.ordinal(number)) --to is no email address.") }
            return Personal(address)
        }
        let opened = try OpenedWorkspace.open(common)
        try opened.needEnvironment()
        let address = try KnownAddress.parse(address, opened.resolved)
        guard address.kind == .email, let email = opened.resolved.emails[address.id] else { throw ValidationError("\(address) is no email") }
        guard opened.resolved.workspace.settings.maySend else {
            throw ApprovedPlan.refuse("this environment says `send: false`", "send from an environment that may")
        }
        let order = try order(email, addresses, opened)
        let outcome = await ended(email, order, opened)
        let code = tell(outcome, address)
        guard code == HeraldModel.ExitCode.done else { throw Ended(code) }
    }

    private func order(_ email: ResolvedEmail, _ addresses: [Personal<EmailAddress>], _ opened: OpenedWorkspace) throws -> TestOrder {
        do throws(TestMails.Failure) { return try TestMails(opened.resolved, now: opened.environment.now).order(email, choice, to: addresses) } catch {
            switch error {
            case .noSuchPersona(let known):
                throw ValidationError(
                    "No test of this email or its list has such a persona. " + (known.isEmpty ? "There is none at all." : "There are \(known.joined(separator: ", ")).")
                )
            case .brokenPersona(let name): throw ValidationError("The persona \(name) is not right; `herald test` says why.")
            case .notCompiled: throw ValidationError("\(email.definition.address) has no template that can be rendered; `herald validate` says why.")
            }
        }
    }

    private func ended(_ email: ResolvedEmail, _ order: TestOrder, _ opened: OpenedWorkspace) async -> Outcome<SendReport> {
        // No digest and no link of a test is anybody's, so the workspace's key is not asked for.
        guard let key = WorkspaceKey(base64: WorkspaceKey.generate()),
            let provider = ProviderRegistry.providers(opened, key).first(where: { $0.id == email.definition.via.value })
        else { return .failed(ProviderFailure(.refused, "sending through \(email.definition.via.value) is not part of this version")) }
        do throws(ProviderFailure) { return await (try provider.tester()).send(order) } catch { return .refusedBeforeActing(error) }
    }

    private func tell(_ outcome: Outcome<SendReport>, _ address: Address) -> HeraldModel.ExitCode {
        switch outcome {
        case .done(let report):
            if report.sent > 0 { Terminal.data("\(address): \(PlanText.count(report.sent, "test mail")) sent\n") }
            for (reason, count) in report.reasons.sorted(by: { $0.key < $1.key }) {
                Terminal.talk("error: \(PlanText.count(count, "test mail")) not sent: \(reason)")
            }
            if report.unknown > 0 { Terminal.talk("error: \(PlanText.count(report.unknown, "test mail")) may or may not have arrived") }
            return report.failed + report.unknown > 0 ? .failed : .done
        case .refusedBeforeActing(let failure), .failed(let failure):
            Terminal.talk("error: \(failure.message)")
            return failure.exit
        case .unknown(let failure):
            Terminal.talk("error: it is not known whether the mails left: \(failure.message)")
            return .failed
        }
    }

    private static func ordinal(_ number: Int) -> String {
        let words = ["first", "second", "third"]
        return number < words.count ? words[number] : "\(number + 1)th"
    }
}
