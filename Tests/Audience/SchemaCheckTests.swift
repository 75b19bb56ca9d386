import HeraldAudience
import HeraldContract
import HeraldModel
import HeraldYAML
import Testing

/// `herald.yaml` over the files of a fixture.
struct SettingsFixture {
    let settings: WorkspaceSettings
    let fixture: SourceFixture

    init(_ text: String, _ fixture: SourceFixture) throws {
        self.fixture = fixture
        let trees = AudienceFixture.tree(text, "herald.yaml", fixture.files, fixture.diagnostics)
        settings = try #require(SettingsDecoder(Diagnostics()).decode(trees[0], environment: nil))
    }

    /// What the entities name that the data does not have.
    func check() throws -> [String] {
        let columns = try #require(fixture.source()?.describe(fixture.diagnostics))
        let found = Diagnostics()
        Schemas(settings, columns: PinnedColumns(tables: columns)).check(found)
        return found.sorted.map { "\($0.rule.code): \($0.message)" }
    }
}

/// What entities say of columns, held against the data.
@Suite struct SchemaCheckTests {
    private func check(_ contact: String) throws -> [String] {
        let fixture = SourceFixture()
        fixture.csv("contacts", "id,email,age,ok,ok_at,words,account_id,born\n1,a@example.org,30,true,2026-01-01,subscribed,1,01/02/2020\n").csv("accounts", "id\n1\n")
        return try SettingsFixture(
            """
            herald: 1
            workspace: acme
            timezone: UTC
            sources: {crm: {csv: data}}
            entities:
              contact: {from: crm.contacts, \(contact)}
              account: {from: crm.accounts, key: id}
            """, fixture
        ).check()
    }

    @Test(arguments: [
        ("key: id, email: email, consent: {column: ok, at: ok_at}", []),
        ("key: id, email: email, consent: {column: words}, relations: {account: {one: account, by: account_id}}", []),
        ("key: id, email: email, consent: {column: words}, fields: {words: {type: enum, values: [subscribed, pending]}}", []),
        (
            "key: id, email: email, consent: {column: words}, fields: {words: {type: enum, values: [subscribed, no]}}",
            ["type-mismatch: consent is a boolean, or the words subscribed, pending, unsubscribed; `words` is enum"]
        ),
        ("key: di, email: email", ["unknown-column: crm.contacts has no column `di`"]),
        ("key: ok, email: email", ["type-mismatch: a key is an integer or text, and `ok` is boolean"]),
        ("key: id, email: age", ["type-mismatch: an address is text, and `age` is integer"]),
        ("key: id, email: email, consent: {column: age}", ["type-mismatch: consent is a boolean, or the words subscribed, pending, unsubscribed; `age` is integer"]),
        ("key: id, email: email, consent: {column: ok, at: age}", ["type-mismatch: the time of consent is a date or a datetime, and `age` is integer"]),
        ("key: id, email: email, consent: {column: ok, evidence: prof}", ["unknown-column: crm.contacts has no column `prof`"]),
        ("key: id, email: email, fields: {agee: integer}", ["unknown-column: crm.contacts has no column `agee`"]),
        ("key: id, email: email, relations: {account: {one: account, by: email}}", ["type-mismatch: `email` of crm.contacts is text, and the key `id` of crm.accounts is integer"]),
        ("key: id, email: email, relations: {account: {many: account, by: contact}}", ["unknown-column: crm.accounts has no column `contact`"]),
    ])
    func saysWhatDoesNotFit(contact: String, complaints: [String]) throws {
        let found = try check(contact)
        #expect(found == complaints)
    }

    @Test func onlyColumnsThatAreUsedMustBeUnambiguous() throws {
        #expect(try check("key: id, email: email") == [])
        let found = try check("key: born, email: email")
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("ambiguous-column: the column `born` cannot be read for sure: its dates can be read as d/M/yyyy and as M/d/yyyy") == true)
    }
}
