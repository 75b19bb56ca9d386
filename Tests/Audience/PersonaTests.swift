import HeraldAudience
import HeraldModel
import Testing

/// Semantics 27 and 36: the made-up people of tests.
@Suite struct PersonaTests {
    private static func entities(_ consent: String) -> String {
        """
        contact: {from: crm.contacts, key: id, email: email, \(consent)fields: {tags: {type: text, many: true, split: ";"}, city: text, seen: datetime, born: date, ok: boolean, expect: text, sent: text, said_at: date}, relations: {orders: {many: order, by: contact_id}, account: {one: account, by: account_id}}}
        order: {from: crm.orders, key: id, fields: {status: text, total: decimal, placed: datetime}, relations: {line_items: {many: item, by: order_id}, contact: {one: contact, by: contact_id}}}
        item: {from: crm.items, key: id, fields: {sku: text}}
        account: {from: crm.accounts, key: code, fields: {code: text, tier: text}, relations: {parent: {one: account, by: parent_code}}}
        """
    }
    private static let tables = [
        "contacts": "id,email,city,tags,seen,born,ok,said_at,account_id,expect,sent\n1,a@example.org,,,,,,,x,,\n", "orders": "id,contact_id,status,total,placed\n1,1,,,\n",
        "items": "id,order_id,sku\n1,1,\n", "accounts": "code,tier,parent_code\nx,,x\n",
    ]

    private func fixture(_ consent: String = "consent: {assumed: test}, ") throws -> AudienceFixture {
        try AudienceFixture(Self.entities(consent), Self.tables, zone: "Europe/Berlin")
    }

    private func set(_ people: String, _ fixture: AudienceFixture, isMail: Bool = false) throws -> PersonaSet {
        let entity = try #require(fixture.schemas["contact"])
        let results = PersonaResults([], lists: ["vip"], at: fixture.clock.now)
        return PersonaReader(fixture.schemas, zone: fixture.clock.zone, results: results, fixture.diagnostics).read(
            try fixture.node(people).elements, entity: entity, isMail: isMail)
    }

