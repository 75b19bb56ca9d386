import Foundation
import Testing

/// A workspace over a real sample shop. Counts are those of plain SQL over the same file.
@Suite("A real shop's database", .enabled(if: FileManager.default.fileExists(atPath: chinook)))
struct ChinookTests {

    private func workspace() throws -> HeraldWorkspace {
        let workspace = HeraldWorkspace()
        workspace.variables["HERALD_NOW"] = "2026-01-15T09:00:00Z"
        try FileManager.default.copyItem(atPath: chinook, toPath: workspace.root + "/chinook.sqlite")
        try workspace.write(
            "herald.yaml",
            """
            herald: 1
            workspace: chinook
            timezone: America/New_York
            defaults:
              from: {name: Chinook Records, email: news@chinook.example}
              postal_address: Chinook Records, 1 Main Street, New York
            sources:
              shop: {sqlite: chinook.sqlite}
            entities:
              customer:
                from: shop.Customer
                key: CustomerId
                email: Email
                consent: {assumed: The shop's terms of sale allow mail to customers}
                relations:
                  invoices: {many: invoice, by: CustomerId}
              invoice: {from: shop.Invoice, key: InvoiceId}
            providers:
              local: {transport: {outbox: .herald/outbox}, public_url: https://mail.chinook.example}
            """)
        try workspace.write(
            "lists/customers.yaml",
            """
            list: good-customers
            name: Good customers of Germany, France and the USA
            entity: customer
            where:
              Country: {in: [Germany, France, USA]}
              invoices: {sum: {Total: {gt: 40}}}
            columns: [FirstName, LastName, {as: spent, invoices: {sum: Total}}]
            ---
            list: sleeping-customers
            name: No invoice since the start of 2025
            entity: customer
            where: {invoices: {where: {InvoiceDate: {after: 2024-12-31}}, none: true}}
            columns: [FirstName, City]
            """)
        try workspace.write(
            "campaigns/thanks.yaml",
            """
            campaign: thanks
            name: Thanks
            code: thanks26
            ---
            email: thank-you
            campaign: thanks
            list: good-customers
            via: local
            subject: "Thank you, {{ contact.FirstName | default: 'friend' }}"
            template: mail.html
            schedule: manual
            ---
            email: come-back
            campaign: thanks
            list: sleeping-customers
            via: local
            subject: We miss you
            template: mail.html
            schedule: manual
            """)
        try workspace.write(
            "campaigns/mail.html",
            "<p>Dear {{ contact.FirstName | default: 'friend' }}</p><p>{{ postal_address }} <a href=\"{{ unsubscribe_url }}\">Unsubscribe</a></p>")
        return workspace
    }

    @Test(
        "Lists count what plain SQL counts",
        arguments: [
            (
                "good-customers",
                "SELECT count(*) FROM (SELECT c.CustomerId FROM Customer c JOIN Invoice i USING (CustomerId) WHERE c.Country IN ('Germany','France','USA') GROUP BY 1 HAVING round(sum(i.Total),2) > 40)"
            ),
            (
                "sleeping-customers",
                "SELECT count(*) FROM Customer c WHERE NOT EXISTS (SELECT 1 FROM Invoice i WHERE i.CustomerId = c.CustomerId AND i.InvoiceDate >= '2025-01-01')"
            ),
        ])
    func counts(list: String, sql: String) throws {
        let workspace = try workspace()
        let shown = try workspace.run("list", "show", list, "--format", "json")
        #expect(shown.code == 0, "\(shown.err)")
        let script = "import sqlite3,sys; print(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchone()[0])"
        let expected = try workspace.run("python3", "-c", script, workspace.root + "/chinook.sqlite", sql, program: "/usr/bin/env").out
        #expect(shown.out.contains("\"match\" : \(expected.trimmingCharacters(in: .whitespacesAndNewlines))"))
    }
}

/// The sample shop's file, where it is at hand.
private let chinook = HeraldWorkspace.package + "/../shared/data/chinook.sqlite"
