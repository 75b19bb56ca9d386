import ArgumentParser
import HeraldContract
import HeraldDigest
import HeraldModel
import HeraldPipeline
import HeraldStore

struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "The key behind all digests of people.", subcommands: [KeyRotate.self])
}

struct KeyRotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Put a new key before the ones so far; everything that is kept under digests moves on.",
        discussion: """
            A key of herald's own is made here. One that is in a variable or a file of yours must hold the new key first, then those so far, separated by
            commas; older keys stay needed, since a digest is made with all of them. Each environment is rotated by itself. What was interrupted is finished by
            running the command again.
            """)

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let opened = try OpenedWorkspace.open(common)
        try opened.needEnvironment()
        let place = StatePlace(opened)
        try HeldLock.takeOverDead(place.store, opened.environment)
        try await HeldLock.holding(place.store, "key rotate", opened.environment) {
            guard let state = try ending({ () throws(StoreFailure) in try place.store.load() }) else {
                throw ApprovedPlan.refuse("there is no state in \(place.folder)", "make it with `herald state init\(common.option)`")
            }
            let rotation = try KeyRotation(opened, place, StateSession(store: place.store, document: state))
            let key = try newKey(place, state)
            guard let change = key.change(from: state.keyFingerprint) else {
                Terminal.talk("error: \(place.keyName) does not go on from the key that the state was made with (\(state.keyFingerprint))")
                Terminal.talk("help: it holds the new key first, then those so far, separated by commas")
                throw Ended(.credentials)
            }
            let counts = try await rotation.rotate(change, key)
            guard !common.quiet else { return }
            Terminal.data("rotated the key: \(PlanText.count(counts.facts, "fact")) and \(PlanText.count(counts.members, "member")) moved on\n")
        }
    }

    /// The key after the rotation: the one that is configured where it is longer already, or else one with a new part. Ends the command where somebody must
    /// provide it.
    private func newKey(_ place: StatePlace, _ state: StateDocument) throws -> WorkspaceKey {
        let key = try place.key()
        guard key.fingerprint == state.keyFingerprint else { return key }
        guard let file = place.ownKeyFile else {
            Terminal.talk("error: \(place.keyName) holds no newer key yet")
            Terminal.talk("help: put a new key before the ones so far: the output of `openssl rand -base64 32`, a comma, then what it holds now; then run this again")
            throw Ended(.credentials)
        }
        let held = try ending { () throws(StoreFailure) in try DurableFile.read(file) ?? [] }
        let text = WorkspaceKey.generate() + "," + String(decoding: held, as: UTF8.self).trimmed
        guard let longer = WorkspaceKey(base64: text) else { throw Ended(.credentials) }
        try ending { () throws(StoreFailure) in try DurableFile.write(Array((text + "\n").utf8), to: file) }
        Terminal.talk("put a new key first in \(file): keep a copy of it, and of the older ones in it")
        return longer
    }
}
