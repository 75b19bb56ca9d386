import HeraldModel

/// Moves, removals, and what the state knows but the files no longer name.
extension PlanDraft {
    /// Finds the objects that are still known under an address that a `moved` line replaces.
    mutating func resolveMoves() {
        let moves = Dictionary(input.settings.moved.map { ($0.from.value, $0) }, uniquingKeysWith: { first, _ in first })
        for move in input.settings.moved where moves[move.to.value] == nil {
            // A chain a → b → c is followed back to the address that the state knows.
            var from = move.from.value
            var seen: Set<Address> = [from]
            while input.state.objects[from] == nil, let earlier = input.settings.moved.first(where: { $0.to.value == from })?.from.value,
                seen.insert(earlier).inserted
            { from = earlier }
            guard input.state.objects[from] != nil else {
                plan.hints.append("`moved: {\(move.from.value): \(move.to.value)}` is done; the line may be dropped")
                continue
            }
            guard input.state.objects[move.to.value] == nil else {
                refuse(
                    move.to.value, input.place(move.to.span), .moved, "both \(from) and \(move.to.value) exist already",
                    remedy: "take back the move, or name \(from) in `removed`")
                continue
            }
            movedFrom[move.to.value] = from
        }
    }

    func noteMove(_ change: inout Change, _ address: Address) {
        guard let old = movedFrom[address] else { return }
        change.movedFrom = old
        change.actions.append(.rename)
        change.reasons.append(Reason(.moved, "from \(old)"))
    }

    func adoption(of address: Address, provider: String) -> Adoption? {
        input.settings.adopt.first { $0.address.value == address && $0.provider == provider }
    }

    mutating func refuseConflict(_ address: Address, _ source: Place?, _ fields: [String]) {
        refuse(
            address, source, .conflict, "\(fields.joined(separator: ", ")) changed in the files and at the provider",
            remedy: "plan again with --take git \(address) or --take provider \(address)")
    }

    /// Everything that the state knows and the files do not define.
    mutating func planAbsent() {
        let defined = Set(
            input.desired.lists.map(\.address) + input.desired.emails.map(\.address) + input.desired.campaigns.map(\.address)
                + input.desired.unsupported.map(\.address))
        let removed = Dictionary(input.settings.removed.map { ($0.value, $0.span) }, uniquingKeysWith: { first, _ in first })
        let unmanaged = Dictionary(input.settings.unmanaged.map { ($0.value, $0.span) }, uniquingKeysWith: { first, _ in first })
        let gone = Set(movedFrom.values)
        for (address, object) in input.state.objects.sorted(by: { $0.key < $1.key })
        where !defined.contains(address) && !gone.contains(address) && input.options.covers(address) {
            if let span = unmanaged[address] {
                forget(address, object, input.place(span), reason: Reason(.removed, "named in `unmanaged`"))
            } else if let span = removed[address] {
                remove(address, object, input.place(span))
            } else if address.kind == .email, object.send?.phase == .scheduled {
                cancel(address, object)
            } else {
                plan.hints.append("\(address) is managed but no longer in the files; name it in `removed` or `unmanaged`, or leave it as it is")
            }
        }
        for (address, _) in removed where input.state.objects[address] == nil {
            plan.hints.append("`removed: [\(address)]` is done; the line may be dropped")
        }
        for (address, _) in unmanaged where input.state.objects[address] == nil {
            plan.hints.append("`unmanaged: [\(address)]` is done; the line may be dropped")
        }
        for adoption in input.settings.adopt where input.state.objects[adoption.address.value] != nil {
            plan.hints.append("`adopt: {\(adoption.address.value): …}` is done; the line may be dropped")
        }
        plan.hints.sort()
    }

    private mutating func forget(_ address: Address, _ object: ObjectState, _ source: Place?, reason: Reason) {
        var change = Change(
            address: address, name: object.name, source: source, provider: object.provider, actions: [.forget], reasons: [reason])
        change.operations.append("record")
        plan.changes.append(change)
        steps.append(
            Step(
                address: address, stage: .deletions, provider: nil, mark: object.mark, operation: .record,
                record: { state, _ in state.objects.removeValue(forKey: address) }))
    }

    private mutating func remove(_ address: Address, _ object: ObjectState, _ source: Place?) {
        guard let provider = object.provider, let remote = object.remote else {
            return forget(address, object, source, reason: Reason(.removed))
        }
        if let phase = object.send?.phase, phase.hasLeft {
            // What was sent stays archived at the provider.
            return forget(address, object, source, reason: Reason(.removed, "it was sent, so it stays archived at \(provider)"))
        }
        guard let inventory = inventory(of: provider, for: address, source) else { return }
        guard let there = inventory.objects[remote] else { return forget(address, object, source, reason: Reason(.removed)) }
        if address.kind == .list, !input.options.allowDestroy.contains(address) {
            return refuse(
                address, source, .destroys, "deleting \(object.name) at \(provider) destroys a list of \(there.memberCount) members",
                remedy: "plan again with --allow-destroy \(address), or name it in `unmanaged` to let it be")
        }
        var change = Change(
            address: address, name: object.name, source: source, provider: provider,
            actions: object.send?.phase == .scheduled ? [.cancel, .delete] : [.delete], reasons: [Reason(.removed)])
        change.precondition = Precondition(remote: remote, fingerprint: FieldComparison.fingerprint(there))
        if address.kind == .list {
            change.irreversible = Irreversible("a list of \(there.memberCount) members is destroyed", from: .onApply)
        }
        change.operations.append("delete (repeatable)")
        plan.changes.append(change)
        plan.cost.calls += 1
        steps.append(
            Step(
                address: address, stage: .deletions, provider: provider, mark: object.mark, operation: .delete(remote),
                record: { state, _ in state.objects.removeValue(forKey: address) }))
    }

    /// A scheduled email that left the files is not sent; its draft is kept. So `git revert` stops a send.
    private mutating func cancel(_ address: Address, _ object: ObjectState) {
        var change = Change(
            address: address, name: object.name, source: nil, provider: object.provider, actions: [.cancel],
            reasons: [Reason(.removed, "it is no longer in the files")])
        change.operations.append("record")
        plan.changes.append(change)
        steps.append(
            Step(
                address: address, stage: .cancelling, provider: nil, mark: object.mark, operation: .record,
                record: { state, _ in
                    state.objects[address]?.send?.phase = .cancelled
                    state.objects[address]?.send?.envelope = nil
                }))
    }
}
