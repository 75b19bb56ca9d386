package import HeraldModel

/// Why one record is in or out: every clause with the value that it looked at and its verdict. For the operator's own terminal.
package struct Explanation: Sendable {
    package let span: SourceSpan
    /// The clause in the words of the file: `country: in [DE, AT]`.
    package let words: String
    /// The value that was tested, or which and how many rows were found; nil for groups.
    package let value: Personal<String>?
    package let holds: Bool
    /// Holds only because the value is empty.
    package let byEmptiness: Bool
    package let children: [Explanation]
}

extension Evaluator {
    /// How many rows of a relation to many are shown.
    private static let shownRows = 3

    /// Explains one row of an entity. The same compiled conditions decide as everywhere.
    package func explain(_ filter: Filter, entity: String, row: Int) -> Explanation {
        let verdict = compile(filter, entity)(row)
        func node(_ words: String, _ value: String? = nil, _ children: [Explanation] = []) -> Explanation {
            Explanation(
                span: filter.span, words: words, value: value.map { Personal($0) }, holds: verdict.holds,
                byEmptiness: verdict.holds && !verdict.surely, children: children)
        }
        switch filter.clause {
        case .all(let parts): return node("all", nil, parts.map { explain($0, entity: entity, row: row) })
        case .any(let parts): return node("any", nil, parts.map { explain($0, entity: entity, row: row) })
        case .not(let inner): return node("not", nil, [explain(inner, entity: entity, row: row)])
        case .filter(let id, let inner): return node("filter: \(id)", nil, [explain(inner, entity: entity, row: row)])
        case .list(let id, let inner): return node("list: \(id)", nil, [explain(inner, entity: entity, row: row)])
        case .column(let column, let test): return node("\(column.name): \(words(test))", text(column.name, of: row, in: entity))
        case .toOne(let relation, let inner):
            guard let other = dataset.join(relation).rows(of: row).first.map({ Int($0) }) else { return node(relation.id, "no row") }
            return node(relation.id, name(of: other, in: relation.to), [explain(inner, entity: relation.to, row: other)])
        case .toMany(let relation, let rows, let aggregate):
            let related = self.related(relation, rows)
            return node(
                "\(relation.id): \(words(aggregate))", found(relation, related, aggregate, row),
                shown(relation, related, rows, aggregate, row, filter.span))
        }
    }

    func words(_ test: ValueTest) -> String { test.terms.map(\.words).joined(separator: ", ") }

    func words(_ aggregate: Aggregate) -> String {
        switch aggregate {
        case .some: "at least one"
        case .none: "none"
        case .count(let test): "count \(words(test))"
        case .of(let function, let column, let test): "\(function.rawValue) of \(column.name) \(words(test))"
        }
    }

    private func text(_ value: Value) -> String { value.isEmpty ? "empty" : ValueText.local(value, clock.zone) }

    private func text(_ column: String, of row: Int, in entity: String) -> String {
        guard let table = dataset.table(entity), let index = table.column(named: column) else { return "empty" }
        return text(table[row, index])
    }

    /// A row by its key: `id 5012`.
    private func name(of row: Int, in entity: String) -> String {
        let key = dataset.schemas[entity]?.key ?? "row"
        return "\(key) \(text(key, of: row, in: entity))"
    }

    /// What the aggregate came to, and how many rows it is made of.
    private func found(_ relation: RelationReference, _ related: RelatedRows, _ aggregate: Aggregate, _ row: Int) -> String {
        let (all, matching) = (related.join.rows(of: row).count, related.count(of: row))
        let rows = related.predicate == nil ? "\(all) \(all == 1 ? "row" : "rows")" : "\(matching) of \(all) \(all == 1 ? "row" : "rows")"
        guard case .of(let function, let column, _) = aggregate else { return rows }
        let result =
            switch fold(function, column, relation, related, nil)(row) {
            case .value(let value): text(value)
            case .quotient(let number): number.count == 1 ? "\(number.sum)" : "\(number.sum) / \(number.count)"
            case .overflow: "too many digits"
            }
        return "\(result) over \(rows)"
    }

    /// The first rows that match; where none does, the first that do not, so that it can be seen why.
    private func shown(
        _ relation: RelationReference, _ related: RelatedRows, _ rows: Filter?, _ aggregate: Aggregate, _ row: Int, _ span: SourceSpan
    ) -> [Explanation] {
        let all = related.join.rows(of: row).map { Int($0) }
        let matching = all.filter(related.isMatch)
        return (matching.isEmpty ? all : matching).prefix(Evaluator.shownRows).map { other in
            var value = name(of: other, in: relation.to)
            if case .of(_, let column, _) = aggregate { value += ", \(column.name) \(text(column.name, of: other, in: relation.to))" }
            return Explanation(
                span: rows?.span ?? span, words: "row", value: Personal(value), holds: related.isMatch(other), byEmptiness: false,
                children: rows.map { [explain($0, entity: relation.to, row: other)] } ?? [])
        }
    }
}
