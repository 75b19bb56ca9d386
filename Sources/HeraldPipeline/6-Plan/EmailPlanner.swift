import HeraldModel

/// Emails: the draft at the provider, and when it goes to whom.
extension PlanDraft {
    /// How long after its time a scheduled send may still begin, in seconds: a late timer is not a reason to lose it, half a day is.
    static let sendWindow: Int64 = 4 * 3600

    mutating func plan(_ email: DesiredEmail) {
        guard !isRefused(email.address), let inventory = inventory(of: email.provider, for: email.address, email.source) else { return }
        audiences[email.address] = email.members.members.map(\.person)
        guard let known = state(of: email.address) else { return planNew(email, inventory) }
        if let send = known.send, send.phase.hasLeft { return planLeft(email, known, send) }
        guard let remote = known.remote.flatMap({ inventory.objects[$0] }) else {
            plan.drift.append(Drift(email.address, field: "email", git: email.spec.name, remote: nil, corrected: true))
            return create(email, mark: known.mark, reasons: [Reason(.drift, "it was deleted at \(email.provider)")])
        }
        planKnown(email, known, remote)
    }

    private mutating func planNew(_ email: DesiredEmail, _ inventory: Inventory) {
        if let other = inventory.byMark[email.spec.mark]?.first ?? inventory.named(.email, email.spec.name) {
            guard let adoption = adoption(of: email.address, provider: email.provider), adoption.remoteID == other.id.text,
                other.phase.map({ !$0.hasLeft }) ?? true
            else {
                return refuse(
                    email.address, email.source, .exists,
                    "\(email.provider) already has an email named \(other.name) that herald does not manage",
                    remedy: "take it over with `adopt: {\(email.address): \(email.provider):email/\(other.id)}` in herald.yaml, or rename yours")
            }
            return planKnown(email, ObjectState(provider: email.provider, remote: other.id, mark: email.spec.mark, name: other.name), other)
        }
        create(email, mark: email.spec.mark, reasons: [Reason(.added)])
    }

    private mutating func create(_ email: DesiredEmail, mark: String, reasons: [Reason]) {
        var change = Change(
            address: email.address, name: email.spec.name, source: email.source, provider: email.provider, actions: [.create],
            reasons: reasons)
        noteMove(&change, email.address)
        change.fields = EmailFields.readable(email.spec.fields).map { FieldChange($0.key, before: nil, after: $0.value) }
        let spec = ObjectSpec(kind: .email, name: email.spec.name, mark: mark, fields: email.spec.fields)
        let step = Step(
            address: email.address, stage: .emails, provider: email.provider, mark: mark, operation: .create(spec),
            record: recordDraft(email, digests: nil))
        change.operations.append("create (findable)")
        finish(&change, email, writing: step, needsHolding: true)
    }

    private mutating func planKnown(_ email: DesiredEmail, _ known: ObjectState, _ remote: RemoteObject) {
        let fields = FieldComparison(email.address, want: email.spec, state: known, actual: remote, take: input.options.take[email.address])
        plan.drift += fields.drift
        guard fields.conflicts.isEmpty else { return refuseConflict(email.address, email.source, fields.conflicts) }
        var change = Change(
            address: email.address, name: email.spec.name, source: email.source, provider: email.provider,
            actions: input.state.objects.values.contains { $0.remote == remote.id } ? [] : [.adopt], reasons: [])
        change.precondition = Precondition(remote: remote.id, fingerprint: FieldComparison.fingerprint(remote))
        noteMove(&change, email.address)
        if change.movedFrom != nil, known.send?.phase == .scheduled {
            return refuse(
                email.address, email.source, .moved, "a scheduled email cannot be moved to another address",
                remedy: "leave it under its old id until it was sent or cancelled")
        }
        change.fields = fields.changes.filter { EmailFields.isReadable($0.name) }
        if !fields.edited.isEmpty { change.reasons.append(Reason(.contentEdited, fields.edited.joined(separator: ", "))) }
        if fields.changes.count > fields.edited.count { change.reasons.append(Reason(.drift)) }
        if known.send?.phase == .cancelled { change.reasons.append(Reason(.definitionEdited, "it was cancelled before")) }
        let writes = !fields.changes.isEmpty || change.actions.contains(.adopt)
        var step: Step?
        if writes || !fields.accepted.isEmpty || change.movedFrom != nil {
            if !fields.changes.isEmpty { change.actions.append(.update) }
            let spec = ObjectSpec(
                kind: .email, name: email.spec.name, mark: known.mark,
                fields: email.spec.fields.merging(remote.fields.filter { fields.accepted.contains($0.key) }) { _, theirs in theirs })
            step = Step(
                address: email.address, stage: .emails, provider: writes ? email.provider : nil, mark: known.mark,
                operation: writes ? .update(remote.id, spec) : .record,
                record: recordDraft(email, digests: writes ? nil : FieldComparison.digests(sent: email.spec, seen: remote)))
            if writes { change.operations.append("update (repeatable)") }
        }
        finish(&change, email, writing: step, needsHolding: step != nil || needsHolding(email, known, &change))
    }

