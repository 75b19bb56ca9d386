import HeraldAudience
import HeraldModel
import Testing

/// Semantics 6 to 10: empty, text, sets, enums; and the conditions that join them.
@Suite struct ValueConditionTests {
    private static let entities = """
        contact: {from: crm.contacts, key: id, email: email, fields: {name: text, zip: text, tags: {type: text, many: true, split: ";"}, stage: {type: enum, values: [lead, customer, Kunde]}}}
        """
    private static let rows = """
        id,email,name,zip,tags,stage,vip,score
        1,a@example.org,Anna,02134,news; tea ;news,lead,true,2
        2,b@example.org,"  ",2134," ; ;",customer,false,2.50
        3,c@example.org,,,,,,
        4,d@example.org," Anna",02134,TEA,Kunde,true,-0.5
        5,e@example.org,anna,,tea;coffee,lead,,10000000000000000000000000.01

        """

    private func fixture() throws -> AudienceFixture { try AudienceFixture(Self.entities, ["contacts": Self.rows]) }

    @Test(arguments: [
        // Zero characters are empty, spaces are not; text is never trimmed.
        ("name: {empty: true}", "3"),
        ("name: {empty: false}", "1 2 4 5"),
        ("name: {is: \"  \"}", "2"),
        ("name: {is: \" Anna\"}", "4"),
        // `is` and `in` are exact.
        ("name: Anna", "1"),
        ("name: {in: [Anna, anna]}", "1 5"),
        ("zip: 02134", "1 4"),
        ("zip: {is: 2134}", "2"),
        // A positive comparison with empty is false; the opposites are the opposite of their positive form.
        ("name: {is_not: Anna}", "2 3 4 5"),
        ("name: {not_in: [Anna, anna]}", "2 3 4"),
        ("name: {not_contains: nn}", "2 3"),
        ("name: {not_starts_with: a}", "2 3 4"),
        ("name: {not_ends_with: a}", "2 3"),
        ("not: {name: Anna}", "2 3 4 5"),
        ("not: {name: {is_not: Anna}}", "1"),
        ("vip: true", "1 4"),
        ("vip: {is_not: true}", "2 3 5"),
        ("vip: {in: [true, false]}", "1 2 4"),
        ("vip: {empty: true}", "3 5"),
        ("score: {is_not: 2}", "2 3 4 5"),
        ("score: {lt: 5}", "1 2 4"),
        ("not: {score: {lt: 5}}", "3 5"),
        // Case is folded by contains, starts_with, ends_with.
        ("name: {contains: NN}", "1 4 5"),
        ("name: {starts_with: AN}", "1 5"),
        ("name: {ends_with: NA}", "1 4 5"),
        // Several operators are and-ed, and so are several keys.
        ("name: {contains: nn, is_not: anna}", "1 4"),
        ("{name: {contains: nn}, vip: true}", "1 4"),
        // Many-valued: parts trimmed, empty parts dropped, order and repetition ignored, none left = empty; exact.
        ("tags: {empty: true}", "2 3"),
        ("tags: {has_any: [tea]}", "1 5"),
        ("tags: {has_any: tea}", "1 5"),
        ("tags: {has_any: [coffee, TEA]}", "4 5"),
        ("tags: {has_all: [tea, news, tea]}", "1"),
        ("tags: {has_none: [tea]}", "2 3 4"),
        ("tags: {has_none: [tea], empty: false}", "4"),
        // Enums.
        ("stage: lead", "1 5"),
        ("stage: {is_not: lead}", "2 3 4"),
        ("stage: {in: [customer, Kunde]}", "2 4"),
        ("stage: {not_in: [customer, Kunde]}", "1 3 5"),
        ("stage: {empty: true}", "3"),
        // Groups.
        ("all: [{name: Anna}, {vip: true}]", "1"),
        ("any: [{name: Anna}, {zip: 2134}]", "1 2"),
        ("any: [{name: Anna}]", "1"),
        ("not: {any: [{name: Anna}, {zip: 2134}]}", "3 4 5"),
        ("{not: {name: Anna}, any: [{vip: true}, {vip: false}]}", "2 4"),
        ("not: {not: {name: Anna}}", "1"),
    ])
    func holds(condition: String, ids: String) throws {
        #expect(try fixture().matches(condition).joined(separator: " ") == ids, "\(condition)")
    }

