import HeraldModel

extension Rule {
    /// Right in the language, and not part of this version: `plan` refuses it.
    static let unsupported = Rule("unsupported", .warning)
    /// The same of a setting without which nothing can be planned.
    static let unsupportedSetting = Rule("unsupported")
    /// Taken as written, and without effect until a later version.
    static let notYet = Rule("not-yet", .note)
}

/// Collects what the language has and this version does not do. Each is told with its place, and refused by plan; nothing is ignored.
struct UnsupportedFeatures {
    let place: (SourceSpan) -> Place
    let diagnostics: Diagnostics
    private(set) var refusals: [Refusal] = []
    private(set) var blockers: [Diagnostic] = []

    init(_ place: @escaping (SourceSpan) -> Place, _ diagnostics: Diagnostics) {
        self.place = place
        self.diagnostics = diagnostics
    }

    /// Words whose results this version has from nowhere. Without them `not: {opened: …}` would be everybody.
    static let unanswered: Set<Word> = [.opened, .clicked, .visited, .event]

    /// - Parameter isTold: whether the place was told already, for a setting that concerns many addresses.
    mutating func refuse(_ address: Address, at span: SourceSpan, _ what: String, remedy: String, isTold: Bool = false) {
        refusals.append(Refusal(address, place(span), .unsupported, "\(what) is not part of this version", remedy: remedy))
        if !isTold { warn("\(what) is not part of this version, so plan refuses \(address)", at: span, remedy) }
    }

    mutating func block(at span: SourceSpan, _ what: String, remedy: String) {
        let message = "\(what) is not part of this version"
        blockers.append(Diagnostic(.unsupportedSetting, message, at: span, suggestion: remedy))
        warn("\(message), so nothing can be planned", at: span, remedy)
    }

    func warn(_ message: String, at span: SourceSpan, _ remedy: String) {
        diagnostics.report(.unsupported, message, at: span, suggestion: remedy)
    }
}

extension Resolver {
    func refuseUnsupported(_ index: DefinitionIndex, _ graph: ConditionGraph, _ resolved: inout Resolved) {
        var features = UnsupportedFeatures(place, diagnostics)
        for (key, backend) in [("state", settings.state), ("records", settings.records)] {
            guard let backend else { continue }
            switch backend.value {
            case .local: break
            case .git: features.block(at: backend.span, "`\(key): {git: …}`", remedy: "write `\(key): {local: .herald}`")
            case .postgres: features.block(at: backend.span, "`\(key): {postgres: …}`", remedy: "write `\(key): {local: .herald}`")
            }
        }
        let unknowable = obstacles(index, graph)
        for list in index.lists.values { refuse(list, unknowable[list.address], &features) }
        let policies = unsupportedPolicies()
        if let email = workspace.emails.first {
            for policy in policies {
                features.warn(
                    "`policies.\(policy.name)` is not part of this version, so plan refuses \(email.address) and every other email", at: policy.span, "take it out until then")
            }
        }
        for email in index.emails.values {
            refuse(email, index, unknowable, &features)
            for policy in policies {
                features.refuse(email.address, at: policy.span, "`policies.\(policy.name)`", remedy: "take the policy out, or wait for the version that brings it", isTold: true)
            }
        }
        for waiver in settings.policies.waivers {
            guard let address = Address(parsing: waiver.address.value), index.isDefined(address) else { continue }
            features.refuse(address, at: waiver.address.span, "a waiver", remedy: "take the waiver out, or wait for the version that brings it")
        }
        for adoption in settings.adopt {
            guard let provider = index.providers[adoption.provider], let vendor = vendor(of: provider) else { continue }
            features.refuse(adoption.address.value, at: adoption.address.span, "taking over an object of \(vendor)", remedy: "take the line out")
        }
        noteWhatWaits()
        for site in index.sites.values {
            guard let matomo = site.matomo else { continue }
            features.refuse(site.address, at: matomo.host.span, "handing events on to Matomo", remedy: "take `matomo` out")
        }
        resolved.unsupported = features.refusals.sorted { ($0.address, $0.message) < ($1.address, $1.message) }
        resolved.blockers = features.blockers
        resolved.undecidable = unknowable
    }

