import ArgumentParser
import Glibc
import HeraldAudience
import HeraldContract
import HeraldModel
import HeraldPipeline

struct OpenedWorkspace {
    let environment: RunEnvironment
    let resolved: Resolved
    let files: SourceMap
    let diagnostics: Diagnostics

    static func open(_ common: CommonOptions, root: String? = nil) throws -> OpenedWorkspace {
        let variables = ProcessInfoish.variables
        let root = root ?? String(cString: getcwd(nil, 0))
        let now = variables["HERALD_NOW"].flatMap { Instant(rfc3339: $0) } ?? Instant(seconds: Int64(time(nil)))
        let environment = RunEnvironment(root: root, variables: variables, now: now, host: "host", process: Int(getpid()))
        let (files, diagnostics) = (SourceMap(), Diagnostics())
        guard let workspace = WorkspaceLoader(root: root, sources: files, diagnostics: diagnostics).load(environment: common.env),
            let zone = ZoneLoader(variables: variables).load(workspace.settings.timezone, diagnostics)
        else { tell(diagnostics, files); throw Ended(diagnostics.exitCode) }
        var columns = workspace.columns
        if columns == nil {
            var pinned = PinnedColumns()
            for source in workspace.settings.sources {
                if let tables = SourceOpener.open(source, root: root, zone: zone, files: files, diagnostics)?.describe(diagnostics) { pinned.tables.merge(tables) { a, _ in a } }
            }
            columns = pinned
        }
        let resolver = Resolver(
            workspace, columns: columns, zone: zone, zoneNamed: { ZoneLoader(variables: variables).load($0, diagnostics) },
            place: { Place(file: files.path(of: $0.file), line: Int($0.line)) }, diagnostics)
        let resolved = resolver.resolve()
        if diagnostics.hasErrors { tell(diagnostics, files); throw Ended(diagnostics.exitCode) }
        return OpenedWorkspace(environment: environment, resolved: resolved, files: files, diagnostics: diagnostics)
    }

    static func tell(_ d: Diagnostics, _ files: SourceMap) {
        for x in d.sorted { Terminal.talk("\(x.span.map { "\(files.path(of: $0.file)):\($0.line):\($0.column)" } ?? ""): \(x.rule.severity): \(x.message) \(x.suggestion ?? "")") }
    }
    func tellDiagnostics() { OpenedWorkspace.tell(diagnostics, files) }
    func needEnvironment() throws {
        guard resolved.workspace.settings.environment == nil, !resolved.workspace.settings.environments.isEmpty else { return }
        Terminal.talk("error: this workspace has environments, so say which: --env \(resolved.workspace.settings.environments.map(\.value).joined(separator: ", --env "))")
        throw Ended(.configuration)
    }
    var place: @Sendable (SourceSpan) -> Place { { [files] in Place(file: files.path(of: $0.file), line: Int($0.line)) } }
    func pinColumns() throws {}
}
enum ProcessInfoish {
    static var variables: [String: String] {
        var result: [String: String] = [:]
        var at = environ
        while let entry = at.pointee {
            let text = String(cString: entry)
            if let equals = text.firstIndex(of: "=") { result[String(text[..<equals])] = String(text[text.index(after: equals)...]) }
            at += 1
        }
        return result
    }
}
