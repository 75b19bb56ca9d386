import HeraldContract
import HeraldModel
import HeraldPipeline
import HeraldStore

extension OpenedWorkspace {
    /// Who is on these lists now, from the data and, where there is a state, from what is kept about people; nil after reporting what cannot be read.
    func decide(_ lists: [ResolvedList], whole: Bool = false) throws -> Audiences? {
        let refused = lists.compactMap { list in resolved.unsupported.first { $0.address == list.definition.address } }
        if let refusal = refused.first { throw ApprovedPlan.refuse("\(refusal.address): \(refusal.message)", refusal.remedy) }
        let audiences = AudienceStage(resolved, environment, files: files, diagnostics, known: try knownPeople()).decide(lists, whole: whole)
        tellDiagnostics()
        return audiences
    }

    /// What is kept about people; nil where there is no state yet, so that looking needs none.
    private func knownPeople() throws -> KnownPeople? { try statefulIfThere()?.knownPeople() }

    /// The workspace with its state; nil where there is none yet, or nobody said of which environment.
    func statefulIfThere() throws -> StatefulWorkspace? {
        let settings = resolved.workspace.settings
        guard settings.environment != nil || settings.environments.isEmpty else { return nil }
        let place = StatePlace(self)
        guard try ending({ () throws(StoreFailure) in try place.store.load() }) != nil else { return nil }
        return try StatefulWorkspace.open(self)
    }

    /// - Parameter clauses: whether the condition is counted clause by clause, for which everything is read.
    func view(of list: ResolvedList, clauses: Bool = false) throws -> ListView? {
        try decide([list], whole: clauses).flatMap { ListView(list, $0, zone: resolved.zone, clausesAt: clauses ? place : nil) }
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
