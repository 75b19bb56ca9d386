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
            try step(statement(sql), arguments) { _ in }
            return database.changesCount
        }
    }

    /// Hands every row to `body` as SQLite finds it; none are kept. Throwing from `body` ends the reading.
    package func rows(_ sql: String, _ arguments: [SQLValue] = [], _ body: (borrowing DatabaseRow) throws -> Void) throws {
        try DatabaseFailure.translating { try step(statement(sql), arguments, body) }
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

    /// Compiled once for each text, since thousands of calls use the same; one whose rows are being read at this moment is compiled anew.
    private func statement(_ sql: String) throws -> Statement {
        let kept = try database.cachedStatement(sql: sql)
        return sqlite3_stmt_busy(kept.sqliteStatement) == 0 ? kept : try database.makeStatement(sql: sql)
    }

    /// Binds and steps by hand: GRDB ends text at a NUL on the way in and out, and repairs what is not UTF-8; neither may go unseen.
    private func step(_ statement: Statement, _ arguments: [SQLValue], _ body: (borrowing DatabaseRow) throws -> Void) throws {
        try withExtendedLifetime(statement) {
            let handle = statement.sqliteStatement
            defer {
                sqlite3_reset(handle)
                sqlite3_clear_bindings(handle)
            }
            guard Int(sqlite3_bind_parameter_count(handle)) == arguments.count else {
                throw DatabaseFailure("the statement takes \(sqlite3_bind_parameter_count(handle)) values and was given \(arguments.count)")
            }
            for (index, argument) in arguments.enumerated() {
                let code = argument.bind(to: handle, at: Int32(index + 1))
                guard code == SQLITE_OK else { throw failure(code) }
            }
            while true {
                switch sqlite3_step(handle) {
                case SQLITE_ROW: try body(DatabaseRow(handle))
                case SQLITE_DONE: return
                case let code: throw failure(code)
                }
            }
        }
    }

    private func failure(_ code: Int32) -> DatabaseFailure {
        DatabaseFailure(code: code, database.lastErrorMessage ?? "the database failed")
    }
}

extension SQLValue {
    /// Gives the value to a statement, which copies it; returns SQLite's result code.
    fileprivate func bind(to handle: OpaquePointer, at index: Int32) -> Int32 {
        let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        switch self {
        case .null: return sqlite3_bind_null(handle, index)
        case .integer(let value): return sqlite3_bind_int64(handle, index, value)
        case .real(let value): return sqlite3_bind_double(handle, index, value)
        case .text(let text):
            let count = UInt64(text.utf8.count)
            return text.withCString { sqlite3_bind_text64(handle, index, $0, count, copied, UInt8(SQLITE_UTF8)) }
        case .blob(let bytes):
            return bytes.withUnsafeBytes {
                $0.isEmpty
                    ? sqlite3_bind_zeroblob(handle, index, 0)
                    : sqlite3_bind_blob64(handle, index, $0.baseAddress, UInt64($0.count), copied)
            }
        }
    }
}
