import Foundation

/// The small shop of the tests with its people, orders and accounts in a database.
extension HeraldWorkspace {
    /// `source` is such as `{postgres: "${WAREHOUSE}"}`.
    static func warehouse(_ source: String, url: String) throws -> HeraldWorkspace {
        let shop = try HeraldWorkspace.shop()
        try FileManager.default.removeItem(atPath: shop.root + "/data")
        shop.variables["WAREHOUSE"] = url
        try shop.write(
            "herald.yaml",
            shop.read("herald.yaml").replacing("crm: {csv: data}", with: "crm: \(source)").replacing(
                "    consent: {column: consent, at: consented_at}",
                with: """
                        consent: {column: consent, at: consented_at}
                        fields: {consent: {type: enum, values: [subscribed, pending, unsubscribed]}}
                        relations: {orders: {many: order, by: contact_id}, account: {one: account, by: account_id}}
                      order: {from: crm.orders, key: id}
                      account: {from: crm.accounts, key: id}
                    """))
        try shop.write(
            "lists/buyers.yaml",
            """
            list: buyers
            name: Buyers
            entity: contact
            where:
              country: {in: [DE, AT]}
              orders: {where: {placed: {within: 90 days}}, sum: {total: {gte: 100.50}}}
              account: {tier: {contains: GOLD}}
            columns: [first_name, {as: spent, orders: {sum: total}}]
            """)
        return shop
    }

    /// Ids, addresses, names, countries, consents; then what each bought, and where they belong.
    static let warehouseRows = (
        contacts: [
            "1,'ada@example.org','Ada','DE','subscribed','2026-03-01',10", "2,'ben@example.org','Ben','AT','subscribed','2026-03-02',20",
            "3,'cleo@example.org','','DE','subscribed','2026-03-03',10",
            "4,'dan@example.org','Dan','FR','subscribed','2026-03-04',10", "5,'eve@example.org','Eve','DE','unsubscribed','2026-03-05',10",
            "6,'finn@example.org','Finn','DE','pending','2026-03-05',10",
            "7,' ADA@example.org','Ada again','DE','subscribed','2026-03-01',10",
        ],
        orders: [
            "1,1,100.25,'2026-11-01 10:00:00'", "2,1,0.25,'2026-11-02 10:00:00'", "3,2,500.00,'2026-11-01 10:00:00'", "4,3,100.50,'2026-01-01 10:00:00'",
            "5,5,200.00,'2026-11-01 10:00:00'",
            "6,6,200.00,'2026-11-01 10:00:00'", "7,7,300.00,'2026-11-01 10:00:00'",
        ],
        accounts: ["10,'Gold'", "20,'Silver'"]
    )

    /// Lists over tables beside the entities: an audit table, and the rows of a manual list.
    func addSideTables() throws {
        try write(
            "herald.yaml",
            read("herald.yaml").replacing(
                "    relations: {orders:", with: "    changes: {from: crm.audit, key: contact, field: what, new: became, at: noticed}\n    relations: {orders:"))
        try write(
            "lists/beside.yaml",
            """
            list: moved
            name: Moved
            entity: contact
            where: {changed: {field: country, to: AT, within: 30 days}}
            ---
            list: invited
            name: Invited
            entity: contact
            type: manual
            rows: crm.invited
            ---
            list: rest
            name: Rest
            entity: contact
            where: {country: DE, not: {any: [{list: invited}, {changed: {field: first_name, within: 30 days}}]}}
            """)
    }

    /// Ids, fields, values, days; then ids.
    static let sideRows = (
        audit: ["2,'country','AT','2026-11-20'", "4,'country','FR','2026-11-20'", "1,'country','AT','2026-01-01'", "3,'first_name','','2026-11-01'"], invited: ["1", "5", "99"]
    )

    static func inserts(_ rows: [String], into table: String) -> String { "INSERT INTO \(table) VALUES " + rows.map { "(\($0))" }.joined(separator: ", ") + ";\n" }
}
