import HeraldContract
import HeraldDigest
import HeraldModel
import HeraldPipeline
import HeraldStore

/// The records that belong to a state.
extension StatefulWorkspace {
    /// What is kept about people, as a state knows it; nil where it knows of none, as one of before there were any. Ends the command where the records are
    /// missing, damaged, older than the state, or others.
    func kept(_ state: StateDocument) throws -> (records: Records, ledger: Ledger)? {
        guard let records = try loadRecords(state.records) else { return nil }
        return (records, Ledger(records.facts))
    }

    private func loadRecords(_ known: RecordsPosition?) throws -> Records? {
        let found: Records?
        do throws(StoreFailure) { found = try records.load(from: known) } catch {
            Terminal.talk("error: \(error.message)")
            if case .damaged = error {
                Terminal.talk(
                    "help: restore the records from a backup, then `herald state accept-records --reason TEXT\(opened.option)`; without them an opt-out would be forgotten")
            }
            throw Ended(error.exit)
        }
        guard let found else { return nil }
        try StatefulWorkspace.demandOurs(found.head, opened, key, in: records.name)
        return found
    }

    /// Ends the command where records are those of another workspace or another key.
    static func demandOurs(_ head: RecordsHead, _ opened: OpenedWorkspace, _ key: WorkspaceKey, in place: String) throws {
        let settings = opened.resolved.workspace.settings
        guard head.workspace == settings.id.value, head.environment == settings.environment else {
            let owner = "\(head.workspace)\(head.environment.map { ", environment \($0)" } ?? "")"
            throw ApprovedPlan.refuse("the records in \(place) are those of \(owner)", "put back the right records")
        }
        guard head.key == key.fingerprint else {
            throw ApprovedPlan.refuse("the records in \(place) were made with another key (\(head.key))", "put back the records that belong to the state")
        }
    }

    func knownPeople() throws -> KnownPeople {
        let (memberships, watched) = try ending { () throws(StoreFailure) in (try store.memberships(state), try records.watched(key: key.fingerprint)) }
        return KnownPeople(
            try kept(state)?.ledger ?? .empty, key: key, resolved.workspace.settings, state, memberships: memberships, watched: watched ?? WatchedValues())
    }

    /// What a command writes with, under the lock: the state as it is now, with its records there and known to it.
    func session() throws -> StateSession {
        let session = StateSession(store: store, document: try reload())
        guard session.document.keyFingerprint == key.fingerprint else { throw ApprovedPlan.refuse("the key was rotated meanwhile", "run the command again") }
        let position = try kept(session.document)?.records.position ?? makeRecords().position
        guard position != session.document.records else { return session }
        // Made just now, or longer than the state knew: a command died between adding facts and telling the state.
        try ending { () throws(StoreFailure) in try session.write { $0.records = position } }
        return session
    }

    private func makeRecords() throws -> Records { try RecordsMaking.make(records, opened, key: key) }

    /// Takes down what changed in the data since the run before, and what there is now, so that the next run goes on from here. A crash in between notices it again.
    func keep(_ noticed: NoticedChanges, _ session: StateSession) throws {
        guard !noticed.values.fields.isEmpty else { return }
        try ending { () throws(StoreFailure) in
            if !noticed.facts.isEmpty, let held = try records.load(from: session.document.records) {
                let position = try records.append(noticed.facts, to: held).position
                try session.write { $0.records = position }
            }
            if try records.watched(key: key.fingerprint) != noticed.values { try records.watch(noticed.values, key: key.fingerprint) }
        }
    }

    /// The look at the records right before an email leaves.
    func lateCheck(_ email: DesiredEmail, _ plan: PlanningResult, _ session: StateSession) -> LateCheck {
        LateCheck(records, from: session.document.records, known: plan.known.ledger.facts.count, list: plan.known.mark(of: email.list))
    }

    /// Ends the command while nothing may be sent.
    func demandNoHold(_ state: StateDocument) throws {
        guard let hold = state.hold else { return }
        throw ApprovedPlan.refuse(hold.message, hold.remedy)
    }
}
