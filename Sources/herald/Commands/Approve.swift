import ArgumentParser
import HeraldContract
import HeraldModel
import HeraldPipeline
import HeraldStore

struct Approve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Agree to a plan in a role that its policy asks for.",
        discussion: """
            Signs the plan with the secret HERALD_APPROVE_<ROLE>, which stands in a protected environment of CI, and writes the approval beside the plan.
            Needs neither the state nor the workspace's key. `herald apply` and `herald send` need the same secret to check it.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "The plan, such as output/plan.json.")
    var plan: String

    @Option(name: .customLong("as"), help: "The role, such as marketing-lead.")
    var role: String

    func run() throws {
        let opened = try OpenedWorkspace.open(common)
        try opened.needEnvironment()
        let settings = opened.resolved.workspace.settings
        let wire = try ApprovedPlan.wire(plan)
        let now = opened.environment.now
        if let (exit, message) = Approval.objection(to: wire, workspace: settings.id.value, environment: settings.environment, now: now) {
            Terminal.talk("error: \(message)")
            throw Ended(exit)
        }
        guard wire.inputs.definitions == opened.resolved.definitions else {
            Terminal.talk("error: the definitions are others than those that the plan was made of")
            Terminal.talk("help: approve it where the same definitions are checked out, or make a new plan")
            throw Ended(.stale)
        }
        let roles = (wire.approvals ?? []).map(\.role)
        guard let asked = wire.approvals?.first(where: { $0.role == role }) else {
            let near = roles.isEmpty ? "it needs no approval" : "it needs that of \(roles.joined(separator: ", "))"
            throw ApprovedPlan.refuse("this plan needs no approval as \(role): \(near)", "`policies.approval` says who has to approve what")
        }
        let approval = ApprovalFile(role: role, plan: wire, by: opened.environment.actor, at: now, secret: try ApprovalSecret.of(role, opened.environment))
        let path = PlanFiles.approval(of: plan, role)
        let content = try approval.json()
        try ending { () throws(StoreFailure) in try DurableFile.write(content, to: path, mode: 0o644) }
        Terminal.data("approved as \(role): plan \(PlanText.short(wire.digest)), for \(asked.addresses.joined(separator: ", "))\n")
        let others = roles.filter { $0 != role }
        if !others.isEmpty { Terminal.talk("it needs that of \(others.joined(separator: ", ")) as well") }
    }
}
