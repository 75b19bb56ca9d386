package import HeraldModel

/// The tables of a run, one for each entity, with the joins between them made once.
package final class Dataset: Sendable {
    package let schemas: Schemas
    private let tables: [String: Table]
    private let joins: [String: Join]

    /// - Parameter tables: by entity. Relations towards entities that were not read have no rows.
    package init(_ schemas: Schemas, tables: [String: Table]) {
        self.schemas = schemas
        self.tables = tables
        var joins: [String: Join] = [:]
        for (id, table) in tables {
            guard let schema = schemas[id] else { continue }
            for relation in schema.relations.values {
                guard let other = tables[relation.entity], let target = schemas[relation.entity] else { continue }
                joins["\(id).\(relation.id)"] =
                    relation.isMany
                    ? Join(keys: table.column(named: schema.key), of: table, matching: other.column(named: relation.by.value), in: other)
                    : Join(keys: table.column(named: relation.by.value), of: table, matching: other.column(named: target.key), in: other)
            }
        }
        self.joins = joins
    }

    package func table(_ entity: String) -> Table? { tables[entity] }

    package func join(_ relation: RelationReference) -> Join? { joins["\(relation.from).\(relation.id)"] }

    /// The row of a record by its key as text, or nil.
    package func row(_ entity: String, key: String) -> Int? {
        guard let table = tables[entity], let schema = schemas[entity], let column = table.column(named: schema.key) else { return nil }
        let wanted: Value = table.columns[column].type == .integer ? Int64(key).map { .integer($0) } ?? .empty : .text(Text(key))
        return (0..<table.rowCount).first { table[$0, column] == wanted && !wanted.isEmpty }
    }
}

/// Which rows of one table belong to each row of another.
package struct Join: Sendable {
    private let starts: [Int32]
    private let rows: [Int32]

    /// Rows of `other` whose column equals the column of each row of `table`; an empty value matches nothing.
    init(keys: Int?, of table: Table, matching: Int?, in other: Table) {
        guard let keys, let matching else {
            starts = [Int32](repeating: 0, count: table.rowCount + 1)
            rows = []
            return
        }
        var byKey: [Value: [Int32]] = [:]
        // Rows that the narrowing ruled out match nothing that asks, and their columns are not filled.
        for row in 0..<other.rowCount where other.candidates?[row] ?? true {
            let value = other[row, matching]
            if !value.isEmpty { byKey[value, default: []].append(Int32(row)) }
        }
        var (starts, rows): ([Int32], [Int32]) = ([0], [])
        starts.reserveCapacity(table.rowCount + 1)
        for row in 0..<table.rowCount {
            let value = table[row, keys]
            if !value.isEmpty, let matches = byKey[value] { rows += matches }
            starts.append(Int32(rows.count))
        }
        self.starts = starts
        self.rows = rows
    }

    package func rows(of row: Int) -> ArraySlice<Int32> { rows[Int(starts[row])..<Int(starts[row + 1])] }
}
