import HeraldDatabase
import HeraldTransport

/// Questions to a ClickHouse server over its HTTP interface, each for itself: ClickHouse knows no transaction over several. For one thread, which waits in it.
final class ClickHouseConnection {
    private let address: ClickHouseAddress
    private let client: HTTPClient
    /// False where the user's profile takes no settings; then the server keeps each answer until it is whole.
    private var mayChooseSettings = true

    /// Seconds that a statement may take.
    private static let longestStatement = 1_800

    /// Also of large numbers of rows all are wanted: what is not whole is an error, whatever the user's profile says. After `readonly` no other setting is taken.
    private static let settings =
        ["timeout", "result", "read", "group_by", "set", "join", "distinct", "sort", "transfer"].map { ("\($0)_overflow_mode", "throw") } + [
            ("skip_unavailable_shards", "0"), ("max_execution_time", String(longestStatement)), ("extremes", "1"), ("readonly", "1"),
        ]

    init(_ address: ClickHouseAddress, authorities: String?) throws(ServerFailure) {
        var limits = HTTPLimits()
        limits.silence = ClickHouseConnection.longestStatement + 60
        self.address = address
        do throws(HTTPFailure) { client = try HTTPClient(limits, authorities: authorities) } catch { throw ServerFailure(.other, error.message) }
    }

    /// Hands each row of a SELECT to `body`; nothing of them counts before this returns. `columns` is how many it selects.
    func rows(_ select: [String], from rest: String, _ body: ([CellBytes?]) -> Void) throws(ServerFailure) {
        let sql = "SELECT \((select + ["'.'"]).joined(separator: ", ")) FROM \(rest) FORMAT TabSeparated"
        do throws(ServerFailure) {
            try rows(sql, columns: select.count, body)
        } catch {
            // 164: the profile is read-only by itself, and takes no settings.
            guard mayChooseSettings, error.message == ClickHouseConnection.words(164) else { throw error }
            mayChooseSettings = false
            try rows(sql, columns: select.count, body)
        }
    }

    private func rows(_ sql: String, columns: Int, _ body: ([CellBytes?]) -> Void) throws(ServerFailure) {
        var query = [("database", address.database)]
        query += mayChooseSettings ? ClickHouseConnection.settings : [("wait_end_of_query", "1")]
        let url = address.url + "?" + query.map { "\($0)=\(ClickHouseAddress.encoded($1))" }.joined(separator: "&")
        let headers = [("X-ClickHouse-User", address.user), ("X-ClickHouse-Key", address.password), ("Content-Type", "text/plain; charset=UTF-8")]
        let request = HTTPRequest(.post, url, headers: headers, body: Array(sql.utf8), isRepeatable: true)
        var rows = ClickHouseRows(columns: columns)
        let response: HTTPResponse
        do throws(HTTPFailure) {
            response = try client.send(request) { rows.take($0, body) }
        } catch {
            if error.kind != .stopped { throw ServerFailure(.unreachable, error.message) }
            throw ClickHouseConnection.failure(rows.complaint, status: 200)
        }
        rows.end()
        guard response.status == 200, rows.complaint.isEmpty else { throw ClickHouseConnection.failure(rows.complaint, status: response.status) }
        guard rows.isWhole(hasExtremes: mayChooseSettings) else { throw ServerFailure(.unreachable, "its answer was cut off") }
    }

    /// By the number of ClickHouse's error; its words may quote values, so they are not shown.
    private static func failure(_ complaint: [UInt8], status: Int) -> ServerFailure {
        let text = String(decoding: complaint, as: UTF8.self)
        let code = text.firstRange(of: "Code: ").flatMap { Int(text[$0.upperBound...].prefix { $0.isNumber }) }
        guard let code else {
            if status == 401 || status == 403 { return ServerFailure(.credentials, "it refused the log-in (HTTP \(status))") }
            return ServerFailure(.other, "it does not answer as ClickHouse does" + (status == 200 ? "" : " (HTTP \(status))"))
        }
        let kind: ServerFailure.Kind =
            switch code {
            case 192, 193, 194, 195, 516: .credentials
            case 291, 497: .forbidden
            case 16, 36, 47, 60, 81: .missing
            case 159, 160: .timeout
            case 198, 202, 209, 210, 279: .unreachable
            default: .other
            }
        return ServerFailure(kind, words(code))
    }

    private static func words(_ code: Int) -> String {
        let known = [
            16: "there is no such column", 47: "there is no such column", 60: "there is no such table", 81: "there is no such database",
            158: "it has more rows than the user may read",
            159: "the statement took too long", 160: "the statement would take too long", 192: "it does not know the user", 193: "it refused the password",
            194: "it refused the log-in", 195: "it refuses the user from here", 202: "it has too many questions at once", 210: "one of its servers cannot be reached",
            241: "the statement takes more memory than it may", 279: "none of its servers for a shard can be reached", 291: "the user may not read the database",
            394: "somebody stopped the statement", 396: "it has more rows than the user may read", 497: "the user may not read it", 516: "it refused the log-in",
        ]
        return (known[code].map { $0 + " " } ?? "") + "(ClickHouse \(code))"
    }
}
