import HeraldContract
import HeraldModel
import HeraldPipeline
import Synchronization

/// Counts everything that reaches the outside, and ends the process, so to speak, at the n-th: from then on nothing is done any more.
final class Lifeline: Sendable {
    /// Whether the n-th effect happened just before the end.
    enum End { case before, after }

    private struct Life {
        var count = 0
        var limit = Int.max
        var end = End.before
    }

    private let life = Mutex(Life())

    /// How many effects there were.
    var count: Int { life.withLock { $0.count } }
    var isOver: Bool { life.withLock { $0.count >= $0.limit } }

    func renew(until limit: Int = .max, _ end: End = .before) { life.withLock { $0 = Life(limit: limit, end: end) } }

    /// Whether the next effect takes place, and whether its caller lives to hear of it.
    func spend() -> (happens: Bool, returns: Bool) {
        life.withLock { life in
            guard life.count < life.limit else { return (false, false) }
            life.count += 1
            return life.count < life.limit ? (true, true) : (life.end == .after, false)
        }
    }
}

/// The state in memory.
final class FakeStore: StateStore, Sendable {
    private struct Content {
        var document: StateDocument?
        var audiences: [String: [PersonDigest]] = [:]
        var saves = 0
        var lock: LockHolder?
    }

    private let content = Mutex(Content())
    private let lifeline: Lifeline

    init(_ lifeline: Lifeline) { self.lifeline = lifeline }

    var saves: Int { content.withLock { $0.saves } }
    var audienceNames: Set<String> { content.withLock { Set($0.audiences.keys) } }

    func load() throws(StoreFailure) -> StateDocument? { content.withLock { $0.document } }

    func save(_ document: StateDocument, expecting expected: Int?) throws(StoreFailure) {
        let isMoved = content.withLock { $0.document?.serial != expected }
        guard !isMoved else { throw .moved }
        try effect { content in
            content.document = document
            content.saves += 1
        }
    }

    func lock(_ holder: LockHolder) throws(StoreFailure) { try effect { $0.lock = holder } }
    func holder() throws(StoreFailure) -> LockHolder? { content.withLock { $0.lock } }
    func unlock(id: String) throws(StoreFailure) { try effect { $0.lock = nil } }
    func keepAudience(_ setDigest: String, _ people: [PersonDigest]) throws(StoreFailure) { try effect { $0.audiences[setDigest] = people } }
    func audience(_ setDigest: String) throws(StoreFailure) -> [PersonDigest]? { content.withLock { $0.audiences[setDigest] } }
    func dropAudiences(except setDigests: Set<String>) throws(StoreFailure) {
        try effect { $0.audiences = $0.audiences.filter { setDigests.contains($0.key) } }
    }

    private func effect(_ change: (inout Content) -> Void) throws(StoreFailure) {
        let (happens, returns) = lifeline.spend()
        if happens { content.withLock { change(&$0) } }
        guard returns else { throw .other("the process is gone") }
    }
}

/// The journal in memory. What was not synced when the process ended is gone.
final class FakeJournal: Journal, Sendable {
    private struct Content {
        var intents: [Intent] = []
        var results: [JournalResult] = []
        var syncedResults = 0
        var syncs = 0
    }

    private let content = Mutex(Content())
    private let lifeline: Lifeline

    init(_ lifeline: Lifeline) { self.lifeline = lifeline }

    var syncs: Int { content.withLock { $0.syncs } }

    func intend(_ intents: [Intent]) throws(StoreFailure) {
        try effect { content in
            content.intents += intents
            content.syncedResults = content.results.count
            content.syncs += 1
        }
    }

    func record(_ entry: JournalResult) throws(StoreFailure) { try effect { $0.results.append(entry) } }

    func read() throws(StoreFailure) -> (intents: [Intent], results: [JournalResult]) { content.withLock { ($0.intents, $0.results) } }

    func clear() throws(StoreFailure) {
        guard content.withLock({ !$0.intents.isEmpty || !$0.results.isEmpty }) else { return }
        try effect { $0 = Content(syncs: $0.syncs) }
    }

    /// The process ended.
    func losePending() { content.withLock { $0.results.removeLast($0.results.count - $0.syncedResults) } }

    private func effect(_ change: (inout Content) -> Void) throws(StoreFailure) {
        let (happens, returns) = lifeline.spend()
        if happens { content.withLock { change(&$0) } }
        guard returns else { throw .other("the process is gone") }
    }
}

/// The records in memory.
final class FakeRecords: RecordsStore, Sendable {
    let name = "records in memory"
    private let content = Mutex<[PersonFact]>([])

    var facts: [PersonFact] { content.withLock { $0 } }

    func add(_ facts: [PersonFact]) { content.withLock { $0 += facts } }

    func load(from known: RecordsPosition?) throws(StoreFailure) -> Records? { records(facts) }
    func create(_ head: RecordsHead) throws(StoreFailure) -> Records { records(facts) }

    func append(_ facts: [PersonFact], to records: Records) throws(StoreFailure) -> Records {
        add(facts)
        return self.records(self.facts)
    }

    func replace(_ records: Records, key fingerprint: String, with facts: [PersonFact]) throws(StoreFailure) -> Records {
        content.withLock { $0 = facts }
        return self.records(facts)
    }

    func watched(key fingerprint: String) throws(StoreFailure) -> WatchedValues? { nil }
    func watch(_ values: WatchedValues, key fingerprint: String) throws(StoreFailure) {}

    private func records(_ facts: [PersonFact]) -> Records {
        Records(
            head: RecordsHead(id: "r", workspace: "acme", environment: nil, key: "k"), facts: facts,
            position: RecordsPosition(id: "r", count: facts.count, chain: "\(facts.count)"), end: 0)
    }
}

extension LateCheck {
    /// Nobody says anything meanwhile.
    static var quiet: LateCheck { LateCheck(FakeRecords(), from: nil, known: 0, list: "") }
}
