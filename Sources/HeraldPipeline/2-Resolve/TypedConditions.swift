import HeraldAudience
import HeraldModel

/// Every filter and list with its condition typed against its entity. What others use is typed first and once; the rest side by side.
struct TypedConditions {
    private(set) var lists: [String: ResolvedList] = [:]
    private(set) var filters: [String: ResolvedFilter] = [:]

    private let resolver: Resolver
    private let index: DefinitionIndex
    private let schemas: Schemas
    private let graph: ConditionGraph
    private let named: (filters: [String: FilterChecker.Named], lists: [String: FilterChecker.Named])

    init(_ resolver: Resolver, _ index: DefinitionIndex, _ schemas: Schemas, _ graph: ConditionGraph) {
        self.resolver = resolver
        self.index = index
        self.schemas = schemas
        self.graph = graph
        named = (
            Dictionary(
                index.filters.values.map { ($0.id.value, .init(entity: $0.entity.value, condition: $0.condition, span: $0.id.span)) },
                uniquingKeysWith: { first, _ in first }),
            Dictionary(
                index.lists.values.map { ($0.id.value, .init(entity: $0.entity.value, condition: $0.condition, span: $0.id.span)) },
                uniquingKeysWith: { first, _ in first })
        )
        var typed: [Address: Filter?] = [:]
        for address in graph.broken { typed[address] = .some(nil) }
        for address in graph.order where graph.used.contains(address) && !graph.broken.contains(address) {
            typed[address] = .some(filter(address, typed, resolver.diagnostics))
        }
        typeAll(typed)
    }

    private mutating func typeAll(_ typed: [Address: Filter?]) {
        let digests = ConditionDigests(index, graph)
        let all = graph.order
        let made = sideBySide(all.count, resolver.diagnostics) { [self] at, diagnostics -> (filter: ResolvedFilter?, list: ResolvedList?) in
            let address = all[at]
            // What others use was typed before; a broken one is held against its columns all the same.
            let filter =
                graph.used.contains(address) && !graph.broken.contains(address)
                ? typed[address] ?? nil : self.filter(address, typed, diagnostics)
            if let definition = index.filters[address.id], address.kind == .filter {
                return (ResolvedFilter(definition: definition, schema: schemas[definition.entity.value], filter: filter), nil)
            }
            guard let definition = index.lists[address.id] else { return (nil, nil) }
            return (nil, list(definition, filter, typed, digests, diagnostics))
        }
        for (address, result) in zip(all, made) {
            if let filter = result.filter { filters[address.id] = filter }
            if let list = result.list { lists[address.id] = list }
        }
    }

    private func checker(_ typed: [Address: Filter?], _ diagnostics: Diagnostics) -> FilterChecker {
        FilterChecker(schemas, filters: named.filters, lists: named.lists, typed: typed, zone: resolver.zone, diagnostics)
    }

    private func filter(_ address: Address, _ typed: [Address: Filter?], _ diagnostics: Diagnostics) -> Filter? {
        if address.kind == .list, let list = index.lists[address.id], list.kind == .manual { return rows(of: list) }
        guard let own = address.kind == .filter ? named.filters[address.id] : named.lists[address.id], let schema = schemas[own.entity] else { return nil }
        return checker(typed, diagnostics).check(own.condition, entity: schema, span: own.span)
    }

    /// Who is on a manual list: those whose key stands in its rows.
    private func rows(of list: ListDefinition) -> Filter? {
        guard let rows = list.rows, schemas[SideTable.rows(of: list.id.value)] != nil else { return nil }
        let relation = RelationReference(id: SideTable.rowsRelation, from: list.entity.value, to: SideTable.rows(of: list.id.value))
        return Filter(.toMany(relation, where: nil, .some), rows.span)
    }

    private func list(
        _ definition: ListDefinition, _ filter: Filter?, _ typed: [Address: Filter?], _ digests: ConditionDigests, _ diagnostics: Diagnostics
    ) -> ResolvedList {
        guard let schema = schemas[definition.entity.value] else {
            return ResolvedList(definition: definition, schema: nil, filter: nil, columns: [], templateColumns: [], digests: digests)
        }
        let columns = checker(typed, diagnostics).columns(definition.columns, entity: schema)
        var known = columns
        if let name = schema.addressColumn, let address = schema.columns[name] {
            known.removeAll { $0.name == name }
            // Everybody on a list has an address.
            let first = TypedColumn(
                name: name, label: name, value: .field(ColumnReference(name: name, type: address.type)), type: address.type, mayBeEmpty: false, sort: nil)
            known.insert(first, at: 0)
        }
        return ResolvedList(
            definition: definition, schema: schema, filter: filter, columns: columns, templateColumns: known, digests: digests)
    }
}
