import HeraldAudience
import HeraldModel
import Testing

/// Which conditions may be answered otherwise at another time, and which entities decide them.
@Suite struct ClockDependenceTests {
    private func fixture() throws -> AudienceFixture {
        try AudienceFixture(
            """
            contact:
              {from: crm.contacts, key: id, email: email, consent: {assumed: test}, fields: {birthday: date, seen: datetime},
              relations: {orders: {many: order, by: contact_id}, account: {one: account, by: account_id}}}
            order: {from: crm.orders, key: id, fields: {at: date}, relations: {shop: {one: account, by: shop_id}}}
            account: {from: crm.accounts, key: code, fields: {since: date}}
            """,
            [
                "contacts": "id,email,country,account_id,birthday,seen\n1,a@example.org,DE,A,1990-01-01,2027-01-01T00:00:00Z\n",
                "accounts": "code,tier,since\nA,gold,2020-01-01\n",
                "orders": "id,contact_id,status,total,at,shop_id\n1,1,paid,10,2027-01-01,A\n",
            ],
            definitions: "filter: newcomers\nentity: contact\nwhere: {seen: {within: 3 hours}}\n")
    }

    @Test(arguments: [
        ("country: DE", false), ("birthday: {month: 2}", false), ("birthday: {month: current}", true), ("birthday: {before: 2000-01-01}", false),
        ("birthday: {before: today}", true), ("birthday: {between: [2000-01-01, start of year]}", true), ("birthday: {anniversary: next 7 days}", true),
        ("seen: {older_than: 2 days}", true), ("filter: newcomers", true), ("not: {filter: newcomers}", true), ("any: [{country: DE}, {country: AT}]", false),
        ("orders: {where: {at: {within: 1 year}}, sum: {total: {gt: 5}}}", true), ("orders: {sum: {total: {gt: 5}}}", false),
        ("orders: {max: {at: {after: today - 1 week}}}", true),
        ("account: {since: {is: 2020-01-01}}", false), ("account: {since: {within: 1 year}}", true),
    ])
    func whatLooksAtTheClock(condition: String, expected: Bool) throws { #expect(try fixture().filter(condition).dependsOnClock == expected) }

    @Test func theEntitiesThatDecideAreThoseThatAreAskedFor() throws {
        let fixture = try fixture()
        func entities(_ condition: String) throws -> [String] { try fixture.filter(condition).entities(from: "contact").sorted() }
        #expect(try entities("country: DE") == ["contact"])
        #expect(try entities("any: [{country: DE}, {account: {tier: gold}}]") == ["account", "contact"])
        #expect(try entities("not: {orders: {where: {shop: {tier: gold}}, none: true}}") == ["account", "contact", "order"])
        #expect(try entities("orders: {}") == ["contact", "order"])
    }
}
