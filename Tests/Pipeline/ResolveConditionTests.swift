import HeraldModel
import HeraldPipeline
import Testing

@Suite("Resolve: conditions that use each other")
struct ResolveConditionTests {
    private static func list(_ id: String, _ condition: String) -> String { "list: \(id)\nname: \(id)\nentity: contact\nwhere: \(condition)\n" }

    private static func filter(_ id: String, _ condition: String) -> String { "filter: \(id)\nentity: contact\nwhere: \(condition)\n" }

    static let wrong = [
        ResolveCase("a filter that uses itself", ["lists/w.yaml": filter("a", "{not: {filter: ¶a}}")], "cycle"),
        ResolveCase(
            "a ring over filters and a list, told once",
            ["lists/w.yaml": filter("a", "{filter: ¶b}") + "---\n" + filter("b", "{list: c}") + "---\n" + list("c", "{any: [{city: Bonn}, {filter: a}]}")],
            "cycle"),
        ResolveCase("what uses a ring adds no finding of its own", ["lists/w.yaml": filter("a", "{filter: ¶a}") + "---\n" + list("c", "{filter: a}")], "cycle"),
        ResolveCase("a filter that nobody uses is checked", ["lists/w.yaml": filter("a", "{¶contry: DE}")], "unknown-name"),
        ResolveCase(
            "a mistake inside a filter is told where it stands, once",
            ["lists/w.yaml": filter("a", "{¶contry: DE}") + "---\n" + list("c", "{filter: a}") + "---\n" + list("d", "{filter: a}")], "unknown-name"),
        ResolveCase("an operator that does not fit the column's type", ["lists/w.yaml": list("c", "{city: {¶gte: 5}}")], "bad-operator"),
        ResolveCase("a filter of another entity", ["lists/w.yaml": list("c", "{account: {filter: ¶churned}}")], "type-mismatch"),
        ResolveCase("a column of a list that there is not", ["lists/w.yaml": "list: w\nname: W\nentity: contact\ncolumns: [first_name, ¶town]\n"], "unknown-column"),
        ResolveCase(
            "an email's own list may not wait for it", ["lists/vip.yaml": ResolveFixture.vip("not: {filter: churned}", "opened: {email: ¶teaser}")], "list-waits-for-its-email"),
        ResolveCase(
            "an email's own list may not wait for it through a filter",
            ["lists/vip.yaml": ResolveFixture.vip("{orders: {where: {placed_at: {within: 18 months}}, none: true}}", "{clicked: {email: ¶teaser}}")],
            "list-waits-for-its-email"),
    ]

    @Test("what is wrong with a condition", arguments: wrong) func findings(_ example: ResolveCase) throws {
        let fixture = try ResolveFixture(example.files)
        // A ring through a filter is told at the filter's list: any place of it would do.
        fixture.expect(example.codes)
    }

    @Test("the ring is spelled out") func ring() throws {
        let fixture = try ResolveFixture(["lists/w.yaml": Self.filter("a", "{filter: b}") + "---\n" + Self.filter("b", "{filter: a}")])
        #expect(fixture.errors.map(\.message) == ["this goes round in a ring: filter.a → filter.b → filter.a"])
    }

    @Test("a list may wait for another list's email") func otherEmail() throws {
        let more = Self.list("w", "{opened: {email: teaser}}")
        try ResolveFixture(["lists/w.yaml": more]).expect([])
    }

    @Test("chains are followed to a depth that a person can follow") func depth() throws {
        var chain = Self.filter("f0", "{city: Bonn}")
        for number in 1...70 { chain += "---\n" + Self.filter("f\(number)", "{filter: f\(number - 1)}") }
        let fixture = try ResolveFixture(["lists/w.yaml": chain])
        #expect(fixture.errors.map(\.rule.code) == ["condition-too-deep"])
    }

    @Test("filters that double at every step are refused before they are written out") func bomb() throws {
        var chain = Self.filter("f0", "{city: Bonn}")
        for number in 1...60 { chain += "---\n" + Self.filter("f\(number)", "{any: [{filter: f\(number - 1)}, {not: {filter: f\(number - 1)}}]}") }
        let fixture = try ResolveFixture(["lists/w.yaml": chain])
        #expect(fixture.errors.map(\.rule.code) == ["condition-too-large"])
    }

