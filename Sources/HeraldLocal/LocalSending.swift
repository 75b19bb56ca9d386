import HeraldContract
import HeraldDatabase
import HeraldModel

/// Sending: everybody is put down as waiting, then mails go out in groups.
extension LocalWriter {
    func send(_ order: SendOrder, progress: @escaping @Sendable (Int) -> Void) async -> Outcome<SendReport> {
        guard let links else { return .refusedBeforeActing(ProviderFailure(.refused, "mails need `public_url`, where their links to unsubscribe lead")) }
        guard Address.isID(order.emailID) else { return .refusedBeforeActing(ProviderFailure(.refused, "the email has no id that could name its files")) }
        guard let composer = MailComposer(emailID: order.emailID, from: order.from, replyTo: order.replyTo, date: now) else {
            return .refusedBeforeActing(MailComposer.unusableSender)
        }
        let delivery = transport.open()
        let outcome = await send(order, links, composer, delivery, progress)
        await delivery.finish()
        return outcome
    }

    private func send(
        _ order: SendOrder, _ links: MailLinks, _ composer: MailComposer, _ delivery: any Delivery, _ progress: @Sendable (Int) -> Void
    ) async -> Outcome<SendReport> {
        do throws(ProviderFailure) { try await delivery.prepare() } catch { return .refusedBeforeActing(error) }
        let (now, outbox) = (now, transport.outbox)
        let send: Int64
        switch await act({ try $0.begin(order, at: now, links, outbox) }) {
        case .done(let id): send = id
        // Whatever was in the way, nothing has left.
        case .refusedBeforeActing(let failure), .failed(let failure): return .refusedBeforeActing(failure)
        case .unknown(let failure): return .unknown(failure)
        }
        var run = SendRun(order, send: send, writer: self, delivery: delivery, links: links, composer: composer)
        do throws(ProviderFailure) {
            switch try await run.run(progress) {
            case .over: break
            case .stopped: return .unknown(ProviderFailure(.other, "stopped; sending again goes on from here"))
            case .given(up: let failure):
                // Nobody can have it: then it was not sent at all.
                if case .done(true) = await act({ try $0.withdraw(send) }) { return .refusedBeforeActing(failure) }
                return .unknown(ProviderFailure(failure.cause, "\(failure.message); sending again goes on from here"))
            }
        } catch { return .unknown(error) }
        guard case .done(let report) = await act({ try $0.finish(order) }) else {
            return .unknown(ProviderFailure(.other, "everybody had their turn, and that could not be recorded; send again"))
        }
        return .done(report)
    }
}
