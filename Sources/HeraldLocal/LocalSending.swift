import HeraldContract
import HeraldDatabase
import HeraldModel

/// Sending: everybody is put down as waiting, then mails go out in groups. Before a group goes, it is durably `sending`; so after a crash at most one group
/// is open, and the outbox tells which of its mails went.
extension LocalWriter {
    /// How many mails one crash can leave open.
    static let group = 32

    func send(_ order: SendOrder, progress: @escaping @Sendable (Int) -> Void) async -> Outcome<SendReport> {
        guard let links else { return .refusedBeforeActing(ProviderFailure(.refused, "mails need `public_url`, where their links to unsubscribe lead")) }
        guard Address.isID(order.emailID) else { return .refusedBeforeActing(ProviderFailure(.refused, "the email has no id that could name its files")) }
        guard let composer = MailComposer(emailID: order.emailID, from: order.from, replyTo: order.replyTo, date: now) else {
            return .refusedBeforeActing(
                ProviderFailure(.refused, "the sender's address cannot be used: letters outside ASCII before the @ reach only few servers"))
        }
        let (now, outbox) = (now, outbox)
        let begun = await act {
            try outbox.prepare()
            return try $0.begin(order, at: now, links, outbox)
        }
        let send: Int64
        switch begun {
        case .done(let id): send = id
        case .refusedBeforeActing(let failure): return .refusedBeforeActing(failure)
        case .failed(let failure): return .failed(failure)
        case .unknown(let failure): return .unknown(failure)
        }
        let run = Run(order: order, send: send, database: database, outbox: outbox, links: links, composer: composer, now: now)
        for start in stride(from: 0, to: order.recipients.count, by: LocalWriter.group) {
            guard !Task.isCancelled else { return .unknown(ProviderFailure(.other, "stopped; sending again goes on from here")) }
            let end = min(start + LocalWriter.group, order.recipients.count)
            let (name, people) = (reader.name, order.recipients[start..<end])
            do throws(ProviderFailure) {
                try await reader.worker.run { () throws(ProviderFailure) in try ProviderFailure.translating(name) { try run.deliver(people) } }
            } catch { return .unknown(error) }
            progress(end)
        }
        guard case .done(let report) = await act({ try $0.finish(order) }) else {
            return .unknown(ProviderFailure(.other, "all mails are in the outbox, and that could not be recorded; send again"))
        }
        return .done(report)
    }

    private struct Run: Sendable {
        let order: SendOrder
        let send: Int64
        let database: Database
        let outbox: Outbox
        let links: MailLinks
        let composer: MailComposer
        let now: Instant

        /// Sends those of a group who still wait.
        func deliver(_ people: ArraySlice<Recipient>) throws {
            var mails: [(name: String, bytes: [UInt8])] = []
            var going: [PersonDigest] = []
            var failed: [(person: PersonDigest, reason: String)] = []
            for (recipient, tokens) in try waiting(people) {
                guard let address = MailAddress(recipient.address.reveal()) else {
                    failed.append((recipient.person, "its address cannot stand in a mail without SMTPUTF8"))
                    continue
                }
                let links = links.links(tokens)
                do {
                    let mail = try order.render(recipient, links)
                    mails.append((Outbox.name(email: order.emailID, message: tokens.message), composer.compose(mail, to: address, links: links, id: tokens.message)))
                    going.append(recipient.person)
                } catch {
                    // The error may quote a value; its type tells enough.
                    failed.append((recipient.person, "the mail could not be rendered (\(type(of: error)))"))
                }
            }
            guard !going.isEmpty || !failed.isEmpty else { return }
            try database.write {
                for one in failed { try $0.mark([one.person], in: send, from: "waiting", to: "failed", reason: one.reason, at: now) }
                try $0.mark(going, in: send, from: "waiting", to: "sending")
            }
            try outbox.put(mails)
            try database.write { try $0.mark(going, in: send, from: "sending", to: "sent", at: now) }
        }

        private func waiting(_ people: ArraySlice<Recipient>) throws -> [(Recipient, MailLinks.Tokens)] {
            try database.read { connection in
                var seen: Set<PersonDigest> = []
                return try people.compactMap { recipient in
                    guard seen.insert(recipient.person).inserted, let delivery = try connection.delivery(of: recipient.person, in: send),
                        delivery.state == "waiting"
                    else { return nil }
                    return (recipient, delivery.tokens)
                }
            }
        }
    }
}
