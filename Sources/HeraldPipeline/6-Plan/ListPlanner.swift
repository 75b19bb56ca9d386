import HeraldModel

/// Lists: the container at the provider, and who is in it.
extension PlanDraft {
    mutating func plan(_ list: DesiredList) {
        guard mayPlan(list.address, list.source), let inventory = inventory(of: list.provider, for: list.address, list.source),
            let target = target(of: list.address, list.spec, list.provider, list.source, inventory)
        else { return }
        if list.isOnDemand { hintAtRefresh(list) }
        switch target {
        case .new: planMembers(create(list, mark: list.spec.mark, Reason(.added)), list, nil, existing: [])
        case .lost(let known):
            var proposal = create(list, mark: known.mark, Reason(.drift, "it was deleted at \(list.provider)"))
            proposal.drift = [Drift(list.address, field: "list", git: list.spec.name, remote: nil, corrected: true)]
            planMembers(proposal, list, nil, existing: [])
        case .known(let known, let remote): planKnown(list, known, remote, inventory, adopting: nil)
        case .adopted(let known, let remote, let because): planKnown(list, known, remote, inventory, adopting: because)
        }
    }

    /// Nobody is put on an on-demand list, or taken off it, without being asked to.
    private mutating func hintAtRefresh(_ list: DesiredList) {
        let mark = state(of: list.address)?.mark ?? list.spec.mark
        guard let membership = input.state.memberships[mark] else {
            return plan.hints.append("\(list.address) is on demand and was never refreshed, so nobody is on it; run `herald list refresh \(list.address)`")
        }
        guard membership.condition != list.condition else { return }
        plan.hints.append(
            "the condition of \(list.address) was edited since its last refresh at \(membership.at); it keeps its people until `herald list refresh \(list.address)`")
    }

