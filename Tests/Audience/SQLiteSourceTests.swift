import Foundation
import HeraldContract
import HeraldDatabase
import HeraldModel
import Testing

/// SQLite files as sources: what their columns are, how cells are read, and that nothing is ever written.
@Suite struct SQLiteSourceTests {
    private let fixture = SourceFixture()
    private var path: String { fixture.folder.path("crm.sqlite") }
    private var source: (any RowSource)? { fixture.open(.sqlite(path: "crm.sqlite")) }

    /// Runs statements in the file, in the default journal mode, in which nothing stays beside it.
    @discardableResult
    private func run(_ statements: String...) throws -> Self {
        let database = try Database.writing(path: path, migrations: [])
        for statement in statements { try database.write { try $0.execute(statement) } }
        return self
    }

    private func describe(_ table: String = "t") throws -> [String] {
        let tables = try #require(source?.describe(fixture.diagnostics), "\(fixture.reports)")
        return try #require(tables[TableName(source: "crm", table: table)]).map {
            "\($0.name) \($0.type.name)" + ($0.mayBeEmpty ? "?" : "") + ($0.ambiguity == nil ? "" : " ambiguous")
        }
    }

    private func read(_ columns: [(String, ColumnType, String?)], table: String = "t", key: String? = nil, narrowing: Narrowing? = nil) -> Table? {
        fixture.read(columns, key: key, narrowing: narrowing, table: table, from: source)
    }

    @Test func typesComeFromDeclarationsAndCells() throws {
        try run(
            "CREATE TABLE t (i INTEGER, n NUMERIC(10,2), d DECIMAL, b BOOLEAN, s TEXT, zip TEXT, day DATE, at DATETIME, r REAL, x, bin BLOB, mixed)",
            "INSERT INTO t VALUES (1, 12.5, 3, 1, 'x', '02134', '2027-01-31', '2027-01-31 10:00:00', 1.5, NULL, x'00', 1)",
            "INSERT INTO t VALUES (2, 12, 0.1, 0, '', '123', NULL, '2027-01-31T10:00:00Z', 2, NULL, NULL, 'one')")
        #expect(
            try describe() == [
                "i integer", "n decimal", "d decimal", "b boolean", "s text?", "zip text", "day date?", "at datetime", "r text ambiguous", "x text?",
                "bin text? ambiguous", "mixed text ambiguous",
            ])
    }

    @Test func fractionsInNumericColumnsAreTheirShortestDecimals() throws {
        try run(
            "CREATE TABLE t (n NUMERIC(10,2), r REAL)",
            "INSERT INTO t VALUES (0.1, 0.30000000000000004), (1e3, 5), (1234567.89, 1e-7), (-0.005, 1e21), ('12.50', -0.0), (NULL, NULL)")
        let expected: [[Value]] = [
            [decimal("0.1"), decimal("0.30000000000000004")], [decimal("1000"), decimal("5")], [decimal("1234567.89"), decimal("0.0000001")],
            [decimal("-0.005"), decimal("1000000000000000000000")], [decimal("12.5"), decimal("0")], [.empty, .empty],
        ]
        #expect(read([("n", .decimal, nil), ("r", .decimal, nil)])?.rows == expected)
        try run("INSERT INTO t VALUES (1, 9e999)")
        #expect(read([("r", .decimal, nil)]) == nil)
        #expect(fixture.reports == ["data-type -: row 7 of table crm.t: the value of column r is not a decimal number (digits, at most 28, with a point)"])
    }

    @Test func whatIsNotOfItsTypeIsToldByRowAndNeverByContent() throws {
        try run(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, d DATE, s TEXT)",
            "INSERT INTO t VALUES (5, 'secret', '31.12.2026', x'FF'), (9, 1.5, 20261231, CAST(x'FF' AS TEXT)), (12, 3, '2026-02-30', 'a' || char(0) || 'b')")
        #expect(read([("n", .integer, nil), ("d", .date, nil), ("s", .text, nil)]) == nil)
        let integer = "is not an integer (digits without a leading zero, within 64 bits)"
        #expect(
            fixture.diagnostics.sorted.map(\.message) == [
                "row 5 of table crm.t: the value of column n \(integer)", "row 5 of table crm.t: the value of column d is not a date written as YYYY-MM-DD",
                "row 5 of table crm.t: the value of column s is binary data, which no column type holds", "row 9 of table crm.t: the value of column n \(integer)",
                "row 9 of table crm.t: the value of column d is not a date written as YYYY-MM-DD", "row 9 of table crm.t: the value of column s is not UTF-8",
                "row 12 of table crm.t: the value of column d is not a date written as YYYY-MM-DD", "row 12 of table crm.t: the value of column s holds a NUL character",
            ])
        #expect(!fixture.reports.joined().contains("secret"))
    }

    @Test func integersInTextColumnsAreTheirDigits() throws {
        try run("CREATE TABLE t (a, b BOOLEAN, e, m)", "INSERT INTO t VALUES (7, 'true', 3, 5), ('07', 0, '3', 'x; 5')")
        let three = ColumnType.enum([Text("3")])
        #expect(
            read([("a", .text, nil), ("b", .boolean, nil), ("e", three, nil), ("m", .many(split: ";"), nil)])?.rows == [
                [text("7"), .boolean(true), text("3"), .many([Text("5")])], [text("07"), .boolean(false), text("3"), .many([Text("x"), Text("5")])],
            ])
    }

    @Test func viewsTablesWithoutRowIDsAndOddNamesAreRead() throws {
        try run(
            "CREATE TABLE \"odd \"\" [name] ä\" (\"a column\" TEXT, \"select\" INTEGER, rowid TEXT, \"x\"\"y\" TEXT)",
            "INSERT INTO \"odd \"\" [name] ä\" VALUES ('x', 1, 'mine', 'q')", "CREATE TABLE w (k TEXT PRIMARY KEY, n INTEGER) WITHOUT ROWID",
            "INSERT INTO w VALUES ('b', 2), ('a', 1)", "CREATE VIEW v AS SELECT k AS id, n * 2 AS double, 'x' FROM w WHERE n > 1",
            "CREATE TABLE g (a INTEGER, b INTEGER GENERATED ALWAYS AS (a + 1) VIRTUAL)", "INSERT INTO g (a) VALUES (1)")
        #expect(
            read([("a column", .text, nil), ("select", .integer, nil), ("rowid", .text, nil), ("x\"y", .text, nil)], table: "odd \" [name] ä")?.rows
                == [[text("x"), .integer(1), text("mine"), text("q")]])
        #expect(read([("k", .text, nil)], table: "w", key: "k")?.rows == [[text("a")], [text("b")]])
        #expect(read([("id", .text, nil), ("double", .integer, nil)], table: "v", key: "id")?.rows == [[text("b"), .integer(4)]])
        #expect(read([("b", .integer, nil)], table: "g")?.rows == [[.integer(2)]])
        #expect(try describe("v") == ["id text", "double integer", "'x' text"])
        #expect(fixture.reports == [])
    }

    @Test func unknownTablesAndColumnsAreToldWithASuggestion() throws {
        try run("CREATE TABLE contacts (id INTEGER, email TEXT)")
        #expect(read([("id", .integer, nil)], table: "contcats") == nil)
        #expect(read([("emial", .text, nil)], table: "contacts") == nil)
        #expect(read([("id", .integer, nil)], table: "sqlite_schema") == nil)
        #expect(
            Set(fixture.diagnostics.sorted.map { "\($0.message); \($0.suggestion ?? "-")" }) == [
                "source crm has no table contcats; did you mean crm.contacts?", "table crm.contacts: there is no column emial; did you mean email?",
                "source crm has no table sqlite_schema; -",
            ])
    }

    @Test func keysAreFilledAndUniqueAlsoWhereTheNarrowingRulesRowsOut() throws {
        try run(
            "CREATE TABLE t (id INTEGER, x TEXT)", "INSERT INTO t VALUES (1, 'a'), (2, 'b'), (NULL, 'b'), (2, 'b')", "CREATE TABLE p (id TEXT PRIMARY KEY, x TEXT)",
            "INSERT INTO p VALUES ('1', 'a'), (NULL, 'b'), ('', 'b'), (x'31', 'b')")
        let onlyA = Narrowing.compare(column: "x", .equal, text("a"))
        #expect(read([("x", .text, nil)], key: "id", narrowing: onlyA) == nil)
        #expect(read([("x", .text, nil)], table: "p", key: "id", narrowing: onlyA) == nil)
        #expect(
            fixture.diagnostics.sorted.map(\.message) == [
                "row 3 of table crm.t: the key column id is empty; every row needs one", "row 4 of table crm.t: the key in column id stands on row 2 already; keys are unique",
                "row 2 of table crm.p: the key column id is empty; every row needs one", "row 3 of table crm.p: the key column id is empty; every row needs one",
                "row 4 of table crm.p: the value of column id is binary data, which no column type holds",
            ])
    }

    /// Columns may hold anything in any form; what SQL rules out is never what the evaluator would take, nor what must be complained of.
    @Test(arguments: [
        (Narrowing.compare(column: "n", .greater, decimal("0.3")), ["0.30000000000000004", "5"]),
        (.compare(column: "n", .greaterOrEqual, decimal("0.3")), ["0.3", "0.30000000000000004", "5"]),
        (.compare(column: "n", .less, decimal("0.30000000000000003")), ["0.3", "-7"]),
        (.compare(column: "n", .greater, decimal("0.29999999999999999")), ["0.3", "0.30000000000000004", "5"]),
        (.compare(column: "n", .less, decimal("0.30000000000000001")), ["0.3", "-7"]),
        (.compare(column: "n", .equal, decimal("0.3")), ["0.3"]),
        (.oneOf(column: "n", [decimal("5"), decimal("-7.0")]), ["5", "-7"]),
        (.isEmpty(column: "n"), [""]),
        (.any([.isEmpty(column: "n"), .compare(column: "n", .equal, decimal("5"))]), ["5", ""]),
        (.all([.isNotEmpty(column: "n"), .compare(column: "n", .lessOrEqual, decimal("0"))]), ["-7"]),
        (.any([]), []),
    ])
    func narrowsExactly(narrowing: Narrowing, expected: [String]) throws {
        try run("CREATE TABLE t (id INTEGER PRIMARY KEY, n NUMERIC)", "INSERT INTO t (n) VALUES (0.3), (0.30000000000000004), ('5'), (-7), (NULL)")
        let table = try #require(read([("n", .decimal, nil)], key: "id", narrowing: narrowing))
        let values = table.rows.map { $0[0] }
        #expect(values == expected.map { $0 == "" ? .empty : decimal($0) })
    }

    /// Cells tell moments on clocks of their own, up to a day away from UTC.
    @Test func narrowsMomentsWhateverClockTheyAreToldOn() throws {
        let cells = [
            "2027-01-01T23:30:00-10:00", "2027-01-02 09:30:00Z", "2027-01-02T23:29:59+14:00", "2027-01-02 09:30", "2026-12-31T12:00:00Z", "2027-01-04T00:00:00+14:00",
        ]
        try run("CREATE TABLE t (id INTEGER PRIMARY KEY, at DATETIME)", "INSERT INTO t (at) VALUES " + cells.map { "('\($0)')" }.joined(separator: ", "))
        let moment = Value.datetime(try #require(Instant(rfc3339: "2027-01-02T09:30:00Z")))
        for (comparison, ids) in [(Narrowing.Comparison.less, [3, 5]), (.lessOrEqual, [1, 2, 3, 4, 5]), (.greaterOrEqual, [1, 2, 4, 6]), (.greater, [6]), (.equal, [1, 2, 4])] {
            let narrowing = Narrowing.compare(column: "at", comparison, moment)
            let table = try #require(read([("id", .integer, nil), ("at", .datetime, nil)], key: "id", narrowing: narrowing))
            #expect(table.rows.map { $0[0] } == ids.map { .integer(Int64($0)) }, "\(comparison)")
        }
    }

    @Test func aLongConditionIsNarrowedAsFarAsSQLiteCan() throws {
        try run("CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT)", "INSERT INTO t VALUES (1, 'a'), (2, 'b')")
        let list = Narrowing.oneOf(column: "x", (0..<3_000).map { text("x\($0)") } + [text("a")])
        let wide = Narrowing.any((0..<2_000).map { .compare(column: "id", .equal, .integer(Int64($0) + 2)) })
        let both = Narrowing.all((0..<2_000).map { .compare(column: "id", .less, .integer(Int64($0) + 2)) })
        let deep = (0..<18).reduce(Narrowing.compare(column: "x", .equal, text("b"))) { inner, _ in .all([.any([inner, inner])]) }
        for (narrowing, id) in [(list, 1), (wide, 2), (both, 1), (deep, 2)] as [(Narrowing, Int64)] {
            #expect(read([("id", .integer, nil), ("x", .text, nil)], key: "id", narrowing: narrowing)?.rows.map { $0[0] } == [.integer(id)])
        }
        #expect(fixture.reports == [])
    }

    @Test func aFileThatIsNoDatabaseIsRefused() throws {
        fixture.folder.write("crm.sqlite", String(repeating: "This is not a database.\n", count: 100))
        #expect(source?.describe(fixture.diagnostics) == nil)
        fixture.folder.write("empty.sqlite", "")
        #expect(fixture.open(.sqlite(path: "empty.sqlite"))?.describe(fixture.diagnostics) == nil)
        #expect(fixture.open(.sqlite(path: "missing.sqlite"))?.describe(fixture.diagnostics) == nil)
        #expect(fixture.open(.sqlite(path: "data"))?.describe(fixture.diagnostics) == nil)
        #expect(
            Set(fixture.diagnostics.sorted.map(\.message)) == [
                "the database crm.sqlite of source crm is not a SQLite database, or damaged", "the database empty.sqlite of source crm has no tables",
                "the database missing.sqlite of source crm does not exist", "the database data of source crm does not exist",
            ])
    }

    @Test func aDamagedDatabaseIsRefused() throws {
        try run(
            "CREATE TABLE t (x)", "INSERT INTO t SELECT hex(randomblob(500)) FROM (WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 50) SELECT n FROM c)")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for index in 4096..<bytes.count where index % 3 == 0 { bytes[index] = 0xAA }
        try bytes.write(to: URL(fileURLWithPath: path))
        #expect(read([("x", .text, nil)]) == nil)
        #expect(fixture.reports.count == 1)
        #expect(fixture.reports.first?.hasPrefix("source-unreadable 1: the database crm.sqlite of source crm") == true)
    }

    private var besideIt: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: fixture.folder.root)) ?? []).filter { $0.hasPrefix("crm.sqlite") }.sorted() }

    @Test func readingADatabaseInWALModeLeavesNothingBesideIt() throws {
        try run("CREATE TABLE t (x)", "INSERT INTO t VALUES (1)")
        #expect(besideIt == ["crm.sqlite"])
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(Array(before[18...19]) == [2, 2])
        #expect(read([("x", .integer, nil)])?.rows == [[.integer(1)]])
        #expect(besideIt == ["crm.sqlite"])
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }

    @Test func whatAnotherProcessHasNotMovedIntoTheFileYetIsReadToo() throws {
        let database = try Database.writing(path: path, migrations: [])
        try database.write { try $0.execute("CREATE TABLE t (x)") }
        try database.write { try $0.execute("INSERT INTO t VALUES (1)") }
        #expect(besideIt == ["crm.sqlite", "crm.sqlite-shm", "crm.sqlite-wal"])
        #expect(read([("x", .integer, nil)])?.rows == [[.integer(1)]])
        try database.write { try $0.execute("INSERT INTO t VALUES (2)") }
        #expect(read([("x", .integer, nil)])?.rows == [[.integer(1)], [.integer(2)]])
    }

    @Test func aFileThatChangesWhileItIsReadIsNotBelieved() throws {
        try run("CREATE TABLE t (x)", "INSERT INTO t VALUES (1)")
        let database = try Database.reading(path: path)
        let failure = #expect(throws: DatabaseFailure.self) {
            try database.read { connection in
                _ = try connection.scalar("SELECT x FROM t")
                try self.run("INSERT INTO t VALUES (2)")
            }
        }
        #expect(failure?.message == "the file was changed while it was read; try again")
        #expect(try Database.reading(path: path).read { try $0.scalar("SELECT count(*) FROM t") } == .integer(2))
    }

    @Test func aFolderThatMayNotBeWrittenToIsEnough() throws {
        try run("CREATE TABLE t (x)", "INSERT INTO t VALUES (1)")
        let manager = FileManager.default
        try manager.setAttributes([.posixPermissions: 0o555], ofItemAtPath: fixture.folder.root)
        defer { try? manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: fixture.folder.root) }
        #expect(read([("x", .integer, nil)])?.rows == [[.integer(1)]])
        #expect(besideIt == ["crm.sqlite"])
    }

    @Test func aLinkStaysInsideTheWorkspace() throws {
        let outside = TemporaryFolder()
        let database = try Database.writing(path: outside.path("other.sqlite"), migrations: [])
        try database.write { try $0.execute("CREATE TABLE t (x)") }
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: outside.path("other.sqlite"))
        #expect(source?.describe(fixture.diagnostics) == nil)
        #expect(fixture.reports == ["source-unreadable 1: the database crm.sqlite of source crm is a link that leads out of the workspace"])
    }
}

func decimal(_ text: String) -> Value { Decimal(parsing: text).map { .decimal($0) } ?? .empty }
