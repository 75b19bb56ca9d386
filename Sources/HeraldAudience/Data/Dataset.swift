package import HeraldModel
import Synchronization

/// The tables of a run, one for each entity, and the joins between them, each made when it is first asked for.
package final class Dataset: Sendable {
    package let schemas: Schemas
    private let tables: [String: Table]
    private let joins = Mutex<[RelationReference: Join]>([:])

    /// - Parameter tables: by entity. Relations towards entities that were not read have no rows.
    package init(_ schemas: Schemas, tables: [String: Table]) {
        self.schemas = schemas
        self.tables = tables
    }

    package func table(_ entity: String) -> Table? { tables[entity] }

    func join(_ relation: RelationReference) -> Join {
        joins.withLock { held in
            if let known = held[relation] { return known }
            let made = makeJoin(relation)
            held[relation] = made
            return made
        }
    }

    private func makeJoin(_ reference: RelationReference) -> Join {
        guard let table = tables[reference.from], let other = tables[reference.to], let schema = schemas[reference.from],
            let relation = schemas.relation(reference), let target = schemas[reference.to]
        else { return .none }
        let (own, theirs) = relation.isMany ? (schema.key, relation.by.value) : (relation.by.value, target.key)
        guard let column = table.column(named: own), let matching = other.column(named: theirs) else { return .none }
        return Join(table.columns[column], matching: other.columns[matching], candidates: other.candidates)
    }

    /// The row of a record by its key as text, or nil.
    package func row(_ entity: String, key: String) -> Int? {
        guard let table = tables[entity], let schema = schemas[entity], let column = table.column(named: schema.key) else { return nil }
        let wanted: Value = table.columns[column].type == .integer ? Int64(key).map { .integer($0) } ?? .empty : .text(Text(key))
        return (0..<table.rowCount).first { table[$0, column] == wanted && !wanted.isEmpty }
    }
}
