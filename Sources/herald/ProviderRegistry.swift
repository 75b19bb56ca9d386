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
            case .local(let settings):
                LocalProvider(
                    id: definition.id.value, settings: settings, root: opened.environment.root, account: opened.resolved.workspace.settings.id.value,
                    key: key, now: opened.environment.now)
            case .mailchimp, .dotdigital: nil
            }
        }
    }
}
