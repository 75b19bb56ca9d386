import HeraldModel

@testable import HeraldYAML

/// The reference of the language, made from the shapes that decoding uses.
enum Reference {
    /// A generated part of docs/language.md, between `<!-- keys: NAME -->` and `<!-- end -->`.
    struct Chapter {
        let name: String
        let shapes: [MapShape]
    }

    static let chapters: [Chapter] = [
        Chapter(name: "herald.yaml", shapes: [SettingsShapes.workspace]),
        Chapter(name: "defaults", shapes: [SettingsShapes.defaults, SettingsShapes.sender, SettingsShapes.utm]),
        Chapter(name: "sources", shapes: [SettingsShapes.source]),
        Chapter(
            name: "entities",
            shapes: [SettingsShapes.entity, SettingsShapes.consent, SettingsShapes.field, SettingsShapes.relation, SettingsShapes.changes]),
        Chapter(name: "local", shapes: [ProviderShapes.local, ProviderShapes.transport, ProviderShapes.smtp]),
        Chapter(
            name: "mailchimp",
            shapes: [ProviderShapes.mailchimp, ProviderShapes.audience, ProviderShapes.createAudience, ProviderShapes.mailchimpField]),
        Chapter(name: "dotdigital", shapes: [ProviderShapes.dotdigital, ProviderShapes.dotdigitalField, ProviderShapes.oauth]),
        Chapter(
            name: "policies",
            shapes: [
                ProviderShapes.policies, ProviderShapes.massChange, ProviderShapes.frequency, ProviderShapes.quietHours, ProviderShapes.leadTime,
                ProviderShapes.audienceLimit, ProviderShapes.approval, ProviderShapes.blockedDomains, ProviderShapes.waiver,
            ]),
        Chapter(name: "environments", shapes: [SettingsShapes.environment, SettingsShapes.features, SettingsShapes.backend, SettingsShapes.gitBackend]),
        Chapter(name: "list", shapes: [DefinitionShapes.list, DefinitionShapes.column, ProviderShapes.mailchimpSync, ProviderShapes.dotdigitalSync]),
        Chapter(name: "filter", shapes: [DefinitionShapes.filter]),
        Chapter(name: "campaign", shapes: [DefinitionShapes.campaign, SettingsShapes.revenue]),
        Chapter(
            name: "email", shapes: [DefinitionShapes.email, DefinitionShapes.schedule, DefinitionShapes.audience, DefinitionShapes.splitTest]),
        Chapter(
            name: "site",
            shapes: [DefinitionShapes.site, DefinitionShapes.privacy, SettingsShapes.event, SettingsShapes.identify, SettingsShapes.matomo]),
        Chapter(name: "test", shapes: [DefinitionShapes.test]),
    ]
}
