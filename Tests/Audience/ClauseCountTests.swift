import HeraldAudience
import HeraldModel
import Testing

/// How many records each clause of a condition leaves.
@Suite struct ClauseCountTests {
    private func fixture() throws -> AudienceFixture {
        try AudienceFixture(
            """
            contact: {from: crm.contacts, key: id, email: email, consent: {assumed: test}, relations: {orders: {many: order, by: contact_id}, account: {one: account, by: account_id}}}
            order: {from: crm.orders, key: id}
            account: {from: crm.accounts, key: code}
            """,
            [
                "contacts": "id,email,country,account_id\n1,a@example.org,DE,A\n2,b@example.org,DE,B\n3,c@example.org,FR,A\n4,d@example.org,,\n5,e@example.org,DE,\n",
                "accounts": "code,tier\nA,gold\nB,silver\n",
                "orders": "id,contact_id,status,total\n1,1,paid,10\n2,1,open,500\n3,2,open,20\n4,3,paid,900\n",
            ],
            definitions: "filter: gold\nentity: contact\nwhere: {account: {tier: gold}}\n")
    }

    /// `line words: alone, left, by emptiness` of each clause, indented as they stand in each other.
    private func lines(_ condition: String) throws -> [String] {
        let fixture = try fixture()
        let filter = try fixture.filter(condition)
        let evaluator = fixture.evaluator(try fixture.dataset(filter, narrows: false))
        func lines(_ count: ClauseCount, _ indent: String) -> [String] {
            let empty = count.byEmptiness == 0 ? "" : ", empty \(count.byEmptiness)"
            return ["\(indent)\(count.span.line) \(count.words): \(count.matches)\(count.left.map { ", left \($0)" } ?? "")\(empty)"]
                + count.children.flatMap { lines($0, indent + "  ") }
        }
        return lines(evaluator.counts(filter, entity: "contact"), "")
    }

    @Test func eachClauseOfAnAllIsCountedAloneAndAfterThoseBeforeIt() throws {
        let condition = """
            country: DE
            orders: {}
            any:
              - country: FR
              - orders: {count: 1}
            """
        #expect(
            try lines(condition) == [
                "1 all: 1", "  1 country: DE: 3, left 3", "  2 orders: at least one: 3, left 2", "  3 any: 2, left 1", "    4 country: FR: 1", "    5 orders: count 1: 2",
            ])
    }

    @Test func anOppositeCountsThoseWhoAreInBecauseAValueIsEmpty() throws {
        #expect(try lines("country: {is_not: DE}") == ["1 country: is_not DE: 2, empty 1"])
        #expect(try lines("not: {filter: gold}") == ["1 not: 3", "  1 filter: gold: 2", "    3 account: 2", "      3 tier: gold: 2"])
    }

    @Test func clausesOfARelationCountThoseWhoHaveSuchARow() throws {
        #expect(
            try lines("orders: {where: {status: paid, total: {gte: 500}}, none: true}") == [
                "1 orders: none: 4", "  1 all: 1", "    1 status: paid: 2, left 2", "    1 total: gte 500: 2, left 2",
            ])
        #expect(try lines("account: {tier: {in: [gold, silver]}}") == ["1 account: 3", "  1 tier: in [gold, silver]: 3"])
    }
}
