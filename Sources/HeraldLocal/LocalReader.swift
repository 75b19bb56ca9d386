import HeraldContract
import HeraldDatabase
import HeraldModel

struct LocalReader: ProviderReader {
    /// Nil where there is none yet.
    let database: Database?
    /// The database as the settings write it.
    let name: String
    /// What a database that is not there yet will be called.
    let account: String
    let outbox: Outbox?
    /// Fingerprint of the workspace's key.
    let key: String
    let worker = Worker()

    func account() async throws(ProviderFailure) -> String {
        let (key, name) = (key, name)
        let found = try await look(for: Optional.none) { connection in
            // Under other digests nobody would be recognised, not even those who got a mail already.
            if let held = try connection.key(), held != key {
                throw ProviderFailure(.damaged, "\(name) was made with another key (\(held)) than this one (\(key)); put back the database that belongs to the state")
            }
            return try connection.scalar("SELECT name FROM account")
        }
        if case .text(let name) = found { return name }
        return account
    }

    func sequence() async throws(ProviderFailure) -> Int? { try await look(for: 0) { try $0.sequence() } }

    func inventory() async throws(ProviderFailure) -> [RemoteObject] { try await look(for: []) { try $0.objects() } }

    func members(of lists: [RemoteID]) async throws(ProviderFailure) -> [RemoteID: [MemberState]] {
        try await look(for: [:]) { try $0.members(of: lists) }
    }

    func results(_ kinds: Set<Word>, of emails: [RemoteID]?) async throws(ProviderFailure) -> Results {
        // Under another key's digests nobody would have been sent anything.
        _ = try await account()
        return try await look(for: .none) { try $0.results(kinds, of: emails) }
    }

    func send(key: String) async throws(ProviderFailure) -> SendReport? {
        let outbox = outbox
        return try await look(for: nil) { try $0.report(on: key, outbox) }
    }

    private func look<T: Sendable>(
        for nothing: T, _ body: @escaping @Sendable (DatabaseConnection) throws -> T
    ) async throws(ProviderFailure) -> T {
        guard let database else { return nothing }
        let name = name
        return try await worker.run { () throws(ProviderFailure) in try ProviderFailure.translating(name) { try database.read(body) } }
    }
}
