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
    package func plan(
        _ state: StateDocument, store: any StateStore, providers: [any Provider], options: PlanOptions, tool: String
    ) async throws(StoreFailure) -> PlanningResult? {
        // 3. What the providers hold.
        let readings = await Refresh.read(providers, wanted: wanted(state))
        // 4. Who is on each list.
        guard let audiences = AudienceStage(resolved, environment, files: files, diagnostics).decide(Composer.lists(of: resolved)) else { return nil }
        // 5. What the files want, as a provider would hold it.
        let composed = Composer(resolved, members: DesiredMembersMaker(audiences, key: key), place: place).compose()
        // 6. The difference.
        let run = Planner.plan(
            PlanInput(
                tool: tool, settings: resolved.workspace.settings, desired: composed.desired, state: state, readings: readings,
                approved: try approved(state, store), options: options, now: environment.now, definitions: resolved.definitions, place: place))
        return PlanningResult(run: run, previews: composed.previews, emails: composed.desired.emails, audiences: audiences)
    }

    /// Where something stands, as a person opens it.
    package var place: @Sendable (SourceSpan) -> Place {
        { [files] span in Place(file: files.path(of: span.file), line: Int(span.line)) }
    }

    /// The lists whose members the plan compares, by provider.
    private func wanted(_ state: StateDocument) -> [String: Set<RemoteID>] {
        var wanted: [String: Set<RemoteID>] = [:]
        for (address, object) in state.objects where address.kind == .list {
            if let provider = object.provider, let remote = object.remote { wanted[provider, default: []].insert(remote) }
        }
        for adoption in resolved.workspace.settings.adopt where adoption.address.value.kind == .list {
            wanted[adoption.provider, default: []].insert(RemoteID(adoption.remoteID))
        }
        return wanted
    }

    private func approved(_ state: StateDocument, _ store: any StateStore) throws(StoreFailure) -> [Address: [PersonDigest]] {
        var approved: [Address: [PersonDigest]] = [:]
        for (address, object) in state.objects where object.send?.envelope != nil { approved[address] = try store.audience(address.id) }
        return approved
    }
}

/// A plan with what comes beside it.
package struct PlanningResult: Sendable {
    package let run: PlannedRun
    /// An example of each mail, by the path of its preview.
    package let previews: [String: String]
    package let emails: [DesiredEmail]
    package let audiences: Audiences
}

extension PlanningResult {
    /// The order to send an email to these people now, or nil where it is not an email of the files.
    package func order(_ address: Address, to people: [Recipient], object: RemoteID, key: String, _ resolved: Resolved) -> SendOrder? {
        guard let email = resolved.emails[address.id], let template = email.template, let list = resolved.lists[email.definition.list.value], let schema = list.schema
        else { return nil }
        let columns = list.templateColumns.map { audiences.evaluator.values(of: $0, entity: schema.id) }
        let zone = resolved.zone
        return SendOrder(
            emailID: address.id, object: object, key: key, from: email.from, replyTo: email.replyTo, recipients: people,
            render: { recipient, links in template.render({ columns[$0](recipient.row) }, links: links, zone: zone) })
    }
}
