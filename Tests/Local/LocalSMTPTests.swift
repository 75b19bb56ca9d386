import Foundation
import HeraldContract
import HeraldFakes
import HeraldModel
import Synchronization
import Testing

@testable import HeraldLocal

/// Sending through a mail server: once, whatever it says.
@Suite struct LocalSMTPTests {
    /// Waits are short, so that tests need not. `givesUp`: soon; else later than any machine is slow.
    private static func outside(givesUp: Bool = false) -> LocalProvider.Outside {
        var outside = LocalProvider.Outside()
        outside.patience.firstWait = .milliseconds(5)
        outside.patience.longestWait = .milliseconds(40)
        outside.patience.recipient = givesUp ? .milliseconds(200) : .seconds(600)
        outside.patience.firstPause = .milliseconds(5)
        outside.patience.longestPause = .milliseconds(40)
        outside.patience.server = givesUp ? .milliseconds(200) : .seconds(600)
        return outside
    }

    private static func room(_ server: FakeSMTPServer, connections: Int = 2, givesUp: Bool = false) throws -> LocalRoom {
        try LocalRoom(transport: .smtp(LocalRoom.smtp(port: server.port, connections: connections)), outside: outside(givesUp: givesUp))
    }

    private static func once(_ people: some Sequence<Int>) -> [String: Int] { Dictionary(uniqueKeysWithValues: people.map { ("person\($0)@shop.example", 1) }) }

    private static func email(_ room: LocalRoom) async throws -> RemoteID { try await room.writer().create(Sample.email()).get().id }

    @Test func aMailIsWhatTheOutboxWouldHold() async throws {
        let server = FakeSMTPServer()
        let (room, other) = (try Self.room(server), try LocalRoom())
        _ = try await room.writer().send(Sample.order(try await Self.email(room), to: Sample.recipients([1]))) { _ in }.get()
        _ = try await other.writer().send(Sample.order(try await Self.email(other), to: Sample.recipients([1]))) { _ in }.get()
        #expect(server.mails.map(\.text) == [try other.file(try other.files()[0])])
        #expect(server.mails.map(\.sender) == ["hello@shop.example"])
    }

