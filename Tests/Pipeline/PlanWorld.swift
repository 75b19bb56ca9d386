import HeraldContract
import HeraldDigest
import HeraldModel
import Synchronization
import Testing

@testable import HeraldPipeline

private final class Pauses: Sendable {
    let all = Mutex<[Duration]>([])
}

/// A workspace with its state and its provider, on which a test plans, applies, sends and recovers.
final class World {
    var files = Files()
    var options = PlanOptions()
    var now = Instant(rfc3339: "2027-02-01T09:00:00Z") ?? Instant(seconds: 0)
    /// How often a test edited the files: makes ids that nothing had before.
    var edits = 0
    let lifeline = Lifeline()
    let provider: FakeProvider
    let store: FakeStore
    let journal: FakeJournal
    /// The digests of the last plan's audiences, as the sidecars keep them.
    /// How long an apply would have waited; in tests no time passes.
    var pauses: [Duration] { paused.all.withLock { $0 } }
    private let paused = Pauses()
    private(set) var sidecars: [Address: [PersonDigest]] = [:]

    init(schedules: Bool = false) throws {
        provider = FakeProvider(lifeline, schedules: schedules)
        store = FakeStore(lifeline)
        journal = FakeJournal(lifeline)
        try store.save(StateDocument(lineage: "l1", serial: 1, workspace: "acme", environment: nil, keyFingerprint: "k"), expecting: nil)
    }

    var state: StateDocument {
        get throws { try #require(try store.load()) }
    }

    func run(frozen: [Address: [PersonDigest]] = [:]) async throws -> PlannedRun {
        let (desired, settings, state) = (files.desired, files.settings, try state)
        let readings = await Refresh.read([provider], wanted: Refresh.Wanted(desired.lists.map(\.address), settings, state))
        let approved = try PlanInput.keptAudiences(desired, state).compactMapValues { try store.audience($0) }
        return Planner.plan(
            PlanInput(
                tool: "herald test", settings: settings, desired: desired, state: state, readings: readings, approved: approved, frozen: frozen,
                options: options, now: now, zone: .utc, quiet: nil, definitions: files.definitions,
                place: { Place(file: "herald.yaml", line: Int($0.line)) }))
    }

    func plan() async throws -> Plan { try await run().plan }

    /// Plans, and applies that plan, as `herald apply` does when nothing moved in between.
    @discardableResult
    func apply(isStopped: @escaping @Sendable () -> Bool = { false }) async throws -> ApplyResult {
        let run = try await run()
        sidecars = run.audiences
        return try await carryOut(run, isStopped: isStopped)
    }

    func carryOut(_ run: PlannedRun, isStopped: @escaping @Sendable () -> Bool = { false }) async throws -> ApplyResult {
        let session = StateSession(store: store, document: try state)
        let grant = try session.spend(digest: try PlanWire(run.plan).digest, madeAgainst: run.plan.serial, expires: run.plan.expires, at: now)
        return await Applier(
            session: session, journal: journal, providers: [provider], progress: { _, _, _ in }, isStopped: isStopped,
            pause: { [paused] pause in paused.all.withLock { $0.append(pause) } }
        ).apply(run.steps, grant)
    }

    /// Sends one email that waits, as `herald send` does.
    func send(_ id: String) async throws -> Outcome<SendReport> {
        let run = try await run()
        let session = StateSession(store: store, document: try state)
        guard let order = try order(id, people: nil) else { throw StoreFailure.other("no such email") }
        let grant = try session.spend(digest: try PlanWire(run.plan).digest, madeAgainst: run.plan.serial, expires: run.plan.expires, at: now)
        return try await EmailSending(session: session, late: .quiet, progress: { _ in }).send(email(id), order, provider: provider, grant)
    }

    func recover() async throws -> RecoveryReport {
        let session = StateSession(store: store, document: try state)
        return try await Recovery(session: session, journal: journal, providers: [provider]).run { address, send, key in
            guard let kept = send.audience, let people = try? self.store.audience(kept) else { return nil }
            return (try? self.order(address.id, people: people)).flatMap { $0 }.map { ($0, .quiet) }
        }
    }

    /// An email as the files have it, to these people or to all of its list.
    func order(_ id: String, people: [PersonDigest]?) throws -> SendOrder? {
        guard let wanted = files.desired.emails.first(where: { $0.address.id == id }), let remote = try state.objects[email(id)]?.remote else { return nil }
        let members = people.map { wanted.members.narrowed(to: $0) } ?? wanted.members
        let mark = try state.objects[email(id)]?.mark ?? ""
        return SendOrder(
            emailID: id, object: remote,
            key: EmailSending.key(mark: mark, content: wanted.content.digest, audience: people.map(MemberSets.digest(people:)) ?? members.setDigest),
            from: wanted.content.from, replyTo: nil, recipients: members.recipients(),
            render: { _, _ in RenderedMail(subject: "", preheader: "", html: "", text: "") })
    }

    /// What a list holds at the provider, by number.
    func people(in id: String, upTo count: Int = 100) throws -> [Int] {
        let remote = try #require(try state.objects[list(id)]?.remote)
        let members = provider.look { $0.objects[remote.text]?.members ?? [:] }
        return (0..<count).filter { members[Files.person($0)] != nil }
    }

    func object(_ address: Address) throws -> FakeProvider.Object? {
        guard let remote = try state.objects[address]?.remote else { return nil }
        return provider.look { $0.objects[remote.text] }
    }

    /// Changes an object behind herald's back.
    func meddle(_ address: Address, _ change: (inout FakeProvider.Object) -> Void) throws {
        let remote = try #require(try state.objects[address]?.remote)
        provider.change { world in
            guard var object = world.objects[remote.text] else { return }
            change(&object)
            world.objects[remote.text] = object
        }
    }
}

extension Dictionary where Key == Int, Value == Int {
    /// People by number, all with the first version of their values.
    static func people(_ numbers: some Sequence<Int>) -> [Int: Int] { Dictionary(uniqueKeysWithValues: numbers.map { ($0, 1) }) }
}

/// A plan in short: `+ list.vip create add-members`, refusals as `E_EXISTS list.vip`.
func short(_ plan: Plan) -> [String] {
    plan.changes.map { "\($0.address) " + $0.actions.map(\.rawValue).joined(separator: " ") } + plan.refused.map { "\($0.code.rawValue) \($0.address)" }
}
