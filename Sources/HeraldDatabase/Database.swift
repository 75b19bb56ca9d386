import GRDB

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A SQLite file. Calls block; one connection serves all threads, one after the other.
package final class Database: Sendable {
    private let queue: DatabaseQueue
    /// The file, where it is read as one that does not change.
    private let unchanged: UnchangedFile?

    private init(_ queue: DatabaseQueue, unchanged: UnchangedFile? = nil) {
        self.queue = queue
        self.unchanged = unchanged
    }

    /// Opens a file for reading; nothing is ever created or changed, unless another process left a log beside it that must be read too.
    /// Fails where the file is missing or not a database.
    package static func reading(path: String) throws -> Database {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        // A SQLite without URIs finds no such file, and reads it as any other.
        if let file = UnchangedFile(path: plain(path)), let queue = try? DatabaseQueue(path: file.uri, configuration: configuration) {
            return Database(queue, unchanged: file)
        }
        return try DatabaseFailure.translating { Database(try DatabaseQueue(path: plain(path), configuration: configuration)) }
    }

    /// Opens a file that `writing` made, for reading; nil where there is none yet. Fails where a newer version made it.
    package static func reading(path: String, migrations: [Migration]) throws -> Database? {
        guard access(plain(path), F_OK) == 0 || errno != ENOENT else { return nil }
        let database = try reading(path: path)
        let applied = try DatabaseFailure.translating {
            try database.queue.read { try migrator(migrations, notOlderThan: $0).appliedIdentifiers($0) }
        }
        // Made, and interrupted before its first migration: as good as not there.
        return applied.isEmpty ? nil : database
    }

    /// Opens a file for reading and writing and brings it to the last of `migrations`. It is created, for its owner only, where it is missing; its folder is not.
    ///
    /// What is written is on disk when a write returns (WAL, synchronous FULL); foreign keys are enforced.
    package static func writing(path: String, migrations: [Migration]) throws -> Database {
        // Created before SQLite does, whose own file would be readable by others; it gives its mode to the log beside it.
        let descriptor = open(plain(path), O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw DatabaseFailure("cannot open \(path): \(String(cString: strerror(errno)))")
        }
        close(descriptor)
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        configuration.journalMode = .wal
        let database = try DatabaseFailure.translating {
            let queue = try DatabaseQueue(path: plain(path), configuration: configuration)
            // After opening: with WAL, GRDB ends its own preparation with NORMAL.
            try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            return Database(queue)
        }
        try database.migrate(migrations)
        return database
    }

    /// One consistent view of the database.
    package func read<T>(_ body: (DatabaseConnection) throws -> T) throws -> T {
        let result = Result { try DatabaseFailure.translating { try queue.read { try body(DatabaseConnection($0)) } } }
        if let unchanged, !unchanged.isStillSame { throw DatabaseFailure("the file was changed while it was read; try again") }
        return try result.get()
    }

    /// One transaction: committed when `body` returns, undone when it throws.
    @discardableResult
    package func write<T>(_ body: (DatabaseConnection) throws -> T) throws -> T {
        try DatabaseFailure.translating { try queue.write { try body(DatabaseConnection($0)) } }
    }

    /// Empties the log beside the file, in which overwritten rows may stand until then. Throws where somebody else is reading.
    package func emptyLog() throws {
        try DatabaseFailure.translating { try queue.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) } }
    }

    private func migrate(_ migrations: [Migration]) throws {
        try DatabaseFailure.translating { try queue.read { try Database.migrator(migrations, notOlderThan: $0) }.migrate(queue) }
    }

    private static func migrator(_ migrations: [Migration], notOlderThan database: GRDB.Database) throws -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for migration in migrations {
            migrator.registerMigration(migration.name) { try $0.execute(sql: migration.sql) }
        }
        guard try !migrator.hasBeenSuperseded(database) else { throw DatabaseFailure("the database was made by a newer version") }
        return migrator
    }

    /// A path that SQLite cannot take for a URI (`file:…?mode=…`) or for one of its special names (`:memory:`).
    private static func plain(_ path: String) -> String { path.utf8.first == UInt8(ascii: "/") ? path : "./" + path }
}

/// A step of a schema. Once released it never changes; new ones are appended.
package struct Migration: Sendable {
    package let name: String
    /// One or more statements, run in one transaction.
    package let sql: String

    package init(_ name: String, _ sql: String) {
        self.name = name
        self.sql = sql
    }
}
