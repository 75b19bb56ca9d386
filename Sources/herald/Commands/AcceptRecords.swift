import ArgumentParser
import HeraldContract
import HeraldDigest
import HeraldModel
import HeraldPipeline
import HeraldStore

struct StateAcceptRecords: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept-records",
        abstract: "Go on with records that are older than the state, after they were restored from a backup.",
        discussion: """
            What was said since that backup is missing from them, so nothing is sent until opt-outs were read in full again: the apply of a plan of everything,
            in which every source and every provider could be read, lifts that.
            """)

    @OptionGroup var common: CommonOptions

    @Option(name: .long, help: "Why; kept with the state.")
    var reason: String

    func run() async throws {
        let workspace = try StatefulWorkspace.open(common)
        let reason = try GivenReason.check(reason)
        let now = workspace.opened.environment.now
        let told = try await HeldLock.holding(workspace.store, "state accept-records", workspace.opened.environment) { () -> String in
            let session = StateSession(store: workspace.store, document: try workspace.reload())
            var found = try ending { () throws(StoreFailure) in try workspace.records.load(from: nil) }
            // A backup may be of before the last rotation of the key.
            if let older = found, older.head.id == session.document.records?.id, let change = workspace.key.change(from: older.head.key) {
                found = try ending { () throws(StoreFailure) in try workspace.records.replace(older, key: change.to, with: older.facts.map(change.fact)) }
            }
            guard let found else {
                throw ApprovedPlan.refuse(
                    "there are no records in \(workspace.records.name)", "restore them from a backup first; they are never made anew beside a state")
            }
            let known = session.document.records
            guard known == nil || known?.id == found.head.id else {
                throw ApprovedPlan.refuse("\(workspace.records.name) holds other records than those of this state", "restore the right ones from a backup")
            }
            try StatefulWorkspace.demandOurs(found.head, workspace.opened, workspace.key, in: workspace.records.name)
            if let known, (try? workspace.records.load(from: known)) != nil {
                return "the records are those that the state knows; nothing changed\n"
            }
            try ending { () throws(StoreFailure) in
                try session.write { state in
                    state.records = found.position
                    state.hold = SendHold(reason: reason, since: now)
                }
            }
            let missing = max(0, (known?.count ?? 0) - found.facts.count)
            let (there, fewer) = (PlanText.count(found.facts.count, "fact"), PlanText.count(missing, "fact"))
            return "accepted records of \(there), \(fewer) fewer than the state knew; nothing is sent until everything was planned and applied\n"
        }
        Terminal.data(told)
    }
}
