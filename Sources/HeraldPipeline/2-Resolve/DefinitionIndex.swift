import HeraldModel

extension Rule {
    static let duplicateID = Rule("duplicate-id")
    static let duplicateName = Rule("duplicate-name")
    static let duplicateCode = Rule("duplicate-code")
}

/// Definitions of one kind by id; of two with one id, the first. Each is held once, by its position.
struct DefinitionsByID<Definition: Sendable>: Sendable {
    private let all: [Definition]
    private let positions: [String: Int]

    /// - Parameter again: called with the second of two with one id, and the first.
    init(_ all: [Definition], _ id: (Definition) -> Located<String>, again: (Located<String>, Located<String>) -> Void) {
        self.all = all
        var positions: [String: Int] = [:]
        positions.reserveCapacity(all.count)
        for (position, definition) in all.enumerated() {
            let own = id(definition)
            if let first = positions[own.value] { again(own, id(all[first])) } else { positions[own.value] = position }
        }
        self.positions = positions
    }

    subscript(id: String) -> Definition? { positions[id].map { all[$0] } }

    var ids: some Collection<String> { positions.keys }

    /// Each once, in the order of the files.
    var values: [Definition] { positions.count == all.count ? all : positions.values.sorted().map { all[$0] } }
}

/// The definitions of a workspace by id. Ids and names that stand twice are reported.
struct DefinitionIndex: Sendable {
    let lists: DefinitionsByID<ListDefinition>
    let filters: DefinitionsByID<FilterDefinition>
    let campaigns: DefinitionsByID<CampaignDefinition>
    let emails: DefinitionsByID<EmailDefinition>
    let sites: DefinitionsByID<SiteDefinition>
    let tests: DefinitionsByID<TestDefinition>
    let entities: DefinitionsByID<EntityDefinition>
    let providers: DefinitionsByID<ProviderDefinition>

    init(_ workspace: Workspace, _ place: (SourceSpan) -> Place, _ diagnostics: Diagnostics) {
        func byID<Definition>(_ all: [Definition], _ kind: String, _ id: (Definition) -> Located<String>) -> DefinitionsByID<Definition> {
            DefinitionsByID(all, id) { second, first in
                diagnostics.report(
                    .duplicateID, "\(kind).\(second.value) is defined twice, first at \(place(first.span))", at: second.span,
                    suggestion: "give one of the two another id")
            }
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
        case .list: Array(lists.ids)
        case .filter: Array(filters.ids)
        case .campaign: Array(campaigns.ids)
        case .email: Array(emails.ids)
        case .site: Array(sites.ids)
        case .test: Array(tests.ids)
        }
    }

    /// Names that people tell things apart by, and codes that links carry.
    private static func checkNames(_ workspace: Workspace, _ place: (SourceSpan) -> Place, _ diagnostics: Diagnostics) {
        func unique(_ names: [(text: Located<String>, owner: Address)], _ rule: Rule, _ what: String, _ suggestion: String) {
            var first: [Text: (text: Located<String>, owner: Address)] = [:]
            first.reserveCapacity(names.count)
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
