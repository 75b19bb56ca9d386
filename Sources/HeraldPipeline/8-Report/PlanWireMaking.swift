package import HeraldModel

extension PlanWire {
    /// The wire form of a plan, with its digest.
    package init(_ plan: Plan) throws {
        self.init(
            tool: plan.tool, workspace: plan.workspace, environment: plan.environment, made_at: plan.madeAt.description,
            expires: plan.expires.description,
            inputs: Inputs(
                definitions: plan.definitions, accounts: plan.accounts, state: plan.lineage, state_serial: plan.serial,
                options: OptionsEntry(plan.options)),
            summary: Summary(plan), changes: plan.changes.map(ChangeEntry.init),
            waiting: plan.waiting.map(WaitingEntry.init),
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
            hints: plan.hints, foreign: plan.foreign, cost: CostEntry(calls: plan.cost.calls, mails: plan.cost.mails))
        digest = try computedDigest()
    }
}

extension PlanWire.OptionsEntry {
    init?(_ options: PlanOptions) {
        guard options != PlanOptions() else { return nil }
        self.init(
            take: Dictionary(uniqueKeysWithValues: options.take.map { ($0.key.description, $0.value.rawValue) }),
            allow_destroy: options.allowDestroy.map(\.description).sorted(),
            allow_removals: Dictionary(uniqueKeysWithValues: options.allowRemovals.map { ($0.key.description, $0.value) }),
            selection: options.selection.map(\.description).sorted())
    }
}

extension PlanOptions {
    /// What an approved plan was made with; nil where it names what this version does not know.
    package init?(_ wire: PlanWire) {
        self.init()
        guard let entry = wire.inputs.options else { return }
        for (text, side) in entry.take {
            guard let address = Address(parsing: text), let side = Side(rawValue: side) else { return nil }
            take[address] = side
        }
        for (text, count) in entry.allow_removals {
            guard let address = Address(parsing: text) else { return nil }
            allowRemovals[address] = count
        }
        let (destroyed, selected) = (entry.allow_destroy.map { Address(parsing: $0) }, entry.selection.map { Address(parsing: $0) })
        guard !destroyed.contains(nil), !selected.contains(nil) else { return nil }
        allowDestroy = Set(destroyed.compactMap { $0 })
        selection = Set(selected.compactMap { $0 })
    }
}

extension PlanWire.Summary {
    init(_ plan: Plan) {
        var actions: [String: Int] = [:]
        for action in plan.changes.flatMap(\.actions) { actions[action.rawValue, default: 0] += 1 }
        self.init(
            changes: plan.changes.count, actions: actions, refused: plan.refused.count, drift: plan.drift.count,
            irreversible: plan.changes.filter { $0.irreversible != nil }.count,
            people_added: plan.listDeltas.reduce(0) { $0 + $1.added }, people_removed: plan.listDeltas.reduce(0) { $0 + $1.removed },
            people_mailed: plan.changes.flatMap(\.schedule).reduce(0) { $0 + $1.people })
    }
}

extension Plan {
    /// The deltas of lists; those of emails count the same people again.
    package var listDeltas: [AudienceDelta] { changes.filter { $0.address.kind == .list }.compactMap(\.audience) }
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
    init(_ waiting: WaitingSend) {
        self.init(
            address: waiting.address.description, source: PlanWire.PlaceEntry(waiting.source), provider: waiting.provider,
            audience: PlanWire.AudienceEntry(waiting.audience), content: PlanWire.ContentEntry(waiting.content),
            command: "herald send \(waiting.address) --plan output/plan.json")
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
            case .onSend: "send"
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
            set_digest: delta.setDigest, left_out: Dictionary(uniqueKeysWithValues: delta.leftOut.map { ($0.reason.rawValue, $0.count) }),
            in_by_emptiness: delta.inByEmptiness,
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
