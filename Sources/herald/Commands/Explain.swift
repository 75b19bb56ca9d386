import ArgumentParser
import HeraldModel
import HeraldPipeline

struct Explain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say why a person is on a list or not, clause by clause.",
        discussion: "For the operator: the values of the person's record are shown. PERSON is an address or a record's key; - reads it from standard input.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The list, such as list.vip-customers.")
    var list: String

    @Argument(help: "An address, or the key of a record; - reads it from standard input.")
    var person: String

    func run() async throws {
        let opened = try OpenedWorkspace.open(common)
        let list = try KnownAddress.list(list, opened.resolved)
        let person = person == "-" ? Terminal.firstLine(limit: 1_000) : person
        guard let decided = try await opened.decide([list], whole: true), let audience = decided.byList[list.definition.id.value] else {
            throw Ended(opened.diagnostics.exitCode)
        }
        let view = PersonView(list, audience, decided.evaluator, cause: { decided.cause($0, in: audience) }, place: opened.place)
        let rows = view.rows(of: person)
        guard !rows.isEmpty else {
            Terminal.talk("error: nobody in \(list.definition.entity.value) has this address or key")
            throw Ended(.failed)
        }
        Terminal.data(view.text(rows))
    }
}
