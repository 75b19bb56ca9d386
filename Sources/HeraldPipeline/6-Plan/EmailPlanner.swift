import HeraldModel

/// Emails: the draft at the provider. When it goes to whom is decided in `hold`.
extension PlanDraft {
    mutating func plan(_ email: DesiredEmail) {
        guard mayPlan(email.address, email.source), let inventory = inventory(of: email.provider, for: email.address, email.source) else { return }
        var email = email
        if email.audience.members == .frozen, let approved = input.frozen[email.address] { email.members = email.members.narrowed(to: approved) }
        if let known = state(of: email.address), let send = known.send {
            if let old = movedFrom[email.address], send.phase.hasLeft || send.phase == .scheduled {
                return refuse(
                    email.address, email.source, .moved,
                    send.phase == .scheduled
                        ? "\(old) is scheduled, and cannot be moved to another address" : "\(old) was sent, and a sent email keeps its address",
                    remedy: send.phase == .scheduled
                        ? "leave it under its old id until it was sent or cancelled" : "keep the id \(old.id), and give the new email another one")
            }
            if send.phase.hasLeft { return planLeft(email, send) }
        }
        guard let target = target(of: email.address, email.spec, email.provider, email.source, inventory) else { return }
        switch target {
        case .new: hold(create(email, mark: email.spec.mark, Reason(.added)), email, nil)
        case .lost(let known):
            var proposal = create(email, mark: known.mark, Reason(.drift, "it was deleted at \(email.provider)"))
            proposal.drift = [Drift(email.address, field: "email", git: email.spec.name, remote: nil, corrected: true)]
            hold(proposal, email, nil)
        case .known(let known, let remote): planKnown(email, known, remote, adopting: nil)
        case .adopted(let known, let remote, let because): planKnown(email, known, remote, adopting: because)
        }
    }

    private func create(_ email: DesiredEmail, mark: String, _ reason: Reason) -> Proposal {
        var proposal = Proposal(
            Change(
                address: email.address, name: email.spec.name, source: email.source, provider: email.provider, actions: [.create], reasons: [reason]))
        noteMove(&proposal.change)
        proposal.change.fields = EmailFields.readable(email.spec.fields).map { FieldChange($0.key, before: nil, after: $0.value) }
        let spec = ObjectSpec(kind: .email, name: email.spec.name, mark: mark, fields: email.spec.fields)
        proposal.steps.append(
            Step(
                address: email.address, stage: .emails, provider: email.provider, mark: mark, operation: .create(spec), needs: email.list,
                record: record(email, mark: mark, settled: nil)))
        proposal.calls += 1
        return proposal
    }

    private mutating func planKnown(_ email: DesiredEmail, _ known: ObjectState, _ remote: RemoteObject, adopting: String?) {
        let fields = FieldComparison(email.address, want: email.spec, state: known, actual: remote, take: input.options.take[email.address])
        if let phase = remote.phase, phase.hasLeft { return planLeftUnknown(email, known, remote, phase, fields) }
        guard fields.conflicts.isEmpty else { return refuseConflict(email.address, email.source, fields) }
        var proposal = Proposal(
            Change(
                address: email.address, name: email.spec.name, source: email.source, provider: email.provider,
                actions: adopting == nil ? [] : [.adopt], reasons: adopting.map { [Reason(.added, $0)] } ?? []))
        proposal.drift = fields.drift
        proposal.remote = remote
        noteMove(&proposal.change)
        describe(&proposal, fields, edited: .contentEdited)
        proposal.change.fields.removeAll { !EmailFields.isReadable($0.name) }
        let writes = !fields.changes.isEmpty || (adopting != nil && remote.mark != known.mark)
        if writes || !proposal.change.actions.isEmpty || !fields.accepted.isEmpty || !fields.settled.isEmpty {
            if proposal.change.actions.isEmpty { proposal.change.actions = [.update] }
            proposal.steps.append(
                Step(
                    address: email.address, stage: .emails, provider: writes ? email.provider : nil, mark: known.mark,
                    operation: writes ? .update(remote.id, fields.merged(email.spec, mark: known.mark, remote)) : .record, needs: email.list,
                    record: record(email, mark: known.mark, settled: writes ? nil : remote)))
            if writes { proposal.calls += 1 }
        }
        hold(proposal, email, known.send)
    }

