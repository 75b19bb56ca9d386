package import HeraldModel

/// Which tables and columns a run needs, collected from everything that it will evaluate; one request for each entity.
package struct DataNeeds: Sendable {
    private let schemas: Schemas
    private var columns: [String: Set<String>] = [:]
    /// Entities whose people are listed: all their rows are needed, at least by their identity.
    private var roots: Set<String> = []
    /// By entity: the narrowings of everything that asks for its rows; nil where somebody needs them all.
    private var narrowings: [String: [Narrowing]?] = [:]
    private let clock: Clock

    package init(_ schemas: Schemas, _ clock: Clock) {
        self.schemas = schemas
        self.clock = clock
    }

    /// A list: its people, its condition, its columns.
    package mutating func add(_ filter: Filter, entity: String, columns listColumns: [TypedColumn] = []) {
        guard let schema = schemas[entity] else { return }
        roots.insert(entity)
        use(identity(of: schema), of: entity)
        visit(filter, entity)
        narrow(entity, Narrowing(filter, clock))
        for column in listColumns {
            switch column.value {
            case .field(let reference): use([reference.name], of: entity)
            case .aggregate(let relation, let rows, _, let of):
                join(relation)
                if let of { use([of.name], of: relation.to) }
                if let rows { visit(rows, relation.to) }
                narrow(relation.to, rows.flatMap { Narrowing($0, clock) })
            }
        }
    }

    /// Everything of an entity, for explaining one record or exporting.
    package mutating func addAll(of entity: String) {
        guard let schema = schemas[entity] else { return }
        roots.insert(entity)
        use(identity(of: schema), of: entity)
        narrow(entity, nil)
    }

    private func identity(of schema: EntitySchema) -> [String] {
        var names = [schema.key] + [schema.addressColumn].compactMap { $0 }
        if case .column(let column, let at, _)? = schema.definition.consent?.value { names += [column.value] + [at?.value].compactMap { $0 } }
        return names
    }

    private mutating func use(_ names: [String], of entity: String) { columns[entity, default: []].formUnion(names) }

    private mutating func join(_ relation: RelationReference) {
        guard let from = schemas[relation.from], let to = schemas[relation.to], let definition = from.relations[relation.id] else { return }
        use([from.key], of: relation.from)
        use([to.key], of: relation.to)
        use([definition.by.value], of: definition.isMany ? relation.to : relation.from)
    }

    private mutating func narrow(_ entity: String, _ narrowing: Narrowing?) {
        guard let narrowing, case .some(let held) = narrowings[entity, default: []] else {
            narrowings[entity] = .some(nil)
            return
        }
        narrowings[entity] = .some(held + [narrowing])
    }

    private mutating func visit(_ filter: Filter, _ entity: String) {
        switch filter.clause {
        case .all(let parts), .any(let parts): for part in parts { visit(part, entity) }
        case .not(let inner), .filter(_, let inner), .list(_, let inner): visit(inner, entity)
        case .column(let column, _): use([column.name], of: entity)
        case .toOne(let relation, let inner):
            join(relation)
            visit(inner, relation.to)
            // A row that is missing and one that does not match are the same, so it may be narrowed.
            narrow(relation.to, Narrowing(inner, clock))
        case .toMany(let relation, let rows, let aggregate):
            join(relation)
            if let rows { visit(rows, relation.to) }
            if case .of(_, let column, _) = aggregate { use([column.name], of: relation.to) }
            narrow(relation.to, rows.flatMap { Narrowing($0, clock) })
        case .word: break
        }
    }

    /// One request for each entity, in the order of their names.
    package func requests() -> [(entity: String, request: TableRequest)] {
        columns.keys.sorted().compactMap { id in
            guard let schema = schemas[id] else { return nil }
            let wanted = columns[id, default: []].union([schema.key])
            let typed = schema.columnNames.filter(wanted.contains).compactMap { schema.columns[$0] }
                .map { TableRequest.Column(name: $0.name, type: $0.type, format: $0.format) }
            var narrowing: Narrowing?
            if case .some(.some(let all)) = narrowings[id], !all.isEmpty { narrowing = all.count == 1 ? all[0] : .any(all) }
            return (
                id,
                TableRequest(
                    table: schema.table, columns: typed, key: schema.key, identity: roots.contains(id) ? Set(identity(of: schema)) : [],
                    narrowing: narrowing)
            )
        }
    }
}
