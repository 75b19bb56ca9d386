import HeraldContract
import HeraldDatabase
package import HeraldModel

/// A ClickHouse database, only ever read. Each table is read by one statement; ClickHouse has nothing that makes two tables of one moment.
package final class ClickHouseSource: RowSource {
    private let place: ServerPlace
    private let session: ServerSession<Session>

    private struct Session: ~Copyable {
        let connection: ClickHouseConnection
        let database: String
        var schemas: [String: ClickHouseSchema] = [:]
        /// Entities whose tables were looked at.
        var known: Set<String> = []
        /// By table and column, whether no two rows have one value.
        var isUnique: [String: Bool] = [:]
    }

    init(_ place: ServerPlace) {
        self.place = place
        session = ServerSession(place)
    }

    package func describe(_ diagnostics: Diagnostics) -> [TableName: [PinnedColumn]]? {
        working(nil, diagnostics) { session throws(ServerFailure) in
            guard !place.tables.isEmpty else {
                ServerTables.reportNoneNamed(place.id, known: try ClickHouseSchema.tables(session.database, session.connection), at: place.at, diagnostics)
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

    /// Types are what the table declares; only whether a cell is ever empty has to be looked for.
    private func describe(_ schema: ClickHouseSchema, _ connection: ClickHouseConnection) throws(ServerFailure) -> [PinnedColumn] {
        let asked = schema.columns.compactMap { column in column.emptiness.map { (name: column.name, test: $0) } }
        var isEmpty: [String: Bool] = [:]
        if !asked.isEmpty {
            try connection.rows(["count()"] + asked.map { "countIf(\($0.test))" }, from: schema.sql) { cells in
                let counts = cells.map { ClickHouseSchema.text($0) }
                for (column, count) in zip(asked, counts.dropFirst()) { isEmpty[column.name] = count != "0" || counts[0] == "0" }
            }
        }
        return schema.columns.map { column in
            let (type, ambiguity) = column.reading
            return PinnedColumn(name: column.name, type: type, mayBeEmpty: column.kind == .list || isEmpty[column.name] ?? false, ambiguity: ambiguity)
        }
    }

    package func columnNames(of table: TableName, _ diagnostics: Diagnostics) -> [String]? {
        working(table, diagnostics) { session throws(ServerFailure) in try schema(table.table, &session, diagnostics)?.columns.map(\.name) }
    }

    package func read(_ request: TableRequest, _ diagnostics: Diagnostics) -> Table? {
        working(request.table, diagnostics) { session throws(ServerFailure) in
            guard let schema = try schema(request.table.table, &session, diagnostics) else { return nil }
            try know(request.entity, &session)
            guard let decisions = ServerDecisions(request, place.context, dialect(session)) else {
                throw ServerFailure(.other, "its columns were changed while it was read; try again")
            }
            guard var reading = ServerReading(request, columns: schema.columns.map(\.name), decisions, zone: place.zone, diagnostics) else { return nil }
            let columns = reading.wanted.compactMap { schema.column($0.name) }
            let readers = zip(columns, reading.wanted).map { ClickHouseCells($0, $1.type) }
            var cells = [Cell](repeating: .empty, count: columns.count)
            var decided = [UInt8](repeating: 0, count: decisions.selected.count)
            let from = schema.sql + (decisions.condition.map { " WHERE \($0)" } ?? "")
            try session.connection.rows(columns.map(\.selected) + decisions.selected, from: from) { row in
                for index in cells.indices { cells[index] = readers[index].cell(row[index]) }
                for index in decided.indices { decided[index] = row[cells.count + index].map(ServerDecisions.digit) ?? 0 }
                reading.add(cells, decided: decided)
            }
            return reading.finish()
        }
    }

    package func decides(_ filter: Filter, of entity: String) -> Bool {
        guard let context = place.context else { return false }
        // Where this fails, so does reading, which tells why.
        return working(nil, Diagnostics()) { session throws(ServerFailure) in
            try know(entity, &session)
            let sql = ConditionSQL(schemas: context.schemas, clock: context.clock, dialect: dialect(session))
            return sql.verdict(filter, entity, SQLScope(sql.names)) != nil
        } ?? false
    }

    private func dialect(_ session: borrowing Session) -> ClickHouseDialect {
        let (schemas, isUnique) = (session.schemas, session.isUnique)
        return ClickHouseDialect(source: place.id, schema: { schemas[$0] }, isUnique: { isUnique[$0.sql + $1] ?? false })
    }

    /// Looks at the tables of an entity and of everything that it leads to, as far as they are there. ClickHouse keeps no column unique, so the keys to which single rows are looked up
    /// are counted.
    private func know(_ entity: String, _ session: inout Session) throws(ServerFailure) {
        guard let context = place.context, !session.known.contains(entity), let entity = context.schemas[entity] else { return }
        session.known.insert(entity.id)
        if entity.table.source == place.id, session.schemas[entity.table.table] == nil {
            session.schemas[entity.table.table] = try ClickHouseSchema(entity.table.table, session.database, session.connection)
        }
        for relation in entity.relations.values {
            try know(relation.entity, &session)
            guard !relation.isMany, let target = context.schemas[relation.entity], target.table.source == place.id, let schema = session.schemas[target.table.table],
                let key = schema.column(target.key), session.isUnique[schema.sql + key.name] == nil
            else { continue }
            var isUnique = false
            try session.connection.rows(["count()", "uniqExact(\(key.quoted))"], from: schema.sql) { row in
                isUnique = ClickHouseSchema.text(row[0]) == ClickHouseSchema.text(row[1])
            }
            session.isUnique[schema.sql + key.name] = isUnique
        }
    }

    /// Nil after reporting that there is no such table.
    private func schema(_ table: String, _ session: inout Session, _ diagnostics: Diagnostics) throws(ServerFailure) -> ClickHouseSchema? {
        if let known = session.schemas[table] { return known }
        guard let found = try ClickHouseSchema(table, session.database, session.connection) else {
            ServerTables.reportUnknown(table, of: place.id, known: try ClickHouseSchema.tables(session.database, session.connection), at: place.at, diagnostics)
            return nil
        }
        session.schemas[table] = found
        return found
    }

    /// Runs `body` with a connection; nil where that fails, which is reported.
    private func working<T>(_ table: TableName?, _ diagnostics: Diagnostics, _ body: (inout Session) throws(ServerFailure) -> T?) -> T? {
        session.working(
            table, diagnostics,
            open: { () throws(ServerFailure) in
                guard let address = address(diagnostics) else { return nil }
                return Session(connection: try ClickHouseConnection(address, authorities: place.access.authorities), database: address.database)
            }, body)
    }

    private func address(_ diagnostics: Diagnostics) -> ClickHouseAddress? {
        guard let text = place.text(diagnostics) else { return nil }
        guard let address = ClickHouseAddress(text) else {
            diagnostics.report(
                .sourceCredentials, "the secret of source \(place.id) is no address of ClickHouse's HTTP interface", at: place.at,
                suggestion: "it is written https://user:password@host:8443/database")
            return nil
        }
        return place.trusts([address.host], diagnostics) ? address : nil
    }
}
