import Foundation
import HeraldFakes
import Testing

/// The program over contact data in PostgreSQL.
@Suite("People in PostgreSQL", .enabled(if: PostgresServer.isPossible, "postgresql is not installed; make test installs it"))
struct PostgresTests {
    private let server: PostgresServer
    private let database: String
    private let shop: HeraldWorkspace

    init() throws {
        server = try PostgresServer.shared.get()
        let rows = HeraldWorkspace.warehouseRows
        database = try server.database(
            """
            CREATE TABLE contacts (id int PRIMARY KEY, email text, first_name text, country char(2), consent text, consented_at date, account_id int);
            CREATE TABLE orders (id bigint PRIMARY KEY, contact_id int, total numeric(12,2), placed timestamp);
            CREATE TABLE accounts (id int PRIMARY KEY, tier varchar(20));
            """ + HeraldWorkspace.inserts(rows.contacts, into: "contacts") + HeraldWorkspace.inserts(rows.orders, into: "orders")
                + HeraldWorkspace.inserts(rows.accounts, into: "accounts"))
        shop = try HeraldWorkspace.warehouse("{postgres: \"${WAREHOUSE}\"}", url: server.url(database))
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
        try shop.herald("source describe")
        let shown = try shop.herald("list show buyers --format json")
        #expect(shown.code == 0 && shown.out.contains("\"match\" : 4"), "\(shown.all)")
        #expect(!shown.err.contains("HERALD_NOW"), "\(shown.err)")
        let explained = try shop.herald("explain buyers ada@example.org")
        #expect(explained.code == 0 && explained.out.contains("100.5 over 2 of 2 rows") && explained.out.contains("Gold"), "\(explained.all)")
        let out = try shop.herald("explain buyers 2")
        #expect(out.code == 0 && out.out.contains("Silver"), "\(out.all)")
        let applied = try shop.applyAll()
        #expect(applied.code == 0, "\(applied.all)")
        #expect(shop.read("output/plan.json").contains("newsletter"))
        #expect(try shop.herald("plan").code == 0)
        try server.sql("UPDATE contacts SET consent = 'unsubscribed', consented_at = '2026-11-20' WHERE id = 1", in: database)
        let moved = try shop.herald("plan")
        #expect(moved.code == 2, "\(moved.all)")
        let person = try shop.herald("person show ada@example.org")
        #expect(person.code == 0, "\(person.all)")
        #expect(!moved.all.contains("ada@example.org") && !shop.read("output/plan.json").contains("example.org\""))
    }

    @Test("columns that are no longer those that were pinned, and a table that went") func changed() throws {
        try shop.herald("source describe")
        try server.sql("ALTER TABLE contacts RENAME COLUMN country TO land", in: database)
        try shop.herald("state init")
        let planned = try shop.herald("plan")
        #expect(planned.code == 3 && planned.err.contains("crm.contacts no longer has `country`, and has `land` besides"), "\(planned.all)")
        try server.sql("DROP TABLE orders", in: database)
        let dropped = try shop.herald("source describe")
        #expect(dropped.code == 3 && dropped.err.contains("source crm has no table orders that its role sees"), "\(dropped.all)")
    }

    @Test("an audit table and the rows of a manual list are read as well") func beside() throws {
        let rows = HeraldWorkspace.sideRows
        try server.sql(
            "CREATE TABLE audit (contact int, what text, became text, noticed date); CREATE TABLE invited (id int);"
                + HeraldWorkspace.inserts(rows.audit, into: "audit") + HeraldWorkspace.inserts(rows.invited, into: "invited"), in: database)
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
            ("postgres://me:pass-canary@warehouse.example/crm", Int32(6), "HERALD_TRUSTED_HOSTS does not name that host"),
            ("postgres://me:pass-canary@127.0.0.1:1/crm", 1, "source crm cannot be reached: Connection refused"),
            (server.url(database, password: "pass-canary"), 4, "it refused the password"), ("pass-canary", 4, "is no connection string of PostgreSQL"),
        ] {
            let run = try shop.herald("plan", with: ["WAREHOUSE": url, "HERALD_TRUSTED_HOSTS": "crm.example"])
            #expect(run.code == code && run.err.contains(words), "\(run.code) \(run.all)")
            #expect(!run.all.contains("canary"))
        }
        // A clock that is set is for data that nobody else sees.
        let away = try shop.herald("validate", with: ["WAREHOUSE": "postgres://me:pass-canary@warehouse.example/crm"])
        #expect(away.code == 0 && away.all.contains("HERALD_NOW is ignored: the source crm is not on this machine"), "\(away.all)")
    }
}
