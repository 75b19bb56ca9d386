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
        if let known = state(of: address) { return known.provider == provider ? self.known(known, address, spec, source, inventory) : refuseOther(known, address, provider, source) }
        if let adoption = adoptions[address], adoption.provider == provider {
            guard let object = inventory.objects[RemoteID(adoption.remoteID)], object.kind == spec.kind else {
                refuse(
                    address, source, .exists, "there is no \(spec.kind.rawValue) \(adoption.remoteID) at \(provider) to adopt",
                    remedy: "correct the line in `adopt`")
                return nil
            }
            guard owners[provider]?[object.id] == nil, object.phase.map(\.hasLeft) != true else {
                refuse(
                    address, source, .exists, owner(of: object, provider).map { "\(provider):\(spec.kind.rawValue)/\(object.id) is \($0) already" }
                        ?? "\(provider):\(spec.kind.rawValue)/\(object.id) was sent already, and cannot be taken over",
                    remedy: "correct the line in `adopt`")
                return nil
            }
            return .adopted(
                ObjectState(provider: provider, remote: object.id, mark: spec.mark, name: object.name), object,
                because: "adopts \(provider):\(spec.kind.rawValue)/\(object.id)")
        }
        guard let marked = marked(address, spec, provider, source, inventory) else { return nil }
        if case .adopted = marked { return marked }
        return isNameFree(address, spec, provider, source, inventory) ? .new : nil
    }

    private func owner(of object: RemoteObject, _ provider: String) -> Address? { owners[provider]?[object.id] }

    private mutating func known(
        _ known: ObjectState, _ address: Address, _ spec: ObjectSpec, _ source: Place, _ inventory: Inventory
    ) -> Target? {
        guard let provider = known.provider, let object = known.remote.flatMap({ inventory.objects[$0] }) else { return .lost(known) }
        guard object.name == spec.name || isNameFree(address, spec, provider, source, inventory) else { return nil }
        return .known(known, object)
    }

    private mutating func refuseOther(_ known: ObjectState, _ address: Address, _ provider: String, _ source: Place) -> Target? {
        refuse(
            address, source, .moved, "it stands at \(known.provider ?? "no provider"), and an object cannot move to \(provider)",
            remedy: "give it another id, and name \(address) in `removed` or `unmanaged`")
        return nil
    }

    /// An object that carries the mark of this address, or of one it had before, was made by herald: its record was lost.
    private mutating func marked(
        _ address: Address, _ spec: ObjectSpec, _ provider: String, _ source: Place, _ inventory: Inventory
    ) -> Target? {
        for mark in [spec.mark] + former(of: address).map({ Mark.of($0, input.settings) }) {
            switch MarkedObjects(inventory.marked(spec.kind, mark)) {
            case .none: continue
            case .one(let object):
                if let owner = owner(of: object, provider) {
                    refuse(
                        address, source, .moved, "\(owner) was \(address) once and keeps its mark, so this id cannot be used again",
                        remedy: "choose another id")
                    return nil
                }
                return .adopted(
                    ObjectState(provider: provider, remote: object.id, mark: mark, name: object.name), object,
                    because: "\(provider):\(spec.kind.rawValue)/\(object.id) carries its mark")
            case .several(let count):
                refuse(
                    address, source, .ambiguous, "\(count) objects at \(provider) carry its mark, and nobody can say which is it",
                    remedy: "look at them at \(provider), delete those that are not meant, and plan again")
                return nil
            }
        }
        return .new
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
                refuse(
                    address, source, .exists, "\(owner) at \(provider) has that name, and is no longer in the files",
                    remedy: "if it is the same, say so with `moved: {\(owner): \(address)}` in herald.yaml; if not, rename yours, or name \(owner) in `removed`")
                return false
            }
        }
        return true
    }
}
