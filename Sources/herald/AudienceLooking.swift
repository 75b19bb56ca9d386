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
