import Foundation
import HeraldContract
import HeraldFakes
import HeraldModel
import Testing

/// PostgreSQL as a source: what its columns are, how cells are read, what is refused, and that nothing is ever written.
@Suite(.enabled(if: PostgresServer.isPossible, "postgresql is not installed; make test installs it"))
struct PostgresSourceTests {
    private var fixture = SourceFixture()
    private let server: PostgresServer
    private let database: String

    init() throws {
        server = try PostgresServer.shared.get()
        database = try server.database()
        fixture.secret = server.url(database)
    }

    private func open(tables: [String] = ["t"]) -> (any RowSource)? { fixture.open(.postgres(.environment("DATABASE")), tables: tables) }

    private func run(_ statements: String) throws { try server.sql(statements, in: database) }

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
            CREATE TYPE mood AS ENUM ('sad', 'glad');
            CREATE DOMAIN code AS varchar(8);
            CREATE DOMAIN short_code AS code NOT NULL;
            CREATE TABLE t (i int4 PRIMARY KEY, s int2, l bigint NOT NULL, n numeric(10,2), r real, d double precision, b boolean NOT NULL, x text NOT NULL, y text NOT NULL,
                c char(4), v varchar(9), e mood, dom short_code, day date NOT NULL, at timestamptz, local timestamp, id uuid, tags text[], moods mood[], numbers int[],
                doc jsonb, bin bytea, span interval, clock time);
            INSERT INTO t VALUES (1, 2, 3, 4.50, 0.1, 0.1, true, 'x', '', 'DE', 'v', 'glad', 'AB', '2027-01-31', '2027-01-31 10:00+01', '2027-01-31 10:00',
                '00000000-0000-0000-0000-000000000001', '{a,b}', '{sad}', '{1}', '{}', '\\x00', '1 day', '10:00');
            """)
        #expect(
            try describe() == [
                "i integer", "s integer", "l integer", "n decimal", "r text ambiguous", "d text ambiguous", "b boolean", "x text", "y text?", "c text", "v text", "e text",
                "dom text",
                "day date", "at datetime", "local datetime", "id text", "tags many?", "moods many?", "numbers text? ambiguous", "doc text ambiguous", "bin text ambiguous",
                "span text ambiguous", "clock text ambiguous",
            ])
        #expect(open()?.columnNames(of: TableName(source: "crm", table: "t"), fixture.diagnostics)?.count == 24)
        #expect(fixture.reports == [])
    }

    @Test func cellsAreReadExactly() throws {
        try run(
            """
            CREATE TABLE t (id int PRIMARY KEY, n numeric, d double precision, r real, b boolean, c char(6), s text, day date, at timestamptz, local timestamp, tags text[]);
            INSERT INTO t VALUES
                (1, 12.50, 0.1, 0.1, true, 'DE', ' é|\u{301}"\\', '1890-02-28', '2027-01-31 23:30:00.123456+05:30', '2027-03-28 02:30:00', ARRAY['a,b', ' "q" ', '', NULL, 'x;y', 'NULL', 'back\\']),
                (2, -0.0001234567890123456789012345, 1e21, 1e-7, false, '', '', '0001-01-01', '1969-12-31 23:59:59.999999+00', '1969-12-31 23:59:59', '{}'),
                (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
            """)
        var berlin = self
        berlin.fixture.zone = Zone.named("Europe/Berlin")
        let table = try #require(
            berlin.read(
                [
                    ("id", .integer, nil), ("n", .decimal, nil), ("d", .decimal, nil), ("r", .decimal, nil), ("b", .boolean, nil), ("c", .text, nil), ("s", .text, nil),
                    ("day", .date, nil),
                    ("at", .datetime, nil), ("local", .datetime, nil), ("tags", .many(split: ";"), nil),
                ], key: "id"), "\(fixture.reports)")
        let rows = table.rows.sorted { "\($0[0])" < "\($1[0])" }
        func instant(_ text: String) -> Value { Instant(rfc3339: text).map { .datetime($0) } ?? .empty }
        func number(_ text: String) -> Value { Decimal(parsing: text).map { .decimal($0) } ?? .empty }
        #expect(
            rows[0] == [
                .integer(1), number("12.5"), number("0.1"), number("0.1"), .boolean(true), text("DE"), text(" é|\u{301}\"\\"),
                Day(year: 1890, month: 2, day: 28).map { .date($0) } ?? .empty,
                instant("2027-01-31T18:00:00.123456Z"), instant("2027-03-28T01:30:00Z"), .many(["a,b", "\"q\"", "x;y", "NULL", "back\\"].map { Text($0) }),
            ])
        #expect(
            rows[1] == [
                .integer(2), number("-0.0001234567890123456789012345"), number("1000000000000000000000"), number("0.0000001"), .boolean(false), .empty, .empty,
                Day(year: 1, month: 1, day: 1).map { .date($0) } ?? .empty, instant("1969-12-31T23:59:59.999999Z"), instant("1969-12-31T22:59:59Z"), .empty,
            ])
        #expect(rows[2] == [.integer(3)] + [Value](repeating: .empty, count: 10))
    }

    @Test(
        "What herald cannot hold is told with its row's key and column, and never with content",
        arguments: [
            ("date", "infinity", ColumnType.date, "is not a date written as YYYY-MM-DD"), ("date", "0044-03-15 BC", .date, "is not a date written as YYYY-MM-DD"),
            ("date", "12027-01-01", .date, "is not a date written as YYYY-MM-DD"), ("timestamptz", "-infinity", .datetime, "is not a date and time written as YYYY-MM-DD HH:MM:SS"),
            ("numeric", "NaN", .decimal, "is not a decimal number (digits, at most 28, with a point)"),
            ("numeric", "12345678901234567890123456789", .decimal, "is not a decimal number (digits, at most 28, with a point)"),
            ("double precision", "Infinity", .decimal, "is not a decimal number (digits, at most 28, with a point)"),
            ("text", "secret-canary", .integer, "is not an integer (digits without a leading zero, within 64 bits)"),
            ("text", "secret-canary", .enum(["DE"].map { Text($0) }), "is not one of the values that `fields` declares for it"),
            ("bytea", "\\x6869", .text, "is binary data, which no column type holds"), ("text[]", "{{a},{b}}", .many(split: ";"), "is not text"),
        ])
    func unreadable(type: String, value: String, wanted: ColumnType, reason: String) throws {
        try run("CREATE TABLE t (id int PRIMARY KEY, x \(type)); INSERT INTO t VALUES (11, NULL), (12, '\(value)')")
        #expect(read([("id", .integer, nil), ("x", wanted, nil)], key: "id") == nil)
        #expect(fixture.reports == ["data-type -: the row with id 12 of table crm.t: the value of column x \(reason)"])
    }

    @Test func keysAreFilledAndUnique() throws {
        try run("CREATE TABLE t (id int, code text); INSERT INTO t VALUES (7, 'ada@example.org'), (7, 'ada@example.org'), (NULL, '')")
        #expect(read([("id", .integer, nil)], key: "id") == nil)
        #expect(read([("code", .text, nil)], key: "code") == nil)
        #expect(
            fixture.reports == [
                "data-key -: the row with id 7 of table crm.t: the key in column id stands on another row already; keys are unique",
                "data-key -: a row of table crm.t: the key column id is empty; every row needs one",
                "data-key -: a row of table crm.t: the key in column code stands on another row already; keys are unique",
                "data-key -: a row of table crm.t: the key column code is empty; every row needs one",
            ])
    }

    @Test func tablesAreNamedWithOrWithoutTheirSchema() throws {
        try run(
            """
            CREATE SCHEMA "Sales.EU"; CREATE SCHEMA hr;
            CREATE TABLE "a.b" (x text); INSERT INTO "a.b" VALUES ('point');
            CREATE TABLE "we ""quote""; DROP" (x text); INSERT INTO "we ""quote""; DROP" VALUES ('quote');
            CREATE TABLE hr.people (x text); INSERT INTO hr.people VALUES ('schema');
            CREATE VIEW v AS SELECT x, 1 AS y FROM hr.people; CREATE MATERIALIZED VIEW m AS SELECT * FROM v;
            CREATE TABLE parted (x text) PARTITION BY LIST (x); CREATE TABLE parted_a PARTITION OF parted DEFAULT; INSERT INTO parted VALUES ('part');
            """)
        for (table, expected) in [
            ("a.b", "point"), ("we \"quote\"; DROP", "quote"), ("hr.people", "schema"), ("v", "schema"), ("m", "schema"), ("parted", "part"), ("public.v", "schema"),
        ] {
            #expect(read([("x", .text, nil)], table: table)?.rows == [[text(expected)]])
        }
        #expect(try describe("hr.people") == ["x text"])
        #expect(fixture.reports == [])
        #expect(read([("x", .text, nil)], table: "hr.poeple") == nil)
        #expect(read([("z", .text, nil)], table: "v") == nil)
        #expect(open(tables: [])?.describe(fixture.diagnostics) == nil)
        #expect(
            fixture.reports == [
                "unknown-column -: table crm.v: there is no column z", "unknown-table 1: source crm has no table hr.poeple that its role sees",
                "unknown-table 1: no entity names a table of source crm, so there is nothing to describe",
            ])
        #expect(fixture.diagnostics.sorted.compactMap(\.suggestion).contains("did you mean crm.hr.people?"))
    }

    @Test func emptyTablesHaveNoRows() throws {
        try run("CREATE TABLE t (id int PRIMARY KEY, x text)")
        #expect(read([("id", .integer, nil), ("x", .text, nil)], key: "id")?.rowCount == 0)
        #expect(try describe() == ["id integer", "x text?"])
    }

    @Test func allTablesAreOfOneMoment() throws {
        try run("CREATE TABLE t (x text); INSERT INTO t VALUES ('a'); CREATE TABLE u (x text)")
        let source = open()
        #expect(fixture.read([("x", .text, nil)], table: "t", from: source)?.rowCount == 1)
        try run("INSERT INTO u SELECT x FROM t; DELETE FROM t")
        #expect(fixture.read([("x", .text, nil)], table: "u", from: source)?.rowCount == 0)
        #expect(fixture.read([("x", .text, nil)], table: "t", from: source)?.rowCount == 1)
    }

    @Test func nothingIsWrittenEvenWhereAViewWould() throws {
        try run(
            """
            CREATE TABLE seen (at timestamptz);
            CREATE FUNCTION spy() RETURNS text LANGUAGE plpgsql AS $$ BEGIN INSERT INTO seen VALUES (now()); RETURN 'x'; END $$;
            CREATE VIEW t AS SELECT spy() AS x;
            """)
        #expect(read([("x", .text, nil)]) == nil)
        #expect(fixture.reports == ["source-unreadable 1: table crm.t cannot be read: cannot execute INSERT in a read-only transaction (SQLSTATE 25006)"])
        #expect(try server.sql("SELECT count(*) FROM seen", in: database) == "0\n")
    }

    @Test func whatFunctionsRaiseIsNotQuoted() throws {
        try run("CREATE TABLE t0 (s text); INSERT INTO t0 VALUES ('secret-canary'); CREATE VIEW t AS SELECT s::int AS x FROM t0")
        #expect(read([("x", .integer, nil)]) == nil)
        #expect(fixture.reports == ["source-unreadable 1: table crm.t cannot be read: SQLSTATE 22P02"])
    }

    @Test func aFailureInTheMiddleLeavesNothingHalfRead() throws {
        try run("CREATE VIEW t AS SELECT i, 10 / (5000 - i) AS x FROM generate_series(1, 100000) i")
        #expect(read([("i", .integer, nil), ("x", .integer, nil)], key: "i") == nil)
        #expect(fixture.reports == ["source-unreadable 1: table crm.t cannot be read: SQLSTATE 22012"])
    }

    @Test func rolesThatMayNot() throws {
        let role = "r" + database
        try run("CREATE TABLE t (x text); CREATE SCHEMA hidden; CREATE TABLE hidden.t (x text); CREATE ROLE \(role) LOGIN PASSWORD 'role-canary'")
        var reader = self
        reader.fixture.secret = server.url(database, user: role, password: "role-canary")
        #expect(reader.read([("x", .text, nil)]) == nil)
        try run("GRANT SELECT ON t TO \(role)")
        #expect(reader.read([("x", .text, nil)])?.rowCount == 0)
        #expect(reader.read([("x", .text, nil)], table: "hidden.t") == nil)
        reader.fixture.secret = server.url(database, user: role, password: "wrong-canary")
        #expect(reader.read([("x", .text, nil)]) == nil)
        reader.fixture.secret = server.url("nowhere", user: role, password: "role-canary")
        #expect(reader.read([("x", .text, nil)]) == nil)
        #expect(
            fixture.reports == [
                "source-credentials 1: table crm.t cannot be read: permission denied for table t (SQLSTATE 42501)",
                "source-credentials 1: table crm.hidden.t cannot be read: permission denied for schema hidden (SQLSTATE 42501)",
                "source-credentials 1: source crm cannot be read: it refused the password", "source-unreadable 1: table crm.t cannot be read: there is no such database",
            ])
        #expect(fixture.diagnostics.exitCode == .credentials)
    }

    @Test func statementsThatTakeTooLong() throws {
        try run("CREATE VIEW t AS SELECT pg_sleep(20)::text AS x")
        var hurried = self
        hurried.fixture.secret = server.url(database, options: "?options=-c%20statement_timeout%3D200")
        #expect(hurried.read([("x", .text, nil)]) == nil)
        #expect(fixture.reports == ["source-unavailable 1: table crm.t was not read to its end: canceling statement due to statement timeout (SQLSTATE 57014)"])
        #expect(fixture.diagnostics.exitCode == .failed)
    }

    @Test(
        "Secrets that lead nowhere",
        arguments: [
            ("", "source-credentials 1: source crm cannot be reached: the variable DATABASE is not set"),
            ("host=127.0.0.1 canary", "source-credentials 1: the secret of source crm is no connection string of PostgreSQL"),
            ("dbname=crm password=canary", "source-credentials 1: the secret of source crm names no host"),
            ("service=canary host=127.0.0.1", "source-credentials 1: the secret of source crm names a service, and herald reads no file of services"),
            ("postgres://me:canary@127.0.0.1:1/crm", "source-unavailable 1: source crm cannot be reached: Connection refused"),
            ("postgres://me:canary@warehouse.example/crm", "source-untrusted 1: source crm is on warehouse.example, and HERALD_TRUSTED_HOSTS does not name that host"),
            ("host=127.0.0.1,db.example user=me", "source-untrusted 1: source crm is on db.example, and HERALD_TRUSTED_HOSTS does not name that host"),
            ("host=127.0.0.1 hostaddr=192.0.2.1 user=me", "source-untrusted 1: source crm is on 192.0.2.1, and HERALD_TRUSTED_HOSTS does not name that host"),
        ])
    func secrets(secret: String, report: String) {
        var other = self
        other.fixture.secret = secret
        other.fixture.trustedHosts = ["crm.example"]
        #expect(other.read([("x", .text, nil)]) == nil)
        #expect(fixture.reports == [report])
    }
}
