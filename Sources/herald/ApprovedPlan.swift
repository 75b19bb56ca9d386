import HeraldContract
import HeraldModel
import HeraldPipeline
import HeraldStore

/// A plan file that somebody approved, read back. Every way in which it is not to be used ends the command.
struct ApprovedPlan {
    let wire: PlanWire
    /// What it was made with.
    let options: PlanOptions
    private let path: String

    /// - Parameter path: as written on the command line, relative to the current folder.
    static func read(_ path: String, _ workspace: StatefulWorkspace) throws -> ApprovedPlan {
        let wire = try wire(path)
        guard let options = wire.options.parsed() else {
            throw refuse("\(path) was made by another version of herald", "make a new one with `herald plan`")
        }
        let approved = ApprovedPlan(wire: wire, options: options, path: path)
        try approved.check(workspace, workspace.state)
        return approved
    }

    /// A plan as a file says it; whether it may be used is not looked at.
    static func wire(_ path: String) throws -> PlanWire {
        let content: [UInt8]?
        do throws(StoreFailure) { content = try DurableFile.read(path) } catch { throw refuse(error.message, "name the plan.json that `herald plan` wrote") }
        guard let bytes = content else {
            throw refuse("there is no plan at \(path)", "make one with `herald plan`, which writes output/plan.json")
        }
        let wire: PlanWire
        do { wire = try PlanWire(json: bytes) } catch {
            throw refuse("\(path) is not a plan of the format herald.plan/1", "make a new one with `herald plan`")
        }
        guard wire.format == "herald.plan/1" else {
            throw refuse("\(path) was made by another version of herald", "make a new one with `herald plan`")
        }
        return wire
    }

    /// Ends the command where somebody has to approve one of these addresses and did not. Returns who approved, as what.
    func demandApprovals(for addresses: Set<String>, _ environment: RunEnvironment, _ common: CommonOptions) throws -> [String] {
        var approvals: [String] = []
        for needed in wire.approvals ?? [] where !addresses.isDisjoint(with: needed.addresses) {
            let role = needed.role
            let what = needed.addresses.filter(addresses.contains).joined(separator: ", ")
            let help = "have it approved with `herald approve \(path) --as \(role)\(common.option)`"
            let file = PlanFiles.approval(of: path, role)
            guard let bytes = try ending({ () throws(StoreFailure) in try DurableFile.read(file) }) else {
                throw ApprovedPlan.refuse("\(what) needs the approval of \(role)", help)
            }
            guard let approval = ApprovalFile(json: bytes) else { throw ApprovedPlan.refuse("\(file) is no approval", help) }
            if let why = approval.objection(role: role, plan: wire, secret: try ApprovalSecret.of(role, environment)) {
                throw ApprovedPlan.refuse("\(what) needs the approval of \(role), and that in \(file) does not count: \(why)", help)
            }
            approvals.append("\(role) (\(approval.by))")
        }
        return approvals
    }

    /// Once more under the lock, with the state as it is then.
    func check(_ workspace: StatefulWorkspace, _ state: StateDocument) throws {
        let settings = workspace.resolved.workspace.settings
        guard
            let (exit, message) = Approval.objection(
                to: wire, workspace: settings.id.value, environment: settings.environment, state: state, now: workspace.opened.environment.now)
        else { return }
        Terminal.talk("error: \(message)")
        throw Ended(exit)
    }

    /// The approved audience of an address, ascending; nil where its sidecar is missing or damaged. Whether it is the one that the plan names is for `Approval`.
    func audience(_ address: Address) -> [PersonDigest]? {
        guard let bytes = try? DurableFile.read(PlanFiles.sidecar(of: path, address)) else { return nil }
        return AudienceFile.decode(bytes)
    }

    /// The audiences of everything that the plan names, where they are kept beside it and are what it says.
    var audiences: [Address: [PersonDigest]] {
        var found: [Address: [PersonDigest]] = [:]
        for (text, digest) in wire.changes.map({ ($0.address, $0.audience?.set_digest) }) + wire.waiting.map({ ($0.address, $0.audience.set_digest) }) {
            guard let address = Address(parsing: text), let people = audience(address), MemberSets.digest(people: people) == digest else { continue }
            found[address] = people
        }
        return found
    }

    static func refuse(_ message: String, _ help: String) -> Ended {
        Terminal.talk("error: \(message)")
        return helped(help)
    }

    /// For a refusal that was told already.
    static func helped(_ help: String) -> Ended {
        Terminal.talk("help: \(help)")
        return Ended(.refused)
    }

    /// Ends the command where what would happen now is not what was approved.
    static func demand(_ verdict: Approval.Verdict, _ common: CommonOptions) throws {
        guard case .outside(let moved) = verdict else { return }
        Terminal.talk("error: this is not what was approved any more:")
        for line in moved { Terminal.talk("  - \(line)") }
        Terminal.talk("help: make a new plan with `herald plan\(common.option)`, and have it approved")
        throw Ended(.stale)
    }
}
