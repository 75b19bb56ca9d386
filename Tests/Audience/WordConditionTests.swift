import HeraldAudience
import HeraldModel
import Testing

/// Semantics 21: words over results. They are checked to the letter; what they say is answered by a later version.
@Suite struct WordConditionTests {
    private func complaints(_ condition: String) throws -> [String] {
        let fixture = try AudienceFixture(
            "contact: {from: crm.contacts, key: id, email: email, fields: {opened: text, list: text, stage: {type: enum, values: [a, b]}, born: date}}",
            ["contacts": "id,email,opened,list,stage,born,score\n1,a@example.org,x,y,a,,3\n"])
        return try fixture.complaints(condition)
    }

    @Test(arguments: [
        "sent: {}", "sent: {email: teaser, times: 2, within: 30 days}", "opened: {campaign: spring, times: {gte: 2}}", "clicked: {list: vip, times: {is: 0}}",
        "bounced: {within: 2 weeks}", "contacted: {list: vip, times: {lt: 3}, last: {before: today - 30 days}}", "visited: {site: shop, url: {contains: /sale}, within: 1 day}",
        "event: {site: shop, name: cart, value: {gt: 10.5}}", "event: {site: shop, name: call, value: {starts_with: +49}}", "changed: {field: stage, to: b, within: 90 days}",
        "changed: {field: born, to: 2000-01-01, within: 1 year}", "not: {sent: {}}",
    ])
    func accepts(condition: String) throws {
        #expect(try complaints(condition) == [])
    }

    @Test(arguments: [
        ("sent: teaser", "bad-condition 1:7: `sent` is a map, and this is text; write `sent: {}` for at least once"),
        ("sent: {emial: teaser}", "unknown-name 1:8: `sent` has no key `emial`; did you mean `email`?"),
        ("sent: {email: a, list: b}", "bad-condition 1:7: only one of email, campaign and list may stand here"),
        ("sent: {times: many}", "bad-literal 1:15: `times` is a number, and `many` is not written as one; write digits, with a point for decimals, up to 28 of them"),
        ("sent: {within: soon}", "bad-literal 1:16: a duration is a number of at least 1 and minutes, hours, days, weeks, months or years; write it as `30 days`"),
        ("sent: {email: null}", "bad-literal 1:15: `email` names one, and this is nothing"),
        ("visited: {url: /sale}", "bad-condition 1:10: `visited` needs `site`; add `site: …`"),
        ("event: {site: shop}", "bad-condition 1:8: `event` needs `name`; add `name: …`"),
        ("changed: {field: stag, within: 1 day}", "unknown-column 1:18: crm.contacts has no column `stag`; did you mean `stage`?"),
        ("changed: {field: stage, to: c, within: 1 day}", "bad-literal 1:29: `c` is none of the values of `stage`; did you mean `a`?"),
        ("changed: {field: stage, to: b}", "bad-condition 1:10: `changed` needs `within`; add `within: …`"),
        // A column named like a word is written with its entity.
        ("opened: x", "bad-condition 1:9: `opened` is a map, and this is text; write `contact.opened: …` for the column of that name"),
        ("opened: {contains: x}", "unknown-name 1:10: `opened` has no key `contains`; write `contact.opened: …` for the column of that name"),
        ("list: y", "unknown-reference 1:7: there is no list `y`; write `contact.list: …` for the column of that name"),
    ])
    func saysWhatIsWrong(condition: String, complaint: String) throws {
        let found = try complaints(condition)
        #expect(found == [complaint])
    }

    @Test func aColumnNamedLikeAWordIsWrittenWithItsEntity() throws {
        #expect(try complaints("{contact.opened: x, contact.list: {is_not: z}}") == [])
    }
}
