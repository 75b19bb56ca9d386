import ArgumentParser
import HeraldContract
import HeraldModel
import HeraldPipeline

struct TestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Run the tests: do their people get on lists, and read in mails, what they should?")

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @OptionGroup var common: CommonOptions

    @Argument(help: "Tests by name, or lists, filters and emails whose tests to run. Without any: all tests.")
    var names: [String] = []

    @Option(name: .long, help: "text, or json for programs.")
    var format = Format.text

    func run() throws {
        let reading = WorkspaceReading(common, isOffline: true)
        guard let resolved = reading.resolve(), let environment = reading.environment, !reading.diagnostics.hasErrors else {
            Terminal.talk(reading.diagnostics.sorted, reading.files)
            throw Ended(reading.diagnostics.exitCode)
        }
        let runner = TestRunner(resolved, now: environment.now)
        let found = Diagnostics()
        let results = try chosen(resolved.workspace.tests).compactMap { runner.run($0, found) }
        Terminal.talk(found.sorted, reading.files)
        let report = TestReport(results, reading.files)
        switch format {
        case .text: Terminal.data(report.text(quiet: common.quiet))
        case .json: Terminal.data(try report.json())
        }
        if found.hasErrors { throw Ended(found.exitCode) }
        if report.failed > 0 { throw Ended(.failed) }
    }

    private func chosen(_ tests: [TestDefinition]) throws -> [TestDefinition] {
        for name in names where !tests.contains(where: { $0.answers(to: name) }) {
            let near = nearest(to: name, among: tests.map(\.id.value)).map { " Did you mean `\($0)`?" } ?? ""
            throw ValidationError("There is no test `\(name)`.\(near)")
        }
        return names.isEmpty ? tests : tests.filter { test in names.contains(where: test.answers) }
    }
}

extension TestDefinition {
    /// By its id, its address, or the address of what it tests.
    fileprivate func answers(to name: String) -> Bool {
        name == id.value || name == address.description || name == subject.value.description
    }
}
