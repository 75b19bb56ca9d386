import HeraldContract
import HeraldDigest
import HeraldLocal
import HeraldModel
import HeraldPipeline
import HeraldStore

/// A workspace together with its state, its key and its providers: what every command starts from that plans or acts.
struct StatefulWorkspace {
    let opened: OpenedWorkspace
    let store: LocalStateStore
    let records: LocalRecordsStore
    let state: StateDocument
    let key: WorkspaceKey
    let providers: [any Provider]

    var resolved: Resolved { opened.resolved }
    var pipeline: Pipeline { Pipeline(resolved, opened.environment, key: key, files: opened.files, opened.diagnostics) }

    /// Ends the command where there is no state yet, or it was made with another key.
    static func open(_ common: CommonOptions) throws -> StatefulWorkspace { try open(try OpenedWorkspace.open(common)) }

    static func open(_ opened: OpenedWorkspace) throws -> StatefulWorkspace {
        try opened.needEnvironment()
        let place = StatePlace(opened)
        let store = place.store
        guard let state = try ending({ () throws(StoreFailure) in try store.load() }) else {
            Terminal.talk("error: there is no state in \(place.folder)")
            Terminal.talk("help: is this the first run? Make it with `herald state init\(opened.option)`. Was it lost? Restore it from a backup.")
            throw Ended(.refused)
        }
        let settings = opened.resolved.workspace.settings
        guard state.workspace == settings.id.value, state.environment == settings.environment else {
            let owner = "\(state.workspace)\(state.environment.map { ", environment \($0)" } ?? "")"
            throw ApprovedPlan.refuse("the state in \(place.folder) is that of \(owner)", "a workspace keeps its id; put back the id, or the right state")
        }
        let key = try place.key()
        if key.change(from: state.keyFingerprint) != nil {
            Terminal.talk("error: there is a new key, and what the state keeps is under the one before (\(state.keyFingerprint))")
            Terminal.talk("help: run `herald key rotate\(opened.option)`, which also finishes a rotation that was interrupted")
            throw Ended(.credentials)
        }
        guard key.fingerprint == state.keyFingerprint else {
            Terminal.talk("error: the key is not the one that the state was made with (\(state.keyFingerprint))")
            Terminal.talk("help: \(place.keyName) must hold the workspace's key; with another one, nobody would be recognised")
            throw Ended(.credentials)
        }
        return StatefulWorkspace(
            opened: opened, store: store, records: place.records, state: state, key: key, providers: ProviderRegistry.providers(opened, key))
    }

    var journal: JournalFile { JournalFile(path: store.journalFile) }

    /// The state as it is now, which may be newer than the one that the command began with.
    func reload() throws -> StateDocument {
        guard let state = try ending({ () throws(StoreFailure) in try store.load() }) else {
            throw ApprovedPlan.refuse("the state is gone", "restore it from a backup")
        }
        return state
    }

    /// A plan of what the files say now against what the providers hold now. Ends the command where none can be made.
    /// - Parameter ahead: a time to look ahead to; nil for the plan of now.
    func plan(_ options: PlanOptions, state: StateDocument? = nil, frozen: [Address: [PersonDigest]] = [:], ahead: Instant? = nil) async throws -> PlanningResult {
        try opened.checkColumns()
        let start = state ?? self.state
        let ledger = try kept(start)?.ledger ?? .empty
        Terminal.trace("planning against the state's serial \(start.serial), with \(providers.map(\.id).joined(separator: ", "))")
        let result: PlanningResult?
        do throws(StoreFailure) {
            let watched = try records.watched(key: key.fingerprint) ?? WatchedValues()
            if let ahead {
                result = try await pipeline.plan(
                    ahead: ahead, start, ledger: ledger, watched: watched, store: store, providers: providers, options: options, tool: Version.tool)
            } else {
                result = try await pipeline.plan(
                    start, ledger: ledger, watched: watched, store: store, providers: providers, options: options, tool: Version.tool, frozen: frozen)
            }
        } catch { throw Ended(failure: error) }
        guard let result else {
            opened.tellDiagnostics()
            throw Ended(opened.diagnostics.exitCode)
        }
        opened.tellDiagnostics()
        let plan = result.run.plan
        for (id, account) in plan.accounts.sorted(by: { $0.key < $1.key }) { Terminal.trace("read \(id), account \(account)") }
        Terminal.trace("decided \(result.audiences.byList.count) lists, composed \(result.emails.count) emails")
        Terminal.trace("planned \(plan.changes.count) changes in \(result.run.steps.count) steps, \(plan.refused.count) refused, \(plan.drift.count) drifted")
        return result
    }
}

/// Where a workspace keeps its state and its key.
struct StatePlace {
    private let opened: OpenedWorkspace
    let folder: String

    init(_ opened: OpenedWorkspace) {
        self.opened = opened
        var path = ".herald"
        if case .local(let local)? = opened.resolved.workspace.settings.state?.value { path = local }
        folder = opened.environment.path(path)
    }

    var records: LocalRecordsStore {
        let settings = opened.resolved.workspace.settings
        var folder = folder
        if case .local(let local)? = settings.records?.value { folder = opened.environment.path(local) }
        return LocalRecordsStore(folder: folder, environment: settings.environment)
    }

    var store: LocalStateStore { LocalStateStore(folder: folder, environment: opened.resolved.workspace.settings.environment) }

    /// What a person calls the place of the key.
    var keyName: String {
        switch opened.resolved.workspace.settings.key?.value {
        case .environment(let name): "the variable \(name)"
        case .file(let path): path
        case nil: "\(folder)/key"
        }
    }

    /// The file of a key that nobody configured; nil where `key` names another place.
    var ownKeyFile: String? { opened.resolved.workspace.settings.key == nil ? folder + "/key" : nil }

    func key() throws -> WorkspaceKey {
        let text: String
        do throws(SecretFailure) {
            text = try Secrets(opened.environment).resolve(opened.resolved.workspace.settings.key?.value ?? .file(folder + "/key"))
        } catch {
            Terminal.talk("error: the workspace's key is missing: \(error.message)")
            Terminal.talk("help: without secrets, `herald validate` and `herald test` still work")
            throw Ended(.credentials)
        }
        guard let key = WorkspaceKey(base64: text) else {
            Terminal.talk("error: the workspace's key in \(keyName) is not 32 bytes in base64")
            Terminal.talk("help: make one with `openssl rand -base64 32`")
            throw Ended(.credentials)
        }
        return key
    }
}

extension Ended {
    /// Tells why a store could not serve, and ends with its code.
    init(failure: StoreFailure) {
        Terminal.talk("error: \(failure.message)")
        if case .locked(let holder) = failure {
            Terminal.talk("help: wait until it ends; if it died, run `herald recover`, or `herald state unlock \(holder.id)`")
        }
        self.init(failure.exit)
    }
}

/// Runs what a store does; where it cannot, tells why and ends the command.
func ending<Value>(_ body: () throws(StoreFailure) -> Value) throws -> Value {
    do throws(StoreFailure) { return try body() } catch { throw Ended(failure: error) }
}
