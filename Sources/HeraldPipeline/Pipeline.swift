import HeraldAudience
package import HeraldContract
package import HeraldDigest
package import HeraldModel
import HeraldTemplate

/// The stages that lead from the files to a plan, in their order. What acts on a plan is in `7-Apply`, what renders it in `8-Report`.
package struct Pipeline: Sendable {
    package let resolved: Resolved
    package let environment: RunEnvironment
    package let files: SourceMap
    package let diagnostics: Diagnostics
    package let key: WorkspaceKey

    /// `resolved` comes from stages 1 and 2 (`WorkspaceLoader`, `Resolver`), which need neither state nor providers.
    package init(_ resolved: Resolved, _ environment: RunEnvironment, key: WorkspaceKey, files: SourceMap, _ diagnostics: Diagnostics) {
        self.resolved = resolved
        self.environment = environment
        self.key = key
        self.files = files
        self.diagnostics = diagnostics
    }

    /// Nil after reporting why there is no plan. Nothing is changed anywhere.
    ///
    /// `ledger`: what the records say about people. `watched`: the values that the last run saw. `frozen`: when an approved plan is applied, the audiences that it was approved with.
    package func plan(
        _ state: StateDocument, ledger: Ledger, watched: WatchedValues = WatchedValues(), store: any StateStore, providers: [any Provider], options: PlanOptions, tool: String,
        frozen: [Address: [PersonDigest]] = [:]
    ) async throws(StoreFailure) -> PlanningResult? {
        let lists = Composer.lists(of: resolved)
        let settings = resolved.workspace.settings
        let known = KnownPeople(ledger, key: key, settings, state, memberships: try store.memberships(state), watched: watched)
        let audienceStage = AudienceStage(resolved, environment, files: files, diagnostics, known: known)
        // 3. What the providers hold; meanwhile the contact data is read.
        async let reading = Refresh.read(providers, wanted: Refresh.Wanted(lists.map(\.definition.address), settings, state))
        async let digest = definitions(with: lists)
        let since = MemberBasisMaker.times(lists, state)
        guard let needs = await audienceStage.apart({ $0.needs(lists, since: since) }) else { return nil }
        async let results = Refresh.results(needs.results, providers, state, resolved.workspace, diagnostics)
        let read = await audienceStage.apart { $0.read(lists, needs) }
        let (readings, definitions, happened) = (await reading, await digest, await results)
        // 4. Who is on each list.
        guard let read, let happened else { return nil }
        let data = audienceStage.adding(happened, to: read)
        guard let audiences = audienceStage.decide(lists, data) else { return nil }
        // 5. What the files want, as a provider would hold it.
        var composed = Composer(resolved, members: DesiredMembersMaker(audiences, key: key), place: place).compose()
        MemberBasisMaker(resolved, audienceStage, now: environment.now).complete(&composed.desired.lists, data, audiences, state, readings)
        // 6. The difference.
        var approved: [Address: [PersonDigest]] = [:]
        for (email, audience) in PlanInput.keptAudiences(composed.desired, state) { approved[email] = try store.audience(audience) }
        let run = Planner.plan(
            PlanInput(
                tool: tool, settings: settings, desired: composed.desired, state: state, readings: readings, approved: approved, frozen: frozen,
                options: options, now: environment.now, zone: resolved.zone, quiet: resolved.quiet, definitions: definitions, place: place))
        return PlanningResult(run: run, previews: composed.previews, emails: composed.desired.emails, audiences: audiences, known: known)
    }

    /// The digest of all definitions; and those of the lists' conditions, which composing asks for.
    private func definitions(with lists: [ResolvedList]) async -> String {
        _ = lists.first?.condition
        return resolved.definitions
    }

    /// Where something stands, as a person opens it.
    package var place: @Sendable (SourceSpan) -> Place {
        { [files] span in Place(file: files.path(of: span.file), line: Int(span.line)) }
    }
}

/// A plan with what comes beside it.
package struct PlanningResult: Sendable {
    package let run: PlannedRun
    /// An example of each mail, by the path of its preview.
    package let previews: [String: String]
    package let emails: [DesiredEmail]
    package let audiences: Audiences
    /// What herald kept about people when they were chosen.
    package let known: KnownPeople
}

extension PlanningResult {
    /// The order to send an email to these people now, or nil where it is not an email of the files, or was not applied.
    package func order(_ address: Address, to people: [Recipient], key: String, _ state: StateDocument, _ resolved: Resolved) -> SendOrder? {
        guard let object = state.objects[address]?.remote, let email = resolved.emails[address.id], let template = email.template,
            let list = resolved.lists[email.definition.list.value], let schema = list.schema
        else { return nil }
        let columns = list.templateColumns.map { audiences.evaluator.values(of: $0, entity: schema.id) }
        let zone = resolved.zone
        return SendOrder(
            emailID: address.id, object: object, key: key, from: email.from, replyTo: email.replyTo, recipients: people,
            render: { recipient, links in template.render({ columns[$0](recipient.row) }, links: links, zone: zone) })
    }
}
