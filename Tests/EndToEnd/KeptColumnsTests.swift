import Foundation
import Testing

/// A large file is read once; what is kept of it changes nothing that a user sees.
@Suite("Columns of large files") struct KeptColumnsTests {
    private static func contacts(_ country: String) -> String {
        "id,email,country,note,consent\n" + (1...30_000).map { "\($0),person\($0)@mail.example,\($0 % 3 == 0 ? country : "FR"),never asked for,subscribed\n" }.joined()
    }

    @Test("A second run says the same from what was kept; an edit is seen at once")
    func keptAndSeen() throws {
        let workspace = HeraldWorkspace()
        try workspace.write(
            "herald.yaml",
            """
            herald: 1
            workspace: large
            timezone: UTC
            defaults: {from: {name: Large, email: news@large.example}, postal_address: Large}
            sources: {crm: {csv: data, synthetic: true}}
            entities:
              contact: {from: crm.contacts, key: id, email: email, consent: {column: consent}}
            providers: {local: {transport: {outbox: .herald/outbox}, public_url: "https://mail.large.example"}}
            """)
        try workspace.write("lists/german.yaml", "list: german\nname: German\nentity: contact\nwhere: {country: DE}\n")
        try workspace.write("data/contacts.csv", Self.contacts("DE"))
        #expect(try workspace.run("source", "describe").code == 0)
        Thread.sleep(forTimeInterval: 2.1)
        let first = try workspace.run("list", "show", "list.german", "--format", "json")
        #expect(first.code == 0, "\(first.all)")
        let kept = workspace.files(below: ".herald/columns")
        #expect(kept.count == 1)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: workspace.root + "/" + (kept.first ?? "")))
        #expect(bytes.range(of: Data("never asked for".utf8)) == nil)
        let second = try workspace.run("list", "show", "list.german", "--format", "json")
        #expect(second.out == first.out)
        #expect(second.out.contains("\"mailable\" : 10000"))
        #expect(try workspace.run("explain", "list.german", "3").out == (try workspace.run("explain", "list.german", "3").out))

        try workspace.write("data/contacts.csv", Self.contacts("AT"))
        #expect(try workspace.run("list", "show", "list.german", "--format", "json").out.contains("\"mailable\" : 0"))
        #expect(workspace.files(below: ".herald/columns") == [])

        // A broken file is told as ever, with its line.
        try workspace.write("data/contacts.csv", Self.contacts("DE") + "1,a@mail.example,DE,x,subscribed\n30001,b@mail.example\n")
        Thread.sleep(forTimeInterval: 2.1)
        let broken = try workspace.run("list", "show", "list.german")
        #expect(broken.code != 0)
        #expect(broken.err.contains("data/contacts.csv:30002:1"))
        #expect(broken.err.contains("stands on line 2 already"))
        #expect(broken.err.contains("the row has 2 columns where the header has 5"))
        #expect(workspace.files(below: ".herald/columns") == [])
    }
}
