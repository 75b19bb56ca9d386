package import HeraldModel
import Synchronization

extension Rule {
    static let sumOverflow = Rule("sum-overflow")
}

/// The one evaluator that decides who is in, for lists, tests and explanations alike. Conditions are compiled against the tables once and then asked of each row.
package final class Evaluator: Sendable {
    typealias Predicate = @Sendable (Int) -> Verdict

    let dataset: Dataset
    let clock: Clock
    private let trustsAnswers: Bool
    private let diagnostics: Diagnostics
    private let overflowed = Mutex<Set<SourceSpan?>>([])
    private let tests = SharedAnswers<ColumnTest, Verdict>()
    private let folds = SharedAnswers<Fold, AggregateFold.Result>()

    /// A sum that cannot be held exactly is reported to `diagnostics`; then no answer of this evaluator counts.
    /// - Parameter trustsAnswers: false where the moment is another than the one at which the sources decided.
    package init(_ dataset: Dataset, _ clock: Clock, trustsAnswers: Bool = true, _ diagnostics: Diagnostics) {
        self.trustsAnswers = trustsAnswers
        self.dataset = dataset
        self.clock = clock
        self.diagnostics = diagnostics
    }

    /// The answer for every row of an entity: in, and in only because a value is empty.
    package func matches(_ filter: Filter, entity: String) -> (holds: [Bool], byEmptiness: [Bool]) {
        guard let table = dataset.table(entity) else { return ([], []) }
        let predicate = compile(filter, entity)
        let rows = table.rowCount
        var (holds, byEmptiness) = ([Bool](repeating: false, count: rows), [Bool](repeating: false, count: rows))
        holds.withUnsafeMutableBufferPointer { holds in
            byEmptiness.withUnsafeMutableBufferPointer { byEmptiness in
                let (holds, byEmptiness) = (SharedMemory(holds), SharedMemory(byEmptiness))
                AllCores.eachRun(of: rows) { run in
                    for row in run where table.candidates?[row] ?? true {
                        let verdict = predicate(row)
                        holds.elements[row] = verdict.holds
                        byEmptiness.elements[row] = verdict.holds && !verdict.surely
                    }
                }
            }
        }
        return (holds, byEmptiness)
    }

    func compile(_ filter: Filter, _ entity: String) -> Predicate {
        if trustsAnswers, let decided = dataset.table(entity)?.answers, !decided.isEmpty, let answers = decided[filter] { return { Verdict(code: answers[$0]) } }
        switch filter.clause {
        case .all(let parts):
            let predicates = parts.map { compile($0, entity) }
            return { row in
                var result = Verdict.yes
                for predicate in predicates where result.holds || result.surely || !result.surelyNot { result = result.and(predicate(row)) }
                return result
            }
        case .any(let parts):
            let predicates = parts.map { compile($0, entity) }
            return { row in
                var result = Verdict.no
                for predicate in predicates where !result.surely { result = result.or(predicate(row)) }
                return result
            }
        case .not(let inner):
            let predicate = compile(inner, entity)
            return { predicate($0).opposite }
        case .filter(_, let inner), .list(_, let inner): return compile(inner, entity)
        case .column(let column, let test): return self.column(column, test, entity)
        case .toOne(let relation, let inner):
            let join = dataset.join(relation)
            let predicate = compile(inner, relation.to)
            return { row in join.rows(of: row).first.map { predicate(Int($0)) } ?? .no }
        case .toMany(let relation, let rows, let aggregate): return many(relation, rows, aggregate, filter.span)
        }
    }

    private func column(_ column: ColumnReference, _ test: ValueTest, _ entity: String) -> Predicate {
        guard let table = dataset.table(entity), let index = table.column(named: column.name) else { return { _ in .no } }
        func verdicts() -> Predicate {
            let compiled = CompiledTest(test, type: column.type, clock)
            return table.columns[index].lookup { compiled.verdict($0) }
        }
        let question = ColumnTest(entity: entity, column: column, test: test)
        guard let all = tests.all(question, rows: table.rowCount, { (0..<table.rowCount).map(verdicts()) }) else { return verdicts() }
        return { all[$0] }
    }

    /// A test of one column, as several lists may ask for it.
    private struct ColumnTest: Hashable {
        let entity: String
        let column: ColumnReference
        let test: ValueTest
    }

    /// An aggregate, as several lists may ask for it.
    private struct Fold: Hashable {
        let function: Aggregate.Function
        let column: ColumnReference
        let relation: RelationReference
        let rows: Filter?
    }

    private func many(_ relation: RelationReference, _ rows: Filter?, _ aggregate: Aggregate, _ span: SourceSpan) -> Predicate {
        let related = self.related(relation, rows)
        switch aggregate {
        case .some: return { Verdict(related.hasSome(of: $0)) }
        case .none: return { Verdict(!related.hasSome(of: $0)) }
        case .count(let test):
            let compiled = CompiledTest(test, type: .integer, clock)
            return { compiled.verdict(.integer(related.count(of: $0))) }
        case .of(let function, let column, let test):
            let compiled = CompiledTest(test, type: function == .sum || function == .avg ? .decimal : column.type, clock)
            let fold = self.fold(function, column, relation, related, span)
            return { row in
                switch fold(row) {
                case .value(let value): compiled.verdict(value)
                case .quotient(let number): compiled.verdict(.empty, number: number)
                case .overflow: .no
                }
            }
        }
    }

    /// The rows that belong to a row through a to-many relation and satisfy its `where`.
    func related(_ relation: RelationReference, _ rows: Filter?) -> RelatedRows {
        RelatedRows(join: dataset.join(relation), condition: rows, predicate: rows.map { compile($0, relation.to) })
    }

    /// How many rows of a manual list name no record of its entity.
    package func strays(ofManual list: String, entity: String) -> Int {
        let relation = RelationReference(id: SideTable.rowsRelation, from: entity, to: SideTable.rows(of: list))
        guard let people = dataset.table(entity), let rows = dataset.table(relation.to) else { return 0 }
        let related = related(relation, nil)
        return (0..<people.rowCount).reduce(rows.rowCount) { $0 - Int(related.count(of: $1)) }
    }

    /// An aggregate over the rows of a relation, for each row.
    func fold(
        _ function: Aggregate.Function, _ column: ColumnReference, _ relation: RelationReference, _ related: RelatedRows, _ span: SourceSpan?
    ) -> @Sendable (Int) -> AggregateFold.Result {
        guard let table = dataset.table(relation.to), let index = table.column(named: column.name) else {
            return { _ in AggregateFold(function).result }
        }
        let values = table.columns[index]
        let folded: @Sendable (Int) -> AggregateFold.Result =
            AggregateFold.ofScaled(function, values, related) ?? { row in
                var fold = AggregateFold(function)
                related.forEach(of: row) { fold.add(values.value(at: $0)) }
                return fold.result
            }
        let question = Fold(function: function, column: column, relation: relation, rows: related.condition)
        let rows = dataset.table(relation.from)?.rowCount ?? 0
        let all = folds.all(question, rows: rows) { (0..<rows).map(folded) }
        return { [self] row in
            let result = all.map { $0[row] } ?? folded(row)
            if case .overflow = result { reportOverflow(function, column, relation, span) }
            return result
        }
    }

    private func reportOverflow(_ function: Aggregate.Function, _ column: ColumnReference, _ relation: RelationReference, _ span: SourceSpan?) {
        // Once for each place, so that the same files say the same, whoever was faster.
        guard overflowed.withLock({ $0.insert(span).inserted }) else { return }
        diagnostics.report(
            .sumOverflow, "the \(function.rawValue) of `\(column.name)` over `\(relation.id)` has more digits than an exact sum can hold", at: span,
            suggestion: "look for a number in \(relation.to) that cannot be right")
    }
}

/// The rows that belong to a row and satisfy a condition.
struct RelatedRows: Sendable {
    let join: Join
    let condition: Filter?
    let predicate: Evaluator.Predicate?

    func isMatch(_ other: Int) -> Bool { predicate?(other).holds ?? true }

    func hasSome(of row: Int) -> Bool { join.rows(of: row).contains { isMatch(Int($0)) } }

    func count(of row: Int) -> Int64 { Int64(join.rows(of: row).count { isMatch(Int($0)) }) }

    func forEach(of row: Int, _ body: (Int) -> Void) {
        for other in join.rows(of: row) where isMatch(Int(other)) { body(Int(other)) }
    }
}
