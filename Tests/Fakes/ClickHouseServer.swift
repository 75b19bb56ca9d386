import Foundation
import Glibc

/// ClickHouse on loopback, two servers for all tests of a process, which know each other as the cluster `two`. `make test` installs it, and sets HERALD_TEST_SERVERS, under which it
/// must be there.
package final class ClickHouseServer: Sendable {
    package static let isPossible =
        FileManager.default.isExecutableFile(atPath: "/usr/sbin/clickhouse-server") || FileManager.default.isExecutableFile(atPath: "/usr/bin/clickhouse-server")
        || ProcessInfo.processInfo.environment["HERALD_TEST_SERVERS"] != nil

    /// The first, and the one that holds the other half of distributed tables.
    package static let shared: Result<(ClickHouseServer, other: ClickHouseServer), any Error> = Result {
        let ports = [(KeptServer.freePort(), KeptServer.freePort()), (KeptServer.freePort(), KeptServer.freePort())]
        let servers = try ports.map { try ClickHouseServer(http: $0.0, native: $0.1, cluster: ports.map(\.1)) }
        for server in servers { try server.kept.wait { (try? server.sql("SELECT 1")) != nil } }
        return (servers[0], servers[1])
    }

    package static let password = "hunter2-canary"
    package let port: Int
    private let kept: KeptServer

    private init(http: Int, native: Int, cluster: [Int]) throws {
        port = http
        kept = try KeptServer("clickhouse", user: "clickhouse") { folder in
            let shards = cluster.map {
                "<shard><replica><host>127.0.0.1</host><port>\($0)</port><user>boss</user><password>\(ClickHouseServer.password)</password></replica></shard>"
            }
            try """
            <yandex><logger><level>error</level><console>1</console></logger><http_port>\(http)</http_port><tcp_port>\(native)</tcp_port><listen_host>127.0.0.1</listen_host>
            <path>\(folder)/data/</path><tmp_path>\(folder)/tmp/</tmp_path><users_config>\(folder)/users.xml</users_config><mark_cache_size>100000000</mark_cache_size>
            <default_profile>default</default_profile><default_database>default</default_database><timezone>America/New_York</timezone>
            <remote_servers><two>\(shards.joined())</two></remote_servers></yandex>
            """.write(toFile: folder + "/config.xml", atomically: true, encoding: .utf8)
            func user(_ name: String, _ profile: String, _ more: String = "") -> String {
                "<\(name)><password>\(ClickHouseServer.password)</password><networks><ip>127.0.0.1</ip></networks><profile>\(profile)</profile><quota>default</quota>\(more)</\(name)>"
            }
            try """
            <yandex><profiles><default><allow_experimental_low_cardinality_type>1</allow_experimental_low_cardinality_type></default><reader><readonly>1</readonly></reader>
            <lazy><max_rows_to_read>10</max_rows_to_read><read_overflow_mode>break</read_overflow_mode></lazy></profiles>
            <users>\(user("boss", "default"))\(user("reader", "reader"))\(user("lazy", "lazy"))\(user("guest", "default", "<allow_databases><database>nothing</database></allow_databases>"))</users>
            <quotas><default></default></quotas></yandex>
            """.write(toFile: folder + "/users.xml", atomically: true, encoding: .utf8)
            return [["clickhouse-server", "--config-file=\(folder)/config.xml"]]
        }
    }

    /// Runs one statement as the one who may do everything, and gives the rows.
    @discardableResult
    package func sql(_ statement: String, in database: String = "default") throws -> String {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard code == 0 else { throw KeptServer.Failed(what: "no connection") }
        let body = Array(statement.utf8)
        let head =
            "POST /?database=\(database) HTTP/1.0\r\nHost: localhost\r\nX-ClickHouse-User: boss\r\nX-ClickHouse-Key: \(ClickHouseServer.password)\r\nContent-Length: \(body.count)\r\n\r\n"
        let bytes = Array(head.utf8) + body
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress?.advanced(by: sent), $0.count - sent, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw KeptServer.Failed(what: "the connection was lost") }
            sent += count
        }
        var answer: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = recv(descriptor, &part, part.count, 0), count > 0 { answer += part[..<count] }
        let text = String(decoding: answer, as: UTF8.self)
        guard let end = text.firstRange(of: "\r\n\r\n"), text.hasPrefix("HTTP/1.0 200") || text.hasPrefix("HTTP/1.1 200") else {
            throw KeptServer.Failed(what: "\(statement.prefix(500)): \(text.prefix(2_000))")
        }
        return String(text[end.upperBound...])
    }

    /// A database of its own, with these statements run in it.
    package func database(_ statements: [String] = []) throws -> String {
        let name = "d" + UUID().uuidString.lowercased().replacing("-", with: "")
        try sql("CREATE DATABASE \(name)")
        for statement in statements { try sql(statement, in: name) }
        return name
    }

    /// A connection string.
    package func url(_ database: String, user: String = "boss", password: String = ClickHouseServer.password) -> String {
        "http://\(user):\(password)@127.0.0.1:\(port)/\(database)"
    }
}
