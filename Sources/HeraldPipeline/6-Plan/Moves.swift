import HeraldModel

/// `moved` lines, in a chain or alone: an object keeps its identity under another address.
extension PlanDraft {
    /// Finds the objects that are still known under an address that a `moved` line replaces.
    mutating func resolveMoves() {
        let lines = input.settings.moved
        let leaving = Set(lines.map(\.from.value))
        for line in lines where !leaving.contains(line.to.value) && input.options.covers(line.to.value) && movedFrom[line.to.value] == nil {
            let (target, place) = (line.to.value, input.place(line.to.span))
            let known = former(of: target).filter { input.state.objects[$0] != nil }
            guard let old = known.first else { continue }
            if !defined.contains(target), !isLetGo(target) {
                refuse(
                    target, place, .moved, "\(old) was moved to \(target), and the files do not define \(target)",
                    remedy: "correct the line in `moved`, or define \(target)")
            } else if let other = input.state.objects[target] != nil ? target : known.dropFirst().first {
                refuse(
                    target, place, .moved, "\(old) was moved to \(target), and \(other) exists too",
                    remedy: "take the move back, or name \(old) in `removed` or `unmanaged`")
            } else {
                move(old, to: target)
            }
        }
    }

    /// Every address that an object may have had before, nearest first.
    func former(of address: Address) -> [Address] {
        var found: [Address] = []
        var left = formerly[address, default: []]
        while let next = left.popLast() {
            guard next != address, !found.contains(next) else { continue }
            found.append(next)
            left += formerly[next, default: []]
        }
        return found
    }

    /// Whether `removed` or `unmanaged` names it.
    private func isLetGo(_ address: Address) -> Bool { (input.settings.removed + input.settings.unmanaged).contains { $0.value == address } }

    func noteMove(_ change: inout Change) {
        guard let old = movedFrom[change.address] else { return }
        change.movedFrom = old
        change.actions.append(.rename)
        change.reasons.append(Reason(.moved, "from \(old)"))
    }

    /// Whether the state knows nothing of an address, nor of any that it had before.
    private func isGone(_ address: Address) -> Bool { !([address] + former(of: address)).contains { input.state.objects[$0] != nil } }

    /// Lines of herald.yaml that have done what they say.
    mutating func noteDoneLines() {
        let known = input.state.objects
        for line in input.settings.moved where isGone(line.from.value) {
            plan.hints.append("`moved: {\(line.from.value): \(line.to.value)}` is done; the line may be dropped")
        }
        for address in input.settings.removed.map(\.value) where isGone(address) {
            plan.hints.append("`removed: [\(address)]` is done; the line may be dropped")
        }
        for address in input.settings.unmanaged.map(\.value) where isGone(address) {
            plan.hints.append("`unmanaged: [\(address)]` is done; the line may be dropped")
        }
        for adoption in input.settings.adopt where known[adoption.address.value] != nil {
            let line = "`adopt: {\(adoption.address.value): \(adoption.provider):\(adoption.kind)/\(adoption.remoteID)}`"
            let isIt = known[adoption.address.value]?.remote?.text == adoption.remoteID
            plan.hints.append(isIt ? "\(line) is done; the line may be dropped" : "\(line) has no effect, as \(adoption.address.value) is managed already")
        }
    }
}
