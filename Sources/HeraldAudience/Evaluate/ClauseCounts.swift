package import HeraldModel

/// How many records one clause of a condition leaves, and the clauses within it. Counts only.
package struct ClauseCount: Sendable {
    package let span: SourceSpan
    /// The clause in the words of the file: `country: in [DE, AT]`.
    package let words: String
    /// Records that satisfy it by itself. Of a clause about the rows of a relation: those with at least one row that satisfies it.
    package let matches: Int
    /// Of these, those that do so only because a value is empty.
    package let byEmptiness: Int
    /// In an `all`: the records that satisfy it and every clause before it in that `all`. Nil elsewhere.
    package fileprivate(set) var left: Int?
    package let children: [ClauseCount]
}

extension Evaluator {
    /// A condition and each of its clauses, counted over all records of an entity, in the order of the file. The data must have been read whole: what a
    /// narrowing ruled out is not known clause by clause.
    package func counts(_ filter: Filter, entity: String) -> ClauseCount {
        count(filter, entity, records: dataset.table(entity)?.rowCount ?? 0) { $0 }.count
    }

    /// - Parameter lift: makes a question about rows of `entity` one about the records that are counted.
    private func count(
        _ filter: Filter, _ entity: String, records: Int, lift: (@escaping Predicate) -> Predicate
    ) -> (count: ClauseCount, holds: [Bool]) {
        let verdicts = (0..<records).map(lift(compile(filter, entity)))
        let holds = verdicts.map(\.holds)
        let count = ClauseCount(
            span: filter.span, words: words(filter), matches: holds.count { $0 }, byEmptiness: verdicts.count { $0.holds && !$0.surely }, left: nil,
            children: children(filter, entity, records: records, lift: lift))
        return (count, holds)
    }

    private func children(_ filter: Filter, _ entity: String, records: Int, lift: (@escaping Predicate) -> Predicate) -> [ClauseCount] {
        func one(_ inner: Filter) -> [ClauseCount] { [count(inner, entity, records: records, lift: lift).count] }
        switch filter.clause {
        case .all(let parts):
            var stand = [Bool](repeating: true, count: records)
            return parts.map { part in
                var (count, holds) = count(part, entity, records: records, lift: lift)
                for record in 0..<records where !holds[record] { stand[record] = false }
                count.left = stand.count { $0 }
                return count
            }
        case .any(let parts): return parts.flatMap(one)
        case .not(let inner), .filter(_, let inner), .list(_, let inner): return one(inner)
        case .toOne(let relation, let inner):
            let join = dataset.join(relation)
            return [count(inner, relation.to, records: records) { asked in lift { row in join.rows(of: row).first.map { asked(Int($0)) } ?? .no } }.count]
        case .toMany(let relation, let rows?, _):
            let join = dataset.join(relation)
            return [count(rows, relation.to, records: records) { asked in lift { row in Verdict(join.rows(of: row).contains { asked(Int($0)).holds }) } }.count]
        case .toMany(_, nil, _), .column: return []
        }
    }

    private func words(_ filter: Filter) -> String {
        switch filter.clause {
        case .all(let parts): parts.isEmpty ? "everybody" : "all"
        case .any: "any"
        case .not: "not"
        case .filter(let id, _): "filter: \(id)"
        case .list(let id, _): "list: \(id)"
        case .column(let column, let test): "\(column.name): \(words(test))"
        case .toOne(let relation, _): relation.id
        case .toMany(let relation, _, let aggregate): "\(relation.id): \(words(aggregate))"
        }
    }
}
