import Glibc
import HeraldAudience
import HeraldContract
import HeraldModel
import HeraldPipeline

extension Rule {
    static let clockOverride = Rule("clock-override", .warning)
}

/// `HERALD_NOW` sets the clock for demonstrations and tests, where nothing can reach a real person or a vendor.
enum ClockOverride {
    /// The present moment, or the one in `HERALD_NOW` where every endpoint of the workspace is loopback or an outbox.
    static func now(_ environment: RunEnvironment, _ settings: WorkspaceSettings, _ diagnostics: Diagnostics) -> Instant {
        guard let text = environment.variables["HERALD_NOW"], !text.isEmpty else { return present }
        guard let instant = Instant(rfc3339: text) else {
            diagnostics.report(.clockOverride, "HERALD_NOW is ignored: it is no time such as 2027-03-01T09:00:00Z")
            return present
        }
        guard let outside = firstOutside(settings, ServerAccess(environment)) else { return instant }
        diagnostics.report(.clockOverride, "HERALD_NOW is ignored: \(outside) is not on this machine")
        return present
    }

    /// What the workspace reaches that is not on this machine, or nil.
    private static func firstOutside(_ settings: WorkspaceSettings, _ access: ServerAccess) -> String? {
        for source in settings.sources where !access.isHere(source.location.value) { return "the source \(source.id.value)" }
        for backend in [settings.state, settings.records].compactMap({ $0?.value }) {
            if case .local = backend { continue }
            return "the state"
        }
        for provider in settings.providers where !isHere(provider) { return "the provider \(provider.id.value)" }
        return nil
    }

    private static func isHere(_ provider: ProviderDefinition) -> Bool {
        if let endpoint = provider.endpoint { return WebAddress(endpoint.value)?.isLoopback ?? false }
        guard case .local(let local) = provider.settings else { return false }
        guard case .smtp(let smtp) = local.transport.value else { return true }
        return WebAddress.isLoopback(smtp.host.value)
    }

    static var present: Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}
