import Foundation
import HeraldContract
import HeraldDigest
import HeraldFakes
import HeraldLocal
import HeraldModel
import HeraldStore
import Testing

/// A kind of provider that the suite runs against. Every provider is one line in `all`.
struct ProviderFactory: Sendable, CustomTestStringConvertible {
    static let all = [ProviderFactory(name: "local", make: LocalRoom.make), ProviderFactory(name: "local over SMTP", make: MailServerRoom.make)]

    let name: String
    /// A provider with an account of its own in which nothing is.
    let make: @Sendable () throws -> any ProviderRoom

    var testDescription: String { name }
}

/// A provider under test, and what can be seen of it from outside.
protocol ProviderRoom: Sendable {
    var provider: any Provider { get }
    /// How many mails went to each address.
    func mails() throws -> [String: Int]
}

extension ProviderRoom {
    /// A new writer, as a later run would get it.
    func writer() throws -> any ProviderWriter {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("herald-" + UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let document = StateDocument(lineage: "test", serial: 0, workspace: "shop", environment: nil, keyFingerprint: "")
        let store = LocalStateStore(folder: folder, environment: nil)
        try store.save(document, expecting: nil)
        let session = StateSession(store: store, document: document)
        return try provider.writer(session.spend(digest: "plan", madeAgainst: 0, expires: Instant(seconds: 4_000_000_000), at: Instant(seconds: 0)))
    }
}

final class LocalRoom: ProviderRoom {
    let provider: any Provider
    private let root: String

    init(_ transport: LocalSettings.Transport = .outbox(path: ".herald/outbox")) throws {
        root = FileManager.default.temporaryDirectory.appendingPathComponent("herald-" + UUID().uuidString).path
        let nowhere = SourceSpan(file: FileID(0), line: 1, column: 1)
        let settings = LocalSettings(
            database: ".herald/local.sqlite", publicURL: Located("https://mail.shop.example", nowhere), transport: Located(transport, nowhere))
        let key = try #require(WorkspaceKey(base64: WorkspaceKey.generate()))
        provider = LocalProvider(id: "local", settings: settings, root: root, account: "shop", key: key, now: Instant(seconds: 1_800_000_000))
    }

    @Sendable static func make() throws -> any ProviderRoom { try LocalRoom() }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func mails() throws -> [String: Int] {
        let outbox = root + "/.herald/outbox"
        guard FileManager.default.fileExists(atPath: outbox) else { return [:] }
        var counts: [String: Int] = [:]
        for file in try FileManager.default.contentsOfDirectory(atPath: outbox) where file.hasSuffix(".eml") {
            let lines = try String(contentsOfFile: outbox + "/" + file, encoding: .utf8).components(separatedBy: "\r\n")
            let to = try #require(lines.first { $0.hasPrefix("To: ") })
            counts[String(to.dropFirst(4)), default: 0] += 1
        }
        return counts
    }
}

/// The same provider with a mail server instead of a folder.
struct MailServerRoom: ProviderRoom {
    private let server: FakeSMTPServer
    private let room: LocalRoom

    var provider: any Provider { room.provider }

    @Sendable static func make() throws -> any ProviderRoom {
        let server = FakeSMTPServer()
        let host = Located("127.0.0.1", SourceSpan(file: FileID(0), line: 1, column: 1))
        let settings = SMTPSettings(host: host, port: server.port, tls: .none, user: nil, password: nil, connections: 4, rate: nil)
        return MailServerRoom(server: server, room: try LocalRoom(.smtp(settings)))
    }

    func mails() -> [String: Int] { server.counts }
}
