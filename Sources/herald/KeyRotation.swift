import HeraldContract
import HeraldDigest
import HeraldModel
import HeraldPipeline
import HeraldStore

/// Moves everything that is kept under digests of people on to those of a new key: records, what providers keep, approved audiences, and last the state, which
/// then knows the new key.
///
/// Each part knows whose digests it holds and is changed whole, so that an interrupted rotation is finished by beginning again; until then every other
/// command refuses, because the key is not the one of the state.
struct KeyRotation {
    private static let name = "key rotate"

    private let opened: OpenedWorkspace
    private let place: StatePlace
    private let session: StateSession
    private let records: Records?

    /// Ends the command where an earlier run has no recorded end, or the records are not those of the state.
    init(_ opened: OpenedWorkspace, _ place: StatePlace, _ session: StateSession) throws {
        self.opened = opened
        self.place = place
        self.session = session
        let state = session.document
        guard !state.needsRecovery || state.unfinished?.digest == SpentPlan.covered + KeyRotation.name else {
            Terminal.talk("error: an earlier run was interrupted, and its end is not recorded")
            Terminal.talk("help: run `herald recover\(opened.option)` first")
            throw Ended(.unknown)
        }
        records = try KeyRotation.records(place.records, state)
    }

    /// Those that the state knows; or such as this rotation wrote in their place before it was interrupted.
    private static func records(_ store: LocalRecordsStore, _ state: StateDocument) throws -> Records? {
        guard let known = state.records else { return nil }
        let found = try ending { () throws(StoreFailure) in try store.load(from: nil) }
        if let found, found.head.formerly == known { return found }
        return try ending { () throws(StoreFailure) in try store.load(from: known) }
    }

    func rotate(_ change: KeyChange, _ key: WorkspaceKey) async throws -> (facts: Int, members: Int) {
        let grant: WriteGrant
        do throws(StoreFailure) {
            if let resumed = session.resume() {
                grant = resumed
            } else {
                grant = try session.cover(KeyRotation.name, at: opened.environment.now, opened.environment.note(KeyRotation.name))
            }
        } catch { throw Ended(failure: error) }
        let moved = try records.map { try rekeyed($0, change) }
        try ending { () throws(StoreFailure) in
            // Already under the new key where an earlier try came so far.
            if let values = try? place.records.watched(key: change.to) { return try place.records.watch(values, key: change.to) }
            if let values = try place.records.watched(key: change.from) { try place.records.watch(values.moved(by: change), key: change.to) }
        }
        var lists: [Address: [MemberState]] = [:]
        for provider in ProviderRegistry.providers(opened, key) where session.document.accounts[provider.id] != nil {
            do throws(ProviderFailure) {
                let writer = try provider.writer(grant)
                switch await writer.rekey(change) {
                case .done: break
                case .refusedBeforeActing(let failure), .failed(let failure), .unknown(let failure): throw failure
                }
                let known = session.document.objects.filter { $0.value.provider == provider.id && $0.value.members != nil }
                let members = try await writer.members(of: known.compactMap(\.value.remote))
                for (address, object) in known { lists[address] = object.remote.flatMap { members[$0] } }
            } catch {
                Terminal.talk("error: \(provider.id): \(error.message)")
                Terminal.talk("help: run `herald key rotate\(opened.option)` again; nothing else runs until it has ended")
                throw Ended(error.exit)
            }
        }
        let audiences = try keptAudiences(change)
        let plan = grant.plan
        try ending { () throws(StoreFailure) in
            try session.write { state in
                state.keyFingerprint = change.to
                if let moved { state.records = moved.position }
                for (address, members) in lists {
                    let basis = state.objects[address]?.members?.basis
                    state.objects[address]?.members = MemberDigests(count: members.count, seen: MemberSets.digest(members), basis: basis)
                }
                for address in state.objects.keys { state.objects[address]?.send?.follow(audiences) }
                for list in state.memberships.keys { if let name = state.memberships[list].flatMap({ audiences[$0.records] }) { state.memberships[list]?.records = name } }
                state.finish(plan, "done")
            }
            try session.store.dropAudiences(except: session.document.keptAudiences)
        }
        return (moved?.facts.count ?? 0, lists.values.reduce(0) { $0 + $1.count })
    }

    private func rekeyed(_ records: Records, _ change: KeyChange) throws -> Records {
        guard records.head.key != change.to else { return records }
        guard records.head.key == change.from else {
            throw ApprovedPlan.refuse("the records in \(place.records.name) were made with another key (\(records.head.key))", "put back the records that belong to the state")
        }
        // What a command added before it died must be known to the state, or it could not be told afterwards that these are the same facts.
        if session.document.records != records.position { try ending { () throws(StoreFailure) in try session.write { $0.records = records.position } } }
        return try ending { () throws(StoreFailure) in try place.records.replace(records, key: change.to, with: records.facts.map(change.fact)) }
    }

    /// Approved audiences under the new digests, by what they were called so far. One that is not kept any more has to be approved anew.
    private func keptAudiences(_ change: KeyChange) throws -> [String: String] {
        var names: [String: String] = [:]
        for old in session.document.keptAudiences.sorted() {
            guard let people = try ending({ () throws(StoreFailure) in try session.store.audience(old) }) else { continue }
            let moved = people.map(change.person).sorted()
            let name = MemberSets.digest(people: moved)
            try ending { () throws(StoreFailure) in try session.store.keepAudience(name, moved) }
            names[old] = name
        }
        return names
    }
}

extension SendState {
    /// Audiences have other names under another key.
    fileprivate mutating func follow(_ names: [String: String]) {
        if let name = envelope.flatMap({ names[$0.audience] }) { envelope?.audience = name }
        if let name = audience.flatMap({ names[$0] }) { audience = name }
    }
}
