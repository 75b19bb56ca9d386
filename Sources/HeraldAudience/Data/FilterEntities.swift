package import HeraldModel

extension Filter {
    /// The entities whose rows decide it, that of the records themselves among them; nil where something else than data does.
    package func entities(from entity: String) -> Set<String>? {
        switch clause {
        case .all(let parts), .any(let parts):
            var all: Set<String> = [entity]
            for part in parts {
                guard let found = part.entities(from: entity) else { return nil }
                all.formUnion(found)
            }
            return all
        case .not(let inner), .filter(_, let inner), .list(_, let inner): return inner.entities(from: entity)
        case .column: return [entity]
        case .toOne(let relation, let inner): return inner.entities(from: relation.to)?.union([entity])
        case .toMany(let relation, let rows, _):
            guard let rows else { return [entity, relation.to] }
            return rows.entities(from: relation.to)?.union([entity])
        }
    }
}
