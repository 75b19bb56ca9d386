import Foundation
import HeraldContract
import HeraldDatabase
import HeraldModel
import Testing

@testable import HeraldLocal

@Suite struct LocalProviderTests {
    @Test func readingCreatesNothing() async throws {
        let room = try LocalRoom()
        let reader = try room.provider.reader()
        #expect(try await reader.account() == "shop")
        #expect(try await reader.inventory() == [])
        #expect(try await reader.members(of: []) == [:])
        #expect(try await reader.send(key: "k") == nil)
        #expect(!FileManager.default.fileExists(atPath: room.root))
    }

    @Test func readingChangesNothing() async throws {
        let room = try LocalRoom()
        _ = try await room.writer().create(Sample.email()).get()
        let before = FileManager.default.contents(atPath: room.database)
        _ = try await room.provider.reader().inventory()
        #expect(FileManager.default.contents(atPath: room.database) == before)
        // SQLite's own log and index beside it may be made, and nothing stands in the log.
        #expect((FileManager.default.contents(atPath: room.database + "-wal") ?? Data()).isEmpty)
    }

    @Test func theDatabaseIsForItsOwnerOnlyAndKeepsItsName() async throws {
        let room = try LocalRoom(account: "shop")
        let email = try await room.writer().create(Sample.email()).get()
        var status = stat()
        #expect(stat(room.database, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        // Read under another name, it says the one it was made with: a plan for one of them is not one for the other.
        let renamed = try LocalRoom.provider(room.root, nil, .outbox(path: "out"), "another")
        #expect(try await renamed.reader().account().hasPrefix("shop-"))
        #expect(try await renamed.reader().inventory() == [email])
    }

    @Test func planningNeedsNoSecretOfAMailServerAndWritingNamesTheOneThatIsMissing() async throws {
        let room = try LocalRoom(transport: .smtp(LocalRoom.smtp(port: 9, password: .environment("SMTP_PASSWORD"))))
        #expect(try await room.provider.reader().inventory() == [])
        let failure = #expect(throws: ProviderFailure.self) { try room.writer() }
        #expect(failure?.cause == .credentials)
        #expect(!FileManager.default.fileExists(atPath: room.root + "/data"))
    }

    @Test(arguments: [
        "https://mail.shop.example/?x=", "https://mail.shop.example/#x", "https://bücher.example", "https://mail.shop.example/ü", "mail.shop.example",
        "https://mail.shop.example/<x>",
    ])
    func aPublicURLThatCannotCarryLinksIsRefused(_ url: String) throws {
        let room = try LocalRoom(publicURL: url)
        let failure = #expect(throws: ProviderFailure.self) { try room.writer() }
        #expect(failure?.cause == .refused)
        #expect(failure?.message.hasPrefix("public_url") == true)
    }

    @Test func aDamagedOrNewerDatabaseIsAnErrorAndNeverEmpty() async throws {
        let room = try LocalRoom()
        _ = try await room.writer().create(Sample.email()).get()
        try room.meddle("INSERT INTO grdb_migrations VALUES ('of the future')")
        let newer = #expect(throws: ProviderFailure.self) { try room.provider.reader() }
        #expect(newer?.message == "data/local.sqlite: the database was made by a newer version")
        #expect(throws: ProviderFailure.self) { try room.writer() }
        try Data("This is not a database, but it is long enough to be looked at as one.".utf8).write(to: URL(fileURLWithPath: room.database))
        let damaged = #expect(throws: ProviderFailure.self) { try room.provider.reader() }
        #expect(damaged?.cause == .damaged)
        #expect(damaged?.exit == .refused)
    }

    @Test func aDatabaseWhoseMakingWasInterruptedIsAsGoodAsNone() async throws {
        let room = try LocalRoom()
        try FileManager.default.createDirectory(atPath: room.root + "/data", withIntermediateDirectories: true)
        try Data().write(to: URL(fileURLWithPath: room.database))
        #expect(try await room.provider.reader().inventory() == [])
        _ = try await room.writer().create(Sample.email()).get()
        #expect(try await room.provider.reader().inventory().count == 1)
    }

    @Test func membersAreKeptWithEverythingThatIsKnownOfThem() async throws {
        let room = try LocalRoom()
        let list = try await room.writer().create(ObjectSpec(kind: .list, name: "VIP", mark: "a", fields: [:])).get().id
        let member = try Sample.member(1, [("city", "\"Köln\"\n\u{1}\\"), ("empty", ""), ("amount", "12.50")])
        _ = try await room.writer().change(list, adding: [member], removing: []).get()
        #expect(try room.text("SELECT address FROM member") == ["person1@shop.example"])
        #expect(try room.text("SELECT fields FROM member") == [#"{"city":"\"Köln\"\u000a\u0001\\","empty":"","amount":"12.50"}"#])
        // Readable for whoever opens the file.
        #expect(try room.text("SELECT json_extract(fields, '$.city') FROM member") == ["\"Köln\"\n\u{1}\\"])
    }

    @Test func thousandsOfListsAreReadAtOnce() async throws {
        let room = try LocalRoom()
        _ = try await room.writer().create(ObjectSpec(kind: .list, name: "List", mark: "0", fields: [:])).get()
        try room.meddle(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999) INSERT INTO object (kind, name, mark) SELECT 'list', 'List', i FROM n",
            "INSERT INTO member SELECT o.id, CAST(printf('%016d', p.value) AS BLOB), zeroblob(16), p.value, 'a@shop.example', '{}' FROM object o, json_each('[3, 1, 2]') p")
        let reader = try room.provider.reader()
        let lists = try await reader.inventory()
        #expect(lists.count == 10_000)
        #expect(lists.allSatisfy { $0.memberCount == 3 })
        let members = try await reader.members(of: lists.map(\.id))
        #expect(members.count == 10_000)
        #expect(members.values.allSatisfy { $0.map(\.values) == [1, 2, 3] })
    }
}
