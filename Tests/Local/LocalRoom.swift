import Foundation
import HeraldContract
import HeraldDatabase
import HeraldDigest
import HeraldModel
import HeraldStore
import Testing

@testable import HeraldLocal

/// A workspace's folder with a local provider, removed with the last reference.
final class LocalRoom: Sendable {
    static let key = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
    /// Tue, 24 Nov 2026 09:30:05 UTC.
    static let now = Instant(seconds: 1_795_512_605)

    let root: String
    let provider: LocalProvider

    /// A server on this machine without TLS.
    static func smtp(port: Int, password: Secret? = nil, connections: Int = 1, rate: Int? = nil) -> SMTPSettings {
        SMTPSettings(
            host: Located("127.0.0.1", SourceSpan(file: FileID(0), line: 1, column: 1)), port: port, tls: .none, user: password.map { _ in .environment("SMTP_USER") },
            password: password, connections: connections, rate: rate)
    }

    init(
        publicURL: String? = "https://mail.shop.example/", transport: LocalSettings.Transport = .outbox(path: "out/box"), account: String = "shop",
        inMemory: Bool = false, outside: LocalProvider.Outside = LocalProvider.Outside()
    ) throws {
        // A folder in memory, where the system has one, for what would only wait for the disk.
        let folder = inMemory && FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : FileManager.default.temporaryDirectory.path
        root = folder + "/herald-" + UUID().uuidString
        provider = try LocalRoom.provider(root, publicURL, transport, account, outside)
    }

    static func provider(
        _ root: String, _ publicURL: String?, _ transport: LocalSettings.Transport, _ account: String, _ outside: LocalProvider.Outside = LocalProvider.Outside()
    ) throws -> LocalProvider {
        let nowhere = SourceSpan(file: FileID(0), line: 1, column: 1)
        let settings = LocalSettings(
            database: "data/local.sqlite", publicURL: publicURL.map { Located($0, nowhere) }, transport: Located(transport, nowhere))
        return LocalProvider(id: "local", settings: settings, root: root, account: account, key: try #require(WorkspaceKey(base64: key)), now: now, outside: outside)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    var database: String { root + "/data/local.sqlite" }
    var outbox: String { root + "/out/box" }

    /// As a later run would get it.
    func writer() throws -> any ProviderWriter {
        let folder = root + "-state-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let document = StateDocument(lineage: "test", serial: 0, workspace: "shop", environment: nil, keyFingerprint: "")
        let store = LocalStateStore(folder: folder, environment: nil)
        try store.save(document, expecting: nil)
        let session = StateSession(store: store, document: document)
        return try provider.writer(session.spend(digest: "plan", madeAgainst: 0, expires: Instant(seconds: 4_000_000_000), at: Instant(seconds: 0)))
    }

    /// Changes the database behind the provider's back.
    func meddle(_ sql: String...) throws {
        try Database.writing(path: database, migrations: LocalSchema.migrations).write { for one in sql { try $0.execute(one) } }
    }

    func count(_ sql: String) throws -> Int64? {
        try Database.reading(path: database).read { try $0.all(sql) { $0.rawInteger(0) } }.first
    }

    func text(_ sql: String) throws -> [String?] { try Database.reading(path: database).read { try $0.all(sql) { try $0.text(0) } } }

    func files() throws -> [String] {
        FileManager.default.fileExists(atPath: outbox) ? try FileManager.default.contentsOfDirectory(atPath: outbox).sorted() : []
    }

    func file(_ name: String) throws -> String { try String(contentsOfFile: outbox + "/" + name, encoding: .utf8) }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: outbox + "/" + name) }
}

enum Sample {
    static func person(_ number: Int) -> PersonDigest { PersonDigest(high: UInt64(number) &* 0x9E37_79B9_7F4A_7C15, low: UInt64(number)) }

    static func key(_ number: Int) -> PersonDigest { PersonDigest(high: 1, low: UInt64(number)) }

    static func address(_ number: Int) throws -> String { "person\(number)@shop.example" }

    static func address(_ number: Int) throws -> EmailAddress { try #require(EmailAddress(address(number) as String)) }

    static func member(_ number: Int, _ fields: [(name: String, text: String)]) throws -> Member {
        Member(
            state: MemberState(person: person(number), values: UInt64(number)), key: key(number),
            address: Personal(try address(number)), fields: Personal(fields))
    }

    static func email(mark: String = "m") -> ObjectSpec { ObjectSpec(kind: .email, name: "Hello", mark: mark, fields: ["subject": "Hello"]) }

    static func recipients(_ people: some Sequence<Int>) throws -> [Recipient] {
        try people.map {
            Recipient(person: person($0), key: key($0), address: Personal(try address($0)), row: $0)
        }
    }

    static func order(
        _ email: RemoteID, key: String = "k", to recipients: [Recipient], from: Sender = Sender(name: "Shop", email: "hello@shop.example"),
        replyTo: String? = nil, render: @escaping @Sendable (Recipient, RecipientLinks) throws -> RenderedMail = mail
    ) -> SendOrder {
        SendOrder(emailID: "hello", object: email, key: key, from: from, replyTo: replyTo, recipients: recipients, render: render)
    }

    @Sendable static func mail(_ recipient: Recipient, _ links: RecipientLinks) -> RenderedMail {
        RenderedMail(
            subject: "Hello \(recipient.row)", preheader: "", html: "<p>Hello</p><a href=\"\(links.unsubscribe)\">Unsubscribe</a>",
            text: "Hello\n\(links.unsubscribe)\n")
    }
}

extension Outcome {
    /// What was done, or the failure as an error of the test.
    func get() throws -> Value {
        switch self {
        case .done(let value): value
        case .refusedBeforeActing(let failure), .failed(let failure), .unknown(let failure): throw failure
        }
    }

    var refusal: ProviderFailure? { if case .refusedBeforeActing(let failure) = self { failure } else { nil } }
    var doubt: ProviderFailure? { if case .unknown(let failure) = self { failure } else { nil } }
}
