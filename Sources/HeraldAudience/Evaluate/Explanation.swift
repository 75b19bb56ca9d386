package import HeraldModel

/// Why one record is in or out: every clause with the value that it looked at and its verdict. For the operator's own terminal.
package struct Explanation: Sendable {
    package let span: SourceSpan
    /// The clause in the words of the file.
    package let words: String
    /// The value that was tested, or how many rows were found; nil for groups.
    package let value: Personal<String>?
    package let holds: Bool
    /// Holds only because the value is empty.
    package let byEmptiness: Bool
    package let children: [Explanation]
}

extension Evaluator {
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
        case .word(let word): return node(word.kind.rawValue)
        case .column(let column, let test):
            var value = "empty"
            if let table = dataset.table(entity), let index = table.column(named: column.name), !table[row, index].isEmpty {
                value = ValueText.local(table[row, index], clock.zone)
            }
            return node("\(column.name): \(test.terms.map(\.name).joined(separator: ", "))", value)
        case .toOne(let relation, let inner):
            guard let join = dataset.join(relation), let other = join.rows(of: row).first else { return node(relation.id, "no row") }
            return node(relation.id, "one row", [explain(inner, entity: relation.to, row: Int(other))])
        case .toMany(let relation, let rows, let aggregate): return node(words(relation, aggregate), found(relation, rows, aggregate, row))
        }
    }

    private func words(_ relation: RelationReference, _ aggregate: Aggregate) -> String {
        switch aggregate {
        case .some: "\(relation.id): at least one"
        case .none: "\(relation.id): none"
        case .count(let test): "\(relation.id): count \(test.terms.map(\.name).joined(separator: ", "))"
        case .of(let function, let column, let test):
            "\(relation.id): \(function.rawValue) of \(column.name) \(test.terms.map(\.name).joined(separator: ", "))"
        }
    }

    private func found(_ relation: RelationReference, _ rows: Filter?, _ aggregate: Aggregate, _ row: Int) -> String {
        guard let join = dataset.join(relation) else { return "no rows" }
        let predicate = rows.map { compile($0, relation.to) }
        let all = join.rows(of: row)
        let matching = all.map(Int.init).filter { predicate?($0).holds ?? true }
        let counts = rows == nil ? "\(all.count) rows" : "\(matching.count) of \(all.count) rows match"
        guard case .of(let function, let column, _) = aggregate else { return counts }
        let result = value(function, column, of: matching, in: relation.to)
        let text = result.quotient.map { "\($0.sum) / \($0.count)" } ?? (result.value.isEmpty ? "empty" : ValueText.local(result.value, clock.zone))
        return "\(text) over \(counts)"
    }
}
