import HeraldModel

extension Rule {
    static let syncMismatch = Rule("sync-mismatch")
    static let unknownEvent = Rule("unknown-event")
}

extension Resolver {
    /// Every name of something else that stands in a definition.
    func checkReferences(_ index: DefinitionIndex) {
        for list in workspace.lists {
            checkEntity(list.entity, index)
            for sync in list.sync { check(sync, of: list, index) }
        }
        for filter in workspace.filters { checkEntity(filter.entity, index) }
        for campaign in workspace.campaigns {
            for site in campaign.sites ?? [] where index.sites[site.value] == nil { unknown("site", site, among: index.sites.ids) }
            if let revenue = campaign.revenue { checkEntity(revenue.entity, index) }
        }
        for email in workspace.emails {
            if index.lists[email.list.value] == nil { unknown("list", email.list, among: index.lists.ids) }
            if let campaign = email.campaign, index.campaigns[campaign.value] == nil { unknown("campaign", campaign, among: index.campaigns.ids) }
            if index.providers[email.via.value] == nil { unknown("provider", email.via, among: index.providers.ids) }
        }
        for site in workspace.sites { if let identify = site.identify { checkEntity(identify.entity, index) } }
        for test in workspace.tests { checkDefined(test.subject, index) }
    }

    private func checkEntity(_ entity: Located<String>, _ index: DefinitionIndex) {
        if index.entities[entity.value] == nil { unknown("entity", entity, among: index.entities.ids) }
    }

    /// What is said of a provider must be what it has: segments at Mailchimp, address books and programs at Dotdigital.
    private func check(_ sync: ListSync, of list: ListDefinition, _ index: DefinitionIndex) {
        guard let provider = index.providers[sync.provider.value] else { return unknown("provider", sync.provider, among: index.providers.ids) }
        func mismatch(_ message: String, _ suggestion: String) {
            diagnostics.report(.syncMismatch, message, at: sync.provider.span, suggestion: suggestion)
        }
        switch provider.settings {
        case .local:
            mismatch("`\(provider.id.value)` keeps every list by itself, so there is nothing to sync", "delete it from `sync`")
        case .mailchimp:
            let fits = sync.targets.allSatisfy { target in
                switch target {
                case .mailchimpSegment, .existingSegment: true
                case .dotdigitalBook, .dotdigitalProgram: false
                }
            }
            if !fits { mismatch("`\(provider.id.value)` is a Mailchimp, which keeps segments", "write `{segment: \(list.name.value)}`") }
        case .dotdigital:
            let fits = sync.targets.allSatisfy { if case .mailchimpSegment(.some) = $0 { false } else { true } }
            if !fits { mismatch("`\(provider.id.value)` is a Dotdigital, which keeps address books", "write `{address_book: \(list.name.value)}`") }
        }
    }

    /// What the words over results are about.
    func checkWords(_ index: DefinitionIndex, _ graph: ConditionGraph) {
        for uses in graph.uses.values {
            for word in uses.words {
                for target in word.targets { checkDefined(target, index) }
                let feature: Feature = word.kind == .visited || word.kind == .event ? .tracking : .activity
                if settings.features[feature]?.value == false {
                    diagnostics.report(
                        .featureOff, "`\(word.kind.rawValue)` asks for results, and `features.\(feature.rawValue)` is switched off", at: word.span,
                        suggestion: "switch it on, or ask for something else")
                }
                guard let event = word.event, let target = word.targets.first(where: { $0.value.kind == .site }),
                    let site = index.sites[target.value.id], !site.events.contains(where: { $0.name.value == event.value })
                else { continue }
                let names = site.events.map(\.name.value)
                diagnostics.report(
                    .unknownEvent, "site.\(site.id.value) has no event `\(event.value)`", at: event.span,
                    suggestion: nearest(to: event.value, among: names).map { "did you mean `\($0)`?" } ?? "add it to the site's `events`")
            }
        }
    }
}
