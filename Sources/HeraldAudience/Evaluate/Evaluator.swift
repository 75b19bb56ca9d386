package import HeraldModel
import Synchronization

/// The one evaluator that decides who is in, for lists, tests and explanations alike. Conditions are compiled against the tables once and then asked of each row.
package final class Evaluator: Sendable {
    typealias Predicate = @Sendable (Int) -> Verdict

    let dataset: Dataset
    let clock: Clock
    private let overflow = Mutex(false)

    package init(_ dataset: Dataset, _ clock: Clock) {
        self.dataset = dataset
        self.clock = clock
    }

    /// Whether a sum did not fit 128 bits; then no answer of this evaluator counts.
    package var hasOverflowed: Bool { overflow.withLock { $0 } }

    /// The answer for every row of an entity: in, and in only because a value is empty.
    package func matches(_ filter: Filter, entity: String) -> (holds: [Bool], byEmptiness: [Bool]) {
        guard let table = dataset.table(entity) else { return ([], []) }
        let predicate = compile(filter, entity)
        var (holds, byEmptiness) = ([Bool](repeating: false, count: table.rowCount), [Bool](repeating: false, count: table.rowCount))
        for row in 0..<table.rowCount where table.candidates?[row] ?? true {
            let verdict = predicate(row)
            holds[row] = verdict.holds
            byEmptiness[row] = verdict.holds && !verdict.surely
        }
        return (holds, byEmptiness)
    }

    func compile(_ filter: Filter, _ entity: String) -> Predicate {
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
            guard let join = dataset.join(relation) else { return { _ in .no } }
            let predicate = compile(inner, relation.to)
            return { row in join.rows(of: row).first.map { predicate(Int($0)) } ?? .no }
        case .toMany(let relation, let rows, let aggregate): return many(relation, rows, aggregate)
        case .word: return { _ in .no }  // Refused before anything is evaluated (`Unsupported`).
        }
    }

    private func column(_ column: ColumnReference, _ test: ValueTest, _ entity: String) -> Predicate {
        guard let table = dataset.table(entity), let index = table.column(named: column.name) else { return { _ in .no } }
        let compiled = CompiledTest(test, type: column.type, clock)
        // Each distinct text is tested once, not once a row.
        switch table.columns[index].storage {
        case .text(let codes, let pool):
            let verdicts = pool.map { compiled.verdict(.text($0)) }
            let empty = compiled.verdict(.empty)
            return { codes[$0] < 0 ? empty : verdicts[Int(codes[$0])] }
        case .many(let codes, let pool):
            let verdicts = pool.map { compiled.verdict(.many($0)) }
            let empty = compiled.verdict(.empty)
            return { codes[$0] < 0 ? empty : verdicts[Int(codes[$0])] }
        default:
            let content = table.columns[index]
            return { compiled.verdict(content.value(at: $0)) }
        }
    }

    private func many(_ relation: RelationReference, _ rows: Filter?, _ aggregate: Aggregate) -> Predicate {
        guard let join = dataset.join(relation) else { return { _ in .no } }
        let predicate = rows.map { compile($0, relation.to) }
        @Sendable func matching(_ row: Int) -> [Int] {
            join.rows(of: row).compactMap { predicate?(Int($0)).holds ?? true ? Int($0) : nil }
        }
        switch aggregate {
        case .some: return { row in Verdict(join.rows(of: row).contains { predicate?(Int($0)).holds ?? true }) }
        case .none: return { row in Verdict(!join.rows(of: row).contains { predicate?(Int($0)).holds ?? true }) }
        case .count(let test):
            let compiled = CompiledTest(test, type: .integer, clock)
            return { compiled.verdict(.integer(Int64(matching($0).count))) }
        case .of(let function, let column, let test):
            let type: ColumnType = function == .sum || function == .avg ? .decimal : column.type
            let compiled = CompiledTest(test, type: type, clock)
            return { [self] row in
                let result = value(function, column, of: matching(row), in: relation.to)
                return compiled.verdict(result.value, number: result.quotient)
            }
        }
    }

    /// An aggregate over rows; `quotient` is set for averages, which are exact and may have no finite decimal.
    func value(_ function: Aggregate.Function, _ column: ColumnReference, of rows: [Int], in entity: String) -> (value: Value, quotient: ComparedNumber?) {
        guard let table = dataset.table(entity), let index = table.column(named: column.name) else { return (.empty, nil) }
        let values = rows.map { table[$0, index] }.filter { !$0.isEmpty }
        switch function {
        case .sum, .avg:
            var total = Decimal(0)
            for number in values.compactMap(\.number) {
                guard let next = total.adding(number) else {
                    overflow.withLock { $0 = true }
                    return (.empty, nil)
                }
                total = next
            }
            if function == .sum { return (.decimal(total), nil) }
            return values.isEmpty ? (.empty, nil) : (.empty, ComparedNumber(sum: total, count: Int64(values.count)))
        case .min: return (values.min(by: Evaluator.isLess) ?? .empty, nil)
        case .max: return (values.max(by: Evaluator.isLess) ?? .empty, nil)
        }
    }

    private static func isLess(_ a: Value, _ b: Value) -> Bool {
        switch (a, b) {
        case (.date(let a), .date(let b)): a < b
        case (.datetime(let a), .datetime(let b)): a < b
        default: (a.number ?? Decimal(0)) < (b.number ?? Decimal(0))
        }
    }
}
