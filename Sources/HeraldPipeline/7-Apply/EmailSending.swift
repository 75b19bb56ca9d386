package import HeraldContract
import HeraldDigest
package import HeraldModel

/// Sends one email: its intent stands in the shared state first, so that no other runner can send it too; then the mails leave; then the result is recorded.
package struct EmailSending {
    private let session: StateSession
    private let late: LateCheck
    private let progress: @Sendable (Int) -> Void

    package init(session: StateSession, late: LateCheck, progress: @escaping @Sendable (Int) -> Void) {
        self.session = session
        self.late = late
        self.progress = progress
    }

    /// Mark, content and audience: the same mail to the same people is the same send.
    package static func key(mark: String, content: String, audience: String) -> String {
        String(SHA256.hexadecimal("\(mark)\u{0}\(content)\u{0}\(audience)").prefix(32))
    }

    /// The email must be ready, by hand or by schedule. `resuming`: goes on with a send of the same key that was interrupted, and with no other.
    ///
    /// - Throws: when the state cannot be written; then nothing was sent, or the outcome stands as an intent in the state.
    package func send(
        _ address: Address, _ order: SendOrder, provider: any Provider, _ grant: borrowing WriteGrant, resuming: Bool = false
    ) async throws(StoreFailure) -> Outcome<SendReport> {
        guard let object = session.document.objects[address], let held = object.send else {
            return try notBegun(.failed(ProviderFailure(.refused, "\(address) was not applied")), grant.plan)
        }
        if let no = EmailSending.objection(address, held, order, session.document, resuming: resuming) { return try notBegun(no, grant.plan) }
        let writer: any ProviderWriter
        do { writer = try provider.writer(grant) } catch { return try notBegun(.refusedBeforeActing(error), grant.plan) }
        let remaining: [Recipient]
        do throws(StoreFailure) { remaining = try late.remaining(order.recipients) } catch {
            return try notBegun(.refusedBeforeActing(ProviderFailure(.refused, error.message)), grant.plan)
        }
        guard !remaining.isEmpty || resuming else {
            return try notBegun(.refusedBeforeActing(ProviderFailure(.refused, "everybody said no meanwhile, so nobody would get \(address)")), grant.plan)
        }
        // The send is known by those whom it was approved for, also where fewer get it.
        let people = order.recipients.map(\.person).sorted()
        let audience = MemberSets.digest(people: people)
        try session.store.keepAudience(audience, people)
        let plan = grant.plan
        let intent = Intent(
            address: address, operation: "send", settling: .once, provider: provider.id, mark: object.mark, sendKey: order.key, plan: plan)
        if !resuming {
            // Should what the provider keeps be put back from a copy of before, the copy will be known by that.
            let sequence = try? await writer.sequence()
            try session.write { state in
                state.intents.append(intent)
                if let sequence { state.sequences[provider.id] = sequence }
                state.objects[address]?.send?.phase = .sending
                state.objects[address]?.send?.key = order.key
                state.objects[address]?.send?.audience = audience
            }
        }
        var outcome = await writer.send(order.to(remaining), progress: progress)
        if case .done(var report) = outcome {
            report.leftOut = order.recipients.count - remaining.count
            outcome = .done(report)
        }
        let ended = EmailSending.ended(held, outcome, order.key, resuming: resuming)
        let sequence = try? await writer.sequence()
        try session.write { state in
            if let sequence { state.sequences[provider.id] = sequence }
            if let ended { state.objects[address]?.send = ended }
            if case .done(let report) = outcome { state.objects[address]?.send?.report = report }
            guard ended != nil else { return }  // The intent stays, and `recover` looks.
            state.intents.removeAll { $0.sendKey == order.key && $0.address == address }
            if !state.intents.contains(where: { $0.plan == plan }) { state.finish(plan, outcome.words) }
        }
        return outcome
    }

    /// A plan of which nothing was begun is done with.
    private func notBegun(_ outcome: Outcome<SendReport>, _ plan: String) throws(StoreFailure) -> Outcome<SendReport> {
        if session.document.intents.allSatisfy({ $0.plan != plan }) { try session.write { $0.finish(plan, outcome.words) } }
        return outcome
    }

    /// Why this send may not begin.
    private static func objection(
        _ address: Address, _ held: SendState, _ order: SendOrder, _ state: StateDocument, resuming: Bool
    ) -> Outcome<SendReport>? {
        if let hold = state.hold { return .refusedBeforeActing(ProviderFailure(.refused, "\(hold.message); \(hold.remedy)")) }
        let isOpen = state.intents.contains { $0.address == address }
        switch held.phase {
        case .sending where resuming && held.key == order.key: return nil
        case .sending: return .unknown(ProviderFailure(.other, "the sending of \(address) was begun, and its end is not known; run `herald recover`"))
        case .sent, .unknown: return .failed(ProviderFailure(.refused, "\(address) was sent already"))
        case .verified where !resuming && !isOpen, .scheduled where !resuming && !isOpen: return nil
        default: return .failed(ProviderFailure(.refused, "\(address) is not ready to be sent: plan and apply it first"))
        }
    }

    /// How the email stands afterwards; nil where the send is not over.
    private static func ended(_ held: SendState, _ outcome: Outcome<SendReport>, _ key: String, resuming: Bool) -> SendState? {
        switch outcome {
        case .done(let report):
            guard report.waiting == 0 else { return nil }
            return SendState(phase: report.unknown > 0 ? .unknown : .sent, document: held.document, key: key, report: report)
        // Nothing left the house. A send that was begun before stays begun.
        case .refusedBeforeActing: return resuming ? nil : held
        case .failed: return resuming ? nil : SendState(phase: .failed, document: held.document)
        case .unknown: return nil
        }
    }
}

extension Outcome<SendReport> {
    /// For the history.
    fileprivate var words: String {
        switch self {
        case .done(let report): "\(report.sent) sent, \(report.failed) failed, \(report.unknown) unknown"
        case .refusedBeforeActing, .failed: "nothing sent"
        case .unknown: "unknown"
        }
    }
}
