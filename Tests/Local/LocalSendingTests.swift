import Foundation
import HeraldContract
import HeraldDatabase
import HeraldModel
import Synchronization
import Testing

@testable import HeraldLocal

@Suite struct LocalSendingTests {
    @Test func headerAndBodyCarryTheSameOpaqueLink() async throws {
        let room = try LocalRoom()
        let email = try await room.writer().create(Sample.email()).get().id
        _ = try await room.writer().send(Sample.order(email, to: Sample.recipients(1...3))) { _ in }.get()
        let tokens = try room.text("SELECT token FROM recipient") + room.text("SELECT view_token FROM recipient") + room.text("SELECT message FROM recipient")
        #expect(Set(tokens).count == 9)
        #expect(tokens.allSatisfy { $0?.utf8.count == 32 })
        for file in try room.files() {
            let mail = try room.file(file)
            let header = try #require(mail.firstMatch(of: /List-Unsubscribe: <(https:\/\/mail\.shop\.example\/u\/[^>]+)>/)?.1)
            #expect(mail.ranges(of: header).count == 2)  // Header and text; the HTML is folded.
            #expect(tokens.contains(String(header.suffix(32))))
        }
    }

    @Test func aFixedKeyAndClockGiveTheSameFiles() async throws {
        var seen: [[String: String]] = []
        for _ in 0..<2 {
            let room = try LocalRoom()
            let email = try await room.writer().create(Sample.email()).get().id
            _ = try await room.writer().send(Sample.order(email, to: Sample.recipients(1...3))) { _ in }.get()
            seen.append(Dictionary(uniqueKeysWithValues: try room.files().map { ($0, try room.file($0)) }))
        }
        #expect(seen[0].count == 3)
        #expect(seen[0] == seen[1])
        #expect(seen[0].keys.allSatisfy { $0.hasPrefix("hello.") && $0.hasSuffix(".eml") })
    }

    @Test func mailsAreForTheirOwnerOnly() async throws {
        let room = try LocalRoom()
        let email = try await room.writer().create(Sample.email()).get().id
        _ = try await room.writer().send(Sample.order(email, to: Sample.recipients([1]))) { _ in }.get()
        var status = stat()
        #expect(stat(room.outbox, &status) == 0 && status.st_mode & 0o777 == 0o700)
        #expect(stat(room.outbox + "/" + (try room.files()[0]), &status) == 0 && status.st_mode & 0o777 == 0o600)
    }

    /// The state of a send that was killed in its second group, with `written` of that group's files in the outbox.
    private func killed(written: Int) async throws -> (room: LocalRoom, email: RemoteID, sent: [String: String]) {
        let room = try LocalRoom()
        let email = try await room.writer().create(Sample.email()).get().id
        _ = try await room.writer().send(Sample.order(email, to: Sample.recipients(1...100))) { _ in }.get()
        let files = try room.text("SELECT message FROM recipient ORDER BY CAST(substr(address, 7) AS INTEGER)").compactMap { $0 }.map { "hello.\($0).eml" }
        for file in files[(32 + written)...] { try room.remove(file) }
        try room.meddle(
            "UPDATE recipient SET state = 'sending', finished = NULL WHERE CAST(substr(address, 7) AS INTEGER) BETWEEN 33 AND 64",
            "UPDATE recipient SET state = 'waiting', finished = NULL WHERE CAST(substr(address, 7) AS INTEGER) > 64", "UPDATE object SET phase = 'sending'")
        return (room, email, Dictionary(uniqueKeysWithValues: try room.files().map { ($0, try room.file($0)) }))
    }

