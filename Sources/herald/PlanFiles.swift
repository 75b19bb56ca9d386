import HeraldContract
import HeraldModel
import HeraldPipeline
import HeraldStore

/// The files of a plan: the plan itself, its Markdown, a preview of each mail, and beside it the sidecars: who each audience is, as sorted keyed digests.
struct PlanFiles {
    private let folder: String
    private let zone: Zone

    /// `folder` is relative to the workspace, or absolute.
    init(_ opened: OpenedWorkspace, folder: String) {
        self.folder = opened.environment.path(folder)
        zone = opened.resolved.zone
    }

    func write(_ result: PlanningResult, _ wire: PlanWire) throws {
        let json = try wire.json()
        let markdown = PlanMarkdown(result.run.plan, wire, zone: zone).render()
        // Only of what the plan speaks of: nothing else is ever held against an approval.
        let named = Set(wire.changes.filter { $0.audience != nil }.map(\.address) + wire.waiting.map(\.address))
        try ending { () throws(StoreFailure) in
            for (address, people) in result.run.audiences where named.contains(address.description) {
                try DurableFile.write(AudienceFile.encode(people), to: PlanFiles.sidecar(of: folder + "/plan.json", address))
            }
            for (path, page) in result.previews {
                let name = path.split(separator: "/").last.map(String.init) ?? path
                try DurableFile.write(Array(page.utf8), to: "\(folder)/previews/\(name)", mode: 0o644)
            }
            try DurableFile.write(Array(markdown.utf8), to: folder + "/plan.md", mode: 0o644)
            try DurableFile.write(json, to: folder + "/plan.json", mode: 0o644)
        }
    }

    /// A look ahead: beside the plan, which stays as it is. It has no sidecars, as it is never held against anything.
    func writeAhead(_ plan: Plan, _ wire: PlanWire) throws {
        let json = try wire.json()
        let markdown = PlanMarkdown(plan, wire, zone: zone, planPath: "\(PlanFiles.ahead).json").render()
        try ending { () throws(StoreFailure) in
            try DurableFile.write(Array(markdown.utf8), to: "\(folder)/\(PlanFiles.ahead).md", mode: 0o644)
            try DurableFile.write(json, to: "\(folder)/\(PlanFiles.ahead).json", mode: 0o644)
        }
    }

    /// What the files of a look ahead are called, without what follows the point.
    static let ahead = "plan-at"

    /// The plan that stands in the folder, where there is one that can be read, with the roles whose approval stands beside it.
    /// - Parameter path: as people call it.
    func waiting(shown path: String) -> TimelineMaker.WaitingPlan? {
        let file = folder + "/plan.json"
        guard let bytes = (try? DurableFile.read(file)).flatMap({ $0 }), let wire = try? PlanWire(json: bytes) else { return nil }
        let approved = (wire.approvals ?? []).map(\.role).filter { role in
            (try? DurableFile.read(PlanFiles.approval(of: file, role))).flatMap { $0 }.flatMap { ApprovalFile(json: $0) }?.plan == wire.digest
        }
        return TimelineMaker.WaitingPlan(path: path, wire, approvals: approved)
    }

    /// Where the audience of an address stands, for a plan at `path`.
    static func sidecar(of path: String, _ address: Address) -> String { "\(stem(path)).audiences/\(address)" }

    /// Where the approval by a role stands, for a plan at `path`.
    static func approval(of path: String, _ role: String) -> String { "\(stem(path)).approvals/\(role).json" }

    private static func stem(_ path: String) -> String { path.hasSuffix(".json") ? String(path.dropLast(5)) : path }
}
