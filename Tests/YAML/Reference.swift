import HeraldModel

@testable import HeraldYAML

/// The reference of the language, made from the shapes that decoding uses.
enum Reference {
    /// A generated part of docs/language.md, between `<!-- keys: NAME -->` and `<!-- end -->`: maps by the path where they stand.
    struct Chapter {
        let name: String
        let maps: [(path: String, shape: MapShape)]

        var shapes: [MapShape] { maps.map(\.shape) }

        init(_ name: String, _ maps: KeyValuePairs<String, MapShape>) {
            self.name = name
            self.maps = maps.map { ($0.key, $0.value) }
        }
    }

    static let chapters: [Chapter] = [
        Chapter("herald.yaml", ["herald.yaml": SettingsShapes.workspace]),
        Chapter("defaults", ["defaults": SettingsShapes.defaults, "from": SettingsShapes.sender, "utm": SettingsShapes.utm]),
        Chapter("sources", ["sources.ID": SettingsShapes.source]),
        Chapter(
            "entities",
            [
                "entities.ID": SettingsShapes.entity, "consent": SettingsShapes.consent, "fields.COLUMN": SettingsShapes.field,
                "relations.ID": SettingsShapes.relation, "changes": SettingsShapes.changes,
            ]),
        Chapter("local", ["local": ProviderShapes.local, "transport": ProviderShapes.transport, "smtp": ProviderShapes.smtp]),
        Chapter(
            "mailchimp",
            [
                "mailchimp": ProviderShapes.mailchimp, "fields.TAG": ProviderShapes.mailchimpField, "audience": ProviderShapes.audience,
                "create": ProviderShapes.createAudience,
            ]),
        Chapter(
            "dotdigital", ["dotdigital": ProviderShapes.dotdigital, "fields.NAME": ProviderShapes.dotdigitalField, "oauth": ProviderShapes.oauth]),
        Chapter(
            "policies",
            [
                "policies": ProviderShapes.policies, "mass_change": ProviderShapes.massChange, "frequency": ProviderShapes.frequency,
                "quiet_hours": ProviderShapes.quietHours, "lead_time": ProviderShapes.leadTime, "audience": ProviderShapes.audienceLimit,
                "approval": ProviderShapes.approval, "blocked_domains": ProviderShapes.blockedDomains, "waivers": ProviderShapes.waiver,
            ]),
        Chapter(
            "environments",
            [
                "environments.ID": SettingsShapes.environment, "features": SettingsShapes.features, "state, records": SettingsShapes.backend,
                "git": SettingsShapes.gitBackend,
            ]),
        Chapter(
            "list",
            [
                "list": DefinitionShapes.list, "columns": DefinitionShapes.column, "sync.PROVIDER, of Mailchimp": ProviderShapes.mailchimpSync,
                "sync.PROVIDER, of Dotdigital": ProviderShapes.dotdigitalSync,
            ]),
        Chapter("filter", ["filter": DefinitionShapes.filter]),
        Chapter("campaign", ["campaign": DefinitionShapes.campaign, "revenue": SettingsShapes.revenue]),
        Chapter(
            "email",
            [
                "email": DefinitionShapes.email, "schedule": DefinitionShapes.schedule, "audience": DefinitionShapes.audience,
                "ab": DefinitionShapes.splitTest,
            ]),
        Chapter(
            "site",
            [
                "site": DefinitionShapes.site, "privacy": DefinitionShapes.privacy, "events.NAME": SettingsShapes.event,
                "identify": SettingsShapes.identify, "matomo": SettingsShapes.matomo,
            ]),
        Chapter("test", ["test": DefinitionShapes.test]),
    ]

    // MARK: Markdown

    static func markdown(_ chapter: Chapter) -> String { chapter.maps.map(table).joined(separator: "\n") }

    private static func table(_ path: String, _ shape: MapShape) -> String {
        var lines = ["**`\(path)`** \(cell(shape.doc))", "", "| key | what stands there | if left out | what it is |", "|---|---|---|---|"]
        for key in shape.keys {
            lines.append("| `\(key.name)`\(key.isRequired ? " ★" : "") | \(value(key.type)) | \(key.fallback.map(value) ?? "") | \(cell(key.doc)) |")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What is written as it stands here, in the font of code.
    private static func value(_ text: String) -> String {
        let isCode = text.hasPrefix("{") && text.hasSuffix("}") || !text.contains { $0.isLetter } || text.hasPrefix(".")
        return isCode ? "`\(cell(text))`" : cell(text)
    }

    /// Text inside a table, where a bar would end the cell.
    static func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }
}
