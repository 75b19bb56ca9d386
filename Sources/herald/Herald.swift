import ArgumentParser
import HeraldModel

/// Where the program starts: reads the command line, runs one command, and ends with a code of the frozen table.
@main
enum Main {
    static func main() async {
        do {
            var command = try Herald.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let ended as Ended {
            leave(ended.code)
        } catch {
            let usage = Herald.exitCode(for: error)
            guard usage != .success else { Herald.exit(withError: error) }  // --help, --version: text on stdout, 0.
            let message = Herald.fullMessage(for: error)
            Terminal.talk(message.hasPrefix("Error: ") ? "error: " + message.dropFirst(7) : message)
            leave(.failed)
        }
    }
}

/// The command `herald`: what it is for, and its subcommands in the order in which people meet them.
struct Herald: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "herald",
        abstract: "Marketing as code: lists, campaigns and emails as YAML in git.",
        discussion: """
            Write lists, campaigns and emails as files. herald checks them, works out who would get what, shows a plan,
            and applies exactly the plan that was approved.

              herald validate        are the files right?
              herald test            do the people in the tests get what they should?
              herald plan            what would change, for whom, and when?
              herald apply PLAN      do exactly that, once
            """,
        version: "herald \(Version.tool)",
        subcommands: [
            Init.self, Validate.self, TestCommand.self, SourceCommand.self, PlanCommand.self, Approve.self, Apply.self, Send.self, Run.self, Recover.self, Status.self,
            TimelineCommand.self,
            History.self, ListCommand.self, Explain.self, PersonCommand.self, StateCommand.self, KeyCommand.self, Version.self,
        ])
}

/// How a command ends other than by returning: with a code, after it has said why.
struct Ended: Error {
    let code: HeraldModel.ExitCode

    init(_ code: HeraldModel.ExitCode) { self.code = code }
}

/// Options that every command takes.
struct CommonOptions: ParsableArguments {
    @Option(name: .long, help: "The environment of herald.yaml to work in.")
    var env: String?

    @Flag(name: .long, help: "Say nothing but results and errors.")
    var quiet = false

    @Flag(name: .long, help: "Tell every step on stderr, without personal data.")
    var trace = false

    func validate() throws { if trace { Terminal.startTracing() } }

    /// As it has to be written again in a command that herald proposes.
    var option: String { env.map { " --env \($0)" } ?? "" }
}
