package import HeraldModel

/// A provider of marketing: where lists are kept and mails go out. Imported and registered only by the program.
///
/// Reading and writing are apart by type: whoever plans holds a reader, and a writer can be had only for a `WriteGrant`.
package protocol Provider: Sendable {
    /// The id in `herald.yaml`.
    var id: String { get }
    var capabilities: Capabilities { get }
    func reader() throws(ProviderFailure) -> any ProviderReader
    func writer(_ grant: borrowing WriteGrant) throws(ProviderFailure) -> any ProviderWriter
    /// Needs no grant: a tester changes nothing that is kept.
    func tester() throws(ProviderFailure) -> any ProviderTester
}

/// Sends examples to those who ask for them.
package protocol ProviderTester: Sendable {
    /// Through the way that mails of contacts take. Counts mails, not people; one that the server puts off has failed.
    func send(_ order: TestOrder) async -> Outcome<SendReport>
}

/// Looks, and never changes anything.
package protocol ProviderReader: Sendable {
    /// A stable id of the account, which a plan is bound to.
    func account() async throws(ProviderFailure) -> String
    /// Where the provider's memory is a file of ours: how often it was changed, so that an older copy of it is noticed. Nil where a vendor keeps it.
    func sequence() async throws(ProviderFailure) -> Int?
    /// Every object there is, ours and foreign, in a stable order. Complete or an error; never a part.
    func inventory() async throws(ProviderFailure) -> [RemoteObject]
    /// The members of each of these lists, ascending by person. All of them complete, or an error. Asked for at once, since there may be thousands.
    func members(of lists: [RemoteID]) async throws(ProviderFailure) -> [RemoteID: [MemberState]]
    /// What happened to people, of these kinds, as far as the provider knows it: about these emails, or about all. Complete or an error.
    func results(_ kinds: Set<Word>, of emails: [RemoteID]?) async throws(ProviderFailure) -> Results
    /// How the send with this key stands, or nil where the provider has never heard of it.
    func send(key: String) async throws(ProviderFailure) -> SendReport?
}

extension ProviderReader {
    package func sequence() async throws(ProviderFailure) -> Int? { nil }
}

/// Acts. Every call says in its outcome what is known of its effect.
package protocol ProviderWriter: ProviderReader {
    /// Findable: after a lost reply the object is looked for by its mark.
    func create(_ object: ObjectSpec) async -> Outcome<RemoteObject>
    /// Repeatable.
    func update(_ id: RemoteID, to object: ObjectSpec) async -> Outcome<RemoteObject>
    /// Repeatable: deleting what is gone is done.
    func delete(_ id: RemoteID) async -> Outcome<Void>
    /// Repeatable: adds members or renews their values, and takes the others out of the list (never unsubscribes them). Returns the count afterwards.
    func change(_ list: RemoteID, adding: [Member], removing: [PersonDigest]) async -> Outcome<Int>
    /// Repeatable: erases what names these people, found by their address or by their record. That they got a mail may stay, under their digests. Returns the
    /// lists that they were on.
    func forget(_ people: [PersonDigest], records: [PersonDigest]) async -> Outcome<[RemoteID]>
    /// Repeatable: what is kept under digests of people moves on to those of another key, all of it or nothing. A provider that keeps none is done at once.
    func rekey(_ change: KeyChange) async -> Outcome<Void>
    /// Once: mails leave. `progress` is told of the people finished so far, from any thread.
    func send(_ order: SendOrder, progress: @escaping @Sendable (Int) -> Void) async -> Outcome<SendReport>
}
