import Dispatch
package import HeraldAudience
package import HeraldContract
import HeraldDigest
package import HeraldModel

/// Stage 4: reads the contact data that lists ask for, once, and decides who is on each of them.
package struct AudienceStage {
    let resolved: Resolved
    let environment: RunEnvironment
    let files: SourceMap
    let diagnostics: Diagnostics
    let known: KnownPeople?

    /// `known`: what herald keeps about people; nil where there is no state yet, and so nothing is kept.
    package init(_ resolved: Resolved, _ environment: RunEnvironment, files: SourceMap, _ diagnostics: Diagnostics, known: KnownPeople?) {
        self.known = known
        self.resolved = resolved
        self.environment = environment
        self.files = files
        self.diagnostics = diagnostics
    }

    package var clock: Clock { clock(at: environment.now) }

    private func clock(at instant: Instant) -> Clock { Clock(now: instant, zone: resolved.zone, fiscalMonth: resolved.schemas.fiscalMonth) }

    /// What these lists ask for. Nil where a list could not be typed.
    /// - Parameters:
    ///   - whole: every record with all its columns, for explaining one and for exports.
    ///   - since: earlier moments at which some of them will be decided as well.
    ///   - contacts: also what was sent to their people, for showing it.
    package func needs(_ lists: [ResolvedList], whole: Bool = false, since: [Address: Instant] = [:], contacts: Bool = false) -> ContactNeeds? {
        let sources = openSources()
        var needs = DataNeeds(resolved.schemas, clock, narrows: !whole) { [schemas = resolved.schemas] filter, entity in
            schemas[entity].flatMap { sources[$0.table.source] }?.decides(filter, of: entity) ?? false
        }
        for list in lists {
            guard let schema = list.schema, let filter = list.filter else { return nil }
            needs.add(filter, entity: schema.id, columns: list.templateColumns)
            if whole || list.definition.kind == .onDemand { needs.addAll(of: schema.id) }
            if list.keepsContacted { needs.addContacted(of: schema.id) }
            if contacts { needs.addContacts(of: schema.id) }
            if let then = since[list.definition.address] { needs.add(filter, entity: schema.id, at: clock(at: then)) }
        }
        return ContactNeeds(data: needs, sources: sources)
    }

    /// The contact data that these lists ask for. Nil after reporting what cannot be read.
    package func read(_ lists: [ResolvedList], _ needs: ContactNeeds) -> ContactData? {
        guard let tables = read(needs.data, needs.sources) else { return nil }
        var people: [String: EntityPeople] = [:]
        var (indexes, facts): ([String: PersonIndex], [String: EntityFacts]) = ([:], [:])
        for id in Set(lists.compactMap(\.schema?.id)).union(needs.data.owners).sorted() {
            guard let schema = resolved.schemas[id], let table = tables[id] else { return nil }
            people[id] = EntityPeople(schema, table, clock, diagnostics)
            guard let known, let found = people[id] else { continue }
            let index = PersonIndex(found, key: known.key)
            indexes[id] = index
            facts[id] = EntityFacts(index, known.ledger)
        }
        return diagnostics.hasErrors
            ? nil
            : ContactData(
                tables: tables, dataset: Dataset(resolved.schemas, tables: tables), needs: needs.data, people: people, indexes: indexes, facts: facts)
    }

    /// On a thread of its own: files and servers, which are also asked what they decide, keep whoever waits for them.
    package func apart<Result: Sendable>(_ body: @escaping @Sendable (AudienceStage) -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .userInitiated).async { continuation.resume(returning: body(self)) }
        }
    }

    /// The data with what happened to its people (`Refresh.results`) and what changed in their records, where that is asked for.
    package func adding(_ results: Results, to data: ContactData) -> ContactData {
        guard !data.needs.results.isEmpty || !data.needs.owners.isEmpty else { return data }
        var data = data
        let all = results + (known?.ledger.results ?? .none)
        for owner in data.needs.owners { data.happened[owner] = data.indexes[owner].map { ResultTables($0, all) } }
        let changing = data.indexes.filter { entry in data.needs.changes.contains { $0.entity == entry.key } }
            .mapValues { ChangeTables($0, data.needs.changes, key: $0.key) }
        var watched = WatchedValues()
        for entity in changing.values { entity.watch(in: &watched) }
        data.noticed = NoticedChanges(facts: known.map { $0.watched.changes(to: watched, at: clock.now) } ?? [], values: watched)
        let changes = (known?.ledger.facts ?? []) + data.noticed.facts
        var tables = data.tables
        for schema in data.needs.results {
            let result = data.happened.first { SideTable.results(of: $0.key) == schema.id }?.value.table(schema)
            let change = changing.first { SideTable.changes(of: $0.key) == schema.id }?.value.table(schema, changes)
            tables[schema.id] = result ?? change ?? Table(schema, filled: [:], rowCount: 0)
        }
        data.dataset = Dataset(resolved.schemas, tables: tables)
        return data
    }

    /// Who is on each of these lists. Nil after reporting what cannot be decided.
    /// - Parameters:
    ///   - instant: nil for now.
    ///   - refreshes: whether on-demand lists are decided anew by their condition; else who is on one is what its last refresh found.
    package func decide(_ lists: [ResolvedList], _ data: ContactData, at instant: Instant? = nil, refreshes: Bool = false) -> Audiences? {
        let evaluator = Evaluator(data.dataset, clock(at: instant ?? environment.now), trustsAnswers: instant == nil, diagnostics)
        let decided = sideBySide(lists.count, diagnostics) { at, _ -> Audience? in
            let list = lists[at]
            guard let schema = list.schema, let filter = list.filter, let people = data.people[schema.id] else { return nil }
            let index = data.indexes[schema.id]
            let ledger = known.flatMap { known in data.facts[schema.id]?.ledger(for: known.mark(of: list.definition.address)) }
            var matches = evaluator.matches(filter, entity: schema.id)
            if list.definition.kind == .onDemand, !refreshes {
                let there = index.flatMap { index in known?.membership(of: list.definition.address).map { index.rows(in: $0) } }
                matches = (there ?? [Bool](repeating: false, count: people.table.rowCount), [Bool](repeating: false, count: people.table.rowCount))
            }
            let contacted = list.keepsContacted ? index.flatMap { data.happened[schema.id]?.sent(to: list.definition.id.value, $0) } : nil
            return Audience(people, matches: matches, contacted: contacted ?? [], ledger: ledger ?? .none)
        }
        guard !diagnostics.hasErrors else { return nil }
        var members: [String: Audience] = [:]
        for (list, audience) in zip(lists, decided) { members[list.definition.id.value] = audience }
        return Audiences(
            evaluator: evaluator, dataset: data.dataset, byList: members, indexes: data.indexes, facts: data.facts, happened: data.happened,
            noticed: data.noticed)
    }

    private func openSources() -> [String: any RowSource] {
        let uses = SnapshotUses(resolved, clock)
        let snapshots = ColumnSnapshots(folder: environment.path(".herald/columns")) { uses.byTable[$0] }
        snapshots.clean()
        var sources: [String: any RowSource] = [:]
        let access = ServerAccess(environment)
        for definition in resolved.workspace.settings.sources {
            sources[definition.id.value] = SourceOpener.open(
                definition, root: environment.root, zone: resolved.zone, files: files, access: access,
                context: DecisionContext(resolved.schemas, clock), snapshots: snapshots, diagnostics)
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

/// What a run asks for, and the sources to ask: opened once, since a server tells what it decides before it is read.
package struct ContactNeeds: Sendable {
    let data: DataNeeds
    fileprivate let sources: [String: any RowSource]

    /// What of results is asked for.
    package var results: ResultsWanted { data.happened }
}

/// The contact data of a run, and by entity the people that are behind its records.
package struct ContactData: Sendable {
    fileprivate let tables: [String: Table]
    fileprivate(set) var dataset: Dataset
    let needs: DataNeeds
    let people: [String: EntityPeople]
    /// By entity, as far as a key was at hand.
    let indexes: [String: PersonIndex]
    /// By entity, as far as anything is kept.
    let facts: [String: EntityFacts]
    /// By entity, what happened to its people, as far as that is asked for.
    fileprivate(set) var happened: [String: ResultTables] = [:]
    fileprivate(set) var noticed = NoticedChanges(facts: [], values: WatchedValues())
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
    /// By entity, as far as it was asked for.
    let happened: [String: ResultTables]
    package let noticed: NoticedChanges

    /// How often each record was sent an email of this list, and when last, by its row; nil where that was not read.
    package func contacts(of list: ResolvedList) -> [Int: Contacts]? { list.schema.flatMap { happened[$0.id]?.contacts(of: list.definition.id.value) } }

    /// The records that satisfy a list's condition, ascending; those who may not be mailed are among them. Nil where the list was not decided with a key.
    package func records(of list: ResolvedList) -> [PersonDigest]? {
        guard let audience = byList[list.definition.id.value], let index = indexes[audience.people.schema.id] else { return nil }
        return audience.reasons.indices.filter { audience.reasons[$0] != .where }.map(index.record).sorted()
    }

    /// The kept fact that leaves a row of a list out, where one does.
    package func cause(_ row: Int, in audience: Audience) -> PersonFact? {
        guard let reason = audience.reasons[row], reason != .where, let facts = facts[audience.people.schema.id], !facts.isEmpty,
            let address = audience.people.address(row)?.reveal()
        else { return nil }
        return facts.cause(of: reason, at: address)
    }
}
