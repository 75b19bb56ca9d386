import HeraldAudience
import HeraldContract
import HeraldModel

extension Rule {
    static let trackedAddress = Rule("tracked-address")
    static let trackedUnknown = Rule("tracked-unknown", .warning)
}

extension SourceReading {
    /// Refuses data in git that may be about real people: addresses outside the domains that are reserved for examples, in a source that is not
    /// `synthetic`. Only file, line and column are told.
    package func checkTracked() {
        let sources = presentFiles.filter { !$0.synthetic }
        let paths = sources.compactMap(path).filter { !$0.hasPrefix("/") }
        guard !paths.isEmpty else { return }
        switch TrackedFiles.list(in: root, below: paths) {
        case .noRepository: return
        case .unknown:
            diagnostics.report(
                .trackedUnknown, "git does not tell whether it tracks the contact data, so its addresses are not looked at",
                suggestion: "run `git status` here, and see what it says")
        case .tracked(let tracked):
            for source in sources { check(source, tracked) }
        }
    }

    private func path(_ source: SourceDefinition) -> String? {
        switch source.location.value {
        case .csv(let path, _, _), .sqlite(let path):
            // As git writes it.
            (path.hasPrefix("/") ? "/" : "") + path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
        case .postgres, .clickhouse: nil
        }
    }

    private func check(_ source: SourceDefinition, _ tracked: Set<String>) {
        guard let path = path(source) else { return }
        let folder = path.isEmpty ? "" : path + "/"
        let isFolder = if case .csv = source.location.value { true } else { false }
        guard isFolder ? tracked.contains(where: { $0.hasPrefix(folder) }) : tracked.contains(path) else { return }
        guard let rows = open(source), let tables = rows.describe(diagnostics) else { return }
        for (table, columns) in tables.sorted(by: { $0.key < $1.key }) {
            let file = isFolder ? "\(folder)\(table.table).csv" : path
            guard tracked.contains(file) else { continue }
            let texts = columns.filter { $0.type == .text }.map { TableRequest.Column(name: $0.name, type: .text) }
            guard !texts.isEmpty, let read = rows.read(TableRequest(table: table, columns: texts, key: nil), diagnostics) else { continue }
            for column in read.columns { check(column, of: read, isFolder ? files.addData(path: file) : nil, source) }
        }
    }

    /// - Parameter file: nil for a database, which has no lines.
    private func check(_ column: Column, of table: Table, _ file: FileID?, _ source: SourceDefinition) {
        let real = (0..<table.rowCount).filter { row in
            guard case .text(let text) = column.value(at: row), text.string.utf8.contains(UInt8(ascii: "@")) else { return false }
            return EmailAddress(text.string).map { !$0.isReserved } ?? false
        }
        guard let first = real.first else { return }
        let more = real.count == 1 ? "" : ", and \(real.count - 1) more"
        let line = first < table.lines.count ? table.lines[first] : nil
        let row = line == nil ? "row \(first + 1) of \(table.name): " : ""
        diagnostics.report(
            .trackedAddress, "\(row)`\(column.name)` holds an address that may be somebody's\(more), and git tracks the file",
            at: line.flatMap { line in file.map { SourceSpan(file: $0, line: line, column: 1) } } ?? source.location.span,
            suggestion: "take the file out of git (`git rm --cached`) and name it in .gitignore; made-up data says `synthetic: true` in its source")
    }
}