    @Test("a long chain of lists ends with a finding, not with the stack") func longChain() throws {
        var chain = Self.filter("f0", "{city: Bonn}")
        for number in 1...5000 { chain += "---\n" + Self.filter("f\(number)", "{filter: f\(number - 1)}") }
        #expect(try ResolveFixture(["lists/w.yaml": chain]).errors.map(\.rule.code) == ["condition-too-deep"])
    }

    @Test("the findings come in the same order whoever was faster") func order() throws {
        var many: [String: String?] = [:]
        for number in 100..<400 { many["lists/l\(number).yaml"] = Self.list("l\(number)", "{contry: DE, citi: Bonn}") }
        let first = try ResolveFixture(many).diagnostics.sorted.map(\.message)
        #expect(first.count == 600)
        #expect(try ResolveFixture(many).diagnostics.sorted.map(\.message) == first)
    }
}

@Suite("Resolve: digests")
struct ResolveDigestTests {
    private func digests(_ changes: [String: String?], environment: String? = nil) throws -> (definitions: String, condition: String) {
        let resolved = try #require(try ResolveFixture(changes, environment: environment).resolved)
        return (resolved.definitions, try #require(resolved.lists["vip"]).condition)
    }

    @Test("comments, layout, order of keys and files change nothing") func layout() throws {
        let base = try digests([:])
        let other = try digests([
            "lists/vip.yaml": nil,
            "lists/deep/churned.yaml": "# who left\nentity: contact\nfilter: 'churned'\nwhere:\n  orders:\n    none: true\n    where:\n      placed_at: {within: 18 months}\n",
            "lists/z.yaml": """
            name: "VIP customers"   # a name
            list: vip
            entity: contact
            columns:
              - first_name
              - {label: Town, field: city}
              - as: spent
                orders: {sum: total}
            where: {not: {filter: churned}, country: {in: [DE, AT]}}

            """,
        ])
        #expect(other.definitions == base.definitions)
        #expect(other.condition == base.condition)
    }

    @Test("tests are not part of what is approved") func tests() throws {
        let more = "test: t\nlist: vip\npeople: [{id: 1, expect: {out: where}}]\n"
        #expect(try digests(["lists/t.yaml": more]).definitions == digests([:]).definitions)
    }

    @Test("a filter's edit changes the condition of every list that uses it") func filter() throws {
        let (base, other) = (try digests([:]), try digests(["lists/vip.yaml": ResolveFixture.vip("18 months", "17 months")]))
        #expect(other.condition != base.condition && other.definitions != base.definitions)
    }

    @Test("a list's columns are no part of its condition") func columns() throws {
        let (base, other) = (try digests([:]), try digests(["lists/vip.yaml": ResolveFixture.vip("label: Town", "label: City")]))
        #expect(other.condition == base.condition && other.definitions != base.definitions)
    }

    @Test("a template's bytes are part of it") func template() throws {
        #expect(try digests(["campaigns/teaser.html": ResolveFixture.template("Hello", "Hallo")]).definitions != digests([:]).definitions)
    }

    @Test("the environment in force is part of it, the others are not") func environments() throws {
        func settings(_ test: String, _ live: String) -> String {
            ResolveFixture.settings + "environments:\n  test: {defaults: {utm: {source: \(test)}}}\n  live: {defaults: {utm: {source: \(live)}}}\n"
        }
        let base = try digests(["herald.yaml": settings("a", "b")], environment: "test").definitions
        #expect(try digests(["herald.yaml": settings("a", "c")], environment: "test").definitions == base)
        #expect(try digests(["herald.yaml": settings("x", "b")], environment: "test").definitions != base)
        #expect(try digests(["herald.yaml": settings("a", "b")], environment: "live").definitions != base)
    }

    @Test("quoted and plain text are one, a number and its text are two") func kinds() throws {
        let base = try digests(["lists/vip.yaml": ResolveFixture.vip("[DE, AT]", "['DE', \"AT\"]")])
        #expect(try digests([:]) == base)
        #expect(try digests(["lists/vip.yaml": ResolveFixture.vip("[DE, AT]", "['1']")]).condition != digests(["lists/vip.yaml": ResolveFixture.vip("[DE, AT]", "[1]")]).condition)
    }
}
