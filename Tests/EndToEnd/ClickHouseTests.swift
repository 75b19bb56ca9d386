import Foundation
import HeraldFakes
import Testing

/// The program over contact data in ClickHouse.
@Suite("People in ClickHouse", .enabled(if: ClickHouseServer.isPossible, "clickhouse-server is not installed; make test installs it"))
struct ClickHouseTests {
    private let server: ClickHouseServer
    private let database: String
    private let shop: HeraldWorkspace

    init() throws {
        server = try ClickHouseServer.shared.get().0
        let rows = HeraldWorkspace.warehouseRows
        database = try server.database([
            "CREATE TABLE contacts (id Int32, email String, first_name Nullable(String), country FixedString(2), consent Enum8('subscribed' = 1, 'pending' = 2, 'unsubscribed' = 3), "
                + "consented_at Date, account_id Int32) ENGINE = MergeTree() ORDER BY id",
            "CREATE TABLE orders (id Int64, contact_id Int32, total Decimal(12, 2), placed DateTime('UTC')) ENGINE = MergeTree() ORDER BY id",
            "CREATE TABLE accounts (id Int32, tier LowCardinality(String)) ENGINE = MergeTree() ORDER BY id",
            HeraldWorkspace.inserts(rows.contacts, into: "contacts").replacing(";", with: ""),
            HeraldWorkspace.inserts(rows.orders, into: "orders").replacing(";", with: ""), HeraldWorkspace.inserts(rows.accounts, into: "accounts").replacing(";", with: ""),
        ])
        shop = try HeraldWorkspace.warehouse("{clickhouse: \"${WAREHOUSE}\"}", url: server.url(database))
    }

    @Test("describe pins the columns; validate then needs neither the server nor its secret") func offline() throws {
        let described = try shop.herald("source describe")
        #expect(described.code == 0 && described.out == "wrote herald.columns.yaml: 3 tables, 13 columns\n", "\(described.all)")
        #expect(
            shop.read("herald.columns.yaml").contains("crm.orders:\n  id: {type: integer}\n  contact_id: {type: integer}\n  total: {type: decimal}\n  placed: {type: datetime}\n"))
        try shop.herald("state init")
        shop.variables["WAREHOUSE"] = nil
        let valid = try shop.herald("validate")
        #expect(valid.code == 0, "\(valid.all)")
        let plan = try shop.herald("plan")
        #expect(plan.code == 4 && plan.err.contains("source crm cannot be reached: the variable WAREHOUSE is not set"), "\(plan.all)")
    }

    @Test("lists, explanations, plans and sends are made of it") func works() throws {
        let shown = try shop.herald("list show buyers --format json")
        #expect(shown.code == 0 && shown.out.contains("\"match\" : 4"), "\(shown.all)")
        #expect(!shown.err.contains("HERALD_NOW"), "\(shown.err)")
        let explained = try shop.herald("explain buyers ada@example.org")
        #expect(explained.code == 0 && explained.out.contains("100.5 over 2 of 2 rows") && explained.out.contains("Gold"), "\(explained.all)")
        let applied = try shop.applyAll()
        #expect(applied.code == 0, "\(applied.all)")
        #expect(try shop.herald("plan").code == 0)
        try server.sql("INSERT INTO contacts VALUES (8, 'gus@example.org', 'Gus', 'AT', 'subscribed', '2026-03-01', 10)", in: database)
        #expect(try shop.herald("plan").code == 2)
    }

    @Test("an audit table and the rows of a manual list are read as well") func beside() throws {
        let rows = HeraldWorkspace.sideRows
        for statement in [
            "CREATE TABLE audit (contact Int32, what String, became String, noticed Date) ENGINE = MergeTree() ORDER BY contact",
            "CREATE TABLE invited (id Int32) ENGINE = MergeTree() ORDER BY id", HeraldWorkspace.inserts(rows.audit, into: "audit").replacing(";", with: ""),
            HeraldWorkspace.inserts(rows.invited, into: "invited").replacing(";", with: ""),
        ] { try server.sql(statement, in: database) }
        try shop.addSideTables()
        for isPinned in [false, true] {
            if isPinned { try shop.herald("source describe") }
            for (list, count) in [("moved", 1), ("invited", 2), ("rest", 2)] {
                let shown = try shop.herald("list show \(list) --format json")
                #expect(shown.code == 0 && shown.out.contains("\"match\" : \(count)"), "\(list): \(shown.all)")
            }
        }
        #expect(try shop.herald("explain moved 2").out.contains("changed: at least one"))
    }

    @Test("a server that nobody trusts, one that is not there, a wrong password: nothing of the secret is told") func unreachable() throws {
        try shop.herald("source describe")
        try shop.herald("state init")
        for (url, code, words) in [
            ("https://me:pass-canary@warehouse.example/crm", Int32(6), "HERALD_TRUSTED_HOSTS does not name that host"),
            ("http://me:pass-canary@127.0.0.1:1/crm", 1, "source crm cannot be reached: it takes no connection"),
            (server.url(database, password: "pass-canary"), 4, "it refused the password"),
            ("pass-canary", 4, "is no address of ClickHouse's HTTP interface"),
        ] {
            let run = try shop.herald("plan", with: ["WAREHOUSE": url, "HERALD_TRUSTED_HOSTS": "crm.example"])
            #expect(run.code == code && run.err.contains(words), "\(run.code) \(run.all)")
            #expect(!run.all.contains("canary"))
        }
        let away = try shop.herald("validate", with: ["WAREHOUSE": "https://me:pass-canary@warehouse.example/crm"])
        #expect(away.code == 0 && away.all.contains("HERALD_NOW is ignored: the source crm is not on this machine"), "\(away.all)")
    }
}
