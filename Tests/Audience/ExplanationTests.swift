import HeraldAudience
import HeraldModel
import Testing

/// Why somebody is in or out, for the operator.
@Suite struct ExplanationTests {
    private func fixture() throws -> AudienceFixture {
        try AudienceFixture(
            """
            contact: {from: crm.contacts, key: id, email: email, consent: {assumed: test}, fields: {tags: {type: text, many: true}}, relations: {orders: {many: order, by: contact_id}, account: {one: account, by: account_id}}}
            order: {from: crm.orders, key: id}
            account: {from: crm.accounts, key: code}
            """,
            [
                "contacts": "id,email,country,seen,tags,account_id\n1,a@example.org,DE,2027-01-31T22:30:00Z,tea;news,A\n2,b@example.org,,,,\n",
                "accounts": "code,tier\nA,gold\n",
                "orders": "id,contact_id,status,total\n" + (1...5).map { "\($0),1,\($0 == 2 ? "open" : "paid"),\($0)0.5\n" }.joined(),
            ],
            definitions: "filter: swiss\nentity: contact\nwhere: {country: CH}\n", zone: "Europe/Berlin")
    }

    /// One line for each clause: its line in the file, words, value and verdict.
    private func lines(_ condition: String, row: Int = 0) throws -> [String] {
        let fixture = try fixture()
        let filter = try fixture.filter(condition)
        let dataset = try fixture.dataset(filter, narrows: false)
        func lines(_ node: Explanation, _ indent: String) -> [String] {
            let verdict = node.holds ? node.byEmptiness ? "yes, being empty" : "yes" : "no"
            return ["\(indent)\(node.span.line) \(node.words)\(node.value.map { " [\($0.reveal())]" } ?? "") \(verdict)"]
                + node.children.flatMap { lines($0, indent + "  ") }
        }
        return lines(fixture.evaluator(dataset).explain(filter, entity: "contact", row: row), "")
    }

    @Test func everyClauseShowsItsLineWordsValueAndVerdict() throws {
        let condition = """
            country: {in: [DE, "AT", CH, FR, IT, NL, BE]}
            any:
              - seen: {within: next 3 days}
              - tags: {has_any: [tea], not_contains: x}
            not: {country: DE}
            """
        let fixed = condition.replacing(", not_contains: x", with: "")
        #expect(
            try lines(fixed) == [
                "1 all no", "  1 country: in [DE, \"AT\", CH, FR, IT, NL, … 7 in all] [DE] yes", "  2 any yes",
                "    3 seen: within next 3 days [2027-01-31 23:30] no", "    4 tags: has_any [tea] [tea, news] yes", "  5 not no", "    5 country: DE [DE] yes",
            ])
    }

    @Test func emptyValuesAreShownAsSuch() throws {
        #expect(try lines("country: {is_not: DE, not_contains: x}", row: 1) == ["1 country: is_not DE, not_contains x [empty] yes, being empty"])
        #expect(try lines("country: {empty: true}", row: 1) == ["1 country: empty true [empty] yes"])
        #expect(try lines("not: {country: DE}", row: 1) == ["1 not yes, being empty", "  1 country: DE [empty] no"])
        #expect(try lines("account: {tier: gold}", row: 1) == ["1 account [no row] no"])
        #expect(try lines("orders: {avg: {total: {gt: 3}}}", row: 1) == ["1 orders: avg of total gt 3 [empty over 0 rows] no"])
    }

    @Test func relationsShowTheRowsThatMatchOrElseSomeThatDoNot() throws {
        #expect(try lines("account: {tier: {in: [silver]}}") == ["1 account [code A] no", "  1 tier: in [silver] [gold] no"])
        #expect(
            try lines("orders:\n  where: {status: paid}\n  sum: {total: {gte: 100, lt: 131}}") == [
                "1 orders: sum of total gte 100, lt 131 [132 over 4 of 5 rows] no",
                "  2 row [id 1, total 10.5] yes", "    2 status: paid [paid] yes", "  2 row [id 3, total 30.5] yes", "    2 status: paid [paid] yes",
                "  2 row [id 4, total 40.5] yes", "    2 status: paid [paid] yes",
            ])
        #expect(
            try lines("orders: {where: {status: refunded}, none: true}") == [
                "1 orders: none [0 of 5 rows] yes", "  1 row [id 1] no", "    1 status: refunded [paid] no", "  1 row [id 2] no", "    1 status: refunded [open] no",
                "  1 row [id 3] no", "    1 status: refunded [paid] no",
            ])
        #expect(try lines("orders: {avg: {total: 30.5}}").first == "1 orders: avg of total 30.5 [152.5 / 5 over 5 rows] yes")
        #expect(try lines("orders: {count: {gte: 2}}").first == "1 orders: count gte 2 [5 rows] yes")
        #expect(try lines("orders: {}", row: 1) == ["1 orders: at least one [0 rows] no"])
    }

    @Test func filtersAndPartsAreShownInTheWordsOfTheFile() throws {
        #expect(try lines("not: {filter: swiss}") == ["1 not yes", "  1 filter: swiss no", "    3 country: CH [DE] no"])
        #expect(try lines("seen: {month: {gte: 2}, older_than: 1 year}") == ["1 seen: month {gte: 2}, older_than 1 year [2027-01-31 23:30] no"])
    }

    @Test func theValueIsPersonalAndTheWordsAreNot() throws {
        let fixture = try fixture()
        let filter = try fixture.filter("email: {contains: org}")
        let explanation = fixture.evaluator(try fixture.dataset(filter)).explain(filter, entity: "contact", row: 0)
        #expect(!"\(explanation)".contains("a@example.org"))
        #expect(explanation.value?.reveal() == "a@example.org")
    }
}
