import Foundation
import HeraldFakes
import Testing

/// Sending through a mail server, with the built program.
@Suite("A mail server") struct MailServerTests {
    @Test("apply, then send: everybody's mail is at the server, once") func send() throws {
        let server = FakeSMTPServer()
        let shop = try HeraldWorkspace.mailing(server, people: 5)
        let sent = try shop.sendAll()
        #expect(sent.code == 0, "\(sent.all)")
        #expect(sent.out == "email.welcome-mail: sent to 5 people, 0 failed, 0 unknown\n")
        #expect(server.counts == HeraldWorkspace.once(5))
        #expect(try shop.herald("plan").code == 0)
        #expect(!shop.exists(".herald/outbox"))
    }

    @Test("planning needs no password and reaches nobody; acting names the variable, before anything is spent") func secrets() throws {
        let server = FakeSMTPServer { $0.step == .auth ? .reply("535 5.7.8 no") : .usual }
        let shop = try HeraldWorkspace.mailing(server, people: 3, more: ", user: \"${SMTP_USER}\", password: \"${SMTP_PASSWORD}\"")
        shop.variables["SMTP_USER"] = "shop"
        try shop.herald("state init")
        #expect(try shop.herald("plan").code == 2)
        #expect(try shop.herald("validate").code == 0)
        for line in ["apply output/plan.json", "run", "send email.welcome-mail --plan output/plan.json"] {
            let run = try shop.herald(line)
            #expect(run.code == 4 && run.err.contains("SMTP_PASSWORD"), "\(line): \(run.all)")
        }
        #expect(server.connections == 0)
        shop.variables["SMTP_PASSWORD"] = "canary-of-secrets"
        #expect(try shop.herald("apply output/plan.json").code == 0)
        #expect(server.connections == 0)
        #expect(try shop.herald("plan").code == 0)
        let wrong = try shop.herald("send email.welcome-mail --plan output/plan.json --trace")
        #expect(wrong.code == 4 && wrong.err.contains("refused the log-in"), "\(wrong.all)")
        for file in shop.files() { #expect(!shop.read(file).contains("canary-of-secrets"), "\(file)") }
        #expect(!wrong.all.contains("canary-of-secrets"))
        // The email is ready as before.
        #expect(try shop.herald("status").out.contains("sent") == false)
    }

    @Test("a server that is not there: 1, and the email is ready as before") func nobody() throws {
        let server = FakeSMTPServer()
        let shop = try HeraldWorkspace.mailing(server, people: 3)
        server.stop()
        let sent = try shop.sendAll()
        #expect(sent.code == 1 && sent.err.contains("nothing answers at 127.0.0.1:\(server.port)"), "\(sent.all)")
        let plan = try shop.herald("plan")
        #expect(plan.code == 0 && plan.out.contains("welcome-mail"), "\(plan.all)")
    }

    @Test("who is refused is told by the reason, without a name: 1") func refused() throws {
        let server = FakeSMTPServer { $0.step == .rcpt && $0.recipient == "p2@example.org" ? .reply("550 5.1.1 <p2@example.org> is nobody") : .usual }
        let shop = try HeraldWorkspace.mailing(server, people: 5)
        let sent = try shop.sendAll()
        #expect(sent.code == 1, "\(sent.all)")
        #expect(sent.err.contains("failed for 1 person: the server refused it (550 5.1.1)") && !sent.all.contains("p2@"))
        #expect(server.mails.count == 4)
    }

    @Test("not now is tried again") func greylisted() throws {
        let server = FakeSMTPServer { $0.step == .rcpt && $0.recipient == "p2@example.org" && $0.connection == 1 ? .reply("450 4.2.0 greylisted") : .usual }
        let shop = try HeraldWorkspace.mailing(server, people: 3, more: ", connections: 1")
        let sent = try shop.sendAll()
        #expect(sent.code == 0, "\(sent.all)")
        #expect(server.counts == HeraldWorkspace.once(3))
    }

    @Test("a host elsewhere is an error of herald.yaml: 3, with its place") func elsewhere() throws {
        let shop = try HeraldWorkspace.shop(transport: "{smtp: {host: mail.acme.example}}")
        let run = try shop.herald("validate")
        #expect(run.code == 3, "\(run.all)")
        #expect(run.out.contains("herald.yaml:16:36: error: `mail.acme.example` is not this machine"), "\(run.all)")
        #expect(run.out.contains("[mail-leaves-machine]"))
    }
}

extension HeraldWorkspace {
    /// The small shop with so many people, whose mails go to a server.
    static func mailing(_ server: FakeSMTPServer, people: Int, more: String = "") throws -> HeraldWorkspace {
        let rows = (1...people).map { "\($0),p\($0)@example.org,P\($0),DE,subscribed,2026-01-01\n" }.joined()
        return try shop(
            people: "id,email,first_name,country,consent,consented_at\n" + rows,
            transport: "{smtp: {host: 127.0.0.1, port: \(server.port), tls: none\(more)}}")
    }

    static func once(_ people: Int) -> [String: Int] { Dictionary(uniqueKeysWithValues: (1...people).map { ("p\($0)@example.org", 1) }) }

    static let sending = "send email.welcome-mail --plan output/plan.json"

    /// Applies everything, and makes a plan to send by.
    func prepareSend() throws {
        try herald("state init")
        try herald("plan")
        try herald("apply output/plan.json")
        try herald("plan")
    }

    func sendAll() throws -> HeraldRun {
        try prepareSend()
        return try herald(HeraldWorkspace.sending)
    }
}
