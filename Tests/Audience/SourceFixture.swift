import Foundation
import HeraldAudience
import HeraldContract
import HeraldModel
import Testing

/// A workspace with one source `crm`, made of a folder `data` or a database file.
struct SourceFixture {
    let folder = TemporaryFolder()
    let files = SourceMap()
    let diagnostics = Diagnostics()
    var zone = Zone.utc
    /// What `${DATABASE}` stands for.
    var secret = ""
    var trustedHosts: Set<String>?
    /// How many bytes of a CSV file one core reads at a time.
    var stretch: Int?

    @discardableResult
    func csv(_ content: String) -> Self { csv("t", content) }

    @discardableResult
    func csv(_ name: String, _ content: String) -> Self {
        folder.write("data/\(name).csv", content)
        return self
    }

    @discardableResult
    func csv(_ name: String = "t", bytes: [UInt8]) -> Self {
        folder.write("data/\(name).csv", bytes)
        return self
    }

    func source(delimiter: UInt8? = nil, dateFormat: String? = nil) -> (any RowSource)? {
        open(.csv(folder: "data", delimiter: delimiter, dateFormat: dateFormat))
    }

    func open(_ location: SourceDefinition.Location, tables: [String] = []) -> (any RowSource)? {
        let span = SourceSpan(file: files.add(path: "herald.yaml", text: []), line: 1, column: 1)
        let definition = SourceDefinition(id: Located("crm", span), location: Located(location, span))
        return SourceOpener.open(definition, root: folder.root, zone: zone, files: files, access: access, tables: tables, stretch: stretch, diagnostics)
    }

    private var access: ServerAccess {
        let secret = self.secret
        return ServerAccess(
            secret: { _ throws(ServerAccess.Missing) in
                guard !secret.isEmpty else { throw ServerAccess.Missing("the variable DATABASE is not set") }
                return secret
            }, trustedHosts: trustedHosts, authorities: nil)
    }

    func read(
        _ columns: [(String, ColumnType, String?)], key: String? = nil, identity: Set<String> = [], narrowing: Narrowing? = nil,
        table: String = "t", from source: (any RowSource)? = nil
    ) -> Table? {
        let request = TableRequest(
            table: TableName(source: "crm", table: table), columns: columns.map { TableRequest.Column(name: $0, type: $1, format: $2) },
            key: key, identity: identity, narrowing: narrowing)
        return (source ?? self.source())?.read(request, diagnostics)
    }

    /// The values of text columns, row by row.
    func texts(_ columns: [String], from source: (any RowSource)? = nil) -> [[String]]? {
        read(columns.map { ($0, .text, nil) }, from: source)?.rows.map { row in
            row.map { if case .text(let text) = $0 { text.string } else { "" } }
        }
    }

    /// `code line: message` of everything reported.
    var reports: [String] {
        diagnostics.sorted.map { "\($0.rule.code) \($0.span.map { String($0.line) } ?? "-"): \($0.message)" }
    }
}

extension Table {
    var rows: [[Value]] { (0..<rowCount).map { row in columns.map { $0.value(at: row) } } }
}

func text(_ string: String) -> Value { .text(Text(string)) }
