package import HeraldModel

/// Which tables and columns a run needs, collected from everything that it will evaluate; one request for each entity.
package struct DataNeeds {
    private let schemas: Schemas
    private var columns: [String: Set<String>] = [:]
    /// Entities whose people are listed: all their rows are needed, at least by their identity.
    private var roots: Set<String> = []
    /// By entity: the narrowings of everything that asks for its rows; nil where somebody needs them all.
    private var narrowings: [String: [Narrowing]?] = [:]
    private var joined: Set<RelationReference> = []
    private let clock: Clock
    private let narrows: Bool
    private let decides: (Filter, String) -> Bool
    /// By entity: the conditions that its source decides, and whether it matters why one does not hold.
    private var questions: [String: [Filter: Bool]] = [:]
    /// By entity: the conditions of everything that asks for its rows; nil where somebody needs them all.
    private var wanted: [String: [Filter]?] = [:]

    /// - Parameters:
    ///   - narrows: false to read whole tables, so that an explanation shows also the rows that do not match.
    ///   - decides: whether the source of an entity decides a condition over it; what it decides needs no columns here.
    package init(_ schemas: Schemas, _ clock: Clock, narrows: Bool = true, decides: @escaping (Filter, String) -> Bool = { _, _ in false }) {
        self.decides = decides
        self.schemas = schemas
        self.clock = clock
        self.narrows = narrows
    }

    /// A list: its people, its condition, its columns.
    package mutating func add(_ filter: Filter, entity: String, columns listColumns: [TypedColumn] = []) {
        guard let schema = schemas[entity] else { return }
        if roots.insert(entity).inserted { use(identity(of: schema), of: entity) }
        if !ask(filter, entity, tellsNo: false) { visit(filter, entity, isOpposite: false) }
        narrow(entity, filter)
        for column in listColumns {
            switch column.value {
            case .field(let reference): use(reference.name, of: entity)
            case .aggregate(let relation, let rows, _, let of):
                join(relation)
                if let of { use(of.name, of: relation.to) }
                visit(rows, relation)
            }
        }
    }

    /// All records of an entity, by their identity.
    package mutating func addAll(of entity: String) {
        guard let schema = schemas[entity] else { return }
        if roots.insert(entity).inserted { use(identity(of: schema), of: entity) }
        narrow(entity, nil)
    }

    private func identity(of schema: EntitySchema) -> [String] {
        var names = [schema.key] + [schema.addressColumn].compactMap { $0 }
        if case .column(let column, let at, _)? = schema.definition.consent?.value { names += [column.value] + [at?.value].compactMap { $0 } }
        return names
    }

    private mutating func use(_ names: [String], of entity: String) { columns[entity, default: []].formUnion(names) }
    private mutating func use(_ name: String, of entity: String) { columns[entity, default: []].insert(name) }

    private mutating func join(_ relation: RelationReference) {
        guard joined.insert(relation).inserted, let from = schemas[relation.from], let to = schemas[relation.to], let definition = from.relations[relation.id] else { return }
        use([from.key], of: relation.from)
        use([to.key], of: relation.to)
        use([definition.by.value], of: definition.isMany ? relation.to : relation.from)
    }

    /// So many lists together leave out next to nobody, and asking for each costs more than it saves.
    private static let mostNarrowings = 32

    /// More columns of answers than this are better evaluated here.
    private static let mostQuestions = 16

    /// Lets the source decide a condition; false where it does not.
    private mutating func ask(_ filter: Filter, _ entity: String, tellsNo: Bool) -> Bool {
        let held = questions[entity]?[filter]
        guard narrows, held != nil || questions[entity]?.count ?? 0 < DataNeeds.mostQuestions, held != nil || decides(filter, entity) else { return false }
        questions[entity, default: [:]][filter] = tellsNo || held ?? false
        use([], of: entity)
        return true
    }

    /// - Parameter filter: nil where all rows are asked for.
    private mutating func narrow(_ entity: String, _ filter: Filter?) {
        if case .some(let held) = wanted[entity, default: []] {
            wanted[entity] = .some(filter.flatMap { narrows && held.count < DataNeeds.mostNarrowings ? held + [$0] : nil })
        }
        guard case .some(let held) = narrowings[entity, default: []] else { return }
        guard narrows, held.count < DataNeeds.mostNarrowings, let narrowing = filter.flatMap({ Narrowing($0, clock) }) else {
            return narrowings[entity] = .some(nil)
        }
        narrowings[entity] = .some(held + [narrowing])
    }

    /// - Parameter isOpposite: whether a `not` stands above it on the same record.
    private mutating func visit(_ filter: Filter, _ entity: String, isOpposite: Bool) {
        if ask(filter, entity, tellsNo: true) { return }
        switch filter.clause {
        case .all(let parts), .any(let parts): for part in parts { visit(part, entity, isOpposite: isOpposite) }
        case .not(let inner): visit(inner, entity, isOpposite: true)
        case .filter(_, let inner), .list(_, let inner): visit(inner, entity, isOpposite: isOpposite)
        case .column(let column, _): use(column.name, of: entity)
        case .toOne(let relation, let inner):
            join(relation)
            visit(inner, relation.to, isOpposite: isOpposite)
            // A row that is missing and one that does not match are the same, except that under a `not` one that does not match only because
            // a value is empty is counted as such.
            narrow(relation.to, isOpposite ? nil : inner)
        case .toMany(let relation, let rows, let aggregate):
            join(relation)
            if case .of(_, let column, _) = aggregate { use(column.name, of: relation.to) }
            visit(rows, relation)
        case .word: break
        }
    }

    /// The `where` of a relation to many.
    private mutating func visit(_ rows: Filter?, _ relation: RelationReference) {
        if let rows { visit(rows, relation.to, isOpposite: false) }
        narrow(relation.to, rows)
    }

    /// One request for each entity, in the order of their names.
    package func requests() -> [(entity: String, request: TableRequest)] {
        columns.keys.sorted().compactMap { id in
            guard let schema = schemas[id] else { return nil }
            let names = columns[id, default: []].union([schema.key])
            let typed = schema.columnNames.filter(names.contains).compactMap { schema.columns[$0] }
                .map { TableRequest.Column(name: $0.name, type: $0.type, format: $0.format) }
            var narrowing: Narrowing?
            if case .some(.some(let all)) = narrowings[id], !all.isEmpty { narrowing = all.count == 1 ? all[0] : .any(all) }
            return (
                id,
                TableRequest(
                    table: schema.table, columns: typed, key: schema.key, identity: roots.contains(id) ? Set(identity(of: schema)) : [],
                    narrowing: narrowing, entity: id,
                    questions: questions[id, default: [:]].map { TableRequest.Question($0.key, tellsNo: $0.value) }.sorted { $0.order < $1.order },
                    wanted: wanted[id] ?? nil)
            )
        }
    }
}

extension TableRequest.Question {
    /// By where it stands, so that the same files ask the same.
    fileprivate var order: (UInt32, UInt32, UInt32) { (filter.span.file.index, filter.span.line, filter.span.column) }
}
