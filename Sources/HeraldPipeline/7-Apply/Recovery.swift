package import HeraldContract
package import HeraldModel

/// What `herald recover` does, under the lock: finds out how the calls of an interrupted run ended, goes on with a send that stopped half-way, and
/// closes the run. Nothing is done twice: what could be is looked for at the provider first, and what cannot be told is left to a person.
package struct Recovery {
    private let session: StateSession
    private let journal: any Journal
    private let providers: [String: any Provider]
    private let progress: @Sendable (Int) -> Void

    /// `progress` is told how many people of a send are finished.
    package init(session: StateSession, journal: any Journal, providers: [any Provider], progress: @escaping @Sendable (Int) -> Void = { _ in }) {
        self.session = session
        self.journal = journal
        self.providers = Dictionary(providers.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.progress = progress
    }

    /// `order` gives a send anew: the email as the files have it, to exactly the people of the audience that `session.store` keeps under
    /// `SendState.audience`. Where that no longer makes the same key (the files were edited, the audience is not kept), it gives nil, and the send
    /// stays open.
    ///
    /// May itself be interrupted at any point, and run again.
    package func run(
        order: (_ email: Address, _ send: SendState, _ key: String) async -> (order: SendOrder, late: LateCheck)?
    ) async throws(StoreFailure) -> RecoveryReport {
        var report = RecoveryReport()
        guard session.document.needsRecovery else {
            // A run that ended after its last write to the state leaves its journal behind.
            try journal.clear()
            return report
        }
        let plan = session.document.unfinished?.id
        let journalled = try journal.read().intents.filter { $0.plan == plan }
        let readings = await readings(of: session.document.intents + journalled)
        try settle(readings, journalled, &report)
        for intent in session.document.intents where intent.settling == .once { try await finish(intent, order, &report) }
        guard session.document.intents.isEmpty else { return report }
        if let plan { try session.write { $0.finish(plan, "interrupted, then settled by `recover`") } }
        try journal.clear()
        return report
    }

    private func readings(of intents: [Intent]) async -> [String: Result<Inventory, ProviderFailure>] {
        var readings: [String: Result<Inventory, ProviderFailure>] = [:]
        for id in Set(intents.filter { $0.settling != .once }.map(\.provider)) {
            guard let provider = providers[id] else {
                readings[id] = .failure(ProviderFailure(.other, "\(id) is not a provider of this workspace"))
                continue
            }
            do { readings[id] = await Looking.inventory(try provider.reader()) } catch { readings[id] = .failure(error) }
        }
        return readings
    }

    /// Everything but sends, in one write to the state.
    private func settle(
        _ readings: [String: Result<Inventory, ProviderFailure>], _ journalled: [Intent], _ report: inout RecoveryReport
    ) throws(StoreFailure) {
        var next = session.document
        let marked = Dictionary(next.objects.map { ($0.value.mark, $0.key) }, uniquingKeysWith: { first, _ in first })
        var (made, notMade, closed): ([Address], [Address], Set<Intent>) = ([], [], [])
        for intent in session.document.intents where intent.settling == .findable {
            let reading = readings[intent.provider] ?? .failure(ProviderFailure(.other, "it was not read"))
            switch Looking.settle(intent.address.kind == .list ? .list : .email, intent.mark, reading) {
            case .happened(let object):
                next.learn(of: object, intent, formerly: marked[intent.mark])
                made.append(intent.address)
            case .didNotHappen: notMade.append(intent.address)
            case .cannotTell(let why):
                report.open.append(.init(intent.address, "may or may not have been created at \(intent.provider): \(why)"))
                continue
            }
            closed.insert(intent)
        }
        next.intents.removeAll(where: closed.contains)
        report.settle(made, "was created, and the state knows it now", "objects were created, and the state knows them now")
        report.settle(notMade, "was not created; the next plan creates it", "objects were not created; the next plan creates them")
        let repeatable = journalled.filter { $0.settling == .repeatable }
        for intent in repeatable {
            guard case .success(let inventory) = readings[intent.provider] else { continue }
            next.trust(inventory, intent)
        }
        if !repeatable.isEmpty {
            report.settled.append(
                .init(nil, "\(PlanText.count(repeatable.count, "change")) that may be made again were under way; the next plan shows what is left of them"))
        }
        guard next != session.document else { return }
        try session.write { $0 = next }
    }

    private func finish(
        _ intent: Intent, _ order: (Address, SendState, String) async -> (order: SendOrder, late: LateCheck)?, _ report: inout RecoveryReport
    ) async throws(StoreFailure) {
        guard let provider = providers[intent.provider], let send = session.document.objects[intent.address]?.send, let key = intent.sendKey else {
            report.open.append(.init(intent.address, "its sending was begun, and \(intent.provider) is not a provider of this workspace"))
            return
        }
        let found: SendReport?
        do {
            let reader = try provider.reader()
            // Another account, or a database that is new, knows nothing of this send and cannot say that it did not happen.
            if let known = session.document.accounts[intent.provider], try await reader.account() != known {
                report.open.append(
                    .init(
                        intent.address, "its sending was begun at \(known), which is not the account that \(intent.provider) is now; bring it back, then run `herald recover` again"
                    ))
                return
            }
            if let heard = session.document.sequences[intent.provider], let sequence = try await reader.sequence(), sequence < heard {
                report.open.append(
                    .init(
                        intent.address,
                        "its sending was begun, and what \(intent.provider) keeps is an older copy, which may not know of it; bring back the newest one, then run `herald recover` again"
                    ))
                return
            }
            found = try await reader.send(key: key)
        } catch {
            report.open.append(.init(intent.address, "its sending was begun, and asking how it stands failed: \(error.message)"))
            return
        }
        guard let found else {
            try close(intent, SendState(phase: send.envelope == nil ? .verified : .scheduled, document: send.document, envelope: send.envelope))
            report.settled.append(.init(intent.address, "was not sent: \(intent.provider) never got the order. It is ready as before"))
            return
        }
        guard found.waiting > 0 else { return try end(intent, send, found, &report) }
        guard let grant = session.resume(), let (order, late) = await order(intent.address, send, key), order.key == key else {
            report.open.append(
                .init(
                    intent.address,
                    "was sent to \(PlanText.grouped(found.sent)) of \(PlanText.count(found.total, "person", "people")); to go on, put its text back as it was and run `herald recover` again"
                ))
            return
        }
        let outcome = try await EmailSending(session: session, late: late, progress: progress).send(intent.address, order, provider: provider, grant, resuming: true)
        switch outcome {
        case .done(let after) where after.waiting == 0: report.add(intent.address, after, finished: true)
        case .done(let after):
            report.open.append(.init(intent.address, "was stopped again, \(PlanText.count(after.waiting, "person", "people")) wait; run `herald recover` again"))
        case .refusedBeforeActing(let failure), .failed(let failure), .unknown(let failure):
            report.open.append(.init(intent.address, "could not be finished: \(failure.message)"))
        }
    }

    private func end(_ intent: Intent, _ send: SendState, _ found: SendReport, _ report: inout RecoveryReport) throws(StoreFailure) {
        try close(intent, SendState(phase: found.unknown > 0 ? .unknown : .sent, document: send.document, key: intent.sendKey, report: found))
        report.add(intent.address, found, finished: false)
    }

    private func close(_ intent: Intent, _ send: SendState) throws(StoreFailure) {
        try session.write { state in
            state.objects[intent.address]?.send = send
            state.intents.removeAll { $0 == intent }
        }
    }
}

extension StateDocument {
    /// Takes in an object that an interrupted call made, as it is there; the next plan puts right what is left.
    fileprivate mutating func learn(of object: RemoteObject, _ intent: Intent, formerly old: Address?) {
        // A moved object may still stand under its old address.
        var state =
            old.flatMap { objects.removeValue(forKey: $0) } ?? objects[intent.address]
            ?? ObjectState(provider: intent.provider, remote: nil, mark: intent.mark, name: object.name)
        state.remote = object.id
        state.name = object.name
        state.members = nil
        state.fields = digests(of: object)
        if intent.address.kind == .email { state.send = SendState(phase: .draft, document: "") }
        objects[intent.address] = state
    }

    /// What an interrupted change of ours may have left behind is not somebody else's doing.
    fileprivate mutating func trust(_ inventory: Inventory, _ intent: Intent) {
        guard var state = objects[intent.address], let object = state.remote.flatMap({ inventory.objects[$0] }) else { return }
        if intent.operation == "members" {
            state.members = nil
        } else {
            for (name, digests) in digests(of: object) where state.fields[name].map({ $0.seen != digests.seen }) == true { state.fields[name] = digests }
        }
        objects[intent.address] = state
    }

    private func digests(of object: RemoteObject) -> [String: FieldDigests] {
        FieldComparison.digests(sent: ObjectSpec(kind: object.kind, name: object.name, mark: "", fields: object.fields), seen: object)
    }
}
