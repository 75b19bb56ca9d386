import HeraldAudience
import HeraldModel
import Testing

/// Semantics 3 and 11 to 14: relations, aggregates, names, references to filters and lists.
@Suite struct RelationConditionTests {
    private static let entities = """
        contact: {from: crm.contacts, key: id, email: email, consent: {assumed: test}, relations: {orders: {many: order, by: contact_id}, account: {one: account, by: account_id}, latest: {one: order, by: last_order}}}
        order: {from: crm.orders, key: id, relations: {contact: {one: contact, by: contact_id}, line_items: {many: item, by: order_id}}}
        item: {from: crm.items, key: id}
        account: {from: crm.accounts, key: code, relations: {contacts: {many: contact, by: account_id}}}
        """
    private static let tables = [
        "contacts": "id,email,city,account_id,last_order\n1,a@example.org,Bern,A,12\n2,b@example.org,Bern,B,\n3,c@example.org,,,10\n4,d@example.org,Wien,Z,99\n",
        "accounts": "code,tier,size\nA,gold,10\nB,,\na,silver,3\n",
        "orders": """
        id,contact_id,status,total,items,placed,due
        10,1,paid,10.50,1,2026-12-01 10:00,2026-12-31
        11,1,open,,2,2027-01-15 10:00,
        12,1,paid,20,3,2027-01-20 10:00,2027-02-10
        13,2,paid,0.10,,2025-06-01 10:00,2025-06-30
        14,2,paid,0.20,,2025-06-02 10:00,
        15,4,open,,,,
        16,,paid,1000,1,2027-01-01 10:00,2027-01-01
        17,77,paid,1000,1,2027-01-01 10:00,2027-01-01

        """,
        "items": "id,order_id,sku\n1,10,tea\n2,12,tea\n3,12,cup\n4,13,cup\n",
    ]
    private static let definitions = """
        filter: bernese
        entity: contact
        where: {city: Bern}
        ---
        filter: big-order
        entity: order
        where: {total: {gte: 10}}
        ---
        list: buyers
        name: Buyers
        entity: contact
        where: {orders: {where: {filter: big-order}}}
        ---
        list: everybody
        name: Everybody
        entity: contact
        ---
        filter: ring-a
        entity: contact
        where: {not: {filter: ring-b}}
        ---
        filter: ring-b
        entity: contact
        where: {all: [{city: Bern}, {filter: ring-a}]}
        ---
        filter: broken
        entity: contact
        where: {ctiy: Bern}
        """

    private func fixture() throws -> AudienceFixture { try AudienceFixture(Self.entities, Self.tables, definitions: Self.definitions) }

    @Test(arguments: [
        // To-one: true if the row exists and the nested condition holds.
        ("account: {tier: gold}", "1"),
        ("account: {tier: {is_not: gold}}", "2"),
        ("account: {tier: {empty: true}}", "2"),
        ("account: {code: {empty: false}}", "1 2"),
        ("not: {account: {tier: gold}}", "2 3 4"),
        ("account: {not: {tier: gold}}", "2"),
        ("latest: {status: paid}", "1 3"),
        ("latest: {contact: {city: Bern}}", "1 3"),
        ("latest: {line_items: {where: {sku: cup}}}", "1"),
        // To-many: {} = at least one; none; one row must satisfy all of `where`.
        ("orders: {}", "1 2 4"),
        ("orders: {none: true}", "3"),
        ("orders: {where: {status: open}}", "1 4"),
        ("orders: {where: {status: open, total: {gte: 20}}}", ""),
        ("{orders: {where: {status: open}}, all: [{orders: {where: {total: {gte: 20}}}}]}", "1"),
        ("orders: {where: {status: open}, none: true}", "2 3"),
        ("not: {orders: {where: {status: open}}}", "2 3"),
        ("orders: {where: {not: {status: paid}}, none: true}", "2 3"),
        ("orders: {where: {line_items: {where: {sku: tea}, count: 1}}, count: 2}", "1"),
        ("account: {contacts: {where: {orders: {}}, count: 1}}", "1 2"),
        // Count and sum of nothing are 0.
        ("orders: {count: 2}", "2"),
        ("orders: {count: {gte: 1, lt: 3}}", "2 4"),
        ("orders: {count: 0}", "3"),
        ("orders: {count: {in: [0, 3]}}", "1 3"),
        ("orders: {count: {is_not: 0}}", "1 2 4"),
        ("orders: {count: {between: [1, 2]}}", "2 4"),
        ("orders: {sum: {total: 0}}", "3 4"),
        ("orders: {sum: {total: 30.5}}", "1"),
        ("orders: {sum: {total: 0.3}}", "2"),
        ("orders: {where: {status: open}, sum: {total: {gte: 0}}}", "1 2 3 4"),
        // Avg, min and max of nothing are empty; empty values are skipped, also in the divisor.
        ("orders: {avg: {total: 15.25}}", "1"),
        ("orders: {avg: {total: 0.15}}", "2"),
        ("orders: {avg: {total: {empty: true}}}", "3 4"),
        ("orders: {avg: {total: {is_not: 0.15}}}", "1 3 4"),
        ("orders: {avg: {items: 2}}", "1"),
        ("orders: {min: {total: {lt: 11}}}", "1 2"),
        ("orders: {max: {total: {empty: false}}}", "1 2"),
        ("orders: {max: {items: 3}}", "1"),
        ("orders: {min: {placed: {before: 2026-01-01}}}", "2"),
        ("orders: {max: {placed: {within: 1 month}}}", "1"),
        ("orders: {max: {placed: {empty: true}}}", "3 4"),
        ("orders: {max: {due: {after: today}}}", "1"),
        ("orders: {min: {due: {year: 2025}}}", "2"),
        // `entity.column`, also of the entity that is tested inside.
        ("contact.city: Bern", "1 2"),
        ("orders: {where: {order.status: open}}", "1 4"),
        // References.
        ("filter: bernese", "1 2"),
        ("not: {filter: bernese}", "3 4"),
        ("list: buyers", "1"),
        ("list: everybody", "1 2 3 4"),
        ("{filter: bernese, not: {list: buyers}}", "2"),
        ("orders: {where: {filter: big-order}, count: 2}", "1"),
        ("orders: {where: {contact: {filter: bernese}}, count: {gte: 1}}", "1 2"),
    ])
    func holds(condition: String, ids: String) throws {
        #expect(try fixture().matches(condition).joined(separator: " ") == ids, "\(condition)")
    }

