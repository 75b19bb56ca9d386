import Foundation

/// PostgreSQL on loopback, one for all tests of a process. `make test` installs it, and sets HERALD_TEST_SERVERS, under which it must be there.
package final class PostgresServer: Sendable {
    package static let isPossible = programs != nil || ProcessInfo.processInfo.environment["HERALD_TEST_SERVERS"] != nil

    package static let shared: Result<PostgresServer, any Error> = Result { try PostgresServer() }

    /// The folder of the newest version that is installed.
    private static let programs: String? = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql"))?
        .compactMap { Int($0) }.max().map { "/usr/lib/postgresql/\($0)/bin" }

    package static let password = "hunter2-canary"
    package let port: Int
    private let kept: KeptServer

    private init() throws {
        guard let programs = PostgresServer.programs else { throw KeptServer.Failed(what: "postgresql is not installed") }
        let port = KeptServer.freePort()
        self.port = port
        kept = try KeptServer("postgres", user: "postgres") { folder in
            try PostgresServer.password.write(toFile: folder + "/password", atomically: true, encoding: .utf8)
            return [
                [
                    programs + "/initdb", "-D", folder + "/data", "-U", "boss", "-E", "UTF8", "--locale=C.UTF-8", "--auth-local=trust", "--auth-host=scram-sha-256",
                    "--pwfile=\(folder)/password", "-N",
                ],
                [
                    programs + "/postgres", "-D", folder + "/data", "-h", "127.0.0.1", "-p", String(port), "-k", folder, "-c", "fsync=off", "-c", "full_page_writes=off", "-c",
                    "max_connections=60", "-c", "log_statement=none",
                ],
            ]
        }
        try kept.wait { (try? sql("SELECT 1")) != nil }
    }

    /// Runs statements as the one who may do everything, and gives the rows, cells parted by `|`.
    @discardableResult
    package func sql(_ statements: String, in database: String = "postgres") throws -> String {
        try KeptServer.run(
            "psql", ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", kept.folder, "-p", String(port), "-U", "boss", "-d", database], input: Data(statements.utf8))
    }

    /// A database of its own.
    package func database(_ statements: String = "", options: String = "") throws -> String {
        let name = "d" + UUID().uuidString.lowercased().replacing("-", with: "")
        try sql("CREATE DATABASE \(name) \(options)")
        if !statements.isEmpty { try sql(statements, in: name) }
        return name
    }

    /// A connection string.
    package func url(_ database: String, user: String = "boss", password: String = PostgresServer.password, options: String = "") -> String {
        "postgres://\(user):\(password)@127.0.0.1:\(port)/\(database)\(options)"
    }
}