    @Test func eachRecipientHasItsOwnEnd() async throws {
        let server = FakeSMTPServer { moment in
            guard moment.step == .rcpt else { return .usual }
            if moment.recipient == "person7@shop.example" { return .reply("550 5.1.1 <person7@shop.example> unknown") }
            if moment.recipient == "person8@shop.example" { return .reply("552 5.3.4 too large") }
            return moment.recipient == "person9@shop.example" ? .reply("450 4.2.0 greylisted") : .usual
        }
        let room = try Self.room(server, givesUp: true)
        let report = try await room.writer().send(Sample.order(try await Self.email(room), to: Sample.recipients(1...40))) { _ in }.get()
        #expect((report.sent, report.failed, report.unknown, report.waiting) == (37, 3, 0, 0))
        #expect(
            report.reasons == [
                "the server refused it (550 5.1.1)": 1, "the mail is larger than the server takes (552 5.3.4)": 1, "the server put it off until it was given up (450 4.2.0)": 1,
            ])
        #expect(server.counts == Self.once((1...40).filter { !(7...9).contains($0) }))
    }

    @Test func whoIsPutOffGetsItLater() async throws {
        let seen = Mutex<[String: Int]>([:])
        let server = FakeSMTPServer { moment in
            guard moment.step == .rcpt else { return .usual }
            let times = seen.withLock { seen in
                seen[moment.recipient, default: 0] += 1
                return seen[moment.recipient, default: 0]
            }
            return times < 3 && moment.recipient.hasSuffix("5@shop.example") ? .reply("451 4.7.1 greylisted") : .usual
        }
        let room = try Self.room(server)
        let told = Mutex<[Int]>([])
        let report = try await room.writer().send(Sample.order(try await Self.email(room), to: Sample.recipients(1...100))) { done in told.withLock { $0.append(done) } }.get()
        #expect(report == SendReport(sent: 100))
        #expect(server.counts == Self.once(1...100))
        #expect(told.withLock { $0.last == 100 && $0 == $0.sorted() })
    }

    @Test(arguments: [FakeSMTPServer.Action.drop, .replyAndDrop("421 4.3.2 closing")]) func aServerThatClosesAfterEveryFewMails(_ action: FakeSMTPServer.Action) async throws {
        let server = FakeSMTPServer { $0.step == .mail && $0.mail == 4 ? action : .usual }
        let room = try Self.room(server)
        let report = try await room.writer().send(Sample.order(try await Self.email(room), to: Sample.recipients(1...100))) { _ in }.get()
        #expect(report == SendReport(sent: 100))
        #expect(server.counts == Self.once(1...100))
    }

    /// Nobody can have the mail, so the email is as it was before.
    @Test(arguments: [FakeSMTPServer.Step.connect, .ehlo, .auth]) func aServerThatTakesNothingIsFoundOutBefore(_ step: FakeSMTPServer.Step) async throws {
        let server = FakeSMTPServer { $0.step == step ? .replyAndDrop(step == .auth ? "535 5.7.8 no" : "554 5.3.2 no") : .usual }
        var outside = Self.outside()
        outside.secret = { _ in "canary" }
        let room = try LocalRoom(transport: .smtp(LocalRoom.smtp(port: server.port, password: .environment("SMTP_PASSWORD"))), outside: outside)
        let email = try await Self.email(room)
        let failure = try #require(try await room.writer().send(Sample.order(email, to: Sample.recipients(1...3))) { _ in }.refusal)
        #expect(failure.cause == (step == .auth ? .credentials : .unavailable))
        #expect(!failure.message.contains("canary"))
        #expect(try await room.provider.reader().send(key: "k") == nil)
        #expect(try await room.provider.reader().inventory().first?.phase == .draft)
    }

    @Test func aSenderThatIsRefusedLeavesTheEmailAsItWas() async throws {
        let refusing = Mutex(true)
        let server = FakeSMTPServer { $0.step == .mail && refusing.withLock { $0 } ? .reply("553 5.7.1 not yours") : .usual }
        let room = try Self.room(server)
        let email = try await Self.email(room)
        let failure = try #require(try await room.writer().send(Sample.order(email, to: Sample.recipients(1...100))) { _ in }.refusal)
        #expect(failure.cause == .refused && failure.message.contains("553 5.7.1"))
        #expect(try await room.provider.reader().send(key: "k") == nil)
        #expect(try await room.provider.reader().inventory().first?.phase == .draft)
        // It may be mended and sent.
        _ = try await room.writer().update(email, to: ObjectSpec(kind: .email, name: "Hello", mark: "m", fields: ["subject": "Mended"])).get()
        refusing.withLock { $0 = false }
        #expect(try await room.writer().send(Sample.order(email, to: Sample.recipients(1...100))) { _ in }.get() == SendReport(sent: 100))
    }

    @Test func aServerThatGoesAwayLeavesTheRestWaiting() async throws {
        let open = Mutex(50)
        let server = FakeSMTPServer { moment in
            guard moment.step == .mail else { return .usual }
            let isOpen = open.withLock { open in
                open -= 1
                return open >= 0
            }
            return isOpen ? .usual : .replyAndDrop("421 4.3.0 going down")
        }
        let room = try Self.room(server, givesUp: true)
        let email = try await Self.email(room)
        let doubt = try #require(try await room.writer().send(Sample.order(email, to: Sample.recipients(1...100))) { _ in }.doubt)
        #expect(doubt.cause == .unavailable && doubt.message.contains("421 4.3.0"))
        #expect(try await room.provider.reader().send(key: "k") == SendReport(sent: 50, waiting: 50))
        open.withLock { $0 = 1_000 }
        #expect(try await room.writer().send(Sample.order(email, to: Sample.recipients(1...100))) { _ in }.get() == SendReport(sent: 100))
        #expect(server.counts == Self.once(1...100))
    }

    /// The mail is whole, and no word comes: never again for those, and no further with a server that does so always.
    @Test(arguments: [false, true]) func whatIsNotAnsweredIsUnknownForGood(_ always: Bool) async throws {
        let wordless = Mutex(true)
        let server = FakeSMTPServer { moment in
            guard moment.step == .message, wordless.withLock({ $0 }) else { return .usual }
            return always || moment.recipient == "person3@shop.example" ? (moment.times % 2 == 0 ? .takeAndDrop : .drop) : .usual
        }
        let room = try Self.room(server)
        let email = try await Self.email(room)
        let outcome = try await room.writer().send(Sample.order(email, to: Sample.recipients(1...100))) { _ in }
        if always {
            #expect(outcome.doubt?.message.contains("did not say") == true)
            #expect(try await room.provider.reader().send(key: "k") == SendReport(unknown: 32, waiting: 68))
        } else {
            #expect(try outcome.get() == SendReport(sent: 99, unknown: 1))
        }
        wordless.withLock { $0 = false }
        let report = try await room.writer().send(Sample.order(email, to: Sample.recipients(1...100))) { _ in }.get()
        #expect(report == (always ? SendReport(sent: 68, unknown: 32) : SendReport(sent: 99, unknown: 1)))
        #expect(server.counts.values.allSatisfy { $0 == 1 })
        #expect(try await room.provider.reader().inventory().first?.phase == .unknown)
    }

    /// The rows of a group that was under way when the process died, with a server or with an outbox.
    @Test func whatACrashLeftIsNeverSentAgain() async throws {
        let server = FakeSMTPServer()
        let room = try Self.room(server)
        let email = try await Self.email(room)
        _ = try await room.writer().send(Sample.order(email, to: Sample.recipients(1...100))) { _ in }.get()
        let part = "CAST(substr(address, 7) AS INTEGER)"
        try room.meddle(
            "UPDATE recipient SET state = 'sending', reason = 'without witness' WHERE \(part) BETWEEN 33 AND 64", "UPDATE recipient SET state = 'waiting' WHERE \(part) > 64")
        #expect(try await room.provider.reader().send(key: "k") == SendReport(sent: 32, unknown: 32, waiting: 36))
        // An outbox instead of the server is no witness of what the server got.
        let outbox = try LocalRoom.provider(room.root, "https://mail.shop.example/", .outbox(path: "out/box"), "shop", Self.outside())
        #expect(try await outbox.reader().send(key: "k") == SendReport(sent: 32, unknown: 32, waiting: 36))
        let report = try await room.writer().send(Sample.order(email, to: Sample.recipients(1...100))) { _ in }.get()
        #expect(report == SendReport(sent: 68, unknown: 32))
        #expect(server.mails.count == 136)
        #expect(try room.count("SELECT count(*) FROM recipient WHERE state = 'unknown'") == 32)
    }

    @Test func aStoppedSendEndsItsGroupAndNoMore() async throws {
        let server = FakeSMTPServer()
        let room = try Self.room(server)
        let order = Sample.order(try await Self.email(room), to: try Sample.recipients(1...200))
        let writer = try room.writer()
        let outcome = await Task {
            await writer.send(order) { done in if done >= 64 { withUnsafeCurrentTask { $0?.cancel() } } }
        }.value
        #expect(outcome.doubt?.message.contains("stopped") == true)
        let report = try #require(try await room.provider.reader().send(key: "k"))
        #expect((report.sent, report.unknown, report.sent + report.waiting) == (server.mails.count, 0, 200))
        #expect(report.waiting > 0)
        #expect(try await room.writer().send(order) { _ in }.get() == SendReport(sent: 200))
        #expect(server.counts == Self.once(1...200))
    }

    @Test func aSendQueueForgetsNobody() {
        var patience = SendPatience()
        patience.recipient = .seconds(100)
        var queue = SendQueue(count: 10, patience)
        let start = ContinuousClock.now
        let first = queue.take(4, at: start)
        #expect(first.map(\.place) == [0, 1, 2, 3])
        let kept = [queue.postpone(first[0], at: start), queue.postpone(first[1], at: start)]
        #expect(kept == [true, true])
        queue.putBack([first[2], first[3]])
        #expect(queue.take(3, at: start).map(\.place) == [2, 3, 4])
        #expect(queue.take(100, at: start).map(\.place) == [5, 6, 7, 8, 9])
        #expect(queue.take(100, at: start).isEmpty)
        #expect(queue.due(at: start).map { $0 > start } == true)
        var now = start + .seconds(60)
        let again = queue.take(100, at: now)
        #expect(Set(again.map(\.place)) == [0, 1])
        now += .seconds(39)
        let isKept = queue.postpone(again[0], at: now)
        #expect(!isKept)
    }
}