    @Test(arguments: [
        ("account: {}", "bad-condition 1:10: an empty condition says nothing; write `{code: {empty: false}}` to ask that there is one"),
        ("account: gold", "bad-condition 1:10: a condition is a map, and this is text; write `column: value`"),
        ("account: {count: 1}", "unknown-name 1:11: account has no column or relation `count`; its columns are code, tier, size"),
        ("orders: {status: open}", "unknown-name 1:10: a relation to many rows has no key `status`; put it under `where`: `{where: {status: …}}`"),
        ("orders: {wher: {status: open}}", "unknown-name 1:10: a relation to many rows has no key `wher`; did you mean `where`?"),
        ("orders: 3", "bad-condition 1:9: a relation to many rows is a map, and this is a number; write `{where: {…}}`, or `{}` for at least one row"),
        ("orders: {none: false}", "bad-literal 1:16: `none` takes only `true`; write `none: true`, or leave it out for at least one row"),
        ("orders: {count: 1, sum: {total: 3}}", "bad-condition 1:20: only one of none, count, sum, avg, min, max may stand here; use `all:` with one condition for each"),
        ("orders: {count: {empty: true}}", "bad-operator 1:18: `count` is integer, which has no `empty`; it has is, is_not, in, not_in, gt, gte, lt, lte, between"),
        ("orders: {sum: {total: {empty: true}}}", "bad-operator 1:24: `sum of total` is decimal, which has no `empty`; it has is, is_not, in, not_in, gt, gte, lt, lte, between"),
        ("orders: {sum: {status: {gte: 1}}}", "type-mismatch 1:16: `sum` is for numbers, and `status` is text"),
        ("orders: {avg: {placed: {before: today}}}", "type-mismatch 1:16: `avg` is for numbers, and `placed` is datetime"),
        ("orders: {max: {status: a}}", "type-mismatch 1:16: `max` is for numbers and dates, and `status` is text"),
        (
            "orders: {max: {placed: {gt: 3}}}",
            "bad-operator 1:25: `max of placed` is datetime, which has no `gt`; it has is, is_not, in, not_in, empty, before, after, between, not_between, within, older_than, anniversary, month, day, day_of_year, weekday, week, quarter, year"
        ),
        ("orders: {sum: total}", "bad-condition 1:15: `sum` takes one column and what is asked of it; write `sum: {total: {gte: 500}}`"),
        ("orders: {where: {contact.city: Bern}}", "unknown-name 1:18: order has no column or relation `contact.city`; did you mean `contact_id`?"),
        ("filter: bernes", "unknown-reference 1:9: there is no filter `bernes`; did you mean `bernese`?"),
        ("list: bernese", "unknown-reference 1:7: there is no list `bernese`"),
        ("filter: null", "unknown-reference 1:9: a filter is named by its id, and this is nothing"),
        ("orders: {count: null}", "empty-literal 1:17: an empty value is not compared; write a number"),
        ("orders: {count: {gt: null}}", "empty-literal 1:22: a number stands here, and this is nothing; write a number"),
        ("filter: [bernese]", "unknown-reference 1:9: a filter is named by its id, and this is a list"),
        ("filter: big-order", "type-mismatch 1:9: the filter `big-order` is about order, and this condition is about contact"),
    ])
    func saysWhatIsWrongAndWhatToWrite(condition: String, complaint: String) throws {
        let found = try fixture().complaints(condition)
        #expect(found == [complaint])
    }

