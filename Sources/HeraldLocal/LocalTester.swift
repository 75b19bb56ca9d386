import HeraldContract
import HeraldDigest
import HeraldModel

/// Sends examples the way that mails take, and touches no database.
struct LocalTester: ProviderTester {
    let transport: LocalTransport
    let now: Instant

    func send(_ order: TestOrder) async -> Outcome<SendReport> {
        guard let composer = MailComposer(emailID: order.emailID, from: order.from, replyTo: order.replyTo, date: now) else {
            return .refusedBeforeActing(MailComposer.unusableSender)
        }
        var mails: [OutgoingMail] = []
        for recipient in order.addresses {
            guard let address = MailAddress(recipient.reveal()) else {
                return .refusedBeforeActing(ProviderFailure(.other, "an address cannot stand in a mail without SMTPUTF8"))
            }
            for mail in order.mails { mails.append(composer.outgoing(mail, to: address, links: order.links, message: "test-" + LocalTester.token())) }
        }
        let delivery = transport.open()
        let outcome = await deliver(mails, delivery)
        await delivery.finish()
        return outcome
    }

    private func deliver(_ mails: [OutgoingMail], _ delivery: any Delivery) async -> Outcome<SendReport> {
        do throws(ProviderFailure) { try await delivery.prepare() } catch { return .refusedBeforeActing(error) }
        switch await delivery.deliver(mails) {
        case .failure(let failure): return .unknown(failure)
        case .success(let results):
            var report = SendReport()
            for result in results {
                switch result {
                case .left: report.sent += 1
                case .unknown: report.unknown += 1
                case .refused(let reason): report.fail(reason)
                case .deferred(let words): report.fail("the server puts it off (\(words)); try again later")
                case .held(let failure): report.fail(failure.message)
                }
            }
            return .done(report)
        }
    }

    /// Another one each time, since an example is no mail of a send.
    private static func token() -> String {
        var generator = SystemRandomNumberGenerator()
        return hexadecimal((0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }
}

extension SendReport {
    fileprivate mutating func fail(_ reason: String) {
        failed += 1
        reasons[reason, default: 0] += 1
    }
}
