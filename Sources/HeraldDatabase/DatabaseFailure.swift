import GRDB

/// What SQLite refused. It says what went wrong and never which values were bound: those are people's data.
package struct DatabaseFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// SQLite's extended result code (https://sqlite.org/rescode.html), or nil where the complaint is ours.
    package let code: Int32?
    package let message: String

    package init(code: Int32? = nil, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { code.map { "\(message) (SQLite \($0))" } ?? message }

    /// Whether somebody else holds the database at this moment.
    package var isBusy: Bool { code.map { $0 & 0xFF == 5 || $0 & 0xFF == 6 } ?? false }
    /// Whether a constraint of the schema was violated.
    package var isConstraint: Bool { code.map { $0 & 0xFF == 19 } ?? false }
    /// Whether the file is not a database, or a damaged one.
    package var isNotADatabase: Bool { code.map { $0 & 0xFF == 26 || $0 & 0xFF == 11 } ?? false }

    init(_ error: DatabaseError) {
        self.init(code: error.extendedResultCode.rawValue, error.message ?? "the database failed")
    }

    /// Runs `body` and hands GRDB's errors on as ours; other errors pass unchanged.
    static func translating<T>(_ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw DatabaseFailure(error)
        }
    }
}
