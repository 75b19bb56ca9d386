import ArgumentParser
import HeraldContract
import HeraldDigest
import HeraldModel
import HeraldPipeline
import HeraldStore

struct StateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state",
        abstract: "What herald remembers between runs: make it, look at it, put it right.",
        subcommands: [StateInit.self, StateList.self, StateShow.self, StateMove.self, StateRemove.self, StateUnlock.self, StateAcceptRecords.self])
}

struct StateInit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make the state, once for each environment. Where there is one, nothing changes.")

    @OptionGroup var common: CommonOptions

    func run() throws {
        let opened = try OpenedWorkspace.open(common)
        try opened.needEnvironment()
        try StateMaking.make(opened, quiet: common.quiet)
    }
}

/// Makes a state with its key.
enum StateMaking {
    static func make(_ opened: OpenedWorkspace, quiet: Bool) throws {
        let place = StatePlace(opened)
        let settings = opened.resolved.workspace.settings
        if let state = try ending({ () throws(StoreFailure) in try place.store.load() }) {
            if !quiet { Terminal.data("there is a state already (serial \(state.serial)) in \(place.folder); nothing changed\n") }
            return
        }
        if let file = place.ownKeyFile, try ending({ () throws(StoreFailure) in try DurableFile.read(file) }) == nil {
            try ending { () throws(StoreFailure) in try DurableFile.write(Array((WorkspaceKey.generate() + "\n").utf8), to: file) }
            if !quiet { Terminal.talk("made the workspace's key in \(file): keep a copy, without it nobody is recognised") }
        }
        let key = try place.key()
        let lineage = key.lineage(workspace: settings.id.value, environment: settings.environment, at: opened.environment.now)
        var document = StateDocument(
            lineage: lineage, serial: 1, workspace: settings.id.value, environment: settings.environment, keyFingerprint: key.fingerprint)
        // Records that are there already hold opt-outs, and are never made anew; whether they are the last ones, nobody can say.
        let found = try ending { () throws(StoreFailure) in try place.records.load(from: nil) }
        let records = try found ?? RecordsMaking.make(place.records, opened, key: key)
        try StatefulWorkspace.demandOurs(records.head, opened, key, in: place.records.name)
        document.records = records.position
        if !records.facts.isEmpty { document.hold = SendHold(reason: "the state was made anew beside them", since: opened.environment.now) }
        try ending { () throws(StoreFailure) in try place.store.save(document, expecting: nil) }
        guard !quiet else { return }
        Terminal.data("made the state of \(settings.id.value)\(settings.environment.map { " (\($0))" } ?? "") in \(place.folder)\n")
    }
}

struct StateList: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "The objects that herald manages.")

    @OptionGroup var common: CommonOptions

    func run() throws {
        let workspace = try StatefulWorkspace.open(common)
        for (address, object) in workspace.state.objects.sorted(by: { $0.key < $1.key }) {
            let place = object.provider.map { "\($0)\(object.remote.map { ":\($0)" } ?? "")" } ?? "-"
            Terminal.data("\(address)\t\(place)\t\(object.send.map { $0.phase.rawValue } ?? "-")\n")
        }
    }
}

struct StateShow: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Everything that the state says of one object.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The object, such as list.vip-customers.")
    var address: String

    func run() throws {
        let workspace = try StatefulWorkspace.open(common)
        let address = try KnownAddress.managed(self.address, workspace.state)
        guard let object = workspace.state.objects[address] else { return }
        var lines = [
            "\(address)", "  name      \(PlanText.visible(object.name))", "  provider  \(object.provider ?? "-")", "  id        \(object.remote?.text ?? "-")",
            "  mark      \(object.mark)",
        ]
        if let members = object.members { lines.append("  members   \(PlanText.grouped(members.count))") }
        if let send = object.send {
            lines.append("  send      \(send.phase.rawValue)")
            if let envelope = send.envelope { lines.append("  covers    \(PlanText.grouped(envelope.count)) people ± \(envelope.change) %, at \(envelope.at)") }
            if let report = send.report { lines.append("  result    \(report.sent) sent, \(report.failed) failed, \(report.unknown) unknown, \(report.waiting) waiting") }
        }
        for (name, digests) in object.fields.sorted(by: { $0.key < $1.key }) {
            lines.append("  field     \(name)  sent \(digests.sent)\(digests.sent == digests.seen ? "" : "  seen \(digests.seen)")")
        }
        let codes = workspace.state.codes.filter { $0.value == address }.keys.sorted()
        if !codes.isEmpty { lines.append("  codes     \(codes.joined(separator: ", "))") }
        Terminal.data(lines.joined(separator: "\n") + "\n")
    }
}

