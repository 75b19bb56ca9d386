import HeraldContract
import HeraldDatabase
package import HeraldModel

/// A PostgreSQL database, only ever read: one transaction for everything that is read through it, so that all tables are of one moment.
package final class PostgresSource: RowSource {
    private let place: ServerPlace
    private let session: ServerSession<Session>

    private struct Session: ~Copyable {
        let connection: PostgresConnection
        var schemas: [String: PostgresSchema] = [:]
        /// Entities whose tables were looked at.
        var known: Set<String> = []
    }

    init(_ place: ServerPlace) {
        self.place = place
        session = ServerSession(place)
    }

    package func describe(_ diagnostics: Diagnostics) -> [TableName: [PinnedColumn]]? {
        working(nil, diagnostics) { session throws(ServerFailure) in
            guard !place.tables.isEmpty else {
                ServerTables.reportNoneNamed(place.id, known: try PostgresSchema.tables(session.connection), at: place.at, diagnostics)
                return nil
            }
            var found: [TableName: [PinnedColumn]] = [:]
            for table in place.tables {
                guard let schema = try schema(table, &session, diagnostics) else { continue }
                found[TableName(source: place.id, table: table)] = try describe(schema, session.connection)
            }
            return found.count == place.tables.count ? found : nil
        }
    }

    /// Types are what the table declares; only whether a text is ever empty has to be looked for.
    private func describe(_ schema: PostgresSchema, _ connection: borrowing PostgresConnection) throws(ServerFailure) -> [PinnedColumn] {
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
        working(table, diagnostics) { session throws(ServerFailure) in try schema(table.table, &session, diagnostics)?.columns.map(\.name) }
    }

    package func read(_ request: TableRequest, _ diagnostics: Diagnostics) -> Table? {
        working(request.table, diagnostics) { session throws(ServerFailure) in
            guard let schema = try schema(request.table.table, &session, diagnostics) else { return nil }
            return try read(request, schema, &session, diagnostics)
        }
    }

    private func read(
        _ request: TableRequest, _ schema: PostgresSchema, _ session: inout Session, _ diagnostics: Diagnostics
    ) throws(ServerFailure) -> Table? {
        try know(request.entity, &session)
        let dialect = dialect(session.schemas)
        guard let decisions = ServerDecisions(request, place.context, dialect) else { throw ServerFailure(.other, "its columns were changed while it was read; try again") }
        guard var reading = ServerReading(request, columns: schema.columns.map(\.name), decisions, zone: place.zone, diagnostics) else { return nil }
        let columns = reading.wanted.compactMap { schema.column($0.name) }
        let readers = zip(columns, reading.wanted).map { PostgresCells($0, $1.type, checksBytes: session.connection.mayHoldAnyBytes) }
        var cells = [Cell](repeating: .empty, count: columns.count)
        var decided = [UInt8](repeating: 0, count: decisions.selected.count)
        let selected = columns.map { $0.selected(from: decisions.alias) } + decisions.selected
        let from = (["\(schema.sql) \(decisions.alias)"] + decisions.joins).joined(separator: " ") + (decisions.condition.map { " WHERE \($0)" } ?? "")
        let statement = dialect.statement("SELECT \(selected.joined(separator: ", ")) FROM \(from)")
        try session.connection.rows(statement.sql, statement.values) { row in
            for index in cells.indices { cells[index] = readers[index].cell(row, index) }
            for index in decided.indices { decided[index] = ServerDecisions.digit(row.bytes(cells.count + index)) }
            reading.add(cells, decided: decided)
        }
        return reading.finish()
    }

    package func decides(_ filter: Filter, of entity: String) -> Bool {
        guard let context = place.context else { return false }
        // Where this fails, so does reading, which tells why.
        return working(nil, Diagnostics()) { session throws(ServerFailure) in
            try know(entity, &session)
            let sql = ConditionSQL(schemas: context.schemas, clock: context.clock, dialect: dialect(session.schemas))
            return sql.verdict(filter, entity, SQLScope(sql.names)) != nil
        } ?? false
    }

    private func dialect(_ schemas: [String: PostgresSchema]) -> PostgresDialect { PostgresDialect(source: place.id, zone: place.zone) { schemas[$0] } }

    /// Looks at the tables of an entity and of everything that it leads to, as far as they are there.
    private func know(_ entity: String, _ session: inout Session) throws(ServerFailure) {
        guard let context = place.context, !session.known.contains(entity), let schema = context.schemas[entity] else { return }
        session.known.insert(entity)
        if schema.table.source == place.id, session.schemas[schema.table.table] == nil {
            session.schemas[schema.table.table] = try PostgresSchema(schema.table.table, session.connection)
        }
        for relation in schema.relations.values { try know(relation.entity, &session) }
    }

    /// Nil after reporting that there is no such table.
    private func schema(_ table: String, _ session: inout Session, _ diagnostics: Diagnostics) throws(ServerFailure) -> PostgresSchema? {
        if let known = session.schemas[table] { return known }
        guard let found = try PostgresSchema(table, session.connection) else {
            ServerTables.reportUnknown(table, of: place.id, known: try PostgresSchema.tables(session.connection), at: place.at, diagnostics)
            return nil
        }
        session.schemas[table] = found
        return found
    }

    /// Runs `body` in the one transaction; nil where that fails, which is reported.
    private func working<T>(_ table: TableName?, _ diagnostics: Diagnostics, _ body: (inout Session) throws(ServerFailure) -> T?) -> T? {
        session.working(
            table, diagnostics,
            open: { () throws(ServerFailure) in
                guard let target = target(diagnostics) else { return nil }
                return Session(connection: try PostgresConnection.open(target, name: "herald"))
            }, body)
    }

    private func target(_ diagnostics: Diagnostics) -> PostgresTarget? {
        guard let text = place.text(diagnostics) else { return nil }
        do throws(PostgresTarget.Problem) {
            let target = try PostgresTarget(text)
            return place.trusts(target.hosts, diagnostics) ? target : nil
        } catch {
            let reason =
                switch error {
                case .notUnderstood: "is no connection string of PostgreSQL"
                case .noHost: "names no host"
                case .usesService: "names a service, and herald reads no file of services"
                }
            diagnostics.report(
                .sourceCredentials, "the secret of source \(place.id) \(reason)", at: place.at, suggestion: "it is written postgres://user:password@host:5432/database")
            return nil
        }
    }
}
