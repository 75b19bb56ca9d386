import HeraldModel

/// What the state knows and the files no longer define. Absence alone changes nothing, but for a send that was to come.
extension PlanDraft {
    mutating func planAbsent() {
        let removed = Dictionary(input.settings.removed.map { ($0.value, $0.span) }, uniquingKeysWith: { first, _ in first })
        let unmanaged = Dictionary(input.settings.unmanaged.map { ($0.value, $0.span) }, uniquingKeysWith: { first, _ in first })
        // What was moved to a name that left the files too is that.
        let movedTo = Dictionary(movedFrom.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
        let absent = input.state.objects.compactMap { key, object in
            let address = movedTo[key] ?? key
            return defined.contains(address) || refused.contains(address) || !input.options.covers(address) ? nil : (address, object)
        }
        // Against the order of making: emails before the lists that they need.
        for (address, object) in absent.sorted(by: { $0.0 > $1.0 }) {
            if let span = unmanaged[address] {
                forget(address, object, input.place(span), Reason(.removed, "named in `unmanaged`"))
            } else if let span = removed[address] {
                remove(address, object, input.place(span))
            } else if address.kind == .email, object.send?.phase == .scheduled {
                cancel(address, object)
            } else if object.send?.phase.hasLeft != true {
                plan.hints.append("\(address) is managed and no longer in the files; name it in `removed` or `unmanaged`, or leave it as it is")
            }
        }
    }

    private mutating func forget(_ address: Address, _ object: ObjectState, _ source: Place?, _ reason: Reason) {
        guard mayPlan(address, source) else { return }
        var proposal = Proposal(
            Change(address: address, name: object.name, source: source, provider: object.provider, actions: [.forget], reasons: [reason]))
        let key = movedFrom[address] ?? address
        proposal.steps.append(
            Step(
                address: address, stage: .deletions, provider: nil, mark: object.mark, operation: .record,
                record: { state, _ in state.forget(key) }))
        accept(proposal)
    }

    private mutating func remove(_ address: Address, _ object: ObjectState, _ source: Place?) {
        guard let provider = object.provider, let remote = object.remote else { return forget(address, object, source, Reason(.removed)) }
        if let phase = object.send?.phase, phase.hasLeft {
            return forget(address, object, source, Reason(.removed, "it was sent, so it stays archived at \(provider)"))
        }
        guard mayPlan(address, source), let inventory = inventory(of: provider, for: address, source) else { return }
        guard let there = inventory.objects[remote] else {
            return forget(address, object, source, Reason(.removed, "it is gone at \(provider) already"))
        }
        guard there.phase?.hasLeft != true else {
            return forget(address, object, source, Reason(.removed, "\(provider) says that it was sent, so it stays archived there"))
        }
        if address.kind == .list, !input.options.allowDestroy.contains(address) {
            return refuse(
                address, source, .destroys,
                "deleting \(object.name) at \(provider) destroys a list of \(PlanText.count(there.memberCount, "member"))",
                remedy: "plan again with --allow-destroy \(address), or name it in `unmanaged` to let it be")
        }
        var change = Change(
            address: address, name: object.name, source: source, provider: provider,
            actions: object.send?.phase == .scheduled ? [.cancel, .delete] : [.delete], reasons: [Reason(.removed)])
        if address.kind == .list {
            change.irreversible = Irreversible(
                "a list of \(PlanText.count(there.memberCount, "member")) is destroyed (allowed with --allow-destroy)", from: .onApply)
        }
        var proposal = Proposal(change)
        proposal.remote = there
        let key = movedFrom[address] ?? address
        if object.send?.phase == .scheduled { proposal.steps.append(cancelling(address, object)) }
        proposal.steps.append(
            Step(
                address: address, stage: .deletions, provider: provider, mark: object.mark, operation: .delete(remote),
                record: { state, _ in state.forget(key) }))
        proposal.calls += 1
        accept(proposal)
    }

    /// A scheduled email that left the files is not sent; its draft is kept. So `git revert` stops a send.
    private mutating func cancel(_ address: Address, _ object: ObjectState) {
        guard mayPlan(address, nil) else { return }
        if let provider = object.provider, input.readings[provider]?.capabilities.schedules != false {
            return refuse(
                address, nil, .unsupported, "it is no longer in the files, and this version cannot take back what \(provider) was given to send",
                remedy: "stop it at \(provider) now")
        }
        let held = object.send?.envelope.map { "it was to go at \($0.at) to \(PlanText.count($0.count, "person", "people")); " } ?? ""
        var proposal = Proposal(
            Change(
                address: address, name: object.name, source: nil, provider: object.provider, actions: [.cancel],
                reasons: [Reason(.removed, "it is no longer in the files; \(held)its draft is kept")]))
        proposal.steps.append(cancelling(address, object))
        accept(proposal)
    }

    private func cancelling(_ address: Address, _ object: ObjectState) -> Step {
        let key = movedFrom[address] ?? address
        return Step(
            address: address, stage: .cancelling, provider: nil, mark: object.mark, operation: .record,
            record: { state, _ in
                state.objects[key]?.send?.phase = .cancelled
                state.objects[key]?.send?.envelope = nil
            })
    }
}