    @Test(arguments: [
        ("score: 2", "1"), ("score: 2.0", "1"), ("score: 2.5", "2"), ("score: {in: [2.00, -0.50]}", "1 4"), ("score: {gt: 2}", "2 5"),
        ("score: {gte: 2.5}", "2 5"), ("score: {lt: -0.49}", "4"), ("score: {lte: -0.5}", "4"), ("score: {between: [-0.5, 2]}", "1 4"),
        ("score: {gt: 10000000000000000000000000}", "5"), ("score: {lte: 10000000000000000000000000.01}", "1 2 4 5"),
        ("score: 10000000000000000000000000.010", "5"), ("id: {gt: 2.5}", "3 4 5"), ("id: 3.0", "3"), ("id: {between: [1.5, 2]}", "2"),
        ("id: {gte: 1, lt: 3}", "1 2"),
    ])
    func numbersCompareByExactValue(condition: String, ids: String) throws {
        #expect(try fixture().matches(condition).joined(separator: " ") == ids, "\(condition)")
    }

    @Test(arguments: [
        // Empty literals are errors that suggest `empty: true`.
        ("name: null", "empty-literal 1:7: an empty value is not compared; write `name: {empty: true}` to ask for empty values"),
        ("name: \"\"", "empty-literal 1:7: an empty value is not compared; write `name: {empty: true}` to ask for empty values"),
        ("name: {is_not: ~}", "empty-literal 1:16: an empty value is not compared; write `name: {empty: true}` to ask for empty values"),
        ("name: {in: [Anna, '']}", "empty-literal 1:19: an empty value is not compared; write `name: {empty: true}` to ask for empty values"),
        ("name: {in: [null]}", "empty-literal 1:13: an empty value is not compared; write `name: {empty: true}` to ask for empty values"),
        ("name: {in: []}", "empty-literal 1:12: an empty list holds nothing to compare with; write `{empty: true}` to ask for empty values"),
        ("name: {}", "empty-literal 1:7: `{}` asks nothing of `name`; write `{empty: true}` to ask for empty values"),
        ("name: {contains: ''}", "empty-literal 1:18: an empty value is not compared; write `name: {empty: true}` to ask for empty values"),
        ("all: []", "empty-literal 1:6: `all: []` says nothing; write a condition such as `{column: {empty: true}}`, or delete it"),
        ("any: []", "empty-literal 1:6: `any: []` says nothing; write a condition such as `{column: {empty: true}}`, or delete it"),
        ("score: {gt: null}", "empty-literal 1:13: a number stands here, and this is nothing; write `score: {empty: true}` to ask for empty values"),
        ("score: {between: [1, '']}", "empty-literal 1:22: a number stands here, and this is text; write `score: {empty: true}` to ask for empty values"),
        ("vip: ''", "empty-literal 1:6: an empty value is not compared; write `vip: {empty: true}` to ask for empty values"),
        ("tags: {has_any: []}", "empty-literal 1:17: an empty list holds nothing to compare with; write `{empty: true}` to ask for empty values"),
        ("tags: {has_all: [tea, '']}", "empty-literal 1:23: an empty value is not compared; write `tags: {empty: true}` to ask for empty values"),
        ("stage: null", "empty-literal 1:8: an empty value is not compared; write `stage: {empty: true}` to ask for empty values"),
        // What does not fit a type.
        ("tags: tea", "bad-operator 1:7: `tags` holds several values, and `is` asks for one; write `{has_any: [tea]}`"),
        ("tags: {in: [tea, coffee]}", "bad-operator 1:8: `tags` holds several values, and `in` asks for one; write `{has_any: [tea, coffee]}`"),
        ("tags: {is_not: tea}", "bad-operator 1:8: `tags` holds several values, and `is_not` asks for one; write `{has_none: [tea]}`"),
        ("stage: {contains: lea}", "bad-operator 1:9: `stage` is enum, which has no `contains`; it has is, is_not, in, not_in, empty"),
        ("stage: Lead", "bad-literal 1:8: `Lead` is none of the values of `stage`; did you mean `lead`?"),
        ("stage: {in: [lead, gone]}", "bad-literal 1:20: `gone` is none of the values of `stage`; they are lead, customer, Kunde"),
        ("vip: yes", "bad-literal 1:6: `vip` is true or false, and this is text; write `true` or `false`"),
        ("vip: {gt: true}", "bad-operator 1:7: `vip` is boolean, which has no `gt`; it has is, is_not, in, not_in, empty"),
        ("score: 1e3", "bad-literal 1:8: `score` is a number, and `1e3` is not written as one; write digits, with a point for decimals, up to 28 of them"),
        ("score: {gt: .inf}", "bad-literal 1:13: `score` is a number, and `.inf` is not written as one; write digits, with a point for decimals, up to 28 of them"),
        ("score: \"2\"", "bad-literal 1:8: `score` is a number, and `2` is not written as one; write 2 without quotes"),
        ("score: {is: [1]}", "bad-literal 1:13: a single value stands here, and this is a list"),
        ("score: {between: [3, 1]}", "bad-literal 1:18: `between` starts with the smaller number; write [1, 3]"),
        ("score: {between: 3}", "bad-literal 1:18: `between` takes a list of two values; write `[first, last]`, both are in"),
        ("score: {contains: 2}", "bad-operator 1:9: `score` is decimal, which has no `contains`; it has is, is_not, in, not_in, empty, gt, gte, lt, lte, between"),
        ("score: {gtee: 1}", "bad-operator 1:9: `score` is decimal, which has no `gtee`; did you mean `gte`?"),
        ("name: {empty: yes}", "bad-literal 1:15: `empty` takes true or false"),
        ("name: [Anna]", "bad-literal 1:7: a list stands under an operator; write `{in: [Anna]}`"),
        ("tags: [tea, coffee]", "bad-literal 1:7: a list stands under an operator; write `{has_any: [tea, coffee]}`"),
        ("name: {in: Anna}", "bad-literal 1:12: a list of values stands here, and this is text; write `[Anna]`"),
        ("nmae: Anna", "unknown-name 1:1: contact has no column or relation `nmae`; did you mean `name`?"),
        ("all: {name: Anna}", "bad-condition 1:6: `all` is a list of conditions, and this is a map; write `all: [{…}, {…}]`"),
        ("not: [{name: Anna}]", "bad-condition 1:6: a condition is a map, and this is a list; write `column: value`"),
        ("{}", "bad-condition 1:1: an empty condition says nothing; leave it out to mean everybody"),
        ("any: [{}, {name: Anna}]", "bad-condition 1:7: an empty condition says nothing; leave it out to mean everybody"),
    ])
    func saysWhatIsWrongAndWhatToWrite(condition: String, complaint: String) throws {
        let found = try fixture().complaints(condition)
        #expect(found == [complaint])
    }

