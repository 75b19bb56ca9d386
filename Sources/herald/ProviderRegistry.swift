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
        var outside = LocalProvider.Outside()
        let secrets = Secrets(opened.environment)
        outside.secret = { secret throws(ProviderFailure) in
            do throws(SecretFailure) { return try secrets.resolve(secret) } catch { throw ProviderFailure(.credentials, "\(id): \(error.message)") }
        }
        outside.authorities = opened.environment.variables["SSL_CERT_FILE"].flatMap { $0.isEmpty ? nil : $0 }
        return LocalProvider(
            id: id, settings: settings, root: opened.environment.root, account: opened.resolved.workspace.settings.id.value, key: key,
            now: opened.environment.now, outside: outside)
    }

    /// Ends the command where a secret is missing that acting needs. Planning needs none.
    static func needSecrets(_ opened: OpenedWorkspace) throws {
        let secrets = Secrets(opened.environment)
        for definition in opened.resolved.workspace.settings.providers {
            guard case .local(let local) = definition.settings, case .smtp(let smtp) = local.transport.value else { continue }
            for secret in [smtp.user, smtp.password].compactMap({ $0 }) {
                do throws(SecretFailure) { _ = try secrets.resolve(secret) } catch {
                    Terminal.talk("error: \(definition.id.value) cannot log in to \(smtp.host.value): \(error.message)")
                    throw Ended(.credentials)
                }
            }
        }
    }
}
