import Dispatch
package import HeraldAudience
package import HeraldContract
import HeraldDigest
package import HeraldModel

/// Stage 4: reads the contact data that lists ask for, once, and decides who is on each of them.
package struct AudienceStage {
    let resolved: Resolved
    private let environment: RunEnvironment
    private let files: SourceMap
    let diagnostics: Diagnostics
    private let known: KnownPeople?

    /// `known`: what herald keeps about people; nil where there is no state yet, and so nothing is kept.
    package init(_ resolved: Resolved, _ environment: RunEnvironment, files: SourceMap, _ diagnostics: Diagnostics, known: KnownPeople?) {
        self.known = known
        self.resolved = resolved
        self.environment = environment
        self.files = files
        self.diagnostics = diagnostics
    }

    package var clock: Clock { Clock(now: environment.now, zone: resolved.zone, fiscalMonth: resolved.schemas.fiscalMonth) }

    /// Nil after reporting what cannot be read or decided. `whole`: every record with all its columns, for explaining one and for exports.
    package func decide(_ lists: [ResolvedList], whole: Bool = false) -> Audiences? { read(lists, whole: whole).flatMap { decide(lists, $0) } }

    /// The contact data that these lists ask for. Nil after reporting what cannot be read.
    package func read(_ lists: [ResolvedList], whole: Bool = false) -> ContactData? {
        let sources = openSources()
        var needs = DataNeeds(resolved.schemas, clock, narrows: !whole) { [schemas = resolved.schemas] filter, entity in
            schemas[entity].flatMap { sources[$0.table.source] }?.decides(filter, of: entity) ?? false
        }
        for list in lists {
            guard let schema = list.schema, let filter = list.filter else { return nil }
            needs.add(filter, entity: schema.id, columns: list.templateColumns)
            if whole { needs.addAll(of: schema.id) }
        }
        guard let tables = read(needs, sources) else { return nil }
        let dataset = Dataset(resolved.schemas, tables: tables)
        var people: [String: EntityPeople] = [:]
        var (indexes, facts): ([String: PersonIndex], [String: EntityFacts]) = ([:], [:])
        for id in Set(lists.compactMap(\.schema?.id)).sorted() {
            guard let schema = resolved.schemas[id], let table = tables[id] else { return nil }
            people[id] = EntityPeople(schema, table, clock, diagnostics)
            guard let known, let found = people[id] else { continue }
            let index = PersonIndex(found, key: known.key)
            indexes[id] = index
            facts[id] = EntityFacts(index, known.ledger)
        }
        return diagnostics.hasErrors ? nil : ContactData(dataset: dataset, people: people, indexes: indexes, facts: facts)
    }

    /// The same on a thread of its own: files and servers keep whoever reads them waiting.
    func reading(_ lists: [ResolvedList]) async -> ContactData? {
        await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .userInitiated).async { continuation.resume(returning: read(lists)) }
        }
    }

    /// Who is on each of these lists. Nil after reporting what cannot be decided.
    package func decide(_ lists: [ResolvedList], _ data: ContactData) -> Audiences? {
        let evaluator = Evaluator(data.dataset, clock, diagnostics)
        let decided = sideBySide(lists.count, diagnostics) { at, _ -> Audience? in
            guard let schema = lists[at].schema, let filter = lists[at].filter, let people = data.people[schema.id] else { return nil }
            let ledger = known.flatMap { known in data.facts[schema.id]?.ledger(for: known.mark(of: lists[at].definition.address)) }
            return Audience(people, matches: evaluator.matches(filter, entity: schema.id), ledger: ledger ?? .none)
        }
        guard !diagnostics.hasErrors else { return nil }
        var members: [String: Audience] = [:]
        for (list, audience) in zip(lists, decided) { members[list.definition.id.value] = audience }
        return Audiences(evaluator: evaluator, dataset: data.dataset, byList: members, indexes: data.indexes, facts: data.facts)
    }

    private func openSources() -> [String: any RowSource] {
        var sources: [String: any RowSource] = [:]
        let access = ServerAccess(environment)
        for definition in resolved.workspace.settings.sources {
            sources[definition.id.value] = SourceOpener.open(
                definition, root: environment.root, zone: resolved.zone, files: files, access: access,
                context: DecisionContext(resolved.schemas, clock), diagnostics)
        }
        return sources
    }

    func read(_ needs: DataNeeds, _ opened: [String: any RowSource]? = nil) -> [String: Table]? {
        let sources = opened ?? openSources()
        var tables: [String: Table] = [:]
        for (entity, request) in needs.requests() {
            tables[entity] = sources[request.table.source]?.read(request, diagnostics)
        }
        return diagnostics.hasErrors ? nil : tables
    }
}

/// The contact data of a run, and by entity the people that are behind its records.
package struct ContactData: Sendable {
    let dataset: Dataset
    let people: [String: EntityPeople]
    /// By entity, as far as a key was at hand.
    let indexes: [String: PersonIndex]
    /// By entity, as far as anything is kept.
    let facts: [String: EntityFacts]
}

/// Who is on each list, with the data behind it.
package struct Audiences: Sendable {
    package let evaluator: Evaluator
    package let dataset: Dataset
    package let byList: [String: Audience]
    /// By entity, as far as a key was at hand.
    let indexes: [String: PersonIndex]
    /// By entity, as far as anything is kept.
    let facts: [String: EntityFacts]

    /// The kept fact that leaves a row of a list out, where one does.
    package func cause(_ row: Int, in audience: Audience) -> PersonFact? {
        guard let reason = audience.reasons[row], let address = audience.people.address(row)?.reveal() else { return nil }
        return facts[audience.people.schema.id]?.cause(of: reason, at: address)
    }
}
