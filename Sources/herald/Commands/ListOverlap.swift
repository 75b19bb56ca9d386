import ArgumentParser
import HeraldAudience
import HeraldModel
import HeraldPipeline

struct ListOverlap: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "overlap",
        abstract: "Show how many people several lists share.",
        discussion: """
            Counts the people who may be mailed: how many are on each list, on it alone, on both of each pair, and on all. A person is an address, also where the
            lists are of different entities. Good to know before two mails go out on one day.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "Two lists or more, such as list.newsletter list.vip-customers.")
    var lists: [String]

    @Option(name: .long, help: "text or json.")
    var format: ReportFormat = .text

    func run() async throws {
        let opened = try OpenedWorkspace.open(common)
        let wanted = try lists.map { try KnownAddress.list($0, opened.resolved) }
        let ids = wanted.map(\.definition.id.value)
        guard wanted.count >= 2, Set(ids).count == ids.count else { throw ValidationError("name two different lists, or more") }
        guard wanted.count <= Overlap.mostLists else { throw ValidationError("at most \(Overlap.mostLists) lists can be held against each other") }
        guard let decided = try await opened.decide(wanted), let view = OverlapView(wanted, decided) else { throw Ended(opened.diagnostics.exitCode) }
        Terminal.data(format == .json ? try view.json() : view.text())
    }
}
