import HeraldAudience
import HeraldContract
import HeraldModel
import HeraldPipeline
import HeraldStore

extension OpenedWorkspace {
    /// Who is on these lists now, from the data and, where there is a state, from what is kept about people; nil after reporting what cannot be read.
    /// - Parameters: as in `AudienceStage.needs`.
    func decide(_ lists: [ResolvedList], whole: Bool = false, contacts: Bool = false) async throws -> Audiences? {
        let refused = lists.compactMap { list in resolved.unsupported.first { $0.address == list.definition.address } }
        if let refusal = refused.first { throw ApprovedPlan.refuse("\(refusal.address): \(refusal.message)", refusal.remedy) }
        guard let workspace = try statefulIfThere() else {
            let stage = AudienceStage(resolved, environment, files: files, diagnostics, known: nil)
            let audiences = stage.needs(lists, whole: whole).flatMap { stage.read(lists, $0) }.flatMap { stage.decide(lists, stage.adding(.none, to: $0)) }
            tellDiagnostics()
            return audiences
        }
        return try await workspace.decide(lists, try workspace.knownPeople(), whole: whole, contacts: contacts)
    }

    /// The workspace with its state; nil where there is none yet, or nobody said of which environment.
    func statefulIfThere() throws -> StatefulWorkspace? {
        let settings = resolved.workspace.settings
        guard settings.environment != nil || settings.environments.isEmpty else { return nil }
        let place = StatePlace(self)
        guard try ending({ () throws(StoreFailure) in try place.store.load() }) != nil else { return nil }
        return try StatefulWorkspace.open(self)
    }

    /// - Parameter clauses: whether the condition is counted clause by clause, for which everything is read.
    func view(of list: ResolvedList, clauses: Bool = false) async throws -> ListView? {
        try await decide([list], whole: clauses, contacts: true).flatMap { ListView(list, $0, zone: resolved.zone, clausesAt: clauses ? place : nil) }
    }
}

extension StatefulWorkspace {
    /// Who is on these lists now; nil after telling what cannot be read.
    /// - Parameter refreshes: as in `AudienceStage.decide`.
    func decide(_ lists: [ResolvedList], _ known: KnownPeople, whole: Bool = false, contacts: Bool = false, refreshes: Bool = false) async throws -> Audiences? {
        defer { opened.tellDiagnostics() }
        let stage = AudienceStage(resolved, opened.environment, files: opened.files, opened.diagnostics, known: known)
        guard let needs = await stage.apart({ $0.needs(lists, whole: whole, contacts: contacts) }),
            let results = await Refresh.results(needs.results, providers, state, resolved.workspace, opened.diagnostics), let data = await stage.apart({ $0.read(lists, needs) })
        else { return nil }
        return stage.decide(lists, stage.adding(results, to: data), refreshes: refreshes)
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
