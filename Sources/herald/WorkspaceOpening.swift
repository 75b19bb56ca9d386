import FoundationEssentials
import Glibc
import HeraldAudience
import HeraldContract
import HeraldModel
import HeraldPipeline
import Synchronization

/// The workspace that a command works on: found, read, resolved, and without errors.
struct OpenedWorkspace {
    let resolved: Resolved
    let environment: RunEnvironment
    let files: SourceMap
    let diagnostics: Diagnostics
    private let told = Told()

    /// For commands that plan or act. Where anything is wrong it is told, and the command ends.
    ///
    /// - Parameter root: the folder of herald.yaml; nil looks in the current folder and then in those above.
    static func open(_ common: CommonOptions, root: String? = nil) throws -> OpenedWorkspace {
        let reading = WorkspaceReading(common, root: root)
        let resolved = reading.resolve()
        // What this version cannot follow is no error of the files, but nothing can be done with them.
        if let resolved { reading.diagnostics.report(resolved.blockers) }
        guard let resolved, let environment = reading.environment, !reading.diagnostics.hasErrors else {
            Terminal.talk(reading.diagnostics.sorted, reading.files)
            throw Ended(reading.diagnostics.exitCode)
        }
        Terminal.trace("opened \(environment.root), \(resolved.workspace.documents.count) definitions")
        let opened = OpenedWorkspace(resolved: resolved, environment: environment, files: reading.files, diagnostics: reading.diagnostics)
        KeptUntilExit.keep(opened)
        return opened
    }

    private init(resolved: Resolved, environment: RunEnvironment, files: SourceMap, diagnostics: Diagnostics) {
        self.resolved = resolved
        self.environment = environment
        self.files = files
        self.diagnostics = diagnostics
    }

    /// The environment as it has to be written again in a command that herald proposes.
    var option: String { resolved.workspace.settings.environment.map { " --env \($0)" } ?? "" }

    /// Tells on stderr what was found since the last time.
    func tellDiagnostics() {
        // Notes are for `herald validate`.
        Terminal.talk(told.held.withLock { held in diagnostics.sorted.filter { $0.rule.severity > .note && held.insert($0).inserted } }, files)
    }

    /// Refuses data whose columns are not those of herald.columns.yaml. Ends the command then.
    func checkColumns() throws {
        if let pinned = resolved.workspace.columns { sources.check(pinned) }
        guard diagnostics.hasErrors else { return }
        tellDiagnostics()
        throw Ended(diagnostics.exitCode)
    }

    /// Writes herald.columns.yaml as the data has it now. Ends the command where a source is broken.
    func pinColumns() throws {
        _ = try ColumnsPinning.pin(sources, files, environment, diagnostics)
    }

    private var sources: SourceReading {
        SourceReading(
            resolved.workspace, root: environment.root, zone: resolved.zone, files: files, access: ServerAccess(environment), diagnostics)
    }

    private final class Told: Sendable {
        let held = Mutex<Set<Diagnostic>>([])
    }
}

/// Finding and reading a workspace, whether or not everything in it is right.
struct WorkspaceReading {
    let files = SourceMap()
    let diagnostics = Diagnostics()
    private let isOffline: Bool
    /// Nil where there is no herald.yaml that can be understood; the reasons are reported.
    private let loaded: (workspace: Workspace, zone: Zone, zones: ZoneLoader, environment: RunEnvironment)?

    /// - Parameter root: the folder of herald.yaml; nil looks in the current folder and then in those above.
    /// - Parameter isOffline: whether only the files are checked, so that a variable that is not set is no error, and no server is asked for its columns.
    init(_ common: CommonOptions, root: String? = nil, isOffline: Bool = false) {
        self.isOffline = isOffline
        let variables = ProcessInfo.processInfo.environment
        guard let root = root ?? WorkspaceReading.root(from: WorkspaceReading.currentFolder) else {
            diagnostics.report(WorkspaceReading.missing)
            loaded = nil
            return
        }
        guard
            let workspace = WorkspaceLoader(
                root: root, variables: Secrets.allowed(variables), isOffline: isOffline, sources: files, diagnostics: diagnostics
            ).load(environment: common.env)
        else {
            loaded = nil
            return
        }
        let zones = ZoneLoader(variables: variables)
        let zone = zones.load(workspace.settings.timezone, diagnostics) ?? .utc
        var environment = RunEnvironment(root: root, variables: variables, now: ClockOverride.present, host: WorkspaceReading.host, process: Int(getpid()))
        environment.now = ClockOverride.now(environment, workspace.settings, diagnostics)
        loaded = (workspace, zone, zones, environment)
    }

    var environment: RunEnvironment? { loaded?.environment }

    /// What reads the sources; it reports to `diagnostics`.
    func sources(_ diagnostics: Diagnostics) -> SourceReading? {
        loaded.map {
            SourceReading($0.workspace, root: $0.environment.root, zone: $0.zone, files: files, access: ServerAccess($0.environment), diagnostics)
        }
    }

    /// Without herald.columns.yaml, the columns are read from the sources that are there, and from servers unless nothing may be asked of any.
    func resolve() -> Resolved? {
        guard let (workspace, zone, zones, _) = loaded else { return nil }
        var columns = workspace.columns
        if columns == nil, let sources = sources(diagnostics) {
            let present = isOffline ? sources.presentFiles : sources.presentSources
            if !present.isEmpty { columns = sources.describe(present) }
        }
        return Resolver(
            workspace, columns: columns, zone: zone, zoneNamed: { [diagnostics] in zones.load($0, diagnostics) },
            place: { [files] in Place(file: files.path(of: $0.file), line: Int($0.line)) }, diagnostics
        ).resolve()
    }

    private static let missing = Diagnostic(
        Rule("no-workspace"), "there is no herald.yaml here, and none in the folders above",
        suggestion: "go to the folder of your workspace, or make one with `herald init`")

    private static func root(from folder: String) -> String? {
        var folder = folder
        while access("\(folder == "/" ? "" : folder)/herald.yaml", F_OK) != 0 {
            guard folder != "/", let slash = folder.lastIndex(of: "/") else { return nil }
            folder = slash == folder.startIndex ? "/" : String(folder[..<slash])
        }
        return folder
    }

    private static var currentFolder: String {
        guard let path = getcwd(nil, 0) else { return "/" }
        defer { free(path) }
        return String(cString: path)
    }

    private static var host: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

extension Terminal {
    static func talk(_ found: [Diagnostic], _ files: SourceMap) {
        if !found.isEmpty { talk(DiagnosticText(files, width: width).render(found)) }
    }
}
