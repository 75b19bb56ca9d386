import ArgumentParser
import HeraldContract
import HeraldModel
import HeraldPipeline

struct ListRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Take a person off one list by hand, although they match; they are no less subscribed.",
        discussion: "They stay off until they are restored. The next plan shows it.")

    @Argument(help: "The list, such as list.vip-customers.")
    var list: String

    // After the list: the person is its second argument.
    @OptionGroup var options: PersonEditOptions

    func run() async throws {
        try await options.edit("list remove", nil, "removed").run(options.person) { known, resolved in
            .remove(list: known.mark(of: try KnownAddress.list(list, resolved).definition.address))
        }
    }
}

struct ListRestore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Let a person back onto a list from which they were removed by hand, if they match it.")

    @Argument(help: "The list, such as list.vip-customers.")
    var list: String

    // After the list: the person is its second argument.
    @OptionGroup var options: PersonEditOptions

    func run() async throws {
        try await options.edit("list restore", nil, "restored").run(options.person) { known, resolved in
            .restore(list: known.mark(of: try KnownAddress.list(list, resolved).definition.address))
        }
    }
}