    /// Of each person `in`, or the reason why not.
    private func outcomes(_ people: String, _ condition: String, consent: String = "consent: {assumed: test}, ") throws -> [String] {
        let fixture = try fixture(consent)
        let set = try set(people, fixture)
        #expect(fixture.reports == [])
        let filter = try fixture.filter(condition)
        let (schema, table) = (try #require(fixture.schemas["contact"]), try #require(set.dataset.table("contact")))
        let found = try #require(EntityPeople(schema, table, fixture.clock, fixture.diagnostics))
        let audience = Audience(found, matches: fixture.evaluator(set.dataset).matches(filter, entity: "contact"), ledger: set.ledger)
        return set.personas.map { audience.reasons[$0.row]?.rawValue ?? "in" }
    }

    private func complaints(_ people: String, consent: String = "consent: {assumed: test}, ", isMail: Bool = false) throws -> [String] {
        let fixture = try fixture(consent)
        _ = try set(people, fixture, isMail: isMail)
        return fixture.diagnostics.sorted.map { "\($0.span?.line ?? 0):\($0.span?.column ?? 0): \($0.message)" + ($0.suggestion.map { "; \($0)" } ?? "") }
    }

    @Test func withAssumedConsentAPersonIsSubscribedUnlessItSaysOtherwise() throws {
        let people = """
            - {id: 1, email: a@example.org}
            - {id: 2, email: b@example.org, consent: unsubscribed}
            - {id: 3, email: c@example.org, consent: pending}
            - {id: 4, email: d@example.org, consent: subscribed}
            - {id: 5, email: E@example.org}
            - {id: 6, email: e@example.org, consent: unsubscribed}
            """
        #expect(try outcomes(people, "id: {gt: 0}") == ["in", "unsubscribed", "pending", "in", "unsubscribed", "duplicate"])
    }

    @Test func withAColumnOfConsentAPersonSaysWhatItSays() throws {
        let people = """
            - {id: 1, email: a@example.org, consent: subscribed}
            - {id: 2, email: b@example.org, consent: unsubscribed}
            - {id: 3, email: c@example.org, consent: pending}
            - {id: 4, email: d@example.org}
            - {id: 5, email: e@example.org, ok: true}
            - {id: 6, email: f@example.org, consent: subscribed, said_at: 2027-01-02}
            - {id: 7, email: f@example.org, consent: unsubscribed, said_at: 2027-01-01}
            """
        let expected = ["in", "unsubscribed", "pending", "pending", "in", "in", "duplicate"]
        #expect(try outcomes(people, "id: {gt: 0}", consent: "consent: {column: ok, at: said_at}, ") == expected)
    }

    @Test func relationsAreRowsOrAMap() throws {
        let people = """
            - {id: 1, email: a@example.org, account: {tier: gold}, orders: [{status: paid, total: 10.50, line_items: [{sku: tea}, {sku: cup}]}, {status: open, line_items: [{sku: tea}]}]}
            - {id: 2, email: b@example.org, orders: [{status: paid, line_items: [{sku: mug}]}], account: {code: A, tier: silver, parent: {code: B, tier: gold}}}
            - {id: 3, email: c@example.org, account: {code: A, tier: silver, parent: {code: B, tier: gold}}}
            - {email: d@example.org}
            - {email: e@example.org, account_id: own, account: {tier: gold}}
            """
        func hits(_ condition: String) throws -> [Int] { try outcomes(people, condition).enumerated().filter { $0.element == "in" }.map { $0.offset + 1 } }
        #expect(try hits("account: {tier: gold}") == [1, 5])
        #expect(try hits("account: {code: own}") == [5])
        #expect(try hits("account: {parent: {tier: gold}}") == [2, 3])
        #expect(try hits("orders: {}") == [1, 2])
        #expect(try hits("orders: {count: 2}") == [1])
        #expect(try hits("orders: {sum: {total: 10.5}}") == [1])
        #expect(try hits("orders: {where: {line_items: {where: {sku: tea}}}, count: 2}") == [1])
        #expect(try hits("orders: {where: {line_items: {count: 2}, status: paid}}") == [1])
        #expect(try hits("orders: {where: {line_items: {where: {sku: mug}}}}") == [2])
        #expect(try hits("orders: {none: true}") == [3, 4, 5])
        #expect(try hits("orders: {where: {contact: {email: a@example.org}}}") == [1])
    }

    @Test func valuesAreWrittenAsInASource() throws {
        let people = """
            - {id: 1, email: a@example.org, city: "", tags: [ tea , "news;tea", ""], born: 1980-02-29, seen: 2027-01-31 09:00, ok: true}
            - {id: 2, email: b@example.org, city: Bern, tags: "tea; green tea ", born: null, seen: 2027-01-31, ok: 0}
            - {id: 3, email: c@example.org, seen: 2027-01-31T08:00:00Z}
            - {id: 4, email: d@example.org, seen: "2027-01-31 23:30:00"}
            """
        func hits(_ condition: String) throws -> [Int] { try outcomes(people, condition).enumerated().filter { $0.element == "in" }.map { $0.offset + 1 } }
        #expect(try hits("city: {empty: true}") == [1, 3, 4])
        #expect(try hits("tags: {has_all: [tea, news]}") == [1])
        #expect(try hits("tags: {has_any: [green tea]}") == [2])
        #expect(try hits("born: 1980-02-29") == [1])
        #expect(try hits("seen: 2027-01-31") == [1, 2, 3, 4])
        #expect(try hits("seen: 2027-01-31 09:00") == [1, 3])
        #expect(try hits("seen: 2027-01-31 00:00") == [2])
        #expect(try hits("ok: true") == [1])
        #expect(try hits("ok: false") == [2])
    }

    @Test func personaWordsWinOverColumnsOfThatName() throws {
        let fixture = try fixture()
        let set = try set("- {id: 1, email: a@example.org, expect: in, contact.expect: much, contact.sent: yes}", fixture)
        #expect(fixture.reports == [])
        let table = try #require(set.dataset.table("contact"))
        #expect(table.column(named: "expect").map { table[0, $0] } == text("much"))
        #expect(table.column(named: "sent").map { table[0, $0] } == text("yes"))
        guard case .isIn? = set.personas[0].expectation else {
            Issue.record("no expectation")
            return
        }
    }

    @Test func expectationsAreRead() throws {
        let fixture = try fixture()
        let set = try set(
            """
            - {id: 1, email: a@example.org, expect: in}
            - {id: 2, email: b@example.org, expect: {out: no-address}}
            - {id: 3, email: c@example.org, expect: out}
            - {id: 4, email: d@example.org}
            """, fixture)
        let found = set.personas.map { persona in
            switch persona.expectation {
            case .isIn: "in"
            case .isOut(let reason): "out \(reason?.rawValue ?? "-")"
            case .mail: "mail"
            case nil: "nothing"
            }
        }
        #expect(found == ["in", "out no-address", "out -", "nothing"])
        let mail = try self.set("- {id: 1, email: a@example.org, expect: {subject: Hello, html_has: [a, b], text_lacks: c}}", fixture, isMail: true)
        guard case .mail(let lines)? = mail.personas[0].expectation else {
            Issue.record("no expectation")
            return
        }
        #expect(lines.map { "\($0.kind.rawValue) \($0.text)" } == ["subject Hello", "html_has a", "html_has b", "text_lacks c"])
        #expect(fixture.reports == [])
    }

    @Test(arguments: [
        ("- a@example.org", "1:3: a person is a map of columns, and this is text"),
        ("- {id: 1, emial: a@example.org}", "1:11: contact has no column or relation `emial`; did you mean `email`?"),
        ("- {id: 1, born: 1980-02-30}", "1:17: `born` is not a date written as YYYY-MM-DD"),
        ("- {id: 1, born: 1980-02-28 or so}", "1:17: `born` is not a date written as YYYY-MM-DD"),
        ("- {id: 1, seen: soon}", "1:17: `seen` is not a date and time written as YYYY-MM-DD HH:MM:SS"),
        ("- {id: one}", "1:8: `id` is not an integer (digits without a leading zero, within 64 bits)"),
        ("- {id: 1, ok: maybe}", "1:15: `ok` is not a boolean (true, false, 1 or 0)"),
        ("- {id: 1, city: [Bern]}", "1:17: `city` is text, and this is a list"),
        ("- {id: 1, consent: yes}", "1:20: consent is subscribed, pending or unsubscribed"),
        ("- {id: 1, account: gold}", "1:20: `account` is one row, so a map, and this is text"),
        ("- {id: 1, orders: {status: paid}}", "1:19: `orders` is a list of rows, and this is a map; write `[{…}]`"),
        ("- {id: 1, orders: [paid]}", "1:20: a row of `orders` is its columns, so a map, and this is text"),
        ("- {id: 1, orders: [{sttus: paid}]}", "1:21: order has no column or relation `sttus`; did you mean `status`?"),
        ("- {id: 1, expect: maybe}", "1:19: a person is expected `in`, or `{out: reason}`"),
        (
            "- {id: 1, expect: {out: wher}}",
            "1:25: people are left out for one of where, no-address, duplicate, erased, complained, bounced, blocked, unsubscribed, unsubscribed-list, pending, removed, blocked-domain, frequency, holdout; did you mean `where`?"
        ),
        ("- {id: 1, opened: teaser}", "1:19: `opened` is a list of ids, and this is text; write `[teaser]`"),
        ("- {id: 1, opened: [teaser]}", "1:20: there is no email `teaser`"),
        ("- {id: 1, contacted: [vip, vap]}", "1:28: there is no list `vap`; did you mean `vip`?"),
        ("- {id: 1}\n- {id: 1}", "2:3: two people have the key 1; give each its own `id`"),
        ("- {id: 1, account: {code: A, tier: gold}}\n- {id: 2, account: {code: A, tier: silver}}", "2:20: two different rows of account have the key A; give each its own `code`"),
    ])
    func saysWhatIsWrongAndWhere(people: String, complaint: String) throws {
        let found = try complaints(people)
        #expect(found == [complaint])
    }

    @Test func consentOfAnEntityThatHasNoneIsAnError() throws {
        #expect(try complaints("- {id: 1, consent: subscribed}", consent: "") == ["1:20: contact says nothing about consent; give the entity `consent`, or leave this out"])
        #expect(try complaints("- {id: 1, expect: in}", isMail: true) == ["1:19: what a mail must say is a map, and this is text; write `{subject: …, html_has: […]}`"])
        #expect(
            try complaints("- {id: 1, expect: {subjet: Hi, html_has: [{a: b}]}}", isMail: true) == [
                "1:20: a mail has no `subjet`; did you mean `subject`?", "1:43: `html_has` is text, or a list of texts, and this is a map",
            ])
    }
}
