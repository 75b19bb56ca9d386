package import HeraldModel

/// Which tables and columns a run needs, collected from everything that it will evaluate; one request for each entity.
package struct DataNeeds: Sendable {
    private let schemas: Schemas
    private var columns: [String: Set<String>] = [:]
    /// Entities whose people are listed: all their rows are needed, at least by their identity.
    private var roots: Set<String> = []
    /// By entity: the narrowings of everything that asks for its rows; nil where somebody needs them all.
    private var narrowings: [String: [Narrowing]?] = [:]
    private var joined: Set<RelationReference> = []
    /// What is asked of results, and the entities to whose people they happened.
    package private(set) var happened = ResultsWanted()
    package private(set) var owners: Set<String> = []
    /// Fields that are asked whether they changed, where nothing but herald itself can tell.
    package private(set) var changes: Set<AskedChange> = []

    package struct AskedChange: Hashable, Sendable {
        package let entity: String
        package let column: String
        /// The value that it is to have changed to; nil for any.
        package let to: Value?
    }
    private var clock: Clock
    private let narrows: Bool
    private let decides: @Sendable (Filter, String) -> Bool
    /// Whether the source may be asked: it decides as of now.
    private var mayAsk = true
    /// By entity: the conditions that its source decides, and whether it matters why one does not hold.
    private var questions: [String: [Filter: Bool]] = [:]
    /// By entity: the conditions of everything that asks for its rows; nil where somebody needs them all.
    private var wanted: [String: [Filter]?] = [:]

    /// - Parameters:
    ///   - narrows: false to read whole tables, so that an explanation shows also the rows that do not match.
    ///   - decides: whether the source of an entity decides a condition over it; what it decides needs no columns here.
    package init(_ schemas: Schemas, _ clock: Clock, narrows: Bool = true, decides: @escaping @Sendable (Filter, String) -> Bool = { _, _ in false }) {
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

    /// Whoever an email of the list was sent to, whether or not they match.
    package mutating func addContacted(of entity: String) {
        addAll(of: entity)
        addContacts(of: entity)
    }

    /// What was sent to the people of an entity.
    package mutating func addContacts(of entity: String) {
        owners.insert(entity)
        happened.add(.sent, of: nil)
    }

    /// The same list at another moment, too: other rows may match then.
    package mutating func add(_ filter: Filter, entity: String, at other: Clock) {
        // Where everything is read whole, and nothing is answered as of now, another moment needs no more.
        guard !questions.isEmpty || narrowings.values.contains(where: { $0 != nil }) else { return }
        let own = clock
        (clock, mayAsk) = (other, false)
        add(filter, entity: entity)
        (clock, mayAsk) = (own, true)
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
        guard joined.insert(relation).inserted, let from = schemas[relation.from], let to = schemas[relation.to],
            let definition = schemas.relation(relation)
        else { return }
        use([from.key], of: relation.from)
        // Who results are about is found by the address too.
        if to.origin == .results { use(identity(of: from), of: relation.from) }
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
        guard narrows, mayAsk, held != nil || questions[entity]?.count ?? 0 < DataNeeds.mostQuestions, held != nil || decides(filter, entity) else { return false }
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
        if !held.contains(narrowing) { narrowings[entity] = .some(held + [narrowing]) }
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
            if schemas[relation.to]?.origin == .results { want(relation, rows) }
            if case .of(_, let column, _) = aggregate { use(column.name, of: relation.to) }
            visit(rows, relation)
        }
    }

    /// What a word asks for stands in the condition that was made of it (`WordChecker`).
    private mutating func want(_ relation: RelationReference, _ rows: Filter?) {
        owners.insert(relation.from)
        guard let word = Word(rawValue: relation.id), case .all(let parts)? = rows?.clause else { return }
        func asked(_ column: String) -> Value? {
            for part in parts {
                guard case .column(let reference, let test) = part.clause, reference.name == column, let check = test.terms.first?.check else { continue }
                return value(check)
            }
            return nil
        }
        func text(_ column: String) -> String? { if case .text(let text)? = asked(column) { text.string } else { nil } }
        if word == .changed, let column = text(ChangeColumn.field) {
            changes.insert(AskedChange(entity: relation.from, column: column, to: asked(ChangeColumn.new)))
            addAll(of: relation.from)
            use(column, of: relation.from)
        } else if let kind = text(ResultColumn.kind.rawValue).flatMap(Word.init) {
            happened.add(kind, of: text(ResultColumn.email.rawValue))
        }
    }

    private func value(_ check: ValueTest.Check) -> Value? {
        switch check {
        case .oneOf(let values): values.first
        case .time(.oneOf(let moments)): moments.first.map { .date(clock.day($0)) }
        case .reading(_, _, let inner): value(inner)
        default: nil
        }
    }

    /// The `where` of a relation to many.
    private mutating func visit(_ rows: Filter?, _ relation: RelationReference) {
        if let rows { visit(rows, relation.to, isOpposite: false) }
        narrow(relation.to, rows)
    }

    /// The tables that no source has (`EntitySchema.Origin.results`) and that are looked into.
    package var results: [EntitySchema] { columns.keys.sorted().compactMap { schemas[$0] }.filter { $0.origin == .results } }

    /// One request for each table of a source, in the order of the entities' names.
    package func requests() -> [(entity: String, request: TableRequest)] {
        columns.keys.sorted().compactMap { id in
            guard let schema = schemas[id], schema.origin != .results else { return nil }
            let names = columns[id, default: []].union([schema.key])
            let typed = schema.columnNames.filter(names.contains).compactMap { schema.columns[$0] }
                .map { TableRequest.Column(name: $0.name, type: $0.type, format: $0.format) }
            var narrowing: Narrowing?
            if case .some(.some(let all)) = narrowings[id], !all.isEmpty { narrowing = all.count == 1 ? all[0] : .any(all) }
            return (
                id,
                TableRequest(
                    table: schema.table, columns: typed, key: schema.origin == .entity ? schema.key : nil, identity: roots.contains(id) ? Set(identity(of: schema)) : [],
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
