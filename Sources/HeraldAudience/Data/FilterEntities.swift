package import HeraldModel

extension Filter {
    /// The entities, and the tables beside them, whose rows decide it, that of the records themselves among them.
    package func entities(from entity: String) -> Set<String> {
        switch clause {
        case .all(let parts), .any(let parts): parts.reduce([entity]) { $0.union($1.entities(from: entity)) }
        case .not(let inner), .filter(_, let inner), .list(_, let inner): inner.entities(from: entity)
        case .column: [entity]
        case .toOne(let relation, let inner): inner.entities(from: relation.to).union([entity])
        case .toMany(let relation, let rows, _): (rows?.entities(from: relation.to) ?? [relation.to]).union([entity])
        }
    }
}