    /// Whether what was approved no longer covers what the files and the data say now.
    private func needsHolding(_ email: DesiredEmail, _ known: ObjectState, _ change: inout Change) -> Bool {
        guard let send = known.send, [.verified, .scheduled].contains(send.phase), send.document == email.document else { return true }
        guard let envelope = email.envelope() else { return send.phase == .scheduled }
        guard let held = send.envelope, send.phase == .scheduled else { return true }
        if held.content != envelope.content {
            change.reasons.append(Reason(.contentEdited))
            return true
        }
        if (held.at, held.atMost, held.change, held.frozen) != (envelope.at, envelope.atMost, envelope.change, envelope.frozen) {
            change.reasons.append(Reason(.definitionEdited, "schedule"))
            return true
        }
        guard held.audience != envelope.audience, !held.frozen, let approved = input.approved[email.address] else { return false }
        let moved = MemberDifference.symmetric(approved, email.members.members.map(\.person))
        guard moved * 100 > max(approved.count, 1) * held.change else { return false }
        change.reasons.append(Reason(.unattributed, "the audience moved further than its approval allows", people: moved))
        return true
    }

    /// Once mails have left, only the email's own document and template are compared.
    private mutating func planLeft(_ email: DesiredEmail, _ known: ObjectState, _ send: SendState) {
        if let old = movedFrom[email.address] {
            refuse(
                email.address, email.source, .moved, "\(old) was sent, and a sent email keeps its address",
                remedy: "keep the id \(old.id), and give the new email another one")
        } else if send.phase != .sent {
            refuse(
                email.address, email.source, .open, "its sending was interrupted and its end is not known yet",
                remedy: "run `herald recover`")
        } else if send.document != email.document {
            refuse(
                email.address, email.source, .sent, "it was sent, and what was sent cannot be edited",
                remedy: "put the old text back, and write a new email, such as `email: \(email.address.id)-2`")
        }
    }

    private mutating func finish(_ change: inout Change, _ email: DesiredEmail, writing step: Step?, needsHolding: Bool) {
        let audience = AudienceDelta.between([], email.members, MemberDifference(from: [], to: email.members.members))
        let people = email.members.members.count
        guard passesSchedule(email, changing: needsHolding), passesAudienceLimit(email) else { return }
        guard needsHolding else {
            if email.at == nil {
                plan.waiting.append(
                    WaitingSend(
                        address: email.address, source: email.source, provider: email.provider, audience: audience, content: email.content))
            }
            if !change.actions.isEmpty || step != nil { add(change, step) }
            return
        }
        change.audience = audience
        change.content = email.content
        if let at = email.at {
            change.schedule = [ScheduleEntry(zone: at.zone, local: at.local, instant: at.instant, people: people)]
            change.actions.append(.schedule)
            change.irreversible = Irreversible("mails to \(people) people cannot be called back", from: .at(at.instant))
            plan.cost.mails += people
        } else {
            if change.actions.isEmpty { change.actions.append(.update) }
            change.irreversible = Irreversible("mails to \(people) people cannot be called back", from: .onSend)
        }
        if change.reasons.isEmpty { change.reasons = [Reason(.contentEdited)] }
        add(change, step)
        let envelope = email.envelope()
        steps.append(
            Step(
                address: email.address, stage: .holding, provider: nil, mark: email.spec.mark, operation: .record,
                approved: envelope == nil ? nil : email.members,
                record: { state, _ in
                    state.objects[email.address]?.send = SendState(
                        phase: envelope == nil ? .verified : .scheduled, document: email.document, envelope: envelope)
                }))
        change.operations.append("record")
    }

    private mutating func add(_ change: Change, _ step: Step?) {
        var change = change
        if change.actions.isEmpty { change.actions = [.update] }
        if let step { steps.append(step) }
        if step?.provider != nil { plan.cost.calls += 1 }
        plan.changes.append(change)
    }

    private mutating func passesSchedule(_ email: DesiredEmail, changing: Bool) -> Bool {
        guard let at = email.at else { return true }
        guard at.instant.adding(seconds: changing ? 0 : PlanDraft.sendWindow) <= input.now else { return true }
        refuse(
            email.address, email.source, .missed, "its time, \(at.local) in \(at.zone), has passed and it was not sent",
            remedy: "give it a later time, or `schedule: manual`")
        return false
    }

    private func recordDraft(_ email: DesiredEmail, digests: [String: FieldDigests]?) -> @Sendable (inout StateDocument, RemoteObject?) -> Void {
        let old = movedFrom[email.address]
        return { state, remote in
            var object = old.flatMap { state.objects.removeValue(forKey: $0) } ?? state.objects[email.address]
                ?? ObjectState(provider: email.provider, remote: nil, mark: email.spec.mark, name: email.spec.name)
            if let remote {
                object.remote = remote.id
                object.fields = FieldComparison.digests(sent: email.spec, seen: remote)
            }
            if let digests { object.fields = digests }
            object.name = email.spec.name
            object.send = object.send ?? SendState(phase: .draft, document: email.document)
            state.objects[email.address] = object
        }
    }
}
