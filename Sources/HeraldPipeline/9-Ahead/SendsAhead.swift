import HeraldAudience
package import HeraldDigest
package import HeraldModel

/// Looks at scheduled emails as `herald run` will when their time has come: with the people of that moment, by the contact data as it is now.
package struct SendsAhead {
    private let resolved: Resolved
    /// Nil where there is none yet: then nothing was applied.
    private let state: StateDocument?
    private let key: WorkspaceKey?
    private let people: AudiencesAhead?
    private let now: Instant
    private let place: @Sendable (SourceSpan) -> Place
    private let approved: (String) -> [PersonDigest]?

    /// - Parameters:
    ///   - people: the lists of `listsNeeded`; nil where nothing needs them.
    ///   - approved: the people of an approved audience, by its digest; nil where they are not kept any more.
    package init(
        _ resolved: Resolved, _ state: StateDocument?, key: WorkspaceKey?, people: AudiencesAhead?, now: Instant,
        place: @escaping @Sendable (SourceSpan) -> Place, approved: @escaping (String) -> [PersonDigest]?
    ) {
        (self.resolved, self.state, self.key, self.people, self.now, self.place, self.approved) = (resolved, state, key, people, now, place, approved)
    }

    /// The lists of the emails whose time comes by then.
    package static func listsNeeded(_ resolved: Resolved, _ state: StateDocument?, now: Instant, through end: Instant) -> [ResolvedList] {
        let ids = Set(times(resolved, state, now: now, through: end).compactMap { resolved.emails[$0.address.id]?.definition.list.value })
        let refused = Set(resolved.unsupported.map(\.address))
        return ids.sorted().compactMap { refused.contains(Address(.list, $0)) ? nil : resolved.lists[$0] }
    }

    /// In the order of their times. Nil after reporting what cannot be decided.
    package func coming(through end: Instant) -> [ComingSend]? {
        var sends: [ComingSend] = []
        for time in SendsAhead.times(resolved, state, now: now, through: end) {
            guard let outcome = outcome(of: time) else { return nil }
            let email = resolved.emails[time.address.id]
            let zone = email?.at?.zone ?? resolved.zone
            sends.append(
                ComingSend(
                    address: time.address, source: email.map { place($0.definition.id.span) }, zone: zone.identifier, local: zone.local(time.at), at: time.at,
                    outcome: outcome))
        }
        return sends
    }

    private typealias Time = (address: Address, at: Instant, envelope: Envelope?)

    /// What was applied keeps its time whatever the files say by now; other emails have that of the files. What left already has none.
    private static func times(_ resolved: Resolved, _ state: StateDocument?, now: Instant, through end: Instant) -> [Time] {
        var times: [Time] = []
        var known: Set<Address> = []
        for (address, object) in state?.objects ?? [:] {
            guard let send = object.send, send.phase.hasLeft || send.phase == .scheduled else { continue }
            known.insert(address)
            if send.phase == .scheduled, let envelope = send.envelope { times.append((address, envelope.at, envelope)) }
        }
        for (id, email) in resolved.emails {
            let address = Address(.email, id)
            guard !known.contains(address), let at = email.at?.instant, at > now else {
                continue
            }
            times.append((address, at, nil))
        }
        return times.filter { $0.at.adding(seconds: PlanDraft.sendWindow) > now && $0.at <= end }.sorted { ($0.at, $0.address) < ($1.at, $1.address) }
    }

    private func outcome(of time: Time) -> ComingSend.Outcome? {
        guard let email = resolved.emails[time.address.id] else {
            return .held(because: "it is no longer in the files, and the next apply cancels it")
        }
        let list = email.definition.list.value
        if let refusal = resolved.unsupported.first(where: { $0.address == time.address || $0.address == Address(.list, list) }) {
            return .held(because: "plan refuses \(refusal.address): \(refusal.message)")
        }
        // A late timer sends inside the window: what is due already goes now.
        let due = max(time.at, now)
        guard let envelope = time.envelope else {
            guard let audiences = people?.audiences(at: due, of: [list]) else { return nil }
            let lead = resolved.workspace.settings.policies.leadTime.map { $0.rule.moved(time.at, backwards: true, in: resolved.zone) }
            return .notApplied(people: audiences.byList[list]?.members.count ?? 0, by: lead ?? time.at)
        }
        if let why = objection(email, envelope) { return .held(because: why) }
        var late: Instant?
        if let quiet = resolved.quiet, quiet.level == .mandatory, let over = quiet.end(around: due) {
            guard over < time.at.adding(seconds: PlanDraft.sendWindow) else {
                return .held(because: "the quiet hours \(quiet.description) last until its time is over")
            }
            late = over
        }
        guard let audiences = people?.audiences(at: late ?? due, of: [list]), let key else { return nil }
        let composer = Composer(resolved, members: DesiredMembersMaker(audiences, key: key), place: place)
        guard let desired = composer.compose(email) else { return .held(because: "list.\(list) is refused, and it needs it") }
        switch DueSend(desired, envelope, approved: approved(envelope.audience), now: late ?? due) {
        case .due(let recipients): return .goes(people: recipients.count, late: late)
        case .outside(let why): return .held(because: why)
        case .notYet, .missed: return .held(because: "its time passes while nothing may be sent")
        }
    }

    /// Why an applied email does not go, whoever would get it; nil where nothing stands against it.
    private func objection(_ email: ResolvedEmail, _ envelope: Envelope) -> String? {
        guard let state, let send = state.objects[email.definition.address]?.send else { return nil }
        if let hold = state.hold { return hold.message }
        guard resolved.workspace.settings.maySend else { return "this environment sends nothing" }
        let list = Address(.list, email.definition.list.value)
        let applied = state.objects[list]?.condition
        let audience = email.definition.audience
        let isSame =
            send.document == email.document && email.at?.instant == envelope.at && audience.change == envelope.change
            && audience.atMost?.value == envelope.atMost && (audience.members == .frozen) == envelope.frozen
        guard isSame else { return "it was edited since it was applied; plan again and apply that" }
        if let applied, applied != resolved.lists[list.id]?.condition { return "\(list) was edited since it was applied; plan again and apply that" }
        return nil
    }
}