struct StateMove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mv", abstract: "Let an object go on under another address; the meaning of `moved`, for the state only.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The old address.")
    var old: String

    @Argument(help: "The new address.")
    var new: String

    func run() async throws {
        let workspace = try StatefulWorkspace.open(common)
        let (old, new) = (try KnownAddress.managed(old, workspace.state), try KnownAddress.syntax(new))
        guard old.kind == new.kind else { throw ApprovedPlan.refuse("a \(old.kind.rawValue) cannot become a \(new.kind.rawValue)", "keep the kind") }
        try await StateEdit.edit(workspace, "state mv") { state in
            guard state.objects[new] == nil else { throw ApprovedPlan.refuse("the state has \(new) already", "choose another address, or remove that one first") }
            if let phase = state.objects[old]?.send?.phase, phase.hasLeft || phase == .scheduled {
                throw ApprovedPlan.refuse("\(old) is \(phase.rawValue), and such an email keeps its address", "leave it where it is")
            }
            state.objects[new] = state.objects.removeValue(forKey: old)
            for (code, owner) in state.codes where owner == old { state.codes[code] = new }
        }
        Terminal.data("\(old) is \(new) now\n")
    }
}

struct StateRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Stop managing an object; nothing changes at its provider.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The object, such as list.vip-customers.")
    var address: String

    func run() async throws {
        let workspace = try StatefulWorkspace.open(common)
        let address = try KnownAddress.managed(self.address, workspace.state)
        try await StateEdit.edit(workspace, "state rm") { state in
            if let phase = state.objects[address]?.send?.phase, phase == .sending || phase == .unknown || phase == .scheduled {
                throw ApprovedPlan.refuse("\(address) is \(phase.rawValue); forgetting it could let it be sent twice", "run `herald recover`, or cancel it first")
            }
            state.objects.removeValue(forKey: address)
        }
        Terminal.data("\(address) is not managed any more\n")
    }
}

struct StateUnlock: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unlock", abstract: "Give back a lock that a command left behind when it died.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The lock's id, as the refused command told it.")
    var id: String

    func run() throws {
        let opened = try OpenedWorkspace.open(common)
        try opened.needEnvironment()
        let place = StatePlace(opened)
        guard let holder = try ending({ () throws(StoreFailure) in try place.store.holder() }) else {
            Terminal.data("nothing is locked\n")
            return
        }
        guard holder.id == id else {
            Terminal.talk("error: \(StoreFailure.locked(holder).message)")
            throw Ended(.locked)
        }
        try ending { () throws(StoreFailure) in try place.store.unlock(id: id) }
        Terminal.data("unlocked; run `herald recover` to settle what \(holder.operation) left open\n")
    }
}

/// Changes the state by hand, under the lock.
enum StateEdit {
    static func edit(_ workspace: StatefulWorkspace, _ operation: String, _ change: @escaping (inout StateDocument) throws -> Void) async throws {
        try await HeldLock.holding(workspace.store, operation, workspace.opened.environment) {
            guard let state = try ending({ () throws(StoreFailure) in try workspace.store.load() }) else { throw Ended(.refused) }
            try checkNothingIsOpen(state)
            var next = state
            try change(&next)
            let session = StateSession(store: workspace.store, document: state)
            try ending { () throws(StoreFailure) in try session.write { $0 = next } }
        }
    }
}

/// Nothing may be edited while an earlier run has no recorded end.
private func checkNothingIsOpen(_ state: StateDocument) throws {
    guard state.needsRecovery else { return }
    Terminal.talk("error: an earlier apply or send was interrupted, and its end is not recorded")
    Terminal.talk("help: run `herald recover`")
    throw Ended(.unknown)
}

extension KnownAddress {
    /// An address that the state knows.
    static func managed(_ text: String, _ state: StateDocument) throws -> Address {
        let address = try syntax(text)
        guard state.objects[address] != nil else {
            let near = nearest(to: text, among: state.objects.keys.map(\.description).sorted()).map { "; did you mean \($0)?" } ?? ""
            throw ValidationError("the state has no \(address)\(near)")
        }
        return address
    }
}
