import HeraldFakes
import Testing

@testable import HeraldTransport

/// What is known of a mail, whatever the server does with it.
@Suite struct SMTPClientTests {
    static func mail(_ number: Int, bytes: Int = 200) -> SMTPMail {
        let line = String(repeating: "x", count: 70) + "\r\n"
        let body = String(repeating: line, count: max(1, bytes / line.utf8.count))
        return SMTPMail(sender: "news@shop.example", recipient: "p\(number)@shop.example", bytes: Array("Subject: \(number)\r\n\r\n\(body)".utf8))
    }

    static func server(
        _ fake: FakeSMTPServer, connections: Int = 1, rate: Int? = nil, login: (user: String, password: String)? = nil, seconds: Int = 60, lastReply: Int = 60
    ) -> SMTPServer {
        var server = SMTPServer(host: "127.0.0.1", port: fake.port, encryption: .none, login: login, connections: connections, rate: rate)
        server.patience.connecting = seconds
        server.patience.reply = seconds
        server.patience.lastReply = min(seconds, lastReply)
        return server
    }

    private func deliver(_ fake: FakeSMTPServer, _ mails: [SMTPMail], connections: Int = 1, seconds: Int = 60, lastReply: Int = 60) async -> [SMTPResult] {
        let client = SMTPClient(Self.server(fake, connections: connections, seconds: seconds, lastReply: lastReply))
        let results = await client.deliver(mails)
        await client.close()
        return results
    }

    @Test func oneConnectionCarriesAllMails() async {
        let fake = FakeSMTPServer()
        #expect(await deliver(fake, (1...50).map { Self.mail($0) }) == Array(repeating: .accepted, count: 50))
        #expect(fake.mails.map(\.recipient) == (1...50).map { "p\($0)@shop.example" })
        #expect(fake.connections == 1)
        #expect(fake.lines.last == "QUIT")
    }

    @Test func severalConnectionsShareThem() async {
        let fake = FakeSMTPServer()
        #expect(await deliver(fake, (1...200).map { Self.mail($0) }, connections: 4) == Array(repeating: .accepted, count: 200))
        #expect(fake.counts == Dictionary(uniqueKeysWithValues: (1...200).map { ("p\($0)@shop.example", 1) }))
        #expect(fake.connections == 4)
        #expect(fake.mostConnections == 4)
    }

    @Test func dotsAndEndsOfLinesArriveAsTheyWere() async {
        let fake = FakeSMTPServer()
        let text = "Subject: dots\r\n\r\n.\r\n..\r\n.one\r\na.\r\n\r\n.\r\n"
        let large = "Subject: large\r\n\r\n" + String(repeating: "..\r\n.\r\n", count: 50_000)
        let mails = [text, large].map { SMTPMail(sender: "news@shop.example", recipient: "p@shop.example", bytes: Array($0.utf8)) }
        #expect(await deliver(fake, mails) == [.accepted, .accepted])
        #expect(fake.mails.map(\.text) == [text, large])
    }

    @Test(arguments: [
        ("550 5.1.1 p2@shop.example is nobody", SMTPResult.refused(SMTPReply(code: 550, status: "5.1.1"))),
        ("450 4.2.0 come again", .deferred(SMTPReply(code: 450, status: "4.2.0"))), ("451 later", .deferred(SMTPReply(code: 451, status: nil))),
        ("452-4.3.1 full\r\n452 4.3.1 disk", .deferred(SMTPReply(code: 452, status: "4.3.1"))),
    ]) func aNoIsOneRecipients(_ reply: String, _ expected: SMTPResult) async {
        for step in [FakeSMTPServer.Step.rcpt, .data, .message] {
            let fake = FakeSMTPServer { $0.step == step && $0.recipient.hasPrefix("p2@") ? .reply(reply) : .usual }
            #expect(await deliver(fake, (1...3).map { Self.mail($0) }) == [.accepted, expected, .accepted], "\(step)")
            #expect(fake.counts == ["p1@shop.example": 1, "p3@shop.example": 1])
        }
    }

    @Test func aMailThatIsTooLargeIsRefusedBeforeItIsSent() async {
        let fake = FakeSMTPServer(extensions: ["SIZE 1000"]) { $0.step == .mail && $0.mail == 1 ? .reply("552 5.3.4 too large") : .usual }
        #expect(await deliver(fake, [Self.mail(1, bytes: 2_000)]) == [.refused(SMTPReply(code: 552, status: "5.3.4"))])
        #expect(fake.lines.contains { $0.hasPrefix("MAIL FROM:<news@shop.example> SIZE=") })
    }

