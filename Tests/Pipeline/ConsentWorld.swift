import Foundation
import HeraldContract
import HeraldDigest
import HeraldModel
import Testing

@testable import HeraldPipeline

/// A workspace whose people are real data in a file, with records, and a provider, store and journal in memory: everything between the data and the provider
/// is the product's own.
final class ConsentWorld {
    /// One record of the data.
    struct Row {
        var address: Int
        var status: String
        var at: Int?
    }

    static let lists = ["first", "second"]
    static let emails = (1...6).map { "e\($0)" }

    var rows: [Int: Row] = [:]
    /// Seconds after the start.
    var clock = 0
    let records = FakeRecords()
    let lifeline = Lifeline()
    let provider: FakeProvider
    let store: FakeStore
    let journal: FakeJournal
    let key: WorkspaceKey
    private let root: String
    private let resolved: Resolved
    private let files = SourceMap()
    private let diagnostics = Diagnostics()

    init() throws {
        root = FileManager.default.temporaryDirectory.appendingPathComponent("herald-\(UUID().uuidString)").resolvingSymlinksInPath().path
        provider = FakeProvider(lifeline)
        store = FakeStore(lifeline)
        journal = FakeJournal(lifeline)
        key = try #require(WorkspaceKey(base64: Data(String(repeating: "k", count: 32).utf8).base64EncodedString()))
        var state = StateDocument(lineage: "l1", serial: 1, workspace: "acme", environment: nil, keyFingerprint: key.fingerprint)
        state.records = RecordsPosition(id: "r", count: 0, chain: "0")
        try store.save(state, expecting: nil)
        var contents = [
            "herald.yaml": """
            herald: 1
            workspace: acme
            timezone: UTC
            defaults: {from: {name: Acme, email: news@acme.example}, postal_address: Acme}
            sources: {crm: {csv: data}}
            entities: {contact: {from: crm.contacts, key: id, email: email, consent: {column: consent, at: at}, fields: {id: integer, at: datetime}}}
            providers: {local: {transport: {outbox: out}, public_url: https://mail.acme.example}}
            """,
            "lists/lists.yaml":
                "list: first\nname: First\nentity: contact\nremovals: 100%\n---\nlist: second\nname: Second\nentity: contact\nremovals: 100%\nwhere: {id: {lte: 4}}\n",
            "campaigns/mail.html": "<p>{{ postal_address }} <a href=\"{{ unsubscribe_url }}\">Off</a></p>",
            "data/contacts.csv": "id,email,consent,at\n1,a@example.org,subscribed,2026-01-01T00:00:00Z\n",
        ]
        contents["campaigns/mails.yaml"] = ConsentWorld.emails.enumerated().map { number, id in
            "email: \(id)\nlist: \(ConsentWorld.lists[number % 2])\nvia: local\nsubject: \(id)\ntemplate: mail.html\nschedule: manual\naudience: {change: 100%}\n"
        }.joined(separator: "---\n")
        for (path, text) in contents {
            let file = URL(fileURLWithPath: "\(root)/\(path)")
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        let (files, diagnostics, zones) = (files, diagnostics, ZoneLoader(variables: [:]))
        let workspace = try #require(WorkspaceLoader(root: root, sources: files, diagnostics: diagnostics).load(environment: nil), "\(diagnostics.sorted)")
        let zone = zones.load(workspace.settings.timezone, diagnostics) ?? .utc
        let sources = SourceReading(workspace, root: root, zone: zone, files: files, diagnostics)
        resolved = Resolver(
            workspace, columns: sources.describe(sources.presentFiles), zone: zone, zoneNamed: { zones.load($0, diagnostics) },
            place: { Place(file: files.path(of: $0.file), line: Int($0.line)) }, diagnostics
        ).resolve()
        try #require(!diagnostics.hasErrors, "\(diagnostics.sorted)")
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    static let start: Int64 = 1_800_000_000
    var now: Instant { instant(clock) }
    func instant(_ seconds: Int) -> Instant { Instant(seconds: ConsentWorld.start + Int64(seconds)) }
    func address(_ number: Int) -> String { "p\(number)@example.org" }
    func person(_ number: Int) -> PersonDigest { key.person(address(number)) }
    func record(_ number: Int) -> PersonDigest { key.record(entity: "contact", key: "\(number)") }
    func mark(_ list: String) -> String { Mark.of(Address(.list, list), resolved.workspace.settings) }
    private var environment: RunEnvironment { RunEnvironment(root: root, variables: [:], now: now, host: "h", process: 1) }
    private var pipeline: Pipeline { Pipeline(resolved, environment, key: key, files: files, diagnostics) }
    var state: StateDocument { get throws { try #require(try store.load()) } }

    func writeData() throws {
        let lines = rows.sorted { $0.key < $1.key }.map { "\($0.key),\(address($0.value.address)),\($0.value.status),\($0.value.at.map { instant($0).description } ?? "")\n" }
        try Data(("id,email,consent,at\n" + lines.joined()).utf8).write(to: URL(fileURLWithPath: root + "/data/contacts.csv"))
    }

    func plan() async throws -> PlanningResult {
        try writeData()
        var options = PlanOptions()
        for list in ConsentWorld.lists { options.allowRemovals[Address(.list, list)] = 1_000 }
        let result = try await pipeline.plan(
            try state, ledger: Ledger(records.facts), store: store, providers: [provider], options: options, tool: "herald test")
        return try #require(result, "\(diagnostics.sorted)")
    }

    func apply(_ fresh: PlanningResult) async throws -> ApplyResult {
        let session = StateSession(store: store, document: try state)
        let grant = try session.cover("apply", at: now)
        return await Applier(session: session, journal: journal, providers: [provider], progress: { _, _, _ in }, pause: { _ in }).apply(fresh.run.steps, grant)
    }

    /// As `herald send` does; `meanwhile` happens after the recipients were chosen.
    func send(_ email: String, meanwhile: () throws -> Void) async throws {
        let fresh = try await plan()
        let address = Address(.email, email)
        let session = StateSession(store: store, document: try state)
        guard let wanted = fresh.emails.first(where: { $0.address == address }), let mark = session.document.objects[address]?.mark,
            let order = fresh.order(
                address, to: wanted.members.recipients(),
                key: EmailSending.key(mark: mark, content: wanted.content.digest, audience: wanted.members.setDigest), session.document, resolved)
        else { return }
        let grant = try session.cover("send", at: now)
        try meanwhile()
        _ = try await EmailSending(session: session, late: late(wanted, fresh), progress: { _ in }).send(address, order, provider: provider, grant)
    }

    func recover() async throws -> RecoveryReport {
        let session = StateSession(store: store, document: try state)
        return try await Recovery(session: session, journal: journal, providers: [provider]).run { address, send, key in
            guard let kept = send.audience, let people = try? self.store.audience(kept), let fresh = try? await self.plan(),
                let wanted = fresh.emails.first(where: { $0.address == address })
            else { return nil }
            let begun = Set(people)
            let order = fresh.order(address, to: wanted.members.recipients().filter { begun.contains($0.person) }, key: key, session.document, self.resolved)
            return order.map { ($0, self.late(wanted, fresh)) }
        }
    }

    private func late(_ email: DesiredEmail, _ plan: PlanningResult) -> LateCheck {
        LateCheck(records, from: nil, known: plan.known.ledger.facts.count, list: plan.known.mark(of: email.list))
    }

    /// What an operator takes down, as `herald person` and `herald list` do.
    func take(_ kind: PersonWish.Kind, _ named: String, at: Int?) throws -> PersonWish.Answer? {
        try writeData()
        let stage = AudienceStage(resolved, environment, files: files, diagnostics, known: nil)
        let everybody = try #require(stage.everybody())
        guard case .success(let person)? = PersonSearch(everybody, key: key).find([named]).first else { return nil }
        let answer = PersonWish(kind, reason: "x", at: at.map(instant), now: now).answer(for: person, in: Ledger(records.facts))
        if case .facts(let facts, _) = answer { records.add(facts) }
        return answer
    }

    /// Every mail that was delivered, by send and person.
    var delivered: Set<String> {
        provider.look { world in Set(world.sends.flatMap { key, send in send.delivered.keys.map { "\(key) \($0)" } }) }
    }
}
