import Glibc
package import HeraldAudience
package import HeraldContract
package import HeraldModel

extension Rule {
    static let columnsChanged = Rule("columns-changed")
}

/// The columns of the sources as the data has them now.
package struct SourceReading {
    let settings: WorkspaceSettings
    /// Every table that a definition names, each once, and where.
    private let tables: [Located<TableName>]
    let root: String
    private let zone: Zone
    let files: SourceMap
    private let access: ServerAccess
    let diagnostics: Diagnostics

    /// - Parameters:
    ///   - root: the workspace's folder, absolute.
    ///   - access: to servers; nothing is asked of them before one of their sources is read.
    package init(_ workspace: Workspace, root: String, zone: Zone, files: SourceMap, access: ServerAccess = .none, _ diagnostics: Diagnostics) {
        settings = workspace.settings
        let named = settings.entities.flatMap { [$0.from] + [$0.changes?.from].compactMap { $0 } } + workspace.lists.compactMap(\.rows)
        var seen: Set<TableName> = []
        tables = named.filter { seen.insert($0.value).inserted }.sorted { $0.value < $1.value }
        self.root = root
        self.zone = zone
        self.files = files
        self.access = access
        self.diagnostics = diagnostics
    }

    /// The sources that are files, and of these only those that are there.
    package var presentFiles: [SourceDefinition] {
        settings.sources.filter { source in
            switch source.location.value {
            case .csv(let path, _, _), .sqlite(let path): Glibc.access(path.hasPrefix("/") ? path : "\(root)/\(path)", F_OK) == 0
            case .postgres, .clickhouse: false
            }
        }
    }

    /// Files that are there, and servers: what can be described when the columns were never pinned.
    package var presentSources: [SourceDefinition] {
        let files = Set(presentFiles.map(\.id.value))
        return settings.sources.filter { source in
            switch source.location.value {
            case .csv, .sqlite: files.contains(source.id.value)
            case .postgres, .clickhouse: true
            }
        }
    }

    package var allSources: [SourceDefinition] { settings.sources }

    /// Reads every table of these sources, of servers every table that a definition names; nil after reporting one that is broken.
    package func describe(_ sources: [SourceDefinition]) -> PinnedColumns? {
        var columns = PinnedColumns()
        var isWhole = true
        for source in sources {
            guard let found = open(source)?.describe(diagnostics) else {
                isWhole = false
                continue
            }
            columns.tables.merge(found) { _, new in new }
        }
        return isWhole ? columns : nil
    }

    /// Refuses a source whose tables no longer have the columns that are pinned, for the tables that definitions name.
    package func check(_ pinned: PinnedColumns) {
        let opened = Dictionary(settings.sources.map { ($0.id.value, open($0)) }, uniquingKeysWith: { first, _ in first })
        for named in tables {
            let table = named.value
            guard let expected = pinned.tables[table]?.map(\.name), let source = opened[table.source], let names = source?.columnNames(of: table, diagnostics)
            else { continue }
            let (gone, new) = (expected.filter { !names.contains($0) }, names.filter { !expected.contains($0) })
            guard !gone.isEmpty || !new.isEmpty else { continue }
            let parts = [gone.isEmpty ? nil : "no longer has \(list(gone))", new.isEmpty ? nil : "has \(list(new)) besides"].compactMap { $0 }
            diagnostics.report(
                .columnsChanged, "\(table) \(parts.joined(separator: ", and ")), unlike herald.columns.yaml",
                at: named.span,
                suggestion: "run `herald source describe`, and look at what it changes")
        }
    }

    package func open(_ source: SourceDefinition) -> (any RowSource)? {
        let own = tables.map(\.value).filter { $0.source == source.id.value }.map(\.table)
        return SourceOpener.open(source, root: root, zone: zone, files: files, access: access, tables: own, diagnostics)
    }

    private func list(_ names: [String]) -> String {
        names.prefix(5).map { "`\($0)`" }.joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
    }
}
