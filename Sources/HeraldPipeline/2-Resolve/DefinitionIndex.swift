import HeraldModel

extension Rule {
    static let duplicateID = Rule("duplicate-id")
    static let duplicateName = Rule("duplicate-name")
    static let duplicateCode = Rule("duplicate-code")
}

/// The definitions by id. Of two with one id the first holds, and the second is reported.
struct DefinitionIndex: Sendable {
    let lists: [String: ListDefinition]
    let filters: [String: FilterDefinition]
    let campaigns: [String: CampaignDefinition]
    let emails: [String: EmailDefinition]
    let sites: [String: SiteDefinition]
    let tests: [String: TestDefinition]
    let entities: [String: EntityDefinition]
    let providers: [String: ProviderDefinition]

    init(_ workspace: Workspace, _ place: (SourceSpan) -> Place, _ diagnostics: Diagnostics) {
        func byID<Definition>(_ all: [Definition], _ kind: String, _ id: (Definition) -> Located<String>) -> [String: Definition] {
            var held: [String: Definition] = [:]
            held.reserveCapacity(all.count)
            for definition in all {
                let own = id(definition)
                guard let first = held[own.value] else {
                    held[own.value] = definition
                    continue
                }
                diagnostics.report(
                    .duplicateID, "\(kind).\(own.value) is defined twice, first at \(place(id(first).span))", at: own.span,
                    suggestion: "give one of the two another id")
            }
            return held
        }
        lists = byID(workspace.lists, "list") { $0.id }
        filters = byID(workspace.filters, "filter") { $0.id }
        campaigns = byID(workspace.campaigns, "campaign") { $0.id }
        emails = byID(workspace.emails, "email") { $0.id }
        sites = byID(workspace.sites, "site") { $0.id }
        tests = byID(workspace.tests, "test") { $0.id }
        entities = byID(workspace.settings.entities, "entity") { $0.id }
        providers = byID(workspace.settings.providers, "provider") { $0.id }
        DefinitionIndex.checkNames(workspace, place, diagnostics)
    }

    func isDefined(_ address: Address) -> Bool {
        switch address.kind {
        case .list: lists[address.id] != nil
        case .filter: filters[address.id] != nil
        case .campaign: campaigns[address.id] != nil
        case .email: emails[address.id] != nil
        case .site: sites[address.id] != nil
        case .test: tests[address.id] != nil
        }
    }

    func ids(_ kind: DefinitionKind) -> [String] {
        switch kind {
        case .list: Array(lists.keys)
        case .filter: Array(filters.keys)
        case .campaign: Array(campaigns.keys)
        case .email: Array(emails.keys)
        case .site: Array(sites.keys)
        case .test: Array(tests.keys)
        }
    }

    /// Names that people tell things apart by, and codes that links carry.
    private static func checkNames(_ workspace: Workspace, _ place: (SourceSpan) -> Place, _ diagnostics: Diagnostics) {
        func unique(_ names: [(text: Located<String>, owner: Address)], _ rule: Rule, _ what: String, _ suggestion: String) {
            var first: [Text: (text: Located<String>, owner: Address)] = [:]
            for name in names {
                guard let held = first[Text(name.text.value)] else {
                    first[Text(name.text.value)] = name
                    continue
                }
                guard held.owner != name.owner || rule == .duplicateCode else { continue }  // One id twice is reported already.
                diagnostics.report(
                    rule, "\(held.owner) has the \(what) `\(name.text.value)` already, at \(place(held.text.span))", at: name.text.span,
                    suggestion: suggestion)
            }
        }
        unique(workspace.lists.map { ($0.name, $0.address) }, .duplicateName, "name", "give one of the lists another name")
        unique(workspace.campaigns.map { ($0.name, $0.address) }, .duplicateName, "name", "give one of the campaigns another name")
        let codes = workspace.campaigns.flatMap { campaign in ([campaign.code] + campaign.formerCodes).map { ($0, campaign.address) } }
        unique(codes, .duplicateCode, "code", "codes are never used twice, so that old links keep counting for their campaign")
        unique(
            workspace.sites.map { ($0.identifier ?? $0.id, $0.address) }, .duplicateName, "identifier", "give one of the sites another `identifier`")
    }
}
