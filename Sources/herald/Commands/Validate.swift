import ArgumentParser
import HeraldContract
import HeraldModel
import HeraldPipeline

struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check every file, and tell everything that is wrong at once. Needs no network and no secrets.")

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, github }

    @OptionGroup var common: CommonOptions

    @Option(name: .long, help: "text; json for programs; github for annotations in a workflow.")
    var format = Format.text

    func run() throws {
        let reading = WorkspaceReading(common, isOffline: true)
        let resolved = reading.resolve()
        reading.sources(reading.diagnostics)?.checkTracked()
        let found = reading.diagnostics.sorted.filter { !common.quiet || $0.rule.severity == .error }
        switch format {
        case .text: Terminal.data(DiagnosticText(reading.files, width: Terminal.width).render(found))
        case .json: Terminal.data(try DiagnosticJSON(reading.files).render(found))
        case .github: Terminal.data(DiagnosticGitHub(reading.files, prefix: prefix(reading)).render(found))
        }
        if let resolved, !reading.diagnostics.hasErrors, format == .text, !common.quiet { Terminal.data("ok: \(Validate.inventory(resolved.workspace))\n") }
        // The end of the process frees everything at once; piece by piece it would take a while.
        withExtendedLifetime((reading, resolved)) { leave(reading.diagnostics.exitCode) }
    }

    /// Annotations name files from the repository's top, which need not be the workspace.
    private func prefix(_ reading: WorkspaceReading) -> String {
        guard let environment = reading.environment, let top = environment.variables["GITHUB_WORKSPACE"], environment.root.hasPrefix(top + "/") else { return "" }
        return environment.root.dropFirst(top.count + 1) + "/"
    }

    /// `3 lists, 2 filters, 1 campaign`
    private static func inventory(_ workspace: Workspace) -> String {
        let counts = [
            (workspace.lists.count, "list"), (workspace.filters.count, "filter"), (workspace.campaigns.count, "campaign"),
            (workspace.emails.count, "email"), (workspace.sites.count, "site"), (workspace.tests.count, "test"),
        ]
        let parts = counts.filter { $0.0 > 0 }.map { Counted.text($0.0, $0.1) }
        return parts.isEmpty ? "no definitions yet" : parts.joined(separator: ", ")
    }
}

/// Numbers of things in a sentence.
enum Counted {
    static func text(_ count: Int, _ what: String) -> String { "\(count) \(what)\(count == 1 ? "" : "s")" }
}