    /// Conditions whose people cannot be worked out, each with what stands in the way; also those built on one.
    private func obstacles(_ index: DefinitionIndex, _ graph: ConditionGraph) -> [Address: Obstacle] {
        var found: [Address: Obstacle] = [:]
        for address in graph.order {
            guard let uses = graph.uses[address] else { continue }
            let list = address.kind == .list ? index.lists[address.id] : nil
            if let word = uses.words.first(where: { UnsupportedFeatures.unanswered.contains($0.kind) }) {
                found[address] = Obstacle(what: "`\(word.kind.rawValue)`, which nothing answers without tracking or a vendor,", span: word.span, isOwn: true, isTestable: true)
            } else if let list, let sync = list.sync.first(where: \.isExisting) {
                found[address] = Obstacle(what: "`existing_segment`", span: sync.provider.span, isOwn: true, isTestable: false)
            } else if let inner = uses.conditions.first(where: { found[$0.value] != nil }), let obstacle = found[inner.value] {
                found[address] = Obstacle(what: obstacle.what, span: obstacle.span, isOwn: false, isTestable: obstacle.isTestable)
            }
        }
        return found
    }

    private func refuse(_ list: ListDefinition, _ obstacle: Obstacle?, _ features: inout UnsupportedFeatures) {
        if let obstacle {
            let way = obstacle.isOwn ? "" : " in a filter or list that it uses"
            features.refuse(list.address, at: obstacle.span, obstacle.what + way, remedy: "take it out, or wait for the version that brings it")
        }
        for sync in list.sync where !sync.isExisting {
            features.refuse(
                list.address, at: sync.provider.span, "keeping a list in step with \(sync.provider.value)",
                remedy: "take it out of `sync`, or wait for the version that brings it")
        }
    }

    private func refuse(_ email: EmailDefinition, _ index: DefinitionIndex, _ unknowable: [Address: Obstacle], _ features: inout UnsupportedFeatures) {
        let wait = "or wait for the version that brings it"
        if let provider = index.providers[email.via.value], let vendor = vendor(of: provider) {
            features.refuse(email.address, at: email.via.span, "sending through \(vendor)", remedy: "send it through a provider of type local, \(wait)")
        }
        if let test = email.splitTest { features.refuse(email.address, at: test.span, "`ab`", remedy: "write one subject, \(wait)") }
        if case .perLanguage(let entries) = email.template, let first = entries.first {
            features.refuse(email.address, at: first.language.span, "a template for each language", remedy: "name one template, \(wait)")
        }
        if case .at(let at, .recipient) = email.schedule {
            features.refuse(email.address, at: at.span, "`timezone: recipient`", remedy: "name a zone, or leave it out for the workspace's, \(wait)")
        }
        let list = Address(.list, email.list.value)
        if let obstacle = unknowable[list] {
            features.refuse(
                email.address, at: obstacle.span, "\(obstacle.what) in \(list), to which it is sent,", remedy: "send it to another list, \(wait)", isTold: true)
        }
    }

    private func unsupportedPolicies() -> [(name: String, span: SourceSpan)] {
        let policies = settings.policies
        let spans = [
            ("frequency", policies.frequency?.span), ("blocked_domains", policies.blockedDomains?.span),
            ("quiet_hours.timezone: recipient", policies.quietHours.flatMap { $0.rule.timezone == Policies.QuietHours.recipient ? $0.span : nil }),
        ]
        return spans.compactMap { name, span in span.map { (name, $0) } }
    }

    /// The vendor's name, or nil for a provider that is part of this version.
    private func vendor(of provider: ProviderDefinition) -> String? {
        switch provider.settings {
        case .local: nil
        case .mailchimp: "Mailchimp"
        case .dotdigital: "Dotdigital"
        }
    }

    /// What is taken as written and has its effect later.
    private func noteWhatWaits() {
        for campaign in workspace.campaigns {
            guard let revenue = campaign.revenue else { continue }
            diagnostics.report(.notYet, "the revenue of \(campaign.address) is not computed by this version yet", at: revenue.entity.span)
        }
    }
}

extension ListSync {
    /// Whether the members are the vendor's own.
    fileprivate var isExisting: Bool { targets.contains { if case .existingSegment = $0 { true } else { false } } }
}
