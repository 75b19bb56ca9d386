import ArgumentParser
import HeraldContract
import HeraldModel
import HeraldPipeline

struct PersonCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "person",
        abstract: "What is kept about one person: look at it, take down that they said no or yes, erase them.",
        discussion: "PERSON is an address, or the key of a record; - reads one from each line of standard input, all or none of whom are done.",
        subcommands: [PersonShow.self, PersonUnsubscribe.self, PersonSubscribe.self, PersonErase.self])
}

/// What every command takes that writes about a person.
struct PersonEditOptions: ParsableArguments {
    @OptionGroup var common: CommonOptions

    @Argument(help: "An address, the key of a record, or -.")
    var person: String

    @Option(name: .long, help: "Why; kept for ever, so without personal data.")
    var reason: String

    @Option(name: .long, help: "text or json.")
    var format: ReportFormat = .text
}

struct PersonUnsubscribe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "unsubscribe", abstract: "Take down that a person wants no mail; it holds in every list.")

    @OptionGroup var options: PersonEditOptions

    @Option(name: .long, help: "When they said so; now where it is left out.")
    var at: SaidAt?

    func run() async throws {
        try await options.edit("person unsubscribe", at, "unsubscribed").run(options.person) { _, _ in .unsubscribe }
    }
}

struct PersonSubscribe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "subscribe", abstract: "Take down that a person agreed to be mailed, with evidence that is newer than what they said before.")

    @OptionGroup var options: PersonEditOptions

    @Option(name: .long, help: "When they said so; now where it is left out.")
    var at: SaidAt?

    func run() async throws {
        try await options.edit("person subscribe", at, "subscribed").run(options.person) { _, _ in .subscribe }
    }
}

struct PersonErase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase",
        abstract: "Erase a person: digests stay, so that they are never mailed again, and nothing that names them.",
        discussion: "What the built-in provider keeps of them goes too: their rows, and their mails in the outbox. The team's own data is the team's to erase.")

    @OptionGroup var options: PersonEditOptions

    @Option(name: .long, help: "When they asked for it; now where it is left out.")
    var at: SaidAt?

    func run() async throws {
        try await options.edit("person erase", at, "erased").run(options.person, wish: { _, _ in .erase }) { done in
            try await PersonErasing(done.workspace, done.session).erase(done.people)
        }
    }
}

extension PersonEditOptions {
    func edit(_ operation: String, _ at: SaidAt?, _ word: String) throws -> PersonEdit {
        PersonEdit(common: common, operation: operation, reason: reason, at: at, format: format, word: word)
    }
}
