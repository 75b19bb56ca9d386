import HeraldModel

/// Lists: the container at the provider, and who is in it.
extension PlanDraft {
    mutating func plan(_ list: DesiredList) {
        guard !isRefused(list.address), let inventory = inventory(of: list.provider, for: list.address, list.source) else { return }
        audiences[list.address] = list.members.members.map(\.person)
        guard let known = state(of: list.address) else { return planNew(list, inventory) }
        guard let remote = known.remote.flatMap({ inventory.objects[$0] }) else { return planLost(list, known) }
        planKnown(list, known, remote, inventory)
    }

    private mutating func planNew(_ list: DesiredList, _ inventory: Inventory) {
        if let adoption = adoption(of: list.address, provider: list.provider) {
            guard let remote = inventory.objects[RemoteID(adoption.remoteID)], remote.kind == .list else {
                return refuse(
                    list.address, list.source, .exists, "there is no list \(adoption.remoteID) at \(list.provider) to adopt",
                    remedy: "correct the line in `adopt`")
            }
            return planAdoption(list, remote, inventory)
        }
        if let other = inventory.byMark[list.spec.mark]?.first ?? inventory.named(.list, list.spec.name) {
            return refuse(
                list.address, list.source, .exists, "\(list.provider) already has a list named \(other.name) that herald does not manage",
                remedy: "take it over with `adopt: {\(list.address): \(list.provider):list/\(other.id)}` in herald.yaml, or rename yours")
        }
        var change = Change(
            address: list.address, name: list.spec.name, source: list.source, provider: list.provider, actions: [.create],
            reasons: [Reason(.added)])
        change.fields = list.spec.fields.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }
            .map { FieldChange($0.key, before: nil, after: $0.value) }
        steps.append(
            Step(
                address: list.address, stage: .lists, provider: list.provider, mark: list.spec.mark, operation: .create(list.spec),
                record: recordContainer(list, digests: nil)))
        change.operations.append("create (findable)")
        plan.cost.calls += 1
        finish(&change, list, existing: [], seen: nil)
    }

    private mutating func planAdoption(_ list: DesiredList, _ remote: RemoteObject, _ inventory: Inventory) {
        var change = Change(
            address: list.address, name: list.spec.name, source: list.source, provider: list.provider, actions: [.adopt],
            reasons: [Reason(.added, "adopts \(list.provider):list/\(remote.id)")])
        change.precondition = Precondition(remote: remote.id, fingerprint: FieldComparison.fingerprint(remote))
        change.fields = list.spec.fields.sorted { $0.key < $1.key }.filter { $0.value != remote.fields[$0.key] ?? "" }
            .map { FieldChange($0.key, before: remote.fields[$0.key] ?? "", after: $0.value) }
        steps.append(
            Step(
                address: list.address, stage: .lists, provider: list.provider, mark: list.spec.mark,
                operation: .update(remote.id, list.spec), record: recordContainer(list, digests: nil)))
        change.operations.append("update (repeatable)")
        plan.cost.calls += 1
        finish(&change, list, existing: inventory.members[remote.id] ?? [], seen: nil)
    }

    /// The state knows the list, the provider does not have it any more: somebody deleted it there. It is made again.
    private mutating func planLost(_ list: DesiredList, _ known: ObjectState) {
        plan.drift.append(Drift(list.address, field: "list", git: list.spec.name, remote: nil, corrected: true))
        var change = Change(
            address: list.address, name: list.spec.name, source: list.source, provider: list.provider, actions: [.create],
            reasons: [Reason(.drift, "it was deleted at \(list.provider)")])
        change.movedFrom = movedFrom[list.address]
        let spec = ObjectSpec(kind: .list, name: list.spec.name, mark: known.mark, fields: list.spec.fields)
        steps.append(
            Step(
                address: list.address, stage: .lists, provider: list.provider, mark: known.mark, operation: .create(spec),
                record: recordContainer(list, digests: nil)))
        change.operations.append("create (findable)")
        plan.cost.calls += 1
        finish(&change, list, existing: [], seen: nil)
    }

    private mutating func planKnown(_ list: DesiredList, _ known: ObjectState, _ remote: RemoteObject, _ inventory: Inventory) {
        let fields = FieldComparison(list.address, want: list.spec, state: known, actual: remote, take: input.options.take[list.address])
        plan.drift += fields.drift
        guard fields.conflicts.isEmpty else { return refuseConflict(list.address, list.source, fields.conflicts) }
        var change = Change(
            address: list.address, name: list.spec.name, source: list.source, provider: list.provider, actions: [], reasons: [])
        change.precondition = Precondition(remote: remote.id, fingerprint: FieldComparison.fingerprint(remote))
        noteMove(&change, list.address)
        change.fields = fields.changes
        if known.condition != nil, known.condition != list.condition { change.reasons.append(Reason(.filterEdited)) }
        if !fields.edited.isEmpty { change.reasons.append(Reason(.definitionEdited, fields.edited.joined(separator: ", "))) }
        if fields.changes.count > fields.edited.count { change.reasons.append(Reason(.drift)) }
        if !fields.changes.isEmpty || !fields.accepted.isEmpty || change.movedFrom != nil {
            let writes = !fields.changes.isEmpty
            if writes { change.actions.append(change.fields.contains { $0.name == "name" } ? .rename : .update) }
            let spec = ObjectSpec(
                kind: .list, name: fields.accepted.contains("name") ? remote.name : list.spec.name, mark: known.mark,
                fields: list.spec.fields.merging(remote.fields.filter { fields.accepted.contains($0.key) }) { _, theirs in theirs })
            steps.append(
                Step(
                    address: list.address, stage: .lists, provider: writes ? list.provider : nil, mark: known.mark,
                    operation: writes ? .update(remote.id, spec) : .record,
                    record: recordContainer(list, digests: writes ? nil : FieldComparison.digests(sent: list.spec, seen: remote))))
            if writes {
                change.operations.append("update (repeatable)")
                plan.cost.calls += 1
            }
        }
        finish(&change, list, existing: inventory.members[remote.id] ?? [], seen: known.members?.seen)
    }

    /// Adds the people to a change, holds it to the valve, and puts it into the plan where anything is left of it.
    private mutating func finish(_ change: inout Change, _ list: DesiredList, existing: [MemberState], seen: String?) {
        let difference = MemberDifference(from: existing, to: list.members.members)
        if let seen, seen != MemberSets.digest(existing), !difference.isEmpty {
            plan.drift.append(Drift(list.address, field: "members", git: nil, remote: "\(existing.count) members", corrected: true))
        }
        let delta = AudienceDelta.between(existing, list.members, difference)
        if !difference.isEmpty {
            change.audience = delta
            if !difference.added.isEmpty || !difference.updated.isEmpty { change.actions.append(.addMembers) }
            if !difference.removed.isEmpty { change.actions.append(.removeMembers) }
            change.reasons += AudienceDelta.reasons(difference, list.members, isNew: change.actions.contains(.create))
            guard passesValve(list, existing: existing.count, removed: difference.removed.count) else { return dropSteps(of: list.address) }
            let members = list.members
            steps.append(
                Step(
                    address: list.address, stage: .members, provider: list.provider, mark: list.spec.mark,
                    operation: .change(adding: difference.added + difference.updated, removing: difference.removed, from: members),
                    record: { state, _ in
                        state.objects[list.address]?.members = MemberDigests(
                            count: members.members.count, seen: MemberSets.digest(members.members))
                    }))
            change.operations.append("members (repeatable)")
            plan.cost.calls += (difference.added.count + difference.updated.count + difference.removed.count + 499) / 500
        } else if change.actions.contains(.create) || change.actions.contains(.adopt) {
            change.audience = delta
        }
        if !change.actions.isEmpty { plan.changes.append(change) }
    }

    private mutating func dropSteps(of address: Address) { steps.removeAll { $0.address == address } }

    private func recordContainer(_ list: DesiredList, digests: [String: FieldDigests]?) -> @Sendable (inout StateDocument, RemoteObject?) -> Void {
        let old = movedFrom[list.address]
        return { state, remote in
            var object = old.flatMap { state.objects.removeValue(forKey: $0) } ?? state.objects[list.address]
                ?? ObjectState(provider: list.provider, remote: nil, mark: list.spec.mark, name: list.spec.name)
            if let remote {
                if object.remote != remote.id { object.members = nil }
                object.remote = remote.id
                object.fields = FieldComparison.digests(sent: list.spec, seen: remote)
            }
            if let digests { object.fields = digests }
            object.name = list.spec.name
            object.condition = list.condition
            state.objects[list.address] = object
        }
    }
}
