import HeraldDatabase
import HeraldStore
package import HeraldContract
package import HeraldDigest
package import HeraldModel

/// The provider that is built in: lists and what was sent are kept in a SQLite file, and mails are put into a folder or given to a mail server.
///
/// It holds no schedule: herald holds a send until it is due. Nothing here asks for the time; `now` is that of the run.
package struct LocalProvider: Provider {
    package let id: String
    package let capabilities = Capabilities(schedules: false, unschedule: true, showsScheduled: false, recipientZones: false)
    private let settings: LocalSettings
    private let root: String
    private let account: String
    private let key: WorkspaceKey
    private let now: Instant
    private let outside: Outside

    /// What the provider needs of the world around it once mails leave, and never before.
    package struct Outside: Sendable {
        /// Resolves a secret at the moment of use.
        package var secret: @Sendable (Secret) throws(ProviderFailure) -> String = { _ throws(ProviderFailure) in throw ProviderFailure(.credentials, "there are no secrets here") }
        /// `SSL_CERT_FILE`: certificates to trust instead of the system's.
        package var authorities: String?
        package var patience = SendPatience()

        package init() {}
    }

    /// - Parameters:
    ///   - root: the folder with `herald.yaml`, absolute; paths of the settings are relative to it.
    ///   - account: the workspace's id. It is what a provider without a database calls itself, since a plan is made before the first apply creates the
    ///     database; a database that is there adds a random part, by which the state knows it again.
    ///   - key: makes the tokens of links.
    ///   - now: the date of mails.
    package init(id: String, settings: LocalSettings, root: String, account: String, key: WorkspaceKey, now: Instant, outside: Outside = Outside()) {
        self.id = id
        self.settings = settings
        self.root = root
        self.account = account
        self.key = key
        self.now = now
        self.outside = outside
    }

    /// Reads as empty where there is no database yet. Creates and changes nothing.
    package func reader() throws(ProviderFailure) -> any ProviderReader {
        let path = path(settings.database)
        let database = try ProviderFailure.translating(settings.database) { try Database.reading(path: path, migrations: LocalSchema.migrations) }
        return LocalReader(database: database, name: settings.database, account: account, outbox: outbox, key: key.fingerprint)
    }

    /// Creates the database, for its owner only, where there is none. Refuses settings that mails cannot be sent with.
    package func writer(_ grant: borrowing WriteGrant) throws(ProviderFailure) -> any ProviderWriter {
        let transport = try transport()
        let links = try settings.publicURL.map { url throws(ProviderFailure) in try MailLinks(publicURL: url.value, key: key) }
        let path = path(settings.database)
        let database = try ProviderFailure.translating(settings.database) {
            try DurableFile.makeFolder(DurableFile.folder(of: path))
            let database = try Database.writing(path: path, migrations: LocalSchema.migrations)
            // Each database has a name of its own, so that a missing or another one is not taken for the one that the state knows.
            var generator = SystemRandomNumberGenerator()
            let name = account + "-" + hexadecimal((0..<4).map { _ in UInt8.random(in: 0...255, using: &generator) })
            try database.write { _ = try $0.execute("INSERT OR IGNORE INTO account (only_one, name, key) VALUES (1, ?, ?)", [.text(name), .text(key.fingerprint)]) }
            return database
        }
        let reader = LocalReader(database: database, name: settings.database, account: account, outbox: outbox, key: key.fingerprint)
        return LocalWriter(reader: reader, database: database, transport: transport, patience: outside.patience, links: links, now: now)
    }

    package func tester() throws(ProviderFailure) -> any ProviderTester { LocalTester(transport: try transport(), now: now) }

    /// Resolves the secrets of a mail server, and reaches nobody.
    private func transport() throws(ProviderFailure) -> LocalTransport {
        switch settings.transport.value {
        case .outbox(let folder): .outbox(Outbox(folder: path(folder)))
        case .smtp(let smtp): .smtp(try SMTPRoute(smtp, authorities: outside.authorities, secret: outside.secret))
        }
    }

    /// What a reader can look at without a secret; nil where mails go to a server.
    private var outbox: Outbox? {
        if case .outbox(let folder) = settings.transport.value { Outbox(folder: path(folder)) } else { nil }
    }

    private func path(_ relative: String) -> String { relative.hasPrefix("/") ? relative : root + "/" + relative }
}

extension ProviderFailure {
    /// What the database or the file system said. They speak of files and statements, never of the values in them.
    static func translating<T>(_ database: String, _ body: () throws -> T) throws(ProviderFailure) -> T {
        do { return try body() } catch { throw ProviderFailure(error, database) }
    }

    init(_ error: any Error, _ database: String) {
        switch error {
        case let failure as ProviderFailure: self = failure
        case let failure as StoreFailure: self.init(.other, failure.message)
        case let failure as DatabaseFailure:
            self.init(failure.isBusy ? .unavailable : failure.isNotADatabase ? .damaged : .other, "\(database): \(failure)")
        default: self.init(.other, "\(database): \(type(of: error))")
        }
    }
}