    @Test func ringsAreToldWhereTheyClose() throws {
        let found = try fixture().complaints("{city: Bern, filter: ring-a}")
        #expect(found == ["cycle 24:38: this goes round in a ring: filter.ring-a → filter.ring-b → filter.ring-a"])
    }

    @Test func whatIsWrongInsideAFilterIsToldThereAndNotAtEachUse() throws {
        let fixture = try fixture()
        let found = Diagnostics()
        let node = try fixture.node("filter: broken")
        #expect(fixture.checker(found).check(node, entity: try #require(fixture.schemas["contact"]), span: node.span) == nil)
        #expect(found.sorted.isEmpty)
    }

    @Test func averagesAreExactQuotients() throws {
        let fixture = try AudienceFixture(
            "contact: {from: crm.contacts, key: id, email: email, relations: {orders: {many: order, by: contact_id}}}\norder: {from: crm.orders, key: id}",
            ["contacts": "id,email\n1,a@example.org\n", "orders": "id,contact_id,n\n1,1,1\n2,1,0\n3,1,0\n"])
        #expect(try fixture.matches("orders: {avg: {n: {gt: 0.3333333333333333333333333333}}}") == ["1"])
        #expect(try fixture.matches("orders: {avg: {n: {lt: 0.3333333333333333333333333334}}}") == ["1"])
        #expect(try fixture.matches("orders: {avg: {n: {in: [0.3333333333333333333333333333, 0.3333333333333333333333333334]}}}") == [])
        #expect(try fixture.matches("orders: {avg: {n: {between: [0.3333333333333333333333333333, 0.3333333333333333333333333334]}}}") == ["1"])
    }

    @Test func aSumThatCannotBeExactIsAnError() throws {
        let huge = "9999999999999999999999999999"
        let fixture = try AudienceFixture(
            "contact: {from: crm.contacts, key: id, email: email, relations: {orders: {many: order, by: contact_id}}}\norder: {from: crm.orders, key: id, fields: {n: decimal}}",
            ["contacts": "id,email\n1,a@example.org\n2,b@example.org\n", "orders": "id,contact_id,n\n1,1,\(huge)\n2,1,0.0000000000000000000000000001\n3,2,\(huge)\n4,2,\(huge)\n"])
        for function in ["sum", "avg"] {
            let filter = try fixture.filter("orders: {\(function): {n: {gt: 0}}}")
            let found = Diagnostics()
            let holds = Evaluator(try fixture.dataset(filter), fixture.clock, found).matches(filter, entity: "contact").holds
            #expect(holds == [false, true])
            #expect(found.hasErrors)
            #expect(found.sorted.map(\.message) == ["the \(function) of `n` over `orders` has more digits than an exact sum can hold"])
            #expect(found.sorted.map(\.span) == [filter.span])
        }
        #expect(try fixture.matches("orders: {min: {n: {lt: 1}}}") == ["1"])
    }

    @Test func aRelationAndAColumnOfOneNameAreAnError() throws {
        func check(_ relation: String) throws -> [String] {
            let fixture = SourceFixture()
            let text = """
                herald: 1
                workspace: acme
                timezone: UTC
                sources: {crm: {csv: data}}
                entities:
                  contact: {from: crm.contacts, key: id, email: email, relations: {\(relation): {many: order, by: contact_id}}}
                  order: {from: crm.orders, key: id}
                """
            fixture.csv("contacts", "id,email,orders\n1,a@example.org,3\n").csv("orders", "id,contact_id\n1,1\n")
            return try SettingsFixture(text, fixture).check()
        }
        #expect(try check("orders") == ["name-clash: `orders` is a relation and a column of crm.contacts"])
        #expect(try check("sent") == ["name-clash: conditions use the word `sent`, so no relation is called so"])
        #expect(try check("list") == ["name-clash: conditions use the word `list`, so no relation is called so"])
        #expect(try check("all_orders") == [])
    }
}
