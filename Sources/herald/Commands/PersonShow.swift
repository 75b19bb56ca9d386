import ArgumentParser
import HeraldContract
import HeraldModel
import HeraldPipeline

struct PersonShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Whether a person is mailed, what is kept about them and why, and which lists they are on.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "An address, the key of a record, or -.")
    var person: String

    @Option(name: .long, help: "text or json.")
    var format: ReportFormat = .text

    func run() async throws {
        let workspace = try StatefulWorkspace.open(common)
        let people = try NamedPeople.find(person, workspace)
        let known = try workspace.knownPeople()
        let lists = workspace.resolved.lists.values.sorted { $0.definition.address < $1.definition.address }
            .filter { list in !workspace.resolved.unsupported.contains { $0.address == list.definition.address } }
        guard let decided = try await workspace.decide(lists, known) else { throw Ended(workspace.opened.diagnostics.exitCode) }
        let views = people.map { PersonRecordView($0, known, lists.map(\.definition.address), decided) }
        guard let unknown = views.firstIndex(where: \.isEmpty) else {
            return Terminal.data(format == .json ? Terminal.json(["people": views.map(\.wire)]) : views.map { $0.text(workspace.resolved.zone) }.joined(separator: "\n"))
        }
        Terminal.talk("error: \(views.count == 1 ? "" : "person \(unknown + 1) of \(views.count): ")no record has this address, and nothing is kept about it")
        throw Ended(.failed)
    }
}
