package import HeraldContract
package import HeraldModel

extension Rule {
    static let sourceDelimiter = Rule("source-delimiter")
}

/// Opens what `sources` declares.
package enum SourceOpener {
    /// The source behind a definition; nil where this version cannot read its kind or the definition does not fit, which is reported.
    ///
    /// Nothing is read yet: a folder or file that is missing is told when it is described or read. `root` is the workspace's folder, absolute.
    /// Local times without an offset are read in `zone`. Files of data that are read become known to `files`. Servers are reached with `access` when they are
    /// first asked; of theirs only `tables` are described, and conditions are decided where there is a `context`. `snapshots` keeps columns of large CSV files.
    /// `stretch`: how many bytes of a CSV file one core reads at a time, where tests want it otherwise.
    package static func open(
        _ definition: SourceDefinition, root: String, zone: Zone, files: SourceMap, access: ServerAccess = .none, tables: [String] = [],
        context: DecisionContext? = nil, snapshots: ColumnSnapshots? = nil, stretch: Int? = nil, _ diagnostics: Diagnostics
    ) -> (any RowSource)? {
        let id = definition.id.value
        let at = definition.location.span
        func place(_ secret: Secret) -> ServerPlace {
            ServerPlace(id: id, secret: secret, access: access, zone: zone, tables: tables, context: context, at: at)
        }
        switch definition.location.value {
        case .csv(let folder, let delimiter, let dateFormat):
            if let delimiter, delimiter != 9, !(0x20..<0x7F ~= delimiter) || delimiter == UInt8(ascii: "\"") {
                diagnostics.report(
                    .sourceDelimiter, "the delimiter of source \(id) cannot part columns", at: at,
                    suggestion: "write one character such as \",\" \";\" \"|\" or \"\\t\"")
                return nil
            }
            var pattern: DatePattern?
            if let dateFormat {
                guard let read = DatePattern(dateFormat, at: at, diagnostics) else { return nil }
                pattern = read
            }
            return CSVSource(
                id: id, folder: folder, root: root, delimiter: delimiter, datePattern: pattern, zone: zone, files: files, at: at,
                snapshots: snapshots, stretch: stretch ?? CSVTableReading.stretch)
        case .sqlite(let path):
            return SQLiteSource(id: id, path: path, root: root, zone: zone, at: at)
        case .postgres(let secret): return PostgresSource(place(secret))
        case .clickhouse(let secret): return ClickHouseSource(place(secret))
        }
    }
}