    /// Once mails have left, only the email's own document and template are compared.
    private mutating func planLeft(_ email: DesiredEmail, _ send: SendState) {
        if send.phase == .sending {
            refuse(
                email.address, email.source, .open, "its sending was interrupted and its end is not known yet",
                remedy: "run `herald recover`")
        } else if send.document != email.document {
            refuse(
                email.address, email.source, .sent, "it was sent, and what was sent cannot be edited",
                remedy: "put its file and template back as they were, and write a new email, such as `email: \(freeID(after: email.address.id))`")
        } else if send.phase == .unknown {
            let people = send.report.map { "\(PlanText.count($0.unknown, "person", "people")) may or may not have got it" } ?? "nobody knows whether it was sent"
            plan.hints.append("\(email.address): \(people); it is not sent again by itself")
        }
    }

    /// The provider says that it was sent, and the state never heard of that: it was sent by hand, or the state is older than what happened, or was lost.
    /// It is never sent again; where the text is the one in the files, the state learns of it.
    private mutating func planLeftUnknown(
        _ email: DesiredEmail, _ known: ObjectState, _ remote: RemoteObject, _ phase: SendPhase, _ fields: FieldComparison
    ) {
        let says = "\(email.provider) says that it was sent already, and the state does not know of that"
        guard phase == .sent else {
            return refuse(
                email.address, email.source, .open, "\(email.provider) says that its sending was begun, and the state does not know of that",
                remedy: "look at it at \(email.provider); it is not sent by herald")
        }
        guard fields.changes.isEmpty, fields.conflicts.isEmpty else {
            leave(fields.drift)
            return refuse(
                email.address, email.source, .sent, "\(says), with another text",
                remedy: "put its file and template back as they were, and write a new email, such as `email: \(freeID(after: email.address.id))`")
        }
        var proposal = Proposal(
            Change(
                address: email.address, name: email.spec.name, source: email.source, provider: email.provider, actions: [.adopt],
                reasons: [Reason(.drift, says)]))
        proposal.remote = remote
        let record = record(email, mark: known.mark, settled: remote)
        proposal.steps.append(
            Step(
                address: email.address, stage: .emails, provider: nil, mark: known.mark, operation: .record,
                record: { state, _ in
                    record(&state, nil)
                    state.objects[email.address]?.send = SendState(phase: .sent, document: email.document)
                }))
        accept(proposal)
    }

    /// `spring-2` for `spring`, `spring-3` for `spring-2`: the next id that nothing has.
    private func freeID(after id: String) -> String {
        var (stem, number) = (id, 1)
        if let dash = id.lastIndex(of: "-"), let last = Int(id[id.index(after: dash)...]), 1..<1000 ~= last {
            (stem, number) = (String(id[..<dash]), last)
        }
        repeat { number += 1 } while defined.contains(Address(.email, "\(stem)-\(number)")) || input.state.objects[Address(.email, "\(stem)-\(number)")] != nil
        return "\(stem.prefix(60))-\(number)"
    }

    private func record(_ email: DesiredEmail, mark: String, settled: RemoteObject?) -> @Sendable (inout StateDocument, RemoteObject?) -> Void {
        let old = movedFrom[email.address]
        return { state, answer in
            var object =
                old.flatMap { state.objects.removeValue(forKey: $0) } ?? state.objects[email.address]
                ?? ObjectState(provider: email.provider, remote: nil, mark: mark, name: email.spec.name)
            if let remote = answer ?? settled {
                object.remote = remote.id
                object.fields = FieldComparison.digests(sent: email.spec, seen: remote)
            }
            object.name = email.spec.name
            object.send = object.send ?? SendState(phase: .draft, document: email.document)
            state.objects[email.address] = object
        }
    }
}
