import ArgumentParser
import HeraldContract
import HeraldModel
import HeraldPipeline
import HeraldStore

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "How lists, emails and the last runs stand, as the state knows it.")

    @OptionGroup var common: CommonOptions

    @Option(name: .long, help: "text or json.")
    var format: ReportFormat = .text

    func run() throws {
        let workspace = try StatefulWorkspace.open(common)
        let holder = try ending { () throws(StoreFailure) in try workspace.store.holder() }
        let view = StatusView(workspace.state, holder: holder, zone: workspace.resolved.zone)
        Terminal.data(format == .json ? try view.json() : view.text())
        guard view.needsRecovery else { return }
        throw Ended(.unknown)
    }
}
