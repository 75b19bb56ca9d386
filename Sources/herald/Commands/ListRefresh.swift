import ArgumentParser
import HeraldContract
import HeraldDigest
import HeraldModel
import HeraldPipeline
import HeraldStore

struct ListRefresh: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refresh", abstract: "Decide anew who is on an on-demand list.",
        discussion:
            "Between refreshes an on-demand list keeps its people, whatever the data does. The next plan shows who came and who went; nothing is sent or written elsewhere by this."
    )

    @OptionGroup var common: CommonOptions

    @Argument(help: "The list, such as list.trade-fair.")
    var address: String

    func run() async throws {
        let opened = try OpenedWorkspace.open(common)
        let list = try KnownAddress.list(address, opened.resolved)
        let address = list.definition.address
        guard list.definition.kind == .onDemand else {
            throw ApprovedPlan.refuse("\(address) is \(list.definition.kind.rawValue): every plan decides anew who is on it", "refresh only lists of `type: on-demand`")
        }
        if let refusal = opened.resolved.unsupported.first(where: { $0.address == address }) { throw ApprovedPlan.refuse("\(address): \(refusal.message)", refusal.remedy) }
        let workspace = try StatefulWorkspace.open(opened)
        try opened.checkColumns()
        let told = try await HeldLock.holding(workspace.store, "list refresh", opened.environment) {
            let session = try workspace.session()
            guard !session.document.needsRecovery else {
                Terminal.talk("error: an earlier run was interrupted")
                Terminal.talk("help: run `herald recover\(common.option)` first")
                throw Ended(.unknown)
            }
            let settings = opened.resolved.workspace.settings
            let known = KnownPeople(try workspace.kept(session.document)?.ledger ?? .empty, key: workspace.key, settings, session.document)
            guard let decided = try await workspace.decide([list], known, refreshes: true), let records = decided.records(of: list) else {
                throw Ended(opened.diagnostics.exitCode)
            }
            let mark = known.mark(of: address)
            let membership = Membership(records: MemberSets.digest(people: records), count: records.count, at: opened.environment.now, condition: list.condition)
            return try ending { () throws(StoreFailure) in
                let before = try session.document.memberships[mark].flatMap { held throws(StoreFailure) in try workspace.store.audience(held.records) }
                try workspace.store.keepAudience(membership.records, records)
                try session.write { $0.memberships[mark] = membership }
                try workspace.store.dropAudiences(except: session.document.keptAudiences)
                let difference = MemberDifference.symmetric(before ?? [], records)
                let came = (difference + records.count - (before?.count ?? 0)) / 2
                return "\(address): \(PlanText.count(records.count, "record")) now, \(PlanText.grouped(came)) came, \(PlanText.grouped(difference - came)) went\n"
            }
        }
        Terminal.data(told)
        Terminal.talk("next: herald plan\(common.option)")
    }
}
