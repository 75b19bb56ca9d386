package import HeraldModel

/// When an email goes and to whom: what an approval covers is held in the state until it is due, or until somebody sends it by hand.
extension PlanDraft {
    /// How long after its time a scheduled send may still begin, in seconds: a late timer is not a reason to lose it, half a day is.
    static let sendWindow: Int64 = 4 * 3600

    /// Adds what is held to a proposal, checks it against the clock and the limits, and takes it in.
    mutating func hold(_ proposal: Proposal, _ email: DesiredEmail, _ held: SendState?) {
        // Where an environment sends nothing, an email is kept as one that waits for a hand.
        let at = input.settings.maySend ? email.at : nil
        let envelope = at == nil ? nil : email.envelope()
        let reasons = reasonsToHold(email, held, envelope)
        guard passesNeeds(email), passesSchedule(email, at, changing: reasons != nil), let passed = passesPolicies(email, at, changing: reasons != nil) else {
            return leave(proposal.drift)
        }
        guard reasons != nil || !proposal.change.actions.isEmpty else {
            plan.drift += proposal.drift
            return standReady(email)
        }
        var proposal = proposal
        proposal.policies += passed
        proposal.audience = email.members
        proposal.change.audience = AudienceDelta.whole(email.members, email.audience)
        proposal.change.content = email.content
        if let reasons {
            let people = email.members.members.count
            if let at {
                proposal.change.schedule = [ScheduleEntry(zone: at.zone, local: at.local, instant: at.instant, people: people)]
                proposal.change.actions.append(.schedule)
                proposal.change.irreversible = Irreversible("\(PlanText.count(people, "mail")) cannot be called back", from: .at(at.instant))
                proposal.policies += approvalNeeded(for: email)
            } else {
                if held?.phase == .scheduled { proposal.change.actions.append(.unschedule) }
                if proposal.change.actions.isEmpty { proposal.change.actions.append(.update) }
            }
            for reason in reasons where !proposal.change.reasons.contains(where: { $0.code == reason.code }) { proposal.change.reasons.append(reason) }
            proposal.steps.append(
                Step(
                    address: email.address, stage: .holding, provider: nil, mark: email.spec.mark, operation: .record, needs: email.list,
                    approved: envelope == nil ? nil : email.members,
                    record: { state, _ in
                        state.objects[email.address]?.send = SendState(
                            phase: envelope == nil ? .verified : .scheduled, document: email.document, envelope: envelope)
                    }))
        }
        accept(proposal)
    }

    /// Why what is held no longer covers what the files and the data say now; nil where it does.
    private func reasonsToHold(_ email: DesiredEmail, _ held: SendState?, _ envelope: Envelope?) -> [Reason]? {
        guard let held else { return [] }
        guard [.verified, .scheduled].contains(held.phase) else {
            let what = held.phase == .cancelled ? "it was cancelled before" : held.phase == .failed ? "its sending failed before" : "an earlier apply ended before it"
            return [Reason(.definitionEdited, what)]
        }
        guard held.document == email.document else { return [Reason(.contentEdited)] }
        guard let envelope else { return held.phase == .scheduled ? [Reason(.definitionEdited, "schedule")] : nil }
        guard let old = held.envelope, held.phase == .scheduled else { return [Reason(.definitionEdited, "schedule")] }
        if old.content != envelope.content { return [Reason(.contentEdited)] }
        if (old.at, old.atMost, old.change, old.frozen) != (envelope.at, envelope.atMost, envelope.change, envelope.frozen) {
            return [Reason(.definitionEdited, "schedule")]
        }
        guard old.audience != envelope.audience, !old.frozen else { return nil }
        guard let approved = input.approved[email.address] else {
            return [Reason(.unattributed, "the audience changed, and the approved one is not kept any more")]
        }
        let moved = MemberDifference.symmetric(approved, email.members.members.map(\.person))
        guard moved * 100 > approved.count * old.change else { return nil }
        return [Reason(.unattributed, "the audience moved further than its approval allows", people: moved)]
    }

    /// An email that is ready and unchanged: it waits for its time, or for somebody to send it.
    private mutating func standReady(_ email: DesiredEmail) {
        guard email.at == nil, input.settings.maySend else { return }
        guard !email.members.members.isEmpty else {
            plan.hints.append("\(email.address) is ready, and nobody would get it now")
            return
        }
        wait(
            WaitingSend(
                address: email.address, source: email.source, provider: email.provider,
                audience: AudienceDelta.whole(email.members, email.audience), content: email.content),
            email.members)
        plan.policies += approvalNeeded(for: email)
    }

    /// Whether the list of the email is there, or will be by then.
    private mutating func passesNeeds(_ email: DesiredEmail) -> Bool {
        if refused.contains(email.list) {
            refuse(email.address, email.source, .depends, "\(email.list) is refused, and this email needs it", remedy: "see \(email.list)")
            return false
        }
        if !input.options.covers(email.list), state(of: email.list) == nil {
            refuse(
                email.address, email.source, .depends, "\(email.list) was never applied, and is not part of this plan",
                remedy: "plan \(email.list) too")
            return false
        }
        return true
    }

    /// Whether a scheduled email still has time, and somebody to go to.
    private mutating func passesSchedule(_ email: DesiredEmail, _ at: ScheduleEntry?, changing: Bool) -> Bool {
        guard let at else { return true }
        guard at.instant.adding(seconds: changing ? 0 : PlanDraft.sendWindow) > input.now else {
            refuse(
                email.address, email.source, .missed, "its time, \(at.local) in \(at.zone), has passed and it was not sent",
                remedy: "give it a later time, or `schedule: manual`")
            return false
        }
        guard !changing || !email.members.members.isEmpty else {
            refuse(
                email.address, email.source, .empty, "nobody would get it: \(email.list) has nobody who may be mailed",
                remedy: "look at `herald list show \(email.list)`")
            return false
        }
        return true
    }
}

extension DesiredMembers {
    /// Only those who are among these, ascending.
    package func narrowed(to approved: [PersonDigest]) -> DesiredMembers {
        var kept: [MemberState] = []
        var index = 0
        for member in members {
            while index < approved.count, approved[index] < member.person { index += 1 }
            if index < approved.count, approved[index] == member.person { kept.append(member) }
        }
        guard kept.count < members.count else { return self }
        let people = Set(kept.map(\.person))
        let recipients = recipients
        return DesiredMembers(
            members: kept, setDigest: MemberSets.digest(people: kept.map(\.person)), leftOut: leftOut, inByEmptiness: inByEmptiness, reason: reason,
            sample: sample, reveal: reveal, recipients: { recipients().filter { people.contains($0.person) } })
    }
}
