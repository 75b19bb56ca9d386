package import HeraldModel

extension PlanWire {
    /// The wire form of a plan, with its digest.
    package init(_ plan: Plan) throws {
        self.init(
            tool: plan.tool, workspace: plan.workspace, environment: plan.environment, made_at: plan.madeAt.description,
            expires: plan.at == nil ? plan.expires.description : nil, at: plan.at?.description,
            coming: plan.at == nil ? nil : plan.coming.map(ComingEntry.init),
            inputs: Inputs(
                definitions: plan.definitions, accounts: plan.accounts, state: plan.lineage, state_serial: plan.serial),
            options: Options(plan.options), summary: Summary(plan), changes: plan.changes.map(ChangeEntry.init),
            waiting: plan.waiting.map { WaitingEntry($0, environment: plan.environment) },
            refused: plan.refused.map {
                RefusedEntry(
                    address: $0.address.description, source: PlaceEntry($0.source), code: $0.code.rawValue, message: $0.message,
                    remedy: $0.remedy)
            },
            drift: plan.drift.map {
                DriftEntry(address: $0.address.description, field: $0.field, git: $0.git, remote: $0.remote, corrected: $0.corrected)
            },
            policies: plan.policies.map {
                PolicyEntry(id: $0.policy, address: $0.address.description, result: $0.result.rawValue, detail: $0.detail)
            },
            approvals: plan.approvals.isEmpty
                ? nil : plan.approvals.sorted { $0.key < $1.key }.map { ApprovalEntry(role: $0.key, addresses: $0.value.sorted().map(\.description)) },
            hints: plan.hints, foreign: plan.foreign, cost: CostEntry(calls: plan.cost.calls, mails: plan.cost.mails))
        digest = try computedDigest()
    }
}

extension PlanWire.Options {
    init(_ options: PlanOptions) {
        func words<Value>(_ map: [Address: Value]) -> [String: Value] { Dictionary(uniqueKeysWithValues: map.map { ($0.key.description, $0.value) }) }
        self.init(
            take: words(options.take.mapValues(\.rawValue)), allow_destroy: options.allowDestroy.sorted().map(\.description),
            allow_removals: words(options.allowRemovals), selection: options.selection.sorted().map(\.description))
    }

    /// Nil where a word in it is not known.
    package func parsed() -> PlanOptions? {
        var options = PlanOptions()
        for (key, value) in take {
            guard let address = Address(parsing: key), let side = PlanOptions.Side(rawValue: value) else { return nil }
            options.take[address] = side
        }
        for (key, value) in allow_removals {
            guard let address = Address(parsing: key) else { return nil }
            options.allowRemovals[address] = value
        }
        let (destroy, only) = (allow_destroy.map { Address(parsing: $0) }, selection.map { Address(parsing: $0) })
        guard !destroy.contains(nil), !only.contains(nil) else { return nil }
        options.allowDestroy = Set(destroy.compactMap { $0 })
        options.selection = Set(only.compactMap { $0 })
        return options
    }
}

extension PlanWire.Summary {
    init(_ plan: Plan) {
        var actions: [String: Int] = [:]
        for change in plan.changes {
            for action in change.actions { actions[action.rawValue, default: 0] += 1 }
        }
        let lists = plan.changes.filter { $0.address.kind == .list }.compactMap(\.audience)
        self.init(
            changes: plan.changes.count, actions: actions, refused: plan.refused.count, drift: plan.drift.count,
            irreversible: plan.changes.count { $0.irreversible != nil }, people_added: lists.reduce(0) { $0 + $1.added },
            people_removed: lists.reduce(0) { $0 + $1.removed }, people_mailed: plan.mailed)
    }
}

extension PlanWire.ChangeEntry {
    init(_ change: Change) {
        self.init(
            address: change.address.description, name: change.name, source: PlanWire.PlaceEntry(change.source), provider: change.provider,
            actions: change.actions.map(\.rawValue),
            because: change.reasons.map {
                PlanWire.ReasonEntry(code: $0.code.rawValue, detail: $0.detail.isEmpty ? nil : $0.detail, people: $0.people)
            },
            moved_from: change.movedFrom?.description, irreversible: change.irreversible.map(PlanWire.IrreversibleEntry.init),
            precondition: change.precondition.map { PlanWire.PreconditionEntry(remote: $0.remote.text, fingerprint: $0.fingerprint) },
            audience: change.audience.map(PlanWire.AudienceEntry.init),
            fields: change.fields.map { PlanWire.FieldEntry(name: $0.name, before: $0.before, after: $0.after) },
            content: change.content.map(PlanWire.ContentEntry.init),
            schedule: change.schedule.map {
                PlanWire.ScheduleRow(tz: $0.zone, local: $0.local.description, utc: $0.instant.description, people: $0.people)
            },
            operations: change.operations)
    }
}

extension PlanWire.WaitingEntry {
    init(_ waiting: WaitingSend, environment: String?) {
        self.init(
            address: waiting.address.description, source: PlanWire.PlaceEntry(waiting.source), provider: waiting.provider,
            audience: PlanWire.AudienceEntry(waiting.audience), content: PlanWire.ContentEntry(waiting.content),
            command: "herald send \(waiting.address) --plan output/plan.json" + (environment.map { " --env \($0)" } ?? ""))
    }
}

extension PlanWire.PlaceEntry {
    init?(_ place: Place?) {
        guard let place else { return nil }
        self.init(file: place.file, line: place.line)
    }
}

extension PlanWire.IrreversibleEntry {
    init(_ irreversible: Irreversible) {
        let from =
            switch irreversible.from {
            case .onApply: "apply"
            case .at(let instant): instant.description
            }
        self.init(what: irreversible.what, from: from)
    }
}

extension PlanWire.AudienceEntry {
    init(_ delta: AudienceDelta) {
        let hasSample = !delta.sampleAdded.isEmpty || !delta.sampleRemoved.isEmpty
        self.init(
            before: delta.before, after: delta.after, added: delta.added, removed: delta.removed, updated: delta.updated,
            set_digest: delta.setDigest, left_out: Dictionary(uniqueKeysWithValues: delta.leftOut.map { ($0.reason, $0.count) }),
            in_by_emptiness: delta.inByEmptiness, may_move: delta.mayMove, at_most: delta.atMost, frozen: delta.isFrozen,
            sample: hasSample ? PlanWire.SampleEntry(added: delta.sampleAdded, removed: delta.sampleRemoved) : nil)
    }
}

extension PlanWire.ContentEntry {
    init(_ content: MailContent) {
        self.init(
            digest: content.digest, subjects: content.subjects, preheader: content.preheader,
            from: "\(content.from.name) <\(content.from.email)>", reply_to: content.replyTo, links: content.links,
            preview: content.preview, html_bytes: content.htmlBytes)
    }
}
