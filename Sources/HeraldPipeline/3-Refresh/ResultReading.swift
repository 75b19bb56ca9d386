package import HeraldContract
package import HeraldModel

extension Rule {
    static let resultsUnread = Rule("results-unread", exit: .failed)
}

extension Refresh {
    /// What happened to people, as the providers know it, with every mail named as the files name it now. Nil after reporting what could not be read: nobody would
    /// have been sent anything, and a reminder would go to everybody.
    package static func results(
        _ wanted: ResultsWanted, _ providers: [any Provider], _ state: StateDocument, _ workspace: Workspace, _ diagnostics: Diagnostics
    ) async -> Results? {
        guard !wanted.isEmpty else { return Results.none }
        var all = Results()
        for provider in providers {
            let names = MailNames(provider.id, state, workspace)
            do throws(ProviderFailure) {
                let found = try await provider.reader().results(wanted.kinds, of: names.objects(of: wanted.emails))
                all.add(Results(mails: found.mails.map(names.named), events: found.events))
            } catch {
                diagnostics.report(.resultsUnread, "what \(provider.id) knows of mails that were sent cannot be read: \(error.message)")
                return nil
            }
        }
        return all
    }
}

/// Calls the mails of a provider what the files call them: ids are those of today, also of a list or a campaign that was moved since the mail went out.
private struct MailNames {
    private let addresses: [RemoteID: Address]
    private let provider: String
    private let state: StateDocument
    private let emails: [String: EmailDefinition]

    init(_ provider: String, _ state: StateDocument, _ workspace: Workspace) {
        self.provider = provider
        self.state = state
        let held = state.objects.filter { $0.key.kind == .email && $0.value.provider == provider }
        addresses = Dictionary(held.compactMap { entry in entry.value.remote.map { ($0, entry.key) } }, uniquingKeysWith: { first, _ in first })
        emails = Dictionary(workspace.emails.map { ($0.id.value, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Nil asks about all. An email that the state does not know may have been sent all the same: it was forgotten, or the state is a new one.
    func objects(of emails: Set<String>?) -> [RemoteID]? {
        guard let emails else { return nil }
        let known = emails.compactMap { state.objects[Address(.email, $0)] }
        guard known.count == emails.count else { return nil }
        return known.filter { $0.provider == provider }.compactMap(\.remote).sorted { $0.text < $1.text }
    }

    func named(_ mail: ResultMail) -> ResultMail {
        var mail = mail
        if let address = addresses[mail.object] { mail.email = address.id }
        if let email = emails[mail.email] {
            mail.list = email.list.value
            mail.campaign = email.campaign?.value
        }
        return mail
    }
}
