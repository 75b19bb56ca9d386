package import HeraldContract
package import HeraldModel

extension Pipeline {
    /// The plan that would be made at a later time if nothing but time changed until then: people age in and out of lists, and what falls due has gone or was
    /// missed. Providers and contact data are as they are now. Nil after reporting why there is none.
    ///
    /// It has no steps, so that nothing can carry it out.
    package func plan(
        ahead at: Instant, _ state: StateDocument, ledger: Ledger, watched: WatchedValues, store: any StateStore, providers: [any Provider], options: PlanOptions,
        tool: String
    ) async throws(StoreFailure) -> PlanningResult? {
        guard let coming = try await sends(through: at, state, ledger: ledger, watched: watched, store: store, providers) else { return nil }
        var then = state
        for send in coming {
            guard case .goes = send.outcome else { continue }
            then.objects[send.address]?.send?.phase = .sent
            then.objects[send.address]?.send?.envelope = nil
        }
        var later = environment
        later.now = at
        let pipeline = Pipeline(resolved, later, key: key, files: files, diagnostics)
        let result = try await pipeline.plan(then, ledger: ledger, watched: watched, store: store, providers: providers, options: options, tool: tool)
        return result?.lookingAhead(from: environment.now, to: at, coming.filter { options.covers($0.address) })
    }

    /// What will come of the emails whose time comes by then. Nil after reporting what cannot be read or decided.
    private func sends(
        through end: Instant, _ state: StateDocument, ledger: Ledger, watched: WatchedValues, store: any StateStore, _ providers: [any Provider]
    ) async throws(StoreFailure) -> [ComingSend]? {
        let known = KnownPeople(ledger, key: key, resolved.workspace.settings, state, memberships: try store.memberships(state), watched: watched)
        let lists = SendsAhead.listsNeeded(resolved, state, now: environment.now, through: end)
        var people: AudiencesAhead?
        if !lists.isEmpty {
            let stage = AudienceStage(resolved, environment, files: files, diagnostics, known: known)
            people = await AudiencesAhead(stage, lists) { await Refresh.results($0, providers, state, resolved.workspace, diagnostics) }
            guard people != nil else { return nil }
        }
        return SendsAhead(
            resolved, state, key: key, people: people, now: environment.now, place: place,
            approved: { (try? store.audience($0)).flatMap { $0 } }
        ).coming(through: end)
    }
}

extension PlanningResult {
    fileprivate func lookingAhead(from now: Instant, to at: Instant, _ coming: [ComingSend]) -> PlanningResult {
        var plan = run.plan
        (plan.at, plan.madeAt, plan.coming) = (at, now, coming)
        return PlanningResult(
            run: PlannedRun(plan: plan, steps: [], audiences: [:], unread: run.unread), previews: [:], emails: emails, audiences: audiences, known: known)
    }
}
