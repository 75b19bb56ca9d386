import HeraldAudience
package import HeraldModel
import Synchronization

extension Rule {
    static let unknownReference = Rule("unknown-reference")
}

/// Stage 2: follows every reference, types every condition, compiles every template, and collects everything that does not fit.
///
/// A function of values: what needs the world outside (the zones of the system, the names of files) is passed in.
package struct Resolver: Sendable {
    let workspace: Workspace
    let zone: Zone
    /// Nil where the columns of the data are not known: then what depends on them is left to plan.
    let columns: PinnedColumns?
    let zoneNamed: @Sendable (Located<String>) -> Zone?
    let place: @Sendable (SourceSpan) -> Place
    let diagnostics: Diagnostics
    private let suggestions = Suggestions()

    /// - Parameters:
    ///   - zone: of the workspace.
    ///   - zoneNamed: reads another zone; nil after reporting that there is none.
    ///   - place: the file and line of a span.
    package init(
        _ workspace: Workspace, columns: PinnedColumns?, zone: Zone, zoneNamed: @escaping @Sendable (Located<String>) -> Zone?,
        place: @escaping @Sendable (SourceSpan) -> Place, _ diagnostics: Diagnostics
    ) {
        self.workspace = workspace
        self.columns = columns
        self.zone = zone
        self.zoneNamed = zoneNamed
        self.place = place
        self.diagnostics = diagnostics
    }

    var settings: WorkspaceSettings { workspace.settings }

    package func resolve() -> Resolved {
        let index = DefinitionIndex(workspace, place, diagnostics)
        let schemas = Schemas(settings, columns: columns ?? PinnedColumns(), manual: workspace.lists.filter { $0.kind == .manual })
        checkSettings(index)
        checkEntities(index, schemas)
        checkReferences(index)
        checkLifecycle(index)
        let graph = ConditionGraph(index, diagnostics)
        checkWords(index, graph)
        let conditions = TypedConditions(self, index, schemas, graph)
        checkPersonas(index, schemas)
        var resolved = Resolved(workspace: workspace, zone: zone, schemas: schemas)
        resolved.quiet = quietHours()
        resolved.lists = conditions.lists
        resolved.filters = conditions.filters
        resolved.emails = resolveEmails(index, conditions.lists)
        refuseUnsupported(index, graph, &resolved)
        return resolved
    }

    /// On the workspace's clock unless they name another. On that of each recipient they are not part of this version (`Unsupported`).
    private func quietHours() -> QuietWindow? {
        guard let hours = settings.policies.quietHours, hours.rule.timezone != Policies.QuietHours.recipient else { return nil }
        let named = hours.rule.timezone.map { zoneNamed(Located($0, hours.span)) } ?? zone
        return named.map { QuietWindow(hours.rule, zone: $0, level: hours.level) }
    }

    /// Reports a reference that leads nowhere, and proposes what was likely meant.
    func unknown(_ what: String, _ name: Located<String>, among known: some Collection<String>) {
        let hint = suggestions.nearest(to: name.value, what, among: known).map { "did you mean `\($0)`?" }
        let few = known.count <= 8 && !known.isEmpty ? "there are \(known.sorted().joined(separator: ", "))" : nil
        diagnostics.report(.unknownReference, "there is no \(what) `\(name.value)`", at: name.span, suggestion: hint ?? few)
    }

    /// Remembers what was proposed: one renamed list may be named by thousands of emails, and is looked for among thousands of lists.
    private final class Suggestions: Sendable {
        private let made = Mutex<[String: String?]>([:])

        func nearest(to name: String, _ what: String, among known: some Collection<String>) -> String? {
            let key = "\(what) \(name)"
            if let held = made.withLock({ $0[key] }) { return held }
            let found = HeraldModel.nearest(to: name, among: known)
            made.withLock { $0[key] = .some(found) }
            return found
        }
    }
}
