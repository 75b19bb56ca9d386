import Foundation
import HeraldDatabase
import Testing

@Suite struct DatabaseTests {
    let folder = TemporaryFolder()

    @Test func writesAndReadsEveryKindOfValue() throws {
        let database = try Database.writing(path: folder.path("a.sqlite"), migrations: [Migration("1", "CREATE TABLE t (a, b, c, d, e)")])
        try database.write {
            try $0.execute("INSERT INTO t VALUES (?, ?, ?, ?, ?)", [nil, 42, .real(0.5), "ä\u{0}b", .blob([0, 255])])
        }
        let row = try database.read { try $0.all("SELECT * FROM t") { row in try (0..<5).map { try row.value($0) } } }
        #expect(row == [[.null, .integer(42), .real(0.5), .text("ä\u{0}b"), .blob([0, 255])]])
    }

    @Test func aFailedWriteLeavesNothing() throws {
        let database = try Database.writing(path: folder.path("a.sqlite"), migrations: [Migration("1", "CREATE TABLE t (a UNIQUE)")])
        let failure = #expect(throws: DatabaseFailure.self) {
            try database.write {
                try $0.execute("INSERT INTO t VALUES (?)", ["secret@example.org"])
                try $0.execute("INSERT INTO t VALUES (?)", ["secret@example.org"])
            }
        }
        #expect(failure?.isConstraint == true)
        #expect(failure.map { !"\($0)".contains("secret") } == true)
        #expect(try database.read { try $0.scalar("SELECT count(*) FROM t") } == .integer(0))
    }

    @Test func migrationsRunOnceAndANewerFileIsRefused() throws {
        let first = Migration("1", "CREATE TABLE t (a)")
        let second = Migration("2", "ALTER TABLE t ADD COLUMN b; CREATE INDEX i ON t (b)")
        for migrations in [[first], [first], [first, second], [first, second]] {
            _ = try Database.writing(path: folder.path("a.sqlite"), migrations: migrations)
        }
        #expect(throws: DatabaseFailure("the database was made by a newer version")) {
            try Database.writing(path: folder.path("a.sqlite"), migrations: [first])
        }
    }

    @Test func itsFilesAreForTheOwnerOnly() throws {
        let database = try Database.writing(path: folder.path("a.sqlite"), migrations: [Migration("1", "CREATE TABLE t (a)")])
        for name in ["a.sqlite", "a.sqlite-wal"] {
            var found = stat()
            #expect(stat(folder.path(name), &found) == 0)
            #expect(found.st_mode & 0o777 == 0o600)
        }
        #expect(try database.read { try $0.scalar("PRAGMA journal_mode") } == .text("wal"))
        #expect(try database.read { try $0.scalar("PRAGMA synchronous") } == .integer(2))
        #expect(try database.read { try $0.scalar("PRAGMA foreign_keys") } == .integer(1))
    }

    @Test func readingCreatesNothingAndWritesNothing() throws {
        #expect(throws: DatabaseFailure.self) { try Database.reading(path: folder.path("missing.sqlite")) }
        #expect(!FileManager.default.fileExists(atPath: folder.path("missing.sqlite")))
        folder.write("text.sqlite", "This is not a database, but it is long enough to be looked at as one.")
        let failure = #expect(throws: DatabaseFailure.self) { try Database.reading(path: folder.path("text.sqlite")) }
        #expect(failure?.isNotADatabase == true)
        _ = try Database.writing(path: folder.path("a.sqlite"), migrations: [Migration("1", "CREATE TABLE t (a)")])
        let database = try Database.reading(path: folder.path("a.sqlite"))
        #expect(throws: DatabaseFailure.self) { try database.read { try $0.execute("INSERT INTO t VALUES (1)") } }
    }

    @Test func textThatIsNotUTF8IsAnError() throws {
        let database = try Database.writing(path: folder.path("a.sqlite"), migrations: [])
        #expect(throws: DatabaseFailure.self) { try database.read { try $0.scalar("SELECT CAST(x'61ff62' AS TEXT)") } }
    }
}
