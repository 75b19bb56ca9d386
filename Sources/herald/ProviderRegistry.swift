import HeraldContract
import HeraldDigest
import HeraldLocal
import HeraldModel
import HeraldPipeline

/// The only place that knows providers by name.
enum ProviderRegistry {
    /// The providers of a workspace that this version has; a definition that needs another one is refused by the plan.
    static func providers(_ opened: OpenedWorkspace, _ key: WorkspaceKey) -> [any Provider] {
        opened.resolved.workspace.settings.providers.compactMap { definition in
            switch definition.settings {
            case .local(let settings): local(definition.id.value, settings, opened, key)
            case .mailchimp, .dotdigital: nil
            }
        }
    }

    /// Each environment has a database of its own, as it has a state of its own, unless one is named.
    private static func local(_ id: String, _ settings: LocalSettings, _ opened: OpenedWorkspace, _ key: WorkspaceKey) -> LocalProvider {
        var settings = settings
        if let environment = opened.resolved.workspace.settings.environment, settings.database == LocalSettings.defaultDatabase {
            settings.database = ".herald/local-\(environment).sqlite"
        }
        return LocalProvider(
            id: id, settings: settings, root: opened.environment.root, account: opened.resolved.workspace.settings.id.value, key: key,
            now: opened.environment.now)
    }
}
