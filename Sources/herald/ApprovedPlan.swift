import ArgumentParser
import HeraldContract
import HeraldModel
import HeraldPipeline
import HeraldStore

/// A plan file that somebody approved, read back and held against the workspace and its state. Every way in which it is not to be used ends the command.
struct ApprovedPlan {
    let wire: PlanWire
    /// What it was made with.
    let options: PlanOptions
    private let path: String

    /// - Parameter path: as written on the command line, relative to the current folder.
    static func read(_ path: String, _ workspace: StatefulWorkspace) throws -> ApprovedPlan {
        guard let bytes = try ending({ () throws(StoreFailure) in try DurableFile.read(path) }) else {
            Terminal.talk("error: there is no plan at \(path)")
            Terminal.talk("help: make one with `herald plan`, which writes output/plan.json")
            throw Ended(.refused)
        }
        let wire: PlanWire
        do { wire = try PlanWire(json: bytes) } catch {
            throw refuse("\(path) is not a plan of format herald.plan/1", "make a new one with `herald plan`")
        }
        guard wire.format == "herald.plan/1" else { throw refuse("\(path) is of the format \(wire.format), which this herald does not read", "use the version that made it") }
        guard wire.isIntact else { throw refuse("\(path) was changed after it was made: its content is not what its digest says", "make a new one with `herald plan`") }
        guard let options = PlanOptions(wire) else { throw refuse("\(path) was made with options that this herald does not know", "make a new one with `herald plan`") }
        let approved = ApprovedPlan(wire: wire, options: options, path: path)
        try approved.checkBelongs(to: workspace)
        return approved
    }

    private func checkBelongs(to workspace: StatefulWorkspace) throws {
        let settings = workspace.resolved.workspace.settings
        guard wire.workspace == settings.id.value, wire.environment == settings.environment, wire.inputs.state == workspace.state.lineage else {
            let made = "\(wire.workspace)\(wire.environment.map { " (\($0))" } ?? "")"
            Terminal.talk("error: this plan was made for another workspace, environment or state: \(made)")
            Terminal.talk("help: make a new plan here")
            throw Ended(.stale)
        }
        if workspace.state.spent.contains(where: { $0.digest == wire.digest && $0.madeAgainst == wire.inputs.state_serial }) {
            throw ApprovedPlan.refuse("this plan was applied already; a plan is used once", "make a new one with `herald plan`")
        }
        if let expires = wire.expires.flatMap({ Instant(rfc3339: $0) }), expires <= workspace.opened.environment.now {
            Terminal.talk("error: this plan expired at \(expires)")
            Terminal.talk("help: make a new one with `herald plan`, and have it approved")
            throw Ended(.stale)
        }
    }

    /// The approved audience of an address, ascending; nil where its sidecar is missing or is not what the plan says.
    func audience(_ address: Address) -> [PersonDigest]? {
        guard let bytes = try? DurableFile.read(PlanFiles.sidecar(of: path, address)), let people = AudienceFile.decode(bytes) else { return nil }
        let approved = wire.changes.first { $0.address == address.description }?.audience ?? wire.waiting.first { $0.address == address.description }?.audience
        return approved?.set_digest == MemberSets.digest(people: people) ? people : nil
    }

    static func refuse(_ message: String, _ help: String) -> Ended {
        Terminal.talk("error: \(message)")
        Terminal.talk("help: \(help)")
        return Ended(.refused)
    }
}

/// Nothing may begin while an earlier apply or send has no recorded end.
enum OpenWork {
    static func check(_ state: StateDocument) throws {
        guard !state.intents.isEmpty || state.spent.contains(where: { !$0.finished }) else { return }
        Terminal.talk("error: an earlier apply or send was interrupted, and its end is not recorded")
        Terminal.talk("help: run `herald recover`; it looks what happened, finishes or closes it, and never sends twice")
        throw Ended(.unknown)
    }
}
