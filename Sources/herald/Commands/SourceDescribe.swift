import ArgumentParser
import HeraldContract
import HeraldModel
import HeraldPipeline
import HeraldStore
import HeraldYAML

struct SourceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "source", abstract: "Look at the data behind the lists.", subcommands: [SourceDescribe.self])
}

struct SourceDescribe: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "Read every table, and write its columns and their types to herald.columns.yaml.",
        discussion: """
            Commit herald.columns.yaml: with it, `herald validate` checks conditions and templates without the data.
            Nothing of what stands in the rows is written.
            """)

    @OptionGroup var common: CommonOptions

    func run() throws {
        let reading = WorkspaceReading(common)
        // Definitions may be wrong, because the columns are: only what the sources themselves say counts.
        let diagnostics = Diagnostics()
        guard let sources = reading.sources(diagnostics), let environment = reading.environment else {
            Terminal.talk(reading.diagnostics.sorted, reading.files)
            throw Ended(reading.diagnostics.exitCode)
        }
        let columns = try ColumnsPinning.pin(sources, reading.files, environment, diagnostics)
        guard !common.quiet else { return }
        let count = columns.tables.values.reduce(0) { $0 + $1.count }
        Terminal.data("wrote \(ColumnsFile.name): \(Counted.text(columns.tables.count, "table")), \(Counted.text(count, "column"))\n")
        let ambiguous = columns.tables.sorted { $0.key < $1.key }.flatMap { table, columns in
            columns.filter { $0.ambiguity != nil }.map { "\(table).\($0.name)" }
        }
        guard !ambiguous.isEmpty else { return }
        Terminal.data("not sure of \(ambiguous.joined(separator: ", ")); a definition that uses one must give its type in the entity's `fields`\n")
    }
}

/// Writing herald.columns.yaml.
enum ColumnsPinning {
    /// Tells what was found. Ends the command where a source is broken.
    static func pin(_ sources: SourceReading, _ files: SourceMap, _ environment: RunEnvironment, _ diagnostics: Diagnostics) throws -> PinnedColumns {
        let columns = sources.describe(sources.allSources)
        Terminal.talk(diagnostics.sorted, files)
        guard let columns, !diagnostics.hasErrors else { throw Ended(diagnostics.exitCode) }
        do throws(StoreFailure) {
            try DurableFile.write(Array(ColumnsFile.encode(columns).utf8), to: environment.path(ColumnsFile.name), mode: 0o644)
        } catch {
            Terminal.talk("error: \(ColumnsFile.name) cannot be written: \(error.message)")
            throw Ended(error.exit)
        }
        return columns
    }
}
