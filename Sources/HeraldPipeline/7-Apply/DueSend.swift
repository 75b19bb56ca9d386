package import HeraldModel

/// Whether a scheduled email may go now, and to whom: what was approved, inside its envelope, in its window.
package enum DueSend: Sendable {
    case notYet(Instant)
    /// Its window has passed; it is never sent late.
    case missed
    /// Why it is not what was approved any more.
    case outside(String)
    case due([Recipient])

    /// - Parameters:
    ///   - approved: those who were approved, ascending; nil where they are not kept any more.
    package init(_ email: DesiredEmail, _ envelope: Envelope, approved: [PersonDigest]?, now: Instant) {
        guard envelope.at <= now else {
            self = .notYet(envelope.at)
            return
        }
        guard now < envelope.at.adding(seconds: PlanDraft.sendWindow) else {
            self = .missed
            return
        }
        guard email.content.digest == envelope.content else {
            self = .outside("what people would read is another text than the one approved")
            return
        }
        let current = email.members.members.map(\.person)
        var recipients = email.members.recipients()
        if email.members.setDigest != envelope.audience {
            guard let approved else {
                self = .outside("its audience changed, and the approved one is not kept any more")
                return
            }
            if envelope.frozen {
                // The approved people who may still be mailed.
                let people = Set(approved)
                recipients.removeAll { !people.contains($0.person) }
            } else {
                let moved = MemberDifference.symmetric(approved, current)
                guard moved * 100 <= approved.count * envelope.change else {
                    self = .outside(
                        "\(PlanText.count(moved, "person", "people")) came or went since approval, of \(PlanText.grouped(approved.count)) (limit \(envelope.change) %)")
                    return
                }
            }
        }
        if let most = envelope.atMost, recipients.count > most {
            self = .outside("\(PlanText.count(recipients.count, "person", "people")) would get it, and at most \(most) were approved")
            return
        }
        self = recipients.isEmpty ? .outside("nobody would get it") : .due(recipients)
    }
}
