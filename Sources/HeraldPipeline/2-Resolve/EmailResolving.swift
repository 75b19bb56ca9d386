import HeraldAudience
import HeraldDigest
import HeraldModel
import HeraldTemplate

extension Rule {
    static let localTimeMissing = Rule("local-time-missing")
}

extension Resolver {
    /// Every email with its sender, its moment and its template; those without a sender are left out, which is reported.
    func resolveEmails(_ index: DefinitionIndex, _ lists: [String: ResolvedList]) -> [String: ResolvedEmail] {
        let all = index.emails.values
        let zones = scheduleZones(all)
        let sites = index.sites.values.sorted { $0.id.value < $1.id.value }
        let resolved = sideBySide(all.count, diagnostics, chunk: 16) { at, diagnostics -> ResolvedEmail? in
            let email = all[at]
            let moment = moment(of: email, zones, diagnostics)
            guard let from = email.from ?? settings.defaults.from else { return nil }
            let campaign = email.campaign.flatMap { index.campaigns[$0.value] }
            let template = lists[email.list.value].flatMap { compile(email, campaign, $0, sites, diagnostics) }
            return ResolvedEmail(
                definition: email, campaign: campaign, from: from.value, replyTo: (email.replyTo ?? settings.defaults.replyTo)?.value,
                template: template, document: document(of: email), at: moment)
        }
        return Dictionary(zip(all, resolved).compactMap { email, made in made.map { (email.id.value, $0) } }, uniquingKeysWith: { first, _ in first })
    }

    /// The email as written, with its templates and their text parts.
    private func document(of email: EmailDefinition) -> String {
        var bytes: [UInt8] = []
        if let node = workspace.documents[email.address] { CanonicalForm.append(node, to: &bytes) }
        for path in email.templatePaths {
            let full = TemplatePath.resolve(path.value, beside: email.folder)
            for part in [full, TemplatePath.textPart(of: full)] {
                CanonicalForm.append(workspace.templates[part].map { SHA256.hexadecimal($0.text) } ?? "", to: &bytes)
            }
        }
        return SHA256.hexadecimal(bytes)
    }

    /// Each zone is read once, whatever the number of emails.
    private func scheduleZones(_ emails: [EmailDefinition]) -> [String: Zone] {
        var zones: [String: Zone] = [:]
        for email in emails {
            guard case .at(_, .named(let name)) = email.schedule, zones[name.value] == nil else { continue }
            zones[name.value] = zoneNamed(name)
        }
        return zones
    }

    private func moment(of email: EmailDefinition, _ zones: [String: Zone], _ diagnostics: Diagnostics) -> (local: LocalTime, zone: Zone, instant: Instant)? {
        guard case .at(let local, let named) = email.schedule else { return nil }
        var zone = zone
        if case .named(let name) = named {
            guard let other = zones[name.value] else { return nil }
            zone = other
        }
        switch zone.read(local.value) {
        case .once(let instant), .twice(let instant): return (local.value, zone, instant)
        case .never(let forward):
            let shown = zone.local(forward).description.prefix(16)
            diagnostics.report(
                .localTimeMissing, "the clocks of \(zone.identifier) go forward over this time, so it does not exist", at: local.span,
                suggestion: "write `\(shown)`")
            return (local.value, zone, forward)
        }
    }

    private func compile(
        _ email: EmailDefinition, _ campaign: CampaignDefinition?, _ list: ResolvedList, _ sites: [SiteDefinition], _ diagnostics: Diagnostics
    ) -> MailTemplate? {
        guard let entity = list.schema, let layout = layout(of: email) else { return nil }
        let given = Set(list.templateColumns.map(\.name))
        let schema = TemplateSchema(
            columns: list.templateColumns.map { .init(name: $0.name, type: $0.type, mayBeEmpty: $0.mayBeEmpty) },
            otherColumns: entity.columnNames.filter { !given.contains($0) }, constants: constants(campaign, sites))
        let tags = linkTags(email, campaign, sites)
        let paths = email.templatePaths
        // Each language is held against the columns; the first stands for the mail until languages are sent apart.
        var first: MailTemplate?
        for (number, path) in paths.enumerated() {
            let full = TemplatePath.resolve(path.value, beside: email.folder)
            guard let html = workspace.templates[full] else { continue }  // Reported when it could not be read.
            let source = MailTemplate.Source(
                subjects: email.subjects, preheader: email.preheader, html: html, layout: layout,
                text: workspace.templates[TemplatePath.textPart(of: full)], language: settings.defaults.language?.value ?? "en")
            let template = MailTemplate(source, schema: schema, tags: tags, diagnostics)
            if number == 0 { first = template }
        }
        return first
    }

    /// `.some(nil)` where there is none; nil where it should be there and could not be read, which is reported.
    private func layout(of email: EmailDefinition) -> TemplateSource?? {
        let path: String
        switch email.layout {
        case .none: return .some(nil)
        case .inherited:
            guard let layout = settings.defaults.layout else { return .some(nil) }
            path = layout.value
        case .path(let layout): path = TemplatePath.resolve(layout.value, beside: email.folder)
        }
        return workspace.templates[path].map { .some($0) }
    }

    /// What a template may name that is the same for everybody.
    private func constants(_ campaign: CampaignDefinition?, _ sites: [SiteDefinition]) -> [String: String] {
        var constants: [String: String] = [:]
        if let address = settings.defaults.postalAddress { constants["postal_address"] = address.value }
        if let campaign {
            constants["campaign.name"] = campaign.name.value
            constants["campaign.code"] = campaign.code.value
        }
        for site in sites { constants["site.\(site.id.value).url"] = site.url.value }
        return constants
    }

    /// Links towards the campaign's sites are tagged, or towards all where it names none.
    private func linkTags(_ email: EmailDefinition, _ campaign: CampaignDefinition?, _ sites: [SiteDefinition]) -> LinkTags {
        let wanted = campaign?.sites.map { Set($0.map(\.value)) }
        var hosts: Set<String> = []
        for site in sites where wanted?.contains(site.id.value) ?? true {
            if let host = WebAddress(site.url.value)?.host { hosts.insert(host) }
            hosts.formUnion(site.hosts.map(\.value))
        }
        return LinkTags(
            hosts: hosts, source: settings.defaults.utmSource?.value ?? settings.id.value, medium: settings.defaults.utmMedium?.value ?? "email",
            campaign: campaign?.code.value ?? email.id.value)
    }
}

extension EmailDefinition {
    /// Its templates, in the order of the file.
    fileprivate var templatePaths: [Located<String>] {
        switch template {
        case .one(let path): [path]
        case .perLanguage(let entries): entries.map(\.path)
        }
    }
}
