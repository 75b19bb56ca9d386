import HeraldModel

/// The tables of a test while they are filled.
struct PersonaTables {
    private struct Later {
        let entity: String
        let cells: [String: Value]
        let column: String
        let owner: String
    }

    private let schemas: Schemas
    private var rows: [String: [[String: Value]]] = [:]
    /// Rows that wait for the key of the person they belong to.
    private var waiting: [Later] = []
    private var fresh: Int64 = 0

    init(_ schemas: Schemas) { self.schemas = schemas }

    /// A key that nobody wrote: negative numbers, or words that do not occur in data.
    mutating func freshKey(_ entity: EntitySchema) -> Value {
        fresh += 1
        return entity.columns[entity.key]?.type == .integer ? .integer(-fresh) : .text(Text("‹\(fresh)›"))
    }

    /// Adds a row, and the rows that waited for it. Returns its number.
    mutating func add(_ entity: String, _ cells: [String: Value]) -> Int {
        rows[entity, default: []].append(cells)
        let key = schemas[entity].flatMap { cells[$0.key] } ?? .empty
        let mine = waiting.filter { $0.owner == entity }
        waiting.removeAll { $0.owner == entity }
        for row in mine {
            var cells = row.cells
            cells[row.column] = key
            rows[row.entity, default: []].append(cells)
        }
        return rows[entity, default: []].count - 1
    }

    mutating func later(_ entity: String, _ cells: [String: Value], joins column: String, to owner: String) {
        waiting.append(Later(entity: entity, cells: cells, column: column, owner: owner))
    }

    /// Every entity has a table, if only an empty one.
    consuming func finish() -> [String: Table] {
        var tables: [String: Table] = [:]
        for schema in schemas.entities.values {
            let rows = self.rows[schema.id, default: []]
            let columns = schema.columnNames.compactMap { schema.columns[$0] }.map { column in
                var builder = ColumnBuilder(name: column.name, type: column.type)
                for row in rows { builder.append(row[column.name] ?? .empty) }
                return builder.finish()
            }
            tables[schema.id] = Table(name: schema.table, columns: columns, rowCount: rows.count)
        }
        return tables
    }
}
