import Foundation
import HeraldFakes
import Testing

/// `herald send ADDRESS --to …`: a test of an email, which touches nothing.
@Suite("A test send") struct TestSendTests {
    private static let tests = """
        test: greeting
        email: welcome-mail
        people:
          - {first_name: Tessa, country: DE, expect: {subject: "Welcome, Tessa"}}
          - {first_name: Udo, country: DE, expect: {subject: "Welcome, Udo"}}
        ---
        test: germans
        list: newsletter
        people:
          - {email: out@example.org, country: FR, consent: subscribed, expect: {out: where}}
          - {first_name: Vera, email: in@example.org, country: DE, consent: subscribed, expect: in}
        """

    private func subjects(_ mails: [String]) -> [String] {
        mails.compactMap { mail in mail.split(separator: "\r\n").first { $0.hasPrefix("Subject: ") }.map { String($0.dropFirst(9)) } }
    }

    @Test("it needs no state, no apply and no tests, and leaves nothing behind but the mail") func plain() throws {
        let shop = try HeraldWorkspace.shop()
        let before = shop.files()
        let run = try shop.herald("send email.welcome-mail --to canary.tester@example.org --to second@example.org --trace")
        #expect(run.code == 0 && run.out == "email.welcome-mail: 2 test mails sent\n", "\(run.all)")
        #expect(!run.all.contains("canary.tester"))
        #expect(shop.files().filter { !$0.hasPrefix(".herald/outbox/") } == before)
        #expect(subjects(shop.mails) == ["[Test] Welcome, [first_name]", "[Test] Welcome, [first_name]"])
        #expect(shop.mails.filter { $0.contains("To: canary.tester@example.org\r\n") }.count == 1)
        #expect(shop.mails.allSatisfy { $0.contains("List-Unsubscribe: <https://mail.example/u/preview>") && $0.contains("X-Herald-Email: welcome-mail") })
        #expect(!shop.mails.contains { mail in ["Ada", "Ben", "ada@", "ben@"].contains { mail.contains($0) } })
    }

    @Test("personas of the tests of the email and of its list") func personas() throws {
        let shop = try HeraldWorkspace.shop()
        try shop.write("lists/tests.yaml", Self.tests)
        for (options, expected) in [
            ("", ["Tessa"]), ("--persona greeting:2", ["Udo"]), ("--persona greeting", ["Tessa"]), ("--persona germans:2", ["Vera"]), ("--personas", ["Tessa", "Udo", "Vera"]),
        ] {
            try? FileManager.default.removeItem(atPath: shop.root + "/.herald")
            let run = try shop.herald("send email.welcome-mail --to me@example.org \(options)")
            #expect(run.code == 0, "\(options): \(run.all)")
            #expect(subjects(shop.mails).sorted() == expected.map { "[Test] Welcome, \($0)" }, "\(options)")
        }
        let wrong = try shop.herald("send email.welcome-mail --to me@example.org --persona nobody")
        #expect(wrong.code == 1 && wrong.err.contains("greeting:1, greeting:2, germans:2"), "\(wrong.all)")
    }

    @Test("an applied workspace is as it was: state, database and what the next plan says") func untouched() throws {
        let shop = try HeraldWorkspace.shop()
        try shop.applyAll()
        let plan = try shop.herald("plan").out
        let (state, database) = (shop.read(".herald/state.json"), FileManager.default.contents(atPath: shop.root + "/.herald/local.sqlite"))
        #expect(try shop.herald("send email.welcome-mail --to me@example.org").code == 0)
        #expect(shop.read(".herald/state.json") == state)
        #expect(FileManager.default.contents(atPath: shop.root + "/.herald/local.sqlite") == database)
        #expect(try shop.herald("plan").out == plan)
    }

    @Test("through a mail server; a recipient that it refuses is told by the reason: 1") func server() throws {
        let server = FakeSMTPServer { $0.step == .rcpt && $0.recipient.hasPrefix("gone") ? .reply("550 5.1.1 <gone@example.org> is nobody") : .usual }
        let shop = try HeraldWorkspace.mailing(server, people: 3)
        let run = try shop.herald("send email.welcome-mail --to me@example.org --to gone@example.org")
        #expect(run.code == 1 && run.out.contains("1 test mail sent") && run.err.contains("1 test mail not sent: the server refused it (550 5.1.1)"), "\(run.all)")
        #expect(!run.all.contains("gone@"))
        #expect(server.counts == ["me@example.org": 1])
    }

    @Test(
        "what is not right: 1",
        arguments: [
            ("send email.welcome-male --to me@example.org", "did you mean email.welcome-mail"), ("send list.newsletter --to me@example.org", "is no email"),
            ("send email.welcome-mail --to canary-at-example", "The first --to is no email address"), ("send email.welcome-mail", "either --plan"),
            ("send email.welcome-mail --plan output/plan.json --to me@example.org", "either --plan"),
            ("send email.welcome-mail --plan output/plan.json --personas", "are for tests"),
            ("send email.welcome-mail --to me@example.org --persona x --personas", "either --persona"),
        ]) func wrong(_ line: String, _ words: String) throws
    {
        let run = try HeraldWorkspace.shop().herald(line)
        #expect(run.code == 1 && run.err.contains(words), "\(run.all)")
        #expect(!run.all.contains("canary-at"))
    }
}