    @Test func aSenderThatIsRefusedIsNobodysFault() async {
        let fake = FakeSMTPServer { $0.step == .mail ? .reply("553 5.7.1 not you") : .usual }
        guard case .notBegun(let failure)? = await deliver(fake, [Self.mail(1)]).first else { return #expect(Bool(false)) }
        #expect(failure.cause == .refused && failure.message.contains("553 5.7.1") && !failure.message.contains("not you"))
    }

    /// The server goes without a word at every step before the mail is whole: nothing was taken, and trying again is safe.
    @Test(arguments: [FakeSMTPServer.Step.connect, .ehlo, .mail, .rcpt, .data]) func lostBeforeTheEnd(_ step: FakeSMTPServer.Step) async {
        let fake = FakeSMTPServer { $0.step == step && $0.times == 1 ? .drop : .usual }
        guard case .notBegun(let failure)? = await deliver(fake, [Self.mail(1)]).first else { return #expect(Bool(false), "\(step)") }
        #expect(failure.cause == .unavailable)
        #expect(fake.mails.isEmpty)
        #expect(fake.connections == 1)
    }

    @Test func lostInTheMiddleOfAMail() async {
        let fake = FakeSMTPServer { $0.step == .body && $0.times == 1 ? .drop : .usual }
        guard case .notBegun? = await deliver(fake, [Self.mail(1, bytes: 20_000_000)]).first else { return #expect(Bool(false)) }
        #expect(fake.mails.isEmpty)
    }

    /// The connection drops, on its first mail or on a later one: libcurl begins no mail a second time.
    @Test(arguments: [1, 2, 5], [FakeSMTPServer.Action.drop, .takeAndDrop, .reply("what?"), .replyAndDrop("250-half a reply")])
    func lostAfterTheEndIsUnknownAndNeverSentAgain(_ number: Int, _ action: FakeSMTPServer.Action) async {
        let fake = FakeSMTPServer { $0.step == .message && $0.times == number ? action : .usual }
        let results = await deliver(fake, (1...6).map { Self.mail($0) }, lastReply: 3)
        for (index, result) in results.enumerated() {
            if index == number - 1 { if case .unknown = result {} else { #expect(Bool(false), "\(result)") } } else { #expect(result == .accepted) }
        }
        #expect(fake.counts.values.allSatisfy { $0 == 1 })
        #expect(fake.lines.filter { $0.hasPrefix("RCPT TO:<p\(number)@") }.count == 1)
    }

    /// The reply comes when nobody waits for it any more, and must not pass for the reply to the next mail.
    @Test func aLateReplyIsNobodys() async {
        let fake = FakeSMTPServer { $0.step == .message && $0.times == 1 ? .replyAfter(seconds: 3, "250 2.0.0 late") : .usual }
        let client = SMTPClient(Self.server(fake, lastReply: 1))
        guard case .unknown? = await client.deliver([Self.mail(1)]).first else { return #expect(Bool(false)) }
        #expect(await client.deliver((2...5).map { Self.mail($0) }) == Array(repeating: .accepted, count: 4))
        await client.close()
        #expect(fake.connections == 2)
    }

    @Test func aNoAfterTheEndIsANo() async {
        let fake = FakeSMTPServer { $0.step == .message ? .replyAndDrop($0.times == 1 ? "421 4.3.2 closing" : "554 5.6.0 no") : .usual }
        #expect(
            await deliver(fake, [Self.mail(1), Self.mail(2)])
                == [.deferred(SMTPReply(code: 421, status: "4.3.2")), .refused(SMTPReply(code: 554, status: "5.6.0"))])
    }

    /// Silently, with 421 to the next command, or with 421 before it: a connection is not for ever.
    @Test(arguments: ["", "421 4.7.0 enough"]) func aServerThatClosesAfterSoManyMails(_ words: String) async {
        let fake = FakeSMTPServer { moment in
            if moment.step == .replied, words.isEmpty, moment.mail == 3 { return .drop }
            return moment.step == .mail && moment.mail == 4 ? .replyAndDrop(words) : .usual
        }
        let client = SMTPClient(Self.server(fake))
        var left = (1...20).map { Self.mail($0) }
        var rounds = 0
        while !left.isEmpty, rounds < 20 {
            let results = await client.deliver(left)
            #expect(results.allSatisfy { result in if case .notBegun(let failure) = result { failure.cause == .unavailable } else { result == .accepted } })
            left = zip(left, results).filter { $0.1 != .accepted }.map(\.0)
            rounds += 1
        }
        await client.close()
        #expect(fake.counts == Dictionary(uniqueKeysWithValues: (1...20).map { ("p\($0)@shop.example", 1) }))
        #expect(fake.connections >= 7)
    }

    @Test func whoHangsIsLeft() async {
        for step in [FakeSMTPServer.Step.connect, .ehlo, .mail, .rcpt, .data] {
            let fake = FakeSMTPServer { $0.step == step ? .hang : .usual }
            guard case .notBegun(let failure)? = await deliver(fake, [Self.mail(1)], seconds: 1).first else { return #expect(Bool(false), "\(step)") }
            #expect(failure.message.contains("in time"), "\(step)")
        }
        let fake = FakeSMTPServer { $0.step == .message ? .hang : .usual }
        guard case .unknown? = await deliver(fake, [Self.mail(1)], lastReply: 1).first else { return #expect(Bool(false)) }
    }

    @Test func aServerThatIsNotThere() async throws {
        let fake = FakeSMTPServer()
        fake.stop()
        let client = SMTPClient(Self.server(fake))
        let failure = try #require(await client.check())
        #expect(failure.cause == .unavailable && failure.message == "nothing answers at 127.0.0.1:\(fake.port)")
    }

    @Test func garbageInsteadOfAGreeting() async throws {
        let fake = FakeSMTPServer { $0.step == .connect ? .replyAndDrop("SSH-2.0-OpenSSH") : .usual }
        #expect(await SMTPClient(Self.server(fake)).check()?.cause == .unavailable)
        let busy = FakeSMTPServer { $0.step == .connect ? .replyAndDrop("554 5.7.1 go away") : .usual }
        #expect(await SMTPClient(Self.server(busy)).check()?.message.contains("554 5.7.1") == true)
    }

    @Test func theLogInIsCheckedBeforeAnyMail() async throws {
        let login = (user: "shop", password: "hunter2-canary")
        let right = FakeSMTPServer()
        let client = SMTPClient(Self.server(right, login: login))
        #expect(await client.check() == nil)
        #expect(await client.deliver([Self.mail(1)]) == [.accepted])
        await client.close()
        // What was opened to look carries the mail, unless it has grown old by then.
        #expect(1...2 ~= right.connections)
        let wrong = FakeSMTPServer { $0.step == .auth ? .reply("535 5.7.8 no") : .usual }
        let failure = try #require(await SMTPClient(Self.server(wrong, login: login)).check())
        #expect(failure.cause == .credentials)
        #expect(!failure.message.contains("canary") && failure.message.contains("535 5.7.8"))
        let needy = FakeSMTPServer { $0.step == .mail ? .reply("530 5.7.0 log in") : .usual }
        guard case .notBegun(let missing)? = await deliver(needy, [Self.mail(1)]).first else { return #expect(Bool(false)) }
        #expect(missing.cause == .credentials)
    }

    @Test func encryptionThatIsAskedForAndNotOffered() async throws {
        let fake = FakeSMTPServer()
        let failure = try #require(await SMTPClient(SMTPServer(host: "127.0.0.1", port: fake.port, encryption: .required, login: ("a", "b"))).check())
        #expect(failure.message.contains("no encryption"))
        #expect(!fake.lines.contains { $0.hasPrefix("AUTH") })
        #expect(await SMTPClient(SMTPServer(host: "127.0.0.1", port: fake.port, encryption: .whereOffered)).check() == nil)
    }

    @Test func theRateHoldsOverAllConnections() async {
        let fake = FakeSMTPServer()
        let client = SMTPClient(Self.server(fake, connections: 4, rate: 50))
        let clock = ContinuousClock()
        let start = clock.now
        for batch in 0..<2 { #expect(await client.deliver((1...10).map { Self.mail(batch * 10 + $0) }).allSatisfy { $0 == .accepted }) }
        // Nothing can make it faster.
        #expect(clock.now - start >= .milliseconds(19 * 20))
        await client.close()
    }

    @Test func whatCannotStandInACommandIsRefused() async {
        let fake = FakeSMTPServer()
        let mail = SMTPMail(sender: "news@shop.example", recipient: "a@b>\r\nRCPT TO:<c@d", bytes: [13, 10])
        #expect(await deliver(fake, [mail, Self.mail(1)]) == [.refused(SMTPReply(code: 501, status: "5.1.3")), .accepted])
    }

    @Test func aClosedClientTakesNothing() async {
        let fake = FakeSMTPServer()
        let client = SMTPClient(Self.server(fake))
        await client.close()
        guard case .notBegun? = await client.deliver([Self.mail(1)]).first else { return #expect(Bool(false)) }
        await client.close()
    }

    @Test(
        arguments: [
            ("250 2.0.0 ok", 250, "2.0.0"), ("550 5.1.1", 550, "5.1.1"), ("354 go", 354, nil), ("250", 250, nil), ("550 5.1.1x no", 550, nil), ("550 5.1234.1 no", 550, nil),
        ] as [(String, Int, String?)]) func repliesAreRead(_ line: String, _ code: Int, _ status: String?)
    {
        #expect(SMTPReply(line: Array((line + "\r\n").utf8)) == SMTPReply(code: code, status: status))
    }

    @Test(arguments: ["250-2.0.0 ok", "25", "", "abc", "2500 x", "999 x", "850 x"]) func whatIsNoReplyIsNone(_ line: String) {
        #expect(SMTPReply(line: Array((line + "\r\n").utf8)) == nil)
    }
}