    @Test(arguments: [0, 1, 20, 32])
    func whatACrashLeftIsSettledByLooking(_ written: Int) async throws {
        let (room, email, sent) = try await killed(written: written)
        #expect(try await room.provider.reader().send(key: "k") == SendReport(sent: 32 + written, waiting: 68 - written))
        // Nobody who has the mail is rendered again.
        let rendered = Mutex<[Int]>([])
        let order = Sample.order(email, to: try Sample.recipients(1...100)) { recipient, links in
            rendered.withLock { $0.append(recipient.row) }
            return Sample.mail(recipient, links)
        }
        #expect(try await room.writer().send(order) { _ in }.get() == SendReport(sent: 100))
        #expect(rendered.withLock { $0.sorted() } == Array((33 + written)...100))
        #expect(try room.files().count == 100)
        for (name, content) in sent { #expect(try room.file(name) == content) }
        #expect(try await room.provider.reader().inventory().first?.phase == .sent)
    }

    @Test func anotherKeyAfterACrashReachesThoseWhoAreMissing() async throws {
        let (room, email, _) = try await killed(written: 20)
        #expect(try await room.writer().send(Sample.order(email, key: "other", to: Sample.recipients(50...120))) { _ in }.get() == SendReport(sent: 71))
        let mails = try room.files().map { try #require(try room.file($0).firstMatch(of: /To: (.*)\r\n/)?.1) }
        #expect(mails.count == 120 && Set(mails).count == 120)
        // Going on with the first finds everybody served.
        #expect(try await room.writer().send(Sample.order(email, to: Sample.recipients(1...100))) { _ in }.get() == SendReport(sent: 100))
        #expect(try room.files().count == 120)
    }

    @Test func halfWrittenFilesAreNoMails() async throws {
        let (room, email, _) = try await killed(written: 0)
        let message = try #require(try room.text("SELECT message FROM recipient WHERE address = 'person33@shop.example'").first ?? nil)
        try Data("Date: Tu".utf8).write(to: URL(fileURLWithPath: "\(room.outbox)/hello.\(message).eml.new"))
        #expect(try await room.writer().send(Sample.order(email, to: Sample.recipients(1...100))) { _ in }.get() == SendReport(sent: 100))
        #expect(try room.files().count == 100)
        #expect(try room.file("hello.\(message).eml").hasSuffix("--\r\n"))
    }

    @Test func aReasonHoldsNoPersonalData() async throws {
        struct Quoting: Error, CustomStringConvertible { let description: String }
        let room = try LocalRoom()
        let email = try await room.writer().create(Sample.email()).get().id
        let strange = Recipient(
            person: Sample.person(3), key: Sample.key(3), address: Personal(try #require(EmailAddress("jörg@shop.example"))), row: 3)
        let order = Sample.order(email, to: try Sample.recipients(1...2) + [strange]) { recipient, links in
            if recipient.row == 2 { throw Quoting(description: "Anna Canary has no city") }
            return Sample.mail(recipient, links)
        }
        let report = try await room.writer().send(order) { _ in }.get()
        #expect((report.sent, report.failed) == (1, 2))
        #expect(report.reasons.values.reduce(0, +) == 2)
        #expect(
            try room.text("SELECT reason FROM recipient WHERE state = 'failed' ORDER BY reason") == [
                "its address cannot stand in a mail without SMTPUTF8", "the mail could not be rendered (Quoting)",
            ])
    }

    @Test func anEmailThatNobodyGotMayBeEditedAndSentAgain() async throws {
        struct Fault: Error {}
        let room = try LocalRoom()
        let email = try await room.writer().create(Sample.email()).get().id
        _ = try await room.writer().send(Sample.order(email, to: Sample.recipients(1...2)) { _, _ in throw Fault() }) { _ in }.get()
        #expect(try await room.provider.reader().inventory().first?.phase == .failed)
        _ = try await room.writer().update(email, to: ObjectSpec(kind: .email, name: "Hello", mark: "m", fields: ["subject": "Mended"])).get()
        #expect(try await room.writer().send(Sample.order(email, key: "k2", to: Sample.recipients(1...2))) { _ in }.get() == SendReport(sent: 2))
    }

    @Test func whatCannotBeSentIsRefusedBeforeAnythingHappens() async throws {
        let without = try LocalRoom(publicURL: nil)
        let email = try await without.writer().create(Sample.email()).get().id
        #expect(try await without.writer().send(Sample.order(email, to: Sample.recipients([1]))) { _ in }.refusal?.message.contains("public_url") == true)
        let room = try LocalRoom()
        let other = try await room.writer().create(Sample.email()).get().id
        for (sender, replyTo) in [("jörg@shop.example", nil), ("hello@shop.example", "jörg@shop.example"), ("nobody", nil)] as [(String, String?)] {
            let order = Sample.order(other, to: try Sample.recipients([1]), from: Sender(name: "Shop", email: sender), replyTo: replyTo)
            #expect(try await room.writer().send(order) { _ in }.refusal?.message.contains("address") == true)
        }
        #expect(try await room.provider.reader().send(key: "k") == nil)
        #expect(try room.files() == [])
    }

    @Test func anOutboxThatCannotBeWrittenLeavesNobodyInDoubtForGood() async throws {
        let room = try LocalRoom()
        let email = try await room.writer().create(Sample.email()).get().id
        // A folder stands where the third mail goes.
        _ = try await room.writer().send(Sample.order(email, to: Sample.recipients(1...40))) { _ in }.get()
        let files = try room.files()
        for file in files { try room.remove(file) }
        try room.meddle("UPDATE recipient SET state = 'waiting'")
        let blocked = room.outbox + "/" + files[2] + ".new"
        try FileManager.default.createDirectory(atPath: blocked, withIntermediateDirectories: false)
        let outcome = try await room.writer().send(Sample.order(email, to: Sample.recipients(1...40))) { _ in }
        #expect(outcome.doubt?.message.contains("cannot write") == true)
        try FileManager.default.removeItem(atPath: blocked)
        #expect(try await room.writer().send(Sample.order(email, to: Sample.recipients(1...40))) { _ in }.get() == SendReport(sent: 40))
        #expect(try room.files() == files)
    }

    @Test func aStoppedSendGoesOnLater() async throws {
        let room = try LocalRoom()
        let email = try await room.writer().create(Sample.email()).get().id
        let order = Sample.order(email, to: try Sample.recipients(1...100))
        let writer = try room.writer()
        let outcome = await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await writer.send(order) { _ in }
        }.value
        #expect(outcome.doubt?.message.contains("stopped") == true)
        #expect(try await room.provider.reader().send(key: "k") == SendReport(waiting: 100))
        #expect(try room.files() == [])
        #expect(try await room.writer().send(order) { _ in }.get() == SendReport(sent: 100))
    }

    /// One group is under way, and one is being made.
    @Test func tenThousandRecipientsAreRenderedAGroupAtATime() async throws {
        let room = try LocalRoom(inMemory: true)
        let email = try await room.writer().create(Sample.email()).get().id
        let rendered = Mutex(0)
        let finished = Mutex(0)
        let ahead = Mutex(0)
        let order = Sample.order(email, to: try Sample.recipients(1...10_000)) { recipient, links in
            let count = rendered.withLock {
                $0 += 1
                return $0
            }
            let behind = finished.withLock { $0 }
            ahead.withLock { $0 = max($0, count - behind) }
            return Sample.mail(recipient, links)
        }
        let report = try await room.writer().send(order) { count in finished.withLock { $0 = count } }.get()
        #expect(report == SendReport(sent: 10_000))
        #expect(ahead.withLock { $0 } <= 64)
        #expect(try room.files().count == 10_000)
    }
}
