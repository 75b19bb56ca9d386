import CPostgres
import Glibc
import HeraldModel

/// A connection to PostgreSQL in one read-only transaction, in which everything is as it was when the first statement began.
///
/// One thread at a time uses it, and waits in it: it is kept off the cooperative pool by whoever reads contact data.
package struct PostgresConnection: ~Copyable {
    private let handle: OpaquePointer

    /// Seconds to connect and log in.
    private static let patience = 15
    /// Milliseconds that a statement may take, where neither the server nor the role says less.
    private static let longestStatement = 1_800_000

    deinit { PQfinish(handle) }

    /// Connects, logs in, and begins the transaction. `name` is what the server calls this client.
    package static func open(_ target: PostgresTarget, name: String) throws(ServerFailure) -> PostgresConnection {
        var keywords = target.keywords.filter { !["application_name", "client_encoding", "connect_timeout", "fallback_application_name"].contains($0.name) }
        keywords += [("application_name", name), ("client_encoding", "UTF8"), ("connect_timeout", String(patience))]
        if !target.has("sslmode"), !target.hosts.allSatisfy(isLocal) { keywords.append(("sslmode", "require")) }
        let names = keywords.map { strdup($0.name) }
        let values = keywords.map { strdup($0.value) }
        defer { for text in names + values { free(text) } }
        let begun = (names.map { UnsafePointer($0) } + [nil]).withUnsafeBufferPointer { names in
            (values.map { UnsafePointer($0) } + [nil]).withUnsafeBufferPointer { values in PQconnectStartParams(names.baseAddress, values.baseAddress, 0) }
        }
        guard let begun else { throw ServerFailure(.other, "libpq has no memory") }
        let connection = PostgresConnection(handle: begun)
        try finish(begun)
        try connection.begin()
        return connection
    }

    private init(handle: OpaquePointer) { self.handle = handle }

    private static func isLocal(_ host: String) -> Bool {
        host.hasPrefix("/") || WebAddress.isLoopback(host.lowercased())
    }

    /// Until the connection stands. Of refusals only the code is asked for, whatever language the server speaks.
    private static func finish(_ handle: OpaquePointer) throws(ServerFailure) {
        PQsetErrorVerbosity(handle, PQERRORS_SQLSTATE)
        let end = time(nil) + patience
        var state = PGRES_POLLING_WRITING
        while state != PGRES_POLLING_OK {
            if PQstatus(handle) == CONNECTION_BAD || state == PGRES_POLLING_FAILED { throw failure(toConnect: handle) }
            var waited = pollfd(fd: PQsocket(handle), events: Int16(state == PGRES_POLLING_READING ? POLLIN : POLLOUT), revents: 0)
            let left = end - time(nil)
            if left <= 0 { throw ServerFailure(.unreachable, "it did not answer within \(patience) seconds") }
            guard poll(&waited, 1, Int32(left * 1000)) > 0 else { continue }
            state = PQconnectPoll(handle)
        }
    }

    private static func failure(toConnect handle: OpaquePointer) -> ServerFailure {
        let words = String(cString: PQerrorMessage(handle)).split(separator: "\n").first.map(String.init) ?? ""
        if PQconnectionNeedsPassword(handle) == 1 { return ServerFailure(.credentials, "it asks for a password, and there is none") }
        // `connection to server at "…", port …: FATAL:  28P01`, where several hosts were tried for the first of them.
        if let at = words.firstRange(of: "FATAL:") {
            let state = words[at.upperBound...].filter { $0.isLetter || $0.isNumber }
            let known = ["28P01": "it refused the password", "28000": "it refused the log-in", "3D000": "there is no such database", "53300": "it has no connection left"]
            let failure = ServerFailure(state: String(state.prefix(5)), message: "")
            return ServerFailure(failure.kind == .other && !state.hasPrefix("3D") ? .unreachable : failure.kind, known[state] ?? "it refused the connection (\(failure.message))")
        }
        let reason = words.firstRange(of: "failed: ").map { String(words[$0.upperBound...]) } ?? words
        return ServerFailure(.unreachable, reason.isEmpty ? "the connection failed" : reason)
    }

    private borrowing func begin() throws(ServerFailure) {
        for sql in [
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            // Only for this transaction, so that a pool hands the connection on as it was.
            "SET LOCAL default_transaction_read_only = on", "SET LOCAL timezone = 'UTC'", "SET LOCAL datestyle = 'ISO, YMD'", "SET LOCAL intervalstyle = 'postgres'",
            "SET LOCAL extra_float_digits = 1", "SET LOCAL standard_conforming_strings = on", "SET LOCAL idle_in_transaction_session_timeout = 0",
            "SELECT set_config('statement_timeout', least(nullif(setting::bigint, 0), \(PostgresConnection.longestStatement))::text, true) "
                + "FROM pg_settings WHERE name = 'statement_timeout'",
        ] { try rows(sql) { _ in } }
    }

    /// Whether the server keeps text without saying in which encoding, so that it may be anything.
    package var mayHoldAnyBytes: Bool { PQparameterStatus(handle, "server_encoding").map { String(cString: $0) } == "SQL_ASCII" }

    /// Hands each row of a statement to `body` while the server still makes the next; none are kept. `$1` and so on stand for the values, which are bound as text.
    package borrowing func rows(_ sql: String, _ values: [String] = [], _ body: (borrowing PostgresRow) -> Void) throws(ServerFailure) {
        let texts = values.map { strdup($0) }
        defer { for text in texts { free(text) } }
        let sent = texts.map { UnsafePointer($0) }.withUnsafeBufferPointer { PQsendQueryParams(handle, sql, Int32(values.count), nil, $0.baseAddress, nil, nil, 0) }
        guard sent == 1, PQsetSingleRowMode(handle) == 1 else { throw lost() }
        var failure: ServerFailure?
        while let result = PQgetResult(handle) {
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_SINGLE_TUPLE: body(PostgresRow(result))
            case PGRES_TUPLES_OK, PGRES_COMMAND_OK: break
            default: failure = failure ?? self.failure(of: result)
            }
        }
        if let failure { throw failure }
        guard PQstatus(handle) == CONNECTION_OK else { throw lost() }
    }

    /// The rows, each turned into a value.
    package borrowing func all<T>(_ sql: String, _ values: [String] = [], _ body: (borrowing PostgresRow) -> T) throws(ServerFailure) -> [T] {
        var found: [T] = []
        try rows(sql, values) { found.append(body($0)) }
        return found
    }

    private borrowing func failure(of result: OpaquePointer) -> ServerFailure {
        func field(_ code: Character) -> String {
            PQresultErrorField(result, Int32(code.asciiValue ?? 0)).map { String(cString: $0) } ?? ""
        }
        let state = field("C")
        return state.isEmpty ? lost() : ServerFailure(state: state, message: field("M"))
    }

    private borrowing func lost() -> ServerFailure { ServerFailure(.unreachable, "the connection was lost") }
}
