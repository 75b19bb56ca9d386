import HeraldContract
import HeraldDatabase
package import HeraldModel
import Synchronization

/// A PostgreSQL database, only ever read: one transaction for everything that is read through it, so that all tables are of one moment.
package final class PostgresSource: RowSource {
    private let id: String
    private let secret: Secret
    private let access: ServerAccess
    private let zone: Zone
    /// Those that definitions name. There may be thousands of others, and describing them all would read them all.
    private let tables: [String]
    private let at: SourceSpan
    /// Made when it is first needed, and let go where anything failed.
    private let session = Mutex<Session?>(nil)

    private struct Session: ~Copyable {
        let connection: PostgresConnection
        var schemas: [String: PostgresSchema] = [:]
    }

    /// `at` is where the definition names it.
    init(id: String, secret: Secret, access: ServerAccess, zone: Zone, tables: [String], at: SourceSpan) {
        self.id = id
        self.secret = secret
        self.access = access
        self.zone = zone
        self.tables = tables
        self.at = at
    }

    package func describe(_ diagnostics: Diagnostics) -> [TableName: [PinnedColumn]]? {
        working(nil, diagnostics) { session throws(PostgresFailure) in
            guard !tables.isEmpty else {
                let known = try PostgresSchema.tables(session.connection)
                diagnostics.report(
                    .unknownTable, "no entity names a table of source \(id), so there is nothing to describe", at: at,
                    suggestion: known.isEmpty
                        ? "it has no tables that this role sees" : "it has \(known.prefix(12).joined(separator: ", "))\(known.count > 12 ? " and \(known.count - 12) more" : "")")
                return nil
            }
            var found: [TableName: [PinnedColumn]] = [:]
            for table in tables {
                guard let schema = try schema(table, &session, diagnostics) else { continue }
                found[TableName(source: id, table: table)] = try describe(schema, session.connection)
            }
            return found.count == tables.count ? found : nil
        }
    }

    /// Types are what the table declares; only whether a text is ever empty has to be looked for.
    private func describe(_ schema: PostgresSchema, _ connection: borrowing PostgresConnection) throws(PostgresFailure) -> [PinnedColumn] {
        let asked = schema.columns.filter { !$0.isArray && (!$0.isNotNull || $0.mayBeBlank) }
        var isEmpty: [String: Bool] = [:]
        if !asked.isEmpty {
            let terms = asked.map { "coalesce(bool_or(\($0.quoted) IS NULL\($0.mayBeBlank ? " OR \($0.quoted)::text = ''" : "")), true)" }
            try connection.rows("SELECT \(terms.joined(separator: ", ")) FROM \(schema.sql)") { row in
                for (index, column) in asked.enumerated() { isEmpty[column.name] = row.text(index) == "t" }
            }
        }
        return schema.columns.map { column in
            let (type, ambiguity) = column.reading
            return PinnedColumn(name: column.name, type: type, mayBeEmpty: column.isArray || isEmpty[column.name] ?? false, ambiguity: ambiguity)
        }
    }

    package func columnNames(of table: TableName, _ diagnostics: Diagnostics) -> [String]? {
        working(table, diagnostics) { session throws(PostgresFailure) in try schema(table.table, &session, diagnostics)?.columns.map(\.name) }
    }

    package func read(_ request: TableRequest, _ diagnostics: Diagnostics) -> Table? {
        working(request.table, diagnostics) { session throws(PostgresFailure) in
            guard let schema = try schema(request.table.table, &session, diagnostics) else { return nil }
            return try read(request, schema, session.connection, diagnostics)
        }
    }

    private func read(
        _ request: TableRequest, _ schema: PostgresSchema, _ connection: borrowing PostgresConnection, _ diagnostics: Diagnostics
    ) throws(PostgresFailure) -> Table? {
        let wanted = request.lookedAt
        let key = request.key.flatMap { key in wanted.firstIndex { Text($0.name) == Text(key) } }
        var problems = DataProblems(.keyed(request.table, column: request.key ?? "key"), diagnostics)
        defer { problems.finish() }
        for column in wanted where schema.column(column.name) == nil {
            let near = nearest(to: column.name, among: schema.columns.map(\.name))
            problems.report(.unknownColumn, at: nil, "there is no column \(column.name)", suggestion: near.map { "did you mean \($0)?" })
        }
        guard problems.count == 0, var filler = TableFiller(request, zone: zone, hasLines: false, diagnostics) else { return nil }
        let columns = wanted.compactMap { schema.column($0.name) }
        let readers = zip(columns, wanted).map { PostgresCells($0, $1.type, checksBytes: connection.mayHoldAnyBytes) }
        var cells = [Cell](repeating: .empty, count: wanted.count)
        try connection.rows("SELECT \(columns.map(\.selected).joined(separator: ", ")) FROM \(schema.sql)") { row in
            for index in cells.indices { cells[index] = readers[index].cell(row, index) }
            filler.add(cells, at: key.map { DataProblems.place(of: cells[$0]) } ?? DataProblems.nowhere, &problems)
        }
        return problems.count == 0 ? filler.finish() : nil
    }

    /// Nil after reporting that there is no such table.
    private func schema(_ table: String, _ session: inout Session, _ diagnostics: Diagnostics) throws(PostgresFailure) -> PostgresSchema? {
        if let known = session.schemas[table] { return known }
        guard let found = try PostgresSchema(table, session.connection) else {
            let near = nearest(to: table, among: try PostgresSchema.tables(session.connection))
            diagnostics.report(.unknownTable, "source \(id) has no table \(table) that its role sees", at: at, suggestion: near.map { "did you mean \(id).\($0)?" })
            return nil
        }
        session.schemas[table] = found
        return found
    }

    /// Runs `body` in the one transaction; nil where that fails, which is reported.
    private func working<T>(
        _ table: TableName?, _ diagnostics: Diagnostics, _ body: (inout Session) throws(PostgresFailure) -> T?
    ) -> T? {
        session.withLock { held in
            do throws(PostgresFailure) {
                if held == nil {
                    guard let target = target(diagnostics) else { return nil }
                    held = Session(connection: try PostgresConnection.open(target, name: "herald"))
                }
                guard var session = held.take() else { return nil }
                let result = try body(&session)
                held = consume session
                return result
            } catch {
                report(error, table, diagnostics)
                return nil
            }
        }
    }

    private func target(_ diagnostics: Diagnostics) -> PostgresTarget? {
        guard let text = access.text(secret, of: id, at: at, diagnostics) else { return nil }
        do throws(PostgresTarget.Problem) {
            let target = try PostgresTarget(text)
            return access.trusts(target.hosts, of: id, at: at, diagnostics) ? target : nil
        } catch {
            let reason =
                switch error {
                case .notUnderstood: "is no connection string of PostgreSQL"
                case .noHost: "names no host"
                case .usesService: "names a service, and herald reads no file of services"
                }
            diagnostics.report(
                .sourceCredentials, "the secret of source \(id) \(reason)", at: at, suggestion: "it is written postgres://user:password@host:5432/database")
            return nil
        }
    }

    private func report(_ failure: PostgresFailure, _ table: TableName?, _ diagnostics: Diagnostics) {
        let what = table.map { "table \($0)" } ?? "source \(id)"
        switch failure.kind {
        case .credentials:
            diagnostics.report(.sourceCredentials, "source \(id) cannot be read: \(failure.message)", at: at, suggestion: "look at the user and the password in its secret")
        case .forbidden: diagnostics.report(.sourceCredentials, "\(what) cannot be read: \(failure.message)", at: at, suggestion: "let its role SELECT from it")
        case .unreachable: diagnostics.report(.sourceUnavailable, "source \(id) cannot be reached: \(failure.message)", at: at)
        case .timeout:
            diagnostics.report(
                .sourceUnavailable, "\(what) was not read to its end: \(failure.message)", at: at, suggestion: "ask for less, or give its role a longer statement_timeout")
        case .missing, .other: diagnostics.report(.sourceUnreadable, "\(what) cannot be read: \(failure.message)", at: at)
        }
    }
}
