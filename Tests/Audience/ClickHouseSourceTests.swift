import Foundation
import HeraldContract
import HeraldFakes
import HeraldModel
import Testing

/// ClickHouse as a source: what its columns are, how cells are read, what is refused, and that a broken answer is never taken for a whole one.
@Suite(.enabled(if: ClickHouseServer.isPossible, "clickhouse-server is not installed; make test installs it"))
struct ClickHouseSourceTests {
    private var fixture = SourceFixture()
    private let server: ClickHouseServer
    private let other: ClickHouseServer
    private let database: String

    init() throws {
        (server, other) = try ClickHouseServer.shared.get()
        database = try server.database()
        fixture.secret = server.url(database)
    }

    private func open(tables: [String] = ["t"]) -> (any RowSource)? { fixture.open(.clickhouse(.environment("DATABASE")), tables: tables) }

    private func run(_ statements: String...) throws { for statement in statements { try server.sql(statement, in: database) } }

    private func describe(_ table: String = "t") throws -> [String] {
        let tables = try #require(open(tables: [table])?.describe(fixture.diagnostics), "\(fixture.reports)")
        return try #require(tables[TableName(source: "crm", table: table)]).map {
            "\($0.name) \($0.type.name)" + ($0.mayBeEmpty ? "?" : "") + ($0.ambiguity == nil ? "" : " ambiguous")
        }
    }

    private func read(_ columns: [(String, ColumnType, String?)], table: String = "t", key: String? = nil) -> Table? {
        fixture.read(columns, key: key, table: table, from: open())
    }

    @Test func typesAreThoseThatTheTableDeclares() throws {
        try run(
            """
            CREATE TABLE t (i Int32, u UInt64, n Nullable(Int8), d Decimal(18, 2), f Float64, s String, x String, ns Nullable(String), fs FixedString(4), e Enum8('a' = 1, 'b\\'x' = 2),
                day Date, nd Nullable(Date), at DateTime, berlin DateTime('Europe/Berlin'), tags Array(String), numbers Array(UInt8), id UUID, lc LowCardinality(String), p Tuple(UInt8, String))
            ENGINE = Memory
            """,
            """
            INSERT INTO t VALUES (1, 2, NULL, 1.5, 0.1, 'x', '', 'n', 'DE', 'a', '2027-01-31', '2027-01-31', '2027-01-31 10:00:00', '2027-01-31 10:00:00', ['a'], [1],
                '00000000-0000-0000-0000-000000000001', 'l', (1, 'a'))
            """)
        #expect(
            try describe() == [
                "i integer", "u integer", "n integer?", "d decimal", "f text ambiguous", "s text", "x text?", "ns text", "fs text", "e text", "day date", "nd date", "at datetime",
                "berlin datetime", "tags many?", "numbers text ambiguous", "id text", "lc text", "p text ambiguous",
            ])
        #expect(open()?.columnNames(of: TableName(source: "crm", table: "t"), fixture.diagnostics)?.count == 19)
        #expect(fixture.reports == [])
    }

    @Test func cellsAreReadExactly() throws {
        try run(
            """
            CREATE TABLE t (id Int32, d Decimal(38, 20), f Float64, f32 Float32, b UInt8, s String, fs FixedString(6), e Enum8('it\\'s' = 1, 'b' = 2), day Date, at DateTime,
                nat Nullable(DateTime), tags Array(String), ntags Array(Nullable(String))) ENGINE = Memory
            """,
            """
            INSERT INTO t VALUES
                (1, 12.50, 0.1, 0.1, 1, ' é|e\u{301}"\\\\\\'\\t\\n.', 'DE', 'it\\'s', '2027-02-28', '2027-01-31 18:00:00', NULL, ['a,b', ' "q\\'" ', '', 'x;y', 'NULL'], [NULL, 'a\\tb']),
                (-2, -0.00000000000000000001, 1e21, 1e-7, 0, '', '', 'b', 0, 0, '2027-07-01 12:00:00', [], [])
            """)
        var berlin = self
        berlin.fixture.zone = Zone.named("Europe/Berlin")
        let table = try #require(
            berlin.read(
                [
                    ("id", .integer, nil), ("d", .decimal, nil), ("f", .decimal, nil), ("f32", .decimal, nil), ("b", .boolean, nil), ("s", .text, nil), ("fs", .text, nil),
                    ("e", .text, nil),
                    ("day", .date, nil), ("at", .datetime, nil), ("nat", .datetime, nil), ("tags", .many(split: ";"), nil), ("ntags", .many(split: ";"), nil),
                ], key: "id"), "\(fixture.reports)")
        let rows = table.rows.sorted { "\($0[0])" > "\($1[0])" }
        func instant(_ text: String) -> Value { Instant(rfc3339: text).map { .datetime($0) } ?? .empty }
        func number(_ text: String) -> Value { Decimal(parsing: text).map { .decimal($0) } ?? .empty }
        func day(_ year: Int, _ month: Int, _ day: Int) -> Value { Day(year: year, month: month, day: day).map { .date($0) } ?? .empty }
        // The server's clock is New York's.
        #expect(
            rows[0] == [
                .integer(1), number("12.5"), number("0.1"), number("0.1"), .boolean(true), text(" é|e\u{301}\"\\'\t\n."), text("DE"), text("it's"), day(2027, 2, 28),
                instant("2027-01-31T23:00:00Z"), .empty, .many(["a,b", "\"q'\"", "x;y", "NULL"].map { Text($0) }), .many([Text("a\tb")]),
            ])
        #expect(
            rows[1] == [
                .integer(-2), number("-0.00000000000000000001"), number("1000000000000000000000"), number("0.0000001"), .boolean(false), .empty, .empty, text("b"), day(1970, 1, 1),
                instant("1970-01-01T00:00:00Z"), instant("2027-07-01T16:00:00Z"), .empty, .empty,
            ])
    }

    @Test(
        "What herald cannot hold is told with its row's key and column, and never with content",
        arguments: [
            ("UInt64", "18446744073709551615", ColumnType.integer, "is not an integer (digits without a leading zero, within 64 bits)"),
            ("Decimal(38, 10)", "12345678901234567890.0123456789", .decimal, "is not a decimal number (digits, at most 28, with a point)"),
            ("Float64", "nan", .decimal, "is not a decimal number (digits, at most 28, with a point)"),
            ("Float64", "inf", .decimal, "is not a decimal number (digits, at most 28, with a point)"),
            ("String", "'secret-canary'", .integer, "is not an integer (digits without a leading zero, within 64 bits)"),
            ("String", "'secret-canary'", .enum(["DE"].map { Text($0) }), "is not one of the values that `fields` declares for it"),
            ("String", "unhex('FF41')", .text, "is not UTF-8"), ("String", "unhex('410042')", .text, "holds a NUL character"),
            ("FixedString(4)", "unhex('41004200')", .text, "holds a NUL character"),
            ("Array(String)", "[unhex('FF')]", .many(split: ";"), "is not UTF-8"), ("UInt8", "2", .boolean, "is not a boolean (true, false, 1 or 0)"),
        ])
    func unreadable(type: String, value: String, wanted: ColumnType, reason: String) throws {
        try run("CREATE TABLE t (id Int32, x \(type)) ENGINE = Memory", "INSERT INTO t SELECT 12, \(type == "Decimal(38, 10)" ? "toDecimal128('\(value)', 10)" : value)")
        #expect(read([("id", .integer, nil), ("x", wanted, nil)], key: "id") == nil)
        #expect(fixture.reports == ["data-type -: the row with id 12 of table crm.t: the value of column x \(reason)"])
    }

    @Test func tablesAreNamedWithOrWithoutTheirDatabase() throws {
        let second = try server.database(["CREATE TABLE people (x String) ENGINE = Memory", "INSERT INTO people VALUES ('database')"])
        try run(
            "CREATE TABLE `we ``\\`quote\\`'; DROP` (`x \\`y` String) ENGINE = Memory".replacing("``", with: ""), "CREATE TABLE t (x String) ENGINE = Memory",
            "INSERT INTO t VALUES ('own')",
            "CREATE VIEW v AS SELECT x, 1 AS y FROM t")
        for (table, expected) in [("t", "own"), ("v", "own"), (second + ".people", "database"), (database + ".t", "own")] {
            #expect(read([("x", .text, nil)], table: table)?.rows == [[text(expected)]])
        }
        #expect(read([("x `y", .text, nil)], table: "we `quote`'; DROP")?.rowCount == 0)
        #expect(fixture.reports == [])
        #expect(read([("x", .text, nil)], table: "vv") == nil)
        #expect(read([("z", .text, nil)], table: "v") == nil)
        #expect(open(tables: [])?.describe(fixture.diagnostics) == nil)
        #expect(
            fixture.reports == [
                "unknown-column -: table crm.v: there is no column z", "unknown-table 1: source crm has no table vv that its role sees",
                "unknown-table 1: no entity names a table of source crm, so there is nothing to describe",
            ])
    }

    @Test func emptyTablesHaveNoRowsAndKeysAreUnique() throws {
        try run("CREATE TABLE t (id Int32, x String) ENGINE = Memory")
        #expect(read([("id", .integer, nil), ("x", .text, nil)], key: "id")?.rowCount == 0)
        #expect(try describe() == ["id integer", "x text?"])
        try run("INSERT INTO t VALUES (7, 'a'), (7, 'b')")
        #expect(read([("id", .integer, nil), ("x", .text, nil)], key: "id") == nil)
        #expect(fixture.reports == ["data-key -: the row with id 7 of table crm.t: the key in column id stands on another row already; keys are unique"])
    }

    @Test func aFailureInTheMiddleLeavesNothingHalfRead() throws {
        // Blocks of 65,536 rows were answered with 200 before it.
        try run("CREATE VIEW t AS SELECT number AS i, intDiv(1, toInt64(number) - 1500000) AS x FROM (SELECT number FROM system.numbers LIMIT 2000000)")
        #expect(read([("i", .integer, nil), ("x", .integer, nil)]) == nil)
        #expect(fixture.reports == ["source-unreadable 1: table crm.t cannot be read: (ClickHouse 153)"])
    }

    @Test func profilesThatTakeNoSettingsOrStopWithoutAWord() throws {
        try run("CREATE TABLE t (x Int32) ENGINE = MergeTree() ORDER BY x", "INSERT INTO t SELECT number FROM system.numbers LIMIT 100000")
        var reader = self
        reader.fixture.secret = server.url(database, user: "reader")
        #expect(reader.read([("x", .integer, nil)])?.rowCount == 100_000)
        var lazy = self
        lazy.fixture.secret = server.url(database, user: "lazy")
        #expect(lazy.read([("x", .integer, nil)]) == nil)
        #expect(fixture.reports == ["source-unreadable 1: table crm.t cannot be read: it has more rows than the user may read (ClickHouse 158)"])
    }

    @Test func readersOfDistributedTables() throws {
        try other.sql("CREATE DATABASE \(database)")
        for (at, server) in [server, other].enumerated() {
            try server.sql("CREATE TABLE local (x Int32) ENGINE = MergeTree() ORDER BY x", in: database)
            try server.sql("INSERT INTO local VALUES (\(at))", in: database)
        }
        try run("CREATE TABLE t (x Int32) ENGINE = Distributed(two, '\(database)', 'local')")
        #expect(read([("x", .integer, nil)], key: "x")?.rowCount == 2)
        try other.sql("DROP TABLE local", in: database)
        #expect(read([("x", .integer, nil)], key: "x") == nil)
        #expect(fixture.reports == ["source-unavailable 1: source crm cannot be reached: none of its servers for a shard can be reached (ClickHouse 279)"])
    }

    @Test func usersThatMayNot() throws {
        try run("CREATE TABLE t (x String) ENGINE = Memory")
        for secret in [server.url(database, password: "wrong-canary"), server.url(database, user: "nobody-canary"), server.url(database, user: "guest"), server.url("nowhere")] {
            var other = self
            other.fixture.secret = secret
            #expect(other.read([("x", .text, nil)]) == nil)
        }
        #expect(
            fixture.reports == [
                "source-credentials 1: source crm cannot be read: it refused the password (ClickHouse 193)",
                "source-credentials 1: source crm cannot be read: it does not know the user (ClickHouse 192)",
                "source-credentials 1: table crm.t cannot be read: the user may not read the database (ClickHouse 291)",
                "source-unreadable 1: table crm.t cannot be read: there is no such database (ClickHouse 81)",
            ])
    }

    @Test(
        "Secrets that lead nowhere",
        arguments: [
            ("", "source-credentials 1: source crm cannot be reached: the variable DATABASE is not set"),
            ("clickhouse://me:canary@127.0.0.1:9000/crm", "source-credentials 1: the secret of source crm is no address of ClickHouse's HTTP interface"),
            ("http://me:canary@127.0.0.1:8123/crm?canary=1", "source-credentials 1: the secret of source crm is no address of ClickHouse's HTTP interface"),
            ("http://me:canary@127.0.0.1:1/crm", "source-unavailable 1: source crm cannot be reached: it takes no connection"),
            ("https://me:canary@warehouse.example/crm", "source-untrusted 1: source crm is on warehouse.example, and HERALD_TRUSTED_HOSTS does not name that host"),
        ])
    func secrets(secret: String, report: String) {
        var other = self
        other.fixture.secret = secret
        other.fixture.trustedHosts = ["crm.example"]
        #expect(other.read([("x", .text, nil)]) == nil)
        #expect(fixture.reports == [report])
    }
}
