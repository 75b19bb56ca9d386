import ArgumentParser
import HeraldPipeline

struct History: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Who applied what, when, and how it ended.", discussion: "From the state, which keeps the last 500 runs. Newest first; no personal data.")

    @OptionGroup var common: CommonOptions

    @Option(name: .long, help: "How many runs to tell of.")
    var limit = 50

    @Option(name: .long, help: "text or json.")
    var format: ReportFormat = .text

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit is at least 1") }
    }

    func run() throws {
        let workspace = try StatefulWorkspace.open(common)
        let view = HistoryView(workspace.state, most: limit, zone: workspace.resolved.zone)
        Terminal.data(format == .json ? try view.json() : view.text())
    }
}
