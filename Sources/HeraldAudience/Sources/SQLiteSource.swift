import HeraldContract
import HeraldDatabase
package import HeraldModel

/// A SQLite file, only ever read. Tables and views alike are tables; internal ones (`sqlite_…`) are not.
package final class SQLiteSource: RowSource {
    private let id: String
    let path: String
    let root: String
    private let zone: Zone
    private let at: SourceSpan

    /// `path` is relative to the workspace at `root`; `at` is where the definition names it.
    init(id: String, path: String, root: String, zone: Zone, at: SourceSpan) {
        self.id = id
        self.path = path
        self.root = root
        self.zone = zone
        self.at = at
    }

    package func describe(_ diagnostics: Diagnostics) -> [TableName: [PinnedColumn]]? {
        reading(diagnostics) { connection in
            let tables = try SQLiteSchema.tables(connection)
            if tables.isEmpty { diagnostics.report(.unknownTable, "the database \(path) of source \(id) has no tables", at: at) }
            var found: [TableName: [PinnedColumn]] = [:]
            for table in tables {
                let name = TableName(source: id, table: table)
                do {
                    found[name] = try describe(SQLiteSchema(table, connection), connection)
                } catch let failure as DatabaseFailure {
                    diagnostics.report(.sourceUnreadable, "table \(name) cannot be read: \(failure)", at: at)
                }
            }
            return found.count == tables.count && !tables.isEmpty ? found : nil
        }
    }

    private func describe(_ schema: SQLiteSchema, _ connection: DatabaseConnection) throws -> [PinnedColumn] {
        guard !schema.columns.isEmpty else { return [] }
        var found = schema.columns.map { SQLiteColumnInference($0) }
        try connection.rows(schema.select(schema.columns.map(\.name))) { row in
            for index in found.indices { found[index].add(row, index + 1) }
        }
        return found.map(\.column)
    }

    package func read(_ request: TableRequest, _ diagnostics: Diagnostics) -> Table? {
        reading(diagnostics) { connection in
            guard let schema = try schema(of: request.table, connection, diagnostics) else { return nil }
            return try read(request, schema, connection, diagnostics)
        }
    }

    package func columnNames(of table: TableName, _ diagnostics: Diagnostics) -> [String]? {
        reading(diagnostics) { connection in try schema(of: table, connection, diagnostics)?.columns.map(\.name) }
    }

    /// Nil after reporting that there is no such table.
    private func schema(of table: TableName, _ connection: DatabaseConnection, _ diagnostics: Diagnostics) throws -> SQLiteSchema? {
        let tables = try SQLiteSchema.tables(connection)
        guard tables.contains(where: { Text($0) == Text(table.table) }) else {
            let near = nearest(to: table.table, among: tables)
            diagnostics.report(
                .unknownTable, "source \(id) has no table \(table.table)", at: at, suggestion: near.map { "did you mean \(id).\($0)?" })
            return nil
        }
        return try SQLiteSchema(table.table, connection)
    }

    private func read(
        _ request: TableRequest, _ schema: SQLiteSchema, _ connection: DatabaseConnection, _ diagnostics: Diagnostics
    ) throws -> Table? {
        var problems = DataProblems(.table(request.table), diagnostics)
        defer { problems.finish() }
        let names = schema.columns.map(\.name)
        let wanted = request.lookedAt
        for column in wanted where !names.contains(where: { Text($0) == Text(column.name) }) {
            let near = nearest(to: column.name, among: names)
            problems.report(.unknownColumn, at: nil, "there is no column \(column.name)", suggestion: near.map { "did you mean \($0)?" })
        }
        guard problems.count == 0, var filler = TableFiller(request, zone: zone, hasLines: false, diagnostics) else { return nil }
        // Where all rows are looked at, for their identity or for the key to be unique, the filler's own test is as good.
        let key = request.key.flatMap { key in wanted.first { Text($0.name) == Text(key) } }
        let readsAllRows = try !request.identity.isEmpty || key.map { try !schema.isUnique($0.name, connection) } ?? false
        let narrowing = readsAllRows ? nil : request.narrowing.flatMap { SQLiteNarrowing($0, request.columns, key: key) }
        let query = schema.select(wanted.map(\.name), where: narrowing?.sql)
        var cells = [Cell](repeating: .empty, count: wanted.count)
        var number: Int64 = 0
        try connection.rows(query, narrowing?.arguments ?? []) { row in
            number += 1
            for index in cells.indices { cells[index] = SQLiteSource.cell(row, index + 1) }
            filler.add(cells, at: schema.hasRowID ? row.rawInteger(0) : number, &problems)
        }
        return problems.count == 0 ? filler.finish() : nil
    }

    /// A cell as it is stored; valid until the next row.
    static func cell(_ row: borrowing DatabaseRow, _ column: Int) -> Cell {
        switch row.storage(column) {
        case .null: return .empty
        case .integer: return .integer(row.rawInteger(column))
        case .real: return .real(row.rawReal(column))
        case .blob: return .unreadable(.binary)
        case .text:
            let bytes = row.bytes(column).assumingMemoryBound(to: UInt8.self)
            if bytes.isEmpty { return .empty }
            if bytes.contains(0) { return .unreadable(.holdsNUL) }
            return TextCheck.finding(bytes) == .notUTF8 ? .unreadable(.notUTF8) : .text(bytes)
        }
    }

    /// Opens the file and runs `body`; nil where either fails, which is reported.
    private func reading<T>(_ diagnostics: Diagnostics, _ body: (DatabaseConnection) throws -> T?) -> T? {
        func refuse(_ reason: String) -> T? {
            diagnostics.report(.sourceUnreadable, "the database \(path) of source \(id) \(reason)", at: at)
            return nil
        }
        let resolved: String
        do throws(DataPath.Problem) {
            resolved = try DataPath(path, root: root).resolved
        } catch {
            return refuse(error == .missing ? "does not exist" : "is a link that leads out of the workspace")
        }
        do throws(DataFile.Problem) {
            _ = try DataFile(path: resolved)
        } catch {
            return refuse(error.message)
        }
        do {
            return try Database.reading(path: resolved).read(body)
        } catch let failure as DatabaseFailure {
            return refuse(failure.isNotADatabase ? "is not a SQLite database, or damaged" : "cannot be read: \(failure)")
        } catch {
            return refuse("cannot be read")
        }
    }
}
