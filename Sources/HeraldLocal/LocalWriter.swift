import HeraldContract
import HeraldDatabase
import HeraldModel

/// Every call is one transaction: it happened whole, or not at all.
struct LocalWriter: ProviderWriter {
    let reader: LocalReader
    let database: Database
    let transport: LocalTransport
    let patience: SendPatience
    /// Nil without `public_url`: then nothing can be sent.
    let links: MailLinks?
    let now: Instant

    func account() async throws(ProviderFailure) -> String { try await reader.account() }

    func sequence() async throws(ProviderFailure) -> Int? { try await reader.sequence() }

    func inventory() async throws(ProviderFailure) -> [RemoteObject] { try await reader.inventory() }

    func members(of lists: [RemoteID]) async throws(ProviderFailure) -> [RemoteID: [MemberState]] { try await reader.members(of: lists) }

    func results(_ kinds: Set<Word>, of emails: [RemoteID]?) async throws(ProviderFailure) -> Results { try await reader.results(kinds, of: emails) }

    func send(key: String) async throws(ProviderFailure) -> SendReport? { try await reader.send(key: key) }

    func create(_ object: ObjectSpec) async -> Outcome<RemoteObject> { await act { try $0.create(object) } }

    func update(_ id: RemoteID, to object: ObjectSpec) async -> Outcome<RemoteObject> { await act { try $0.update(id, to: object) } }

    func delete(_ id: RemoteID) async -> Outcome<Void> { await act { try $0.delete(id) } }

    func change(_ list: RemoteID, adding: [Member], removing: [PersonDigest]) async -> Outcome<Int> {
        await act { try $0.change(list, adding: adding, removing: removing) }
    }

    func act<T: Sendable>(_ body: @escaping @Sendable (DatabaseConnection) throws -> T) async -> Outcome<T> {
        let (database, name) = (database, reader.name)
        return await reader.worker.run {
            do { return .done(try database.change(body)) } catch {
                let failure = ProviderFailure(error, name)
                // Whatever was thrown, the transaction was undone. What we refuse, and a database that is in use, was not even tried.
                return [.refused, .unavailable].contains(failure.cause) ? .refusedBeforeActing(failure) : .failed(failure)
            }
        }
    }
}