    @Test func everyMistakeOfAConditionIsTold() throws {
        let complaints = try fixture().complaints("any: [{nmae: A}, {score: x, vip: maybe}]\nnot: {stage: gone}\n")
        #expect(complaints.map { $0.prefix { $0 != ":" } } == ["unknown-name 1", "bad-literal 1", "bad-literal 1", "bad-literal 2"])
    }

    @Test func aLongNumberIsComparedExactly() throws {
        let fixture = try AudienceFixture(
            "contact: {from: crm.contacts, key: id, email: email}",
            ["contacts": "id,email,n\n1,a@example.org,0.1\n2,b@example.org,0.1000000000000000000000000001\n3,c@example.org,9007199254740993.0\n"])
        #expect(try fixture.matches("n: 0.1") == ["1"])
        #expect(try fixture.matches("n: {gt: 0.1, lt: 1}") == ["2"])
        #expect(try fixture.matches("n: 9007199254740993") == ["3"])
        #expect(try fixture.matches("n: 9007199254740992") == [])
    }

    @Test func aColumnWithALeadingZeroIsText() throws {
        let fixture = try AudienceFixture(
            "contact: {from: crm.contacts, key: id, email: email}", ["contacts": "id,email,zip\n1,a@example.org,02134\n2,b@example.org,12345\n"])
        #expect(fixture.schemas["contact"]?.columns["zip"]?.type == .text)
        #expect(try fixture.matches("zip: 02134") == ["1"])
        #expect(try fixture.complaints("zip: {gt: 5}").count == 1)
    }

    @Test func aValueOutsideAnEnumStopsWithItsLine() throws {
        let fixture = SourceFixture().csv("id,stage\n1,lead\n2,Lead\n")
        #expect(fixture.read([("stage", .enum([Text("lead")]), nil)]) == nil)
        #expect(fixture.reports == ["data-type 3: the value of column stage is not one of the values that `fields` declares for it"])
    }
}
