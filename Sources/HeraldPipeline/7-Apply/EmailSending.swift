import HeraldDigest
package import HeraldContract
package import HeraldModel

/// Sends one email: its intent stands in the shared state first, so that no other runner can send it too; then the mails leave; then the result is recorded.
package struct EmailSending {
    private let session: StateSession
    private let progress: @Sendable (Int) -> Void

    package init(session: StateSession, progress: @escaping @Sendable (Int) -> Void) {
        self.session = session
        self.progress = progress
    }

    /// Mark, content and audience: the same mail to the same people is the same send.
    package static func key(mark: String, content: String, audience: String) -> String {
        String(SHA256.hexadecimal(Array("\(mark)\u{0}\(content)\u{0}\(audience)".utf8)).prefix(32))
    }

    /// - Throws: when the state cannot be written; then nothing was sent, or the outcome stands as an intent in the state.
    package func send(
        _ address: Address, _ order: SendOrder, provider: any Provider, plan: String, _ grant: borrowing WriteGrant
    ) async throws(StoreFailure) -> Outcome<SendReport> {
        guard let object = session.document.objects[address], let held = object.send else {
            return .failed(ProviderFailure(.other, "\(address) was not applied"))
        }
        let writer: any ProviderWriter
        do { writer = try provider.writer(grant) } catch { return .failed(error) }
        let intent = Intent(
            address: address, operation: "send", settling: .once, provider: provider.id, mark: object.mark, sendKey: order.key, plan: plan)
        try session.write { state in
            state.intents.removeAll { $0.sendKey == order.key }
            state.intents.append(intent)
            state.objects[address]?.send?.phase = .sending
            state.objects[address]?.send?.key = order.key
        }
        let outcome = await writer.send(order, progress: progress)
        try session.write { state in
            switch outcome {
            case .done(let report):
                state.objects[address]?.send?.phase = report.unknown > 0 ? .unknown : .sent
                state.objects[address]?.send?.report = report
                state.objects[address]?.send?.envelope = nil
                state.intents.removeAll { $0 == intent }
            case .refusedBeforeActing:
                // Nothing left the house: it may be sent again.
                state.objects[address]?.send?.phase = held.phase == .sending ? .verified : held.phase
                state.objects[address]?.send?.key = nil
                state.intents.removeAll { $0 == intent }
            case .failed, .unknown: break  // The intent stays, and `recover` looks.
            }
        }
        return outcome
    }
}
