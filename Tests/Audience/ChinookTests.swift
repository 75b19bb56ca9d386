import Foundation
import HeraldAudience
import HeraldContract
import HeraldDatabase
import HeraldModel
import HeraldYAML
import Testing

private let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../shared/data/chinook.sqlite").standardizedFileURL.path

/// A real shop's database, where it lies beside the package; its counts are those of plain SQL.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: path))) struct ChinookTests {
    private static let settings = """
        herald: 1
        workspace: chinook
        timezone: Europe/Berlin
        defaults: {from: {name: Shop, email: news@shop.example}, postal_address: Shop, utm: {source: shop}}
        sources: {shop: {sqlite: \(path)}}
        entities:
          customer: {from: shop.Customer, key: CustomerId, email: Email, consent: {assumed: customers of the shop}, relations: {invoices: {many: invoice, by: CustomerId}}}
          invoice: {from: shop.Invoice, key: InvoiceId}
        """

    private let folder = TemporaryFolder()
    private let diagnostics = Diagnostics()
    private let files = SourceMap()

    private func audience(_ condition: String) throws -> Audience {
        let settings = try #require(SettingsDecoder(diagnostics).decode(AudienceFixture.tree(Self.settings, "herald.yaml", files, diagnostics)[0], environment: nil))
        let zone = Zone.named("Europe/Berlin")
        let source = try #require(SourceOpener.open(settings.sources[0], root: folder.root, zone: zone, files: files, diagnostics))
        let columns = try #require(source.describe(diagnostics))
        let schemas = Schemas(settings, columns: PinnedColumns(tables: columns))
        schemas.check(diagnostics)
        let schema = try #require(schemas["customer"])
        let node = AudienceFixture.tree(condition, "lists/this.yaml", files, diagnostics)[0].root
        let filter = try #require(FilterChecker(schemas, filters: [:], lists: [:], zone: zone, diagnostics).check(node, entity: schema, span: node.span))
        let clock = Clock(now: try #require(Instant(rfc3339: "2026-02-01T10:00:00Z")), zone: zone)
        var needs = DataNeeds(schemas, clock)
        needs.add(filter, entity: "customer")
        var tables: [String: Table] = [:]
        for (id, request) in needs.requests() {
            let table: Table = try #require(source.read(request, diagnostics))
            tables[id] = table
        }
        let dataset = Dataset(schemas, tables: tables)
        let table = try #require(dataset.table("customer"))
        let people = try #require(EntityPeople(schema, table, clock, diagnostics))
        let matches = Evaluator(dataset, clock, diagnostics).matches(filter, entity: "customer")
        #expect(diagnostics.sorted.isEmpty)
        return Audience(people, matches: matches)
    }

    private func keys(_ sql: String) throws -> [String] {
        try Database.reading(path: path).read { try $0.all(sql) { row in String(row.rawInteger(0)) } }
    }

    @Test func customersOfThreeCountriesWhoSpentOverForty() throws {
        let audience = try audience("Country: {in: [Germany, France, USA]}\ninvoices: {sum: {Total: {gt: 40}}}")
        let expected = try keys(
            """
            SELECT CustomerId FROM Customer WHERE Country IN ('Germany', 'France', 'USA')
            AND (SELECT sum(CAST(round(Total * 100) AS INTEGER)) FROM Invoice i WHERE i.CustomerId = Customer.CustomerId) > 4000 ORDER BY CustomerId
            """)
        #expect(audience.memberKeys == expected)
        #expect(audience.steps == Audience.Steps(match: expected.count, usable: expected.count, unique: expected.count, mailable: expected.count))
        #expect(!expected.isEmpty)
    }

    @Test func customersWithoutAnInvoiceInTheLastYear() throws {
        let audience = try audience("invoices: {where: {InvoiceDate: {after: 2024-12-31}}, none: true}")
        let expected = try keys("SELECT CustomerId FROM Customer WHERE CustomerId NOT IN (SELECT CustomerId FROM Invoice WHERE InvoiceDate >= '2025-01-01') ORDER BY CustomerId")
        #expect(audience.memberKeys == expected)
        #expect(!expected.isEmpty)
        #expect(audience.people.table.rowCount == 59)
    }

    @Test func nothingIsWrittenBesideTheFile() throws {
        _ = try audience("Country: Brazil")
        for suffix in ["-wal", "-shm", "-journal"] { #expect(!FileManager.default.fileExists(atPath: path + suffix)) }
    }
}