    private func create(_ list: DesiredList, mark: String, _ reason: Reason) -> Proposal {
        var proposal = Proposal(
            Change(
                address: list.address, name: list.spec.name, source: list.source, provider: list.provider, actions: [.create], reasons: [reason]))
        noteMove(&proposal.change)
        proposal.change.fields = list.spec.fields.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }
            .map { FieldChange($0.key, before: nil, after: $0.value) }
        let spec = ObjectSpec(kind: .list, name: list.spec.name, mark: mark, fields: list.spec.fields)
        proposal.steps.append(
            Step(
                address: list.address, stage: .lists, provider: list.provider, mark: mark, operation: .create(spec),
                record: record(list, mark: mark, settled: nil, basis: nil)))
        proposal.calls += 1
        return proposal
    }

    private mutating func planKnown(_ list: DesiredList, _ known: ObjectState, _ remote: RemoteObject, _ inventory: Inventory, adopting: String?) {
        guard let existing = inventory.members[remote.id] else {
            return refuse(
                list.address, list.source, .unread, "the members of \(remote.name) at \(list.provider) were not read",
                remedy: "nothing is planned for what could not be read; plan again")
        }
        let fields = FieldComparison(list.address, want: list.spec, state: known, actual: remote, take: input.options.take[list.address])
        guard fields.conflicts.isEmpty else { return refuseConflict(list.address, list.source, fields) }
        var proposal = Proposal(
            Change(
                address: list.address, name: list.spec.name, source: list.source, provider: list.provider, actions: adopting == nil ? [] : [.adopt],
                reasons: adopting.map { [Reason(.added, $0)] } ?? []))
        proposal.drift = fields.drift
        proposal.remote = remote
        noteMove(&proposal.change)
        if known.condition != nil, known.condition != list.condition { proposal.change.reasons.append(Reason(.filterEdited)) }
        describe(&proposal, fields, edited: .definitionEdited)
        let writes = !fields.changes.isEmpty || (adopting != nil && remote.mark != known.mark)
        if writes || !proposal.change.actions.isEmpty || !fields.accepted.isEmpty || !fields.settled.isEmpty || known.condition != list.condition {
            if proposal.change.actions.isEmpty { proposal.change.actions = [.update] }
            proposal.steps.append(
                Step(
                    address: list.address, stage: .updates, provider: writes ? list.provider : nil, mark: known.mark,
                    operation: writes ? .update(remote.id, fields.merged(list.spec, mark: known.mark, remote)) : .record,
                    // Who is in is what the new condition makes of the data as well: that is what the next plan compares with.
                    record: record(list, mark: known.mark, settled: writes ? nil : remote, basis: existing == list.members.members ? list.basis : nil)))
            if writes { proposal.calls += 1 }
        }
        planMembers(proposal, list, known, existing: existing)
    }

    /// Adds the people, holds the change to the valve, and takes it in.
    /// - Parameter known: nil for a list that is made.
    private mutating func planMembers(_ proposal: Proposal, _ list: DesiredList, _ known: ObjectState?, existing: [MemberState]) {
        var proposal = proposal
        let people = list.members
        let difference = MemberDifference(from: existing, to: people.members)
        if !difference.isEmpty {
            let hasDrifted = known?.members.map { $0.seen != MemberSets.digest(existing) } ?? false
            if hasDrifted {
                proposal.drift.append(
                    Drift(list.address, field: "members", git: nil, remote: "\(existing.count) members", corrected: true))
            }
            guard passesValve(list, existing: existing.count, removed: difference.removed.count, &proposal) else { return leave(proposal.drift) }
            if !difference.added.isEmpty || !difference.updated.isEmpty { proposal.change.actions.append(.addMembers) }
            if !difference.removed.isEmpty { proposal.change.actions.append(.removeMembers) }
            if known != nil { explain(difference, list, known, hasDrifted: hasDrifted, &proposal.change) }
            proposal.steps.append(
                Step(
                    address: list.address, stage: .members, provider: list.provider, mark: list.spec.mark,
                    operation: .change(adding: difference.added + difference.updated, removing: difference.removed, from: people),
                    record: { state, _ in
                        state.objects[list.address]?.members = MemberDigests(
                            count: people.members.count, seen: MemberSets.digest(people.members), basis: list.basis)
                    }))
            proposal.calls += (difference.added.count + difference.updated.count + difference.removed.count + 499) / 500
        }
        if !proposal.change.actions.isEmpty {
            proposal.change.audience = AudienceDelta.between(existing.count, people, difference)
            proposal.audience = people
        }
        accept(proposal)
    }

    /// Why people come and go. An edited filter is told once: with the people whom it moves, where that is known.
    private func explain(_ difference: MemberDifference, _ list: DesiredList, _ known: ObjectState?, hasDrifted: Bool, _ change: inout Change) {
        let reasons = MemberReasons(list, known, hasDrifted: hasDrifted).reasons(difference)
        if reasons.contains(where: { $0.code == .filterEdited }) { change.reasons.removeAll { $0.code == .filterEdited } }
        change.reasons += reasons
    }

    /// - Parameter basis: what the members are made of, where they stay as they are.
    private func record(
        _ list: DesiredList, mark: String, settled: RemoteObject?, basis: MemberBasis?
    ) -> @Sendable (inout StateDocument, RemoteObject?) -> Void {
        let old = movedFrom[list.address]
        return { state, answer in
            var object =
                old.flatMap { state.objects.removeValue(forKey: $0) } ?? state.objects[list.address]
                ?? ObjectState(provider: list.provider, remote: nil, mark: mark, name: list.spec.name)
            if let remote = answer ?? settled {
                if object.remote != remote.id { object.members = nil }
                object.remote = remote.id
                object.fields = FieldComparison.digests(sent: list.spec, seen: remote)
            }
            object.name = list.spec.name
            object.condition = list.condition
            if let basis { object.members?.basis = basis }
            state.objects[list.address] = object
        }
    }
}

extension PlanDraft {
    /// Which fields change and why, for a change of any kind.
    func describe(_ proposal: inout Proposal, _ fields: FieldComparison, edited: Reason.Code) {
        let (change, names) = (fields.changes, Set(fields.edited))
        proposal.change.fields = change
        if !fields.edited.isEmpty { proposal.change.reasons.append(Reason(edited, fields.edited.joined(separator: ", "))) }
        let corrected = change.map(\.name).filter { !names.contains($0) }
        if !corrected.isEmpty { proposal.change.reasons.append(Reason(.drift, "\(corrected.joined(separator: ", ")) is put right")) }
        if !fields.accepted.isEmpty { proposal.change.reasons.append(Reason(.drift, "\(fields.accepted.sorted().joined(separator: ", ")) is taken over")) }
        if !fields.settled.isEmpty, !proposal.change.actions.contains(.adopt) {
            proposal.change.reasons.append(Reason(.drift, "\(fields.settled.joined(separator: ", ")) is the same on both sides already"))
        }
        if change.contains(where: { $0.name == "name" }), !proposal.change.actions.contains(.rename) { proposal.change.actions.append(.rename) }
        if change.contains(where: { $0.name != "name" }) { proposal.change.actions.append(.update) }
    }

    mutating func refuseConflict(_ address: Address, _ source: Place, _ fields: FieldComparison) {
        leave(fields.drift)
        refuse(
            address, source, .conflict, "\(fields.conflicts.joined(separator: ", ")) changed in the files and at the provider",
            remedy: "plan again with --take git \(address) or --take provider \(address)")
    }
}
