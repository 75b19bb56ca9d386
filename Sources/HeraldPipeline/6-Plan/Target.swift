import HeraldModel

/// What a definition stands for at its provider.
enum Target {
    case new
    /// The state knows it and it is there.
    case known(ObjectState, RemoteObject)
    /// The state knows it, and somebody deleted it at the provider.
    case lost(ObjectState)
    /// It is there and ours to take over.
    case adopted(ObjectState, RemoteObject, because: String)
}

extension PlanDraft {
    /// Finds the object by what the state says, an `adopt` line, its mark, and at last its name; nil after refusing it.
    mutating func target(
        of address: Address, _ spec: ObjectSpec, _ provider: String, _ source: Place, _ inventory: Inventory
    ) -> Target? {
        if let known = state(of: address) {
            guard known.provider == provider else { return refuseOther(known, address, provider, source) }
            return self.known(known, address, spec, provider, source, inventory)
        }
        if let adoption = adoptions[address], adoption.provider == provider {
            guard let object = inventory.objects[RemoteID(adoption.remoteID)], object.kind == spec.kind else {
                refuse(
                    address, source, .exists, "there is no \(spec.kind.rawValue) \(adoption.remoteID) at \(provider) to adopt",
                    remedy: "correct the line in `adopt`")
                return nil
            }
            guard owners[provider]?[object.id] == nil, object.phase.map(\.hasLeft) != true else {
                refuse(
                    address, source, .exists,
                    owner(of: object, provider).map { "\(provider):\(spec.kind.rawValue)/\(object.id) is \($0) already" }
                        ?? "\(provider):\(spec.kind.rawValue)/\(object.id) was sent already, and cannot be taken over",
                    remedy: "correct the line in `adopt`")
                return nil
            }
            return .adopted(
                ObjectState(provider: provider, remote: object.id, mark: spec.mark, name: object.name), object,
                because: "adopts \(provider):\(spec.kind.rawValue)/\(object.id)")
        }
        let marks = [spec.mark] + former(of: address).map { Mark.of($0, input.settings) }
        return marked(marks, nil, address, spec, provider, source, inventory)
    }

    private func owner(of object: RemoteObject, _ provider: String) -> Address? { owners[provider]?[object.id] }

    private mutating func known(
        _ known: ObjectState, _ address: Address, _ spec: ObjectSpec, _ provider: String, _ source: Place, _ inventory: Inventory
    ) -> Target? {
        guard let object = known.remote.flatMap({ inventory.objects[$0] }) else {
            return marked([known.mark], known, address, spec, provider, source, inventory)
        }
        let twins = inventory.marked(spec.kind, known.mark).filter { $0.id != object.id }
        guard !twins.contains(where: { $0.phase.map(\.hasLeft) == true }) else {
            refuse(
                address, source, .ambiguous, "another object at \(provider) carries its mark and was sent, so nobody can say whether this one may be",
                remedy: "look at them at \(provider), delete the one that is not meant, and plan again")
            return nil
        }
        if !twins.isEmpty { plan.hints.append("\(address): \(twins.count + 1) objects at \(provider) carry its mark; those that herald does not use may be deleted there") }
        guard object.name == spec.name || isNameFree(address, spec, provider, source, inventory) else { return nil }
        return .known(known, object)
    }

    private mutating func refuseOther(_ known: ObjectState, _ address: Address, _ provider: String, _ source: Place) -> Target? {
        refuse(
            address, source, .moved, "it stands at \(known.provider ?? "no provider"), and an object cannot move to \(provider)",
            remedy: "give it another id, and name \(address) in `removed` or `unmanaged`")
        return nil
    }

    /// An object that carries a mark of ours was made by herald, though the state does not know it, or not under this id. Where there is none, the object
    /// is new, or lost if the state knew it.
    private mutating func marked(
        _ marks: [String], _ known: ObjectState?, _ address: Address, _ spec: ObjectSpec, _ provider: String, _ source: Place, _ inventory: Inventory
    ) -> Target? {
        for mark in marks {
            switch MarkedObjects(inventory.marked(spec.kind, mark)) {
            case .none: continue
            case .one(let object):
                if let owner = owner(of: object, provider) {
                    let now = movedFrom.first { $0.value == owner }?.key ?? owner
                    refuse(
                        address, source, .moved, "\(now) was \(address) once and keeps its mark, so this id cannot be used again",
                        remedy: "choose another id")
                    return nil
                }
                var state = known ?? ObjectState(provider: provider, remote: nil, mark: mark, name: object.name)
                state.remote = object.id
                return .adopted(state, object, because: "\(provider):\(spec.kind.rawValue)/\(object.id) carries its mark")
            case .several(let count):
                refuse(
                    address, source, .ambiguous, "\(count) objects at \(provider) carry its mark, and nobody can say which is it",
                    remedy: "look at them at \(provider), delete those that are not meant, and plan again")
                return nil
            }
        }
        guard isNameFree(address, spec, provider, source, inventory) else { return nil }
        return known.map(Target.lost) ?? .new
    }

    /// Whether no other object at the provider has the name, but for one that gives it up in this plan.
    private mutating func isNameFree(
        _ address: Address, _ spec: ObjectSpec, _ provider: String, _ source: Place, _ inventory: Inventory
    ) -> Bool {
        for other in inventory.named(spec.kind, spec.name) where other.id != state(of: address)?.remote {
            let name = "\(spec.kind == .list ? "a list" : "an email") named \(spec.name)"
            guard let owner = owner(of: other, provider) else {
                refuse(
                    address, source, .exists, "\(provider) already has \(name) that herald does not manage",
                    remedy: "take it over with `adopt: {\(address): \(provider):\(spec.kind.rawValue)/\(other.id)}` in herald.yaml, or rename yours")
                return false
            }
            if !defined.contains(owner), !movedAway.contains(owner) {
                let isRemoved = input.settings.removed.contains { $0.value == owner }
                refuse(
                    address, source, .exists, "\(owner) at \(provider) has that name, and is no longer in the files",
                    remedy: isRemoved
                        ? "apply its removal first, and plan again"
                        : "if it is the same, say so with `moved: {\(owner): \(address)}` in herald.yaml; if not, rename yours, or name \(owner) in `removed`")
                return false
            }
        }
        return true
    }
}
