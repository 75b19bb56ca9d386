import ArgumentParser
import HeraldContract
import HeraldModel
import HeraldPipeline
import HeraldStore

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Look at who is on a list, hold lists against each other, and take people off or let them back by hand.",
        subcommands: [ListShow.self, ListOverlap.self, ListRefresh.self, ListRemove.self, ListRestore.self])
}

struct ListShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show how many people each step leaves on a list, why others are left out, and masked examples.",
        discussion: """
            With --clauses it also counts each clause of the list's condition: how many satisfy it alone, and how many are left after it. That shows which clause
            lets too many in, or nobody.
            With --export FILE the members themselves are written as CSV, for the operator; keep that file out of git.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "The list, such as list.vip-customers.")
    var address: String

    @Flag(name: .long, help: "Count each clause of the condition, too.")
    var clauses = false

    @Option(name: .long, help: "Write the members to this CSV file.")
    var export: String?

    @Option(name: .long, help: "text or json.")
    var format: ReportFormat = .text

    func run() async throws {
        let opened = try OpenedWorkspace.open(common)
        let list = try KnownAddress.list(address, opened.resolved)
        guard let view = try await opened.view(of: list, clauses: clauses) else { throw Ended(opened.diagnostics.exitCode) }
        switch format {
        case .json: Terminal.data(try view.json())
        case .text: Terminal.data(view.text())
        }
        guard let export else { return }
        let bytes = view.csv()
        try ending { () throws(StoreFailure) in try DurableFile.write(bytes, to: export) }
        Terminal.talk("wrote \(PlanText.count(view.memberCount, "member")) to \(export); it holds personal data, so keep it out of git")
    }
}

enum ReportFormat: String, ExpressibleByArgument, CaseIterable { case text, json }
