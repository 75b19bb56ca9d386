package import HeraldDigest
package import HeraldModel

/// Puts together what happens by itself in the time to come.
package struct TimelineMaker {
    private let resolved: Resolved
    /// Nil where there is none yet.
    private let state: StateDocument?
    private let key: WorkspaceKey?
    private let stage: AudienceStage
    private let now: Instant
    private let place: @Sendable (SourceSpan) -> Place

    package init(
        _ resolved: Resolved, _ state: StateDocument?, key: WorkspaceKey?, _ stage: AudienceStage, now: Instant, place: @escaping @Sendable (SourceSpan) -> Place
    ) {
        (self.resolved, self.state, self.key, self.stage, self.now, self.place) = (resolved, state, key, stage, now, place)
    }

    /// A plan that was made and not applied yet.
    package struct WaitingPlan: Sendable {
        let path: String
        let wire: PlanWire
        let approvals: [String]

        /// - Parameter approvals: the roles that approved it.
        package init(path: String, _ wire: PlanWire, approvals: [String]) { (self.path, self.wire, self.approvals) = (path, wire, approvals) }
    }

    /// Nil after reporting what cannot be read or decided.
    /// - Parameters:
    ///   - results: reads what happened to people (`Refresh.results`).
    ///   - approved: the people of an approved audience, by its digest; nil where they are not kept any more.
    package func make(
        through end: Instant, plan: WaitingPlan?, results: (ResultsWanted) async -> Results?, approved: @escaping (String) -> [PersonDigest]?
    ) async -> Timeline? {
        let ageing = Ageing.lists(of: resolved)
        let mailed = SendsAhead.listsNeeded(resolved, state, now: now, through: end)
        // The data is read once, for both.
        let lists = ageing + mailed.filter { list in !ageing.contains { $0.definition.address == list.definition.address } }
        var people: AudiencesAhead?
        if !lists.isEmpty {
            people = await AudiencesAhead(stage, lists, results: results)
            guard people != nil else { return nil }
        }
        let sends = SendsAhead(resolved, state, key: key, people: people, now: now, place: place, approved: approved)
        guard let coming = sends.coming(through: end) else { return nil }
        var events = coming.map(event) + campaigns(through: end) + clocks(through: end) + (plan.map { expiry($0, through: end) } ?? [])
        if let people {
            guard let aged = Ageing(people: people, zone: resolved.zone, place: place).events(ageing, from: now, to: end) else { return nil }
            events += aged
        }
        let settings = resolved.workspace.settings
        return Timeline(workspace: settings.id.value, environment: settings.environment, zone: resolved.zone, from: now, to: end, events)
    }

    private func event(_ send: ComingSend) -> Timeline.Event {
        let email = resolved.emails[send.address.id]?.definition
        return Timeline.Event(
            day: resolved.zone.day(of: send.at), at: send.at, send.address, name: email?.name?.value ?? send.address.id, source: send.source, .send(send))
    }

    private func campaigns(through end: Instant) -> [Timeline.Event] {
        let days = resolved.zone.day(of: now)...resolved.zone.day(of: end)
        return resolved.workspace.campaigns.flatMap { campaign in
            [(campaign.starts?.value, Timeline.What.campaignStarts), (campaign.ends?.value, .campaignEnds)].compactMap { day, what in
                guard let day, days.contains(day) else { return nil }
                return Timeline.Event(day: day, campaign.address, name: campaign.name.value, source: place(campaign.id.span), what)
            }
        }
    }

    private func clocks(through end: Instant) -> [Timeline.Event] {
        let zone = resolved.zone
        return zone.changes(after: now, through: end).compactMap { at in
            let (old, new) = (Int64(zone.offset(at: at.adding(seconds: -1))), Int64(zone.offset(at: at)))
            // A zone may change its name alone.
            guard old != new else { return nil }
            func local(_ offset: Int64) -> LocalTime { LocalTime(ticks: at.adding(seconds: offset).microseconds) }
            return Timeline.Event(day: local(old).day, at: at, name: zone.identifier, .clocks(from: local(old), to: local(new)))
        }
    }

    private func expiry(_ plan: WaitingPlan, through end: Instant) -> [Timeline.Event] {
        let (wire, settings) = (plan.wire, resolved.workspace.settings)
        guard wire.isIntact, wire.at == nil, wire.workspace == settings.id.value, wire.environment == settings.environment,
            let at = wire.expires.flatMap({ Instant(rfc3339: $0) }), at > now, at <= end, !wire.changes.isEmpty || !wire.waiting.isEmpty,
            state?.spent.contains(where: { $0.digest == wire.digest && $0.madeAgainst == wire.inputs.state_serial }) != true
        else { return [] }
        return [Timeline.Event(day: resolved.zone.day(of: at), at: at, name: plan.path, .planExpires(digest: wire.digest, approvals: plan.approvals))]
    }
}
