import HeraldAudience
import HeraldModel
import HeraldYAML
import Testing

/// The columns of a list: fields, and aggregates over relations.
@Suite struct ListColumnTests {
    private func fixture() throws -> AudienceFixture {
        try AudienceFixture(
            """
            contact: {from: crm.contacts, key: id, email: email, relations: {orders: {many: order, by: contact_id}, account: {one: account, by: account_id}}}
            order: {from: crm.orders, key: id}
            account: {from: crm.accounts, key: id}
            """,
            [
                "contacts": "id,email,city,account_id\n1,a@example.org,Bern,1\n2,b@example.org,,\n", "accounts": "id\n1\n",
                "orders": "id,contact_id,status,total,placed\n1,1,paid,10.50,2027-01-02 10:00\n2,1,open,,2027-01-03 10:00\n3,1,paid,1,2027-01-01 10:00\n4,1,paid,0.2,\n",
            ])
    }

    private func columns(_ text: String, _ fixture: AudienceFixture, _ diagnostics: Diagnostics) throws -> [TypedColumn] {
        let trees = AudienceFixture.tree("{list: a, name: A, entity: contact, columns: \(text)}", "lists/a.yaml", fixture.files, fixture.diagnostics)
        let list = try #require(DefinitionDecoder(folder: .lists, directory: "lists", providers: [:], diagnostics).decode(trees).lists.first)
        return fixture.checker(diagnostics).columns(list.columns, entity: try #require(fixture.schemas["contact"]))
    }

    @Test func valuesOfEachRow() throws {
        let fixture = try fixture()
        let columns = try columns(
            """
            [city, {field: email, as: address, label: Address, sort: desc}, {as: n, orders: {count: true}}, {as: paid, orders: {where: {status: paid}, count: true}},
             {as: spent, label: Spent, orders: {sum: total}}, {as: mean, orders: {avg: total}}, {as: first, orders: {min: placed}}, {as: top, orders: {max: total}}]
            """, fixture, fixture.diagnostics)
        let everybody = try fixture.filter("id: {gt: 0}")
        let dataset = try fixture.dataset(everybody, columns: columns)
        let evaluator = fixture.evaluator(dataset)
        let rows = (0..<2).map { row in columns.map { "\($0.name) \(ValueText.plain(evaluator.values(of: $0, entity: "contact")(row)))" } }
        #expect(
            rows == [
                ["city Bern", "address a@example.org", "n 4", "paid 3", "spent 11.7", "mean 3.9", "first 2027-01-01T10:00:00Z", "top 10.5"],
                ["city ", "address b@example.org", "n 0", "paid 0", "spent 0", "mean ", "first ", "top "],
            ])
        #expect(columns.map(\.type.name) == ["text", "text", "integer", "integer", "decimal", "decimal", "datetime", "decimal"])
        #expect(columns.map(\.mayBeEmpty) == [true, false, false, false, false, true, true, true])
        #expect(columns.map(\.label) == ["city", "Address", "n", "paid", "Spent", "mean", "first", "top"])
        #expect(columns.map(\.sort) == [nil, .desc, nil, nil, nil, nil, nil, nil])
    }

    @Test func averagesAreShownWithSixDigits() throws {
        let fixture = try AudienceFixture(
            "contact: {from: crm.contacts, key: id, email: email, relations: {orders: {many: order, by: contact_id}}}\norder: {from: crm.orders, key: id, fields: {n: decimal}}",
            [
                "contacts": "id,email\n1,a@example.org\n2,b@example.org\n3,c@example.org\n4,d@example.org\n",
                "orders":
                    "id,contact_id,n\n1,1,1\n2,1,1\n3,1,0\n4,2,-2\n5,2,0\n6,2,0\n7,3,0.000001\n8,3,0.000002\n9,4,9999999999999999999999999999\n10,4,9999999999999999999999999999\n11,4,9999999999999999999999999998\n",
            ])
        let columns = try columns("[{as: mean, orders: {avg: n}}]", fixture, fixture.diagnostics)
        let values = fixture.evaluator(try fixture.dataset(try fixture.filter("id: {gt: 0}"), columns: columns)).values(of: columns[0], entity: "contact")
        #expect((0..<4).map { ValueText.plain(values($0)) } == ["0.666667", "-0.666667", "0.000002", "9999999999999999999999999998.666667"])
    }

    @Test(arguments: [
        ("[{as: x, order: {count: true}}]", "contact has no relation to many rows called `order`; did you mean `orders`?"),
        ("[{as: x, account: {count: true}}]", "contact has no relation to many rows called `account`"),
        ("[{as: x, orders: {}}]", "a computed column takes one of count, sum, avg, min, max; write `{sum: total}`"),
        ("[{as: x, orders: {count: 3}}]", "`count` of a column takes only `true`; write `count: true`"),
        ("[{as: x, orders: {sum: status}}]", "`sum` is for numbers, and `status` is text"),
        ("[{as: x, orders: {sum: total, count: true}}]", "a computed column takes `where` and one of count, sum, avg, min, max"),
        ("[{as: x, orders: {total: sum}}]", "a computed column takes `where` and one of count, sum, avg, min, max"),
        ("[{as: x, orders: [total]}]", "a computed column is a map, and this is a list; write `orders: {sum: total}`"),
        ("[ctiy]", "crm.contacts has no column `ctiy`; did you mean `city`?"),
    ])
    func saysWhatIsWrong(text: String, complaint: String) throws {
        let fixture = try fixture()
        let found = Diagnostics()
        #expect(try columns(text, fixture, found).isEmpty)
        #expect(found.sorted.map { $0.message + ($0.suggestion.map { "; \($0)" } ?? "") } == [complaint])
    }
}
