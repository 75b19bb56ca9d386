import Foundation
import GRDB
import GRDBSQLite

/// A connection inside a transaction. It must not leave the closure it was given to.
package struct DatabaseConnection {
    private let database: GRDB.Database

    init(_ database: GRDB.Database) { self.database = database }

    /// Runs one statement, and says how many rows it changed.
    @discardableResult
    package func execute(_ sql: String, _ arguments: [SQLValue] = []) throws -> Int {
        try DatabaseFailure.translating {
            let statement = try database.cachedStatement(sql: sql)
            try statement.execute(arguments: StatementArguments(arguments.map(\.databaseValue)))
            return database.changesCount
        }
    }

    /// Hands every row to `body` as SQLite finds it; none are kept. Throwing from `body` ends the reading.
    package func rows(_ sql: String, _ arguments: [SQLValue] = [], _ body: (borrowing DatabaseRow) throws -> Void) throws {
        try DatabaseFailure.translating {
            let statement = try database.makeStatement(sql: sql)
            try statement.setArguments(StatementArguments(arguments.map(\.databaseValue)))
            // Stepped by hand: GRDB's rows repair text that is not UTF-8 and end it at a NUL, and we must see both.
            try withExtendedLifetime(statement) {
                let handle = statement.sqliteStatement
                defer { sqlite3_reset(handle) }
                while true {
                    switch sqlite3_step(handle) {
                    case SQLITE_ROW: try body(DatabaseRow(handle))
                    case SQLITE_DONE: return
                    case let code: throw DatabaseFailure(code: code, database.lastErrorMessage ?? "the database failed")
                    }
                }
            }
        }
    }

    /// The rows, each turned into a value.
    package func all<T>(_ sql: String, _ arguments: [SQLValue] = [], _ body: (borrowing DatabaseRow) throws -> T) throws -> [T] {
        var found: [T] = []
        try rows(sql, arguments) { found.append(try body($0)) }
        return found
    }

    /// The first cell of the first row; nil where there is no row.
    package func scalar(_ sql: String, _ arguments: [SQLValue] = []) throws -> SQLValue? {
        var found: SQLValue?
        var isFirst = true
        try rows(sql, arguments) { row in
            if isFirst { found = try row.value(0) }
            isFirst = false
        }
        return found
    }

    /// The id that the last insert gave to its row.
    package var lastInsertedID: Int64 { database.lastInsertedRowID }
}

extension SQLValue {
    var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let value): value.databaseValue
        case .real(let value): value.databaseValue
        case .text(let value): value.databaseValue
        case .blob(let bytes): Data(bytes).databaseValue
        }
    }
}
