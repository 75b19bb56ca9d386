import HeraldModel
import HeraldPipeline

extension OpenedWorkspace {
    /// Who is on these lists now, from the data alone; nil after reporting what cannot be read.
    func decide(_ lists: [ResolvedList], whole: Bool = false) throws -> Audiences? {
        let refused = lists.compactMap { list in resolved.unsupported.first { $0.address == list.definition.address } }
        if let refusal = refused.first { throw ApprovedPlan.refuse("\(refusal.address): \(refusal.message)", refusal.remedy) }
        let audiences = AudienceStage(resolved, environment, files: files, diagnostics).decide(lists, whole: whole)
        tellDiagnostics()
        return audiences
    }

    func view(of list: ResolvedList) throws -> ListView? {
        guard let audiences = try decide([list]), let audience = audiences.byList[list.definition.id.value] else { return nil }
        return ListView(list, audience, audiences.evaluator, zone: resolved.zone)
    }
}

extension OpenedWorkspace {
    /// Where something stands, as a person opens it.
    var place: @Sendable (SourceSpan) -> Place { { [files] in Place(file: files.path(of: $0.file), line: Int($0.line)) } }

    /// Ends the command where the workspace has environments and none was named.
    func needEnvironment() throws {
        let environments = resolved.workspace.settings.environments.map(\.value)
        guard resolved.workspace.settings.environment == nil, !environments.isEmpty else { return }
        Terminal.talk("error: this workspace has environments, so say which one")
        Terminal.talk("help: add --env and one of \(environments.joined(separator: ", "))")
        throw Ended(.configuration)
    }
}
