import HeraldModel

extension NarrowingTest {
    /// Answers for a run of rows, one column after the other; far faster than all columns of one row after the other.
    private typealias Mask = @Sendable (Range<Int>, UnsafeMutableBufferPointer<Bool>) -> Void

    /// So many rows at a time, whose answers stay close to the processor.
    private static let block = 4_096

    /// Of each row of these columns, which are those of the request, whether it passes.
    func candidates(_ columns: [Column], rows: Int) -> [Bool] {
        let mask = NarrowingTest.mask(root, columns)
        return [Bool](unsafeUninitializedCapacity: rows) { memory, filled in
            filled = rows
            memory.initialize(repeating: true)
            let shared = SharedMemory(memory)
            AllCores.eachRun(of: rows) { run in
                for start in stride(from: run.lowerBound, to: run.upperBound, by: NarrowingTest.block) {
                    let rows = start..<min(start + NarrowingTest.block, run.upperBound)
                    mask(rows, UnsafeMutableBufferPointer(rebasing: shared.elements[rows]))
                }
            }
        }
    }

    private static func mask(_ node: Node, _ columns: [Column]) -> Mask {
        switch node {
        case .all(let parts): return joined(parts.map { mask($0, columns) }, start: true) { $0 && $1 }
        case .any(let parts): return joined(parts.map { mask($0, columns) }, start: false) { $0 || $1 }
        case .undecided: return each { _ in true }
        case .compare(let column, let comparison, let literal):
            switch (columns[column].storage, literal) {
            case (.date(let days), .date(let day)):
                let (range, days) = (range(comparison, Int64(day.number)), days)
                return each { days.start[$0] != .min && range.contains(Int64(days.start[$0])) }
            case (.datetime(let ticks), .datetime(let instant)):
                let (range, ticks) = (range(comparison, instant.microseconds), ticks)
                return each { ticks.start[$0] != .min && range.contains(ticks.start[$0]) }
            default: return value(node, columns[column])
            }
        case .oneOf(let column, _), .isEmpty(let column), .isNotEmpty(let column): return value(node, columns[column])
        }
    }

    private static func value(_ node: Node, _ column: Column) -> Mask {
        if case .text(let codes, let pool) = column.storage {
            // Once for each text, and at the end for what is empty, whose code is −1.
            let answers = Cells(pool.map { passes(node, .text($0)) } + [passes(node, .empty)])
            let last = answers.count - 1
            return each { row in
                let code = Int(codes.start[row])
                return answers[code < 0 ? last : code]
            }
        }
        let lookup = column.lookup { passes(node, $0) }
        return each { lookup($0) }
    }

    @inline(__always)
    private static func each(_ test: @escaping @Sendable (Int) -> Bool) -> Mask {
        { rows, answers in for row in rows { answers[row - rows.lowerBound] = test(row) } }
    }

    private static func joined(_ masks: [Mask], start: Bool, _ join: @escaping @Sendable (Bool, Bool) -> Bool) -> Mask {
        { rows, answers in
            guard let first = masks.first else { return answers.update(repeating: start) }
            first(rows, answers)
            guard masks.count > 1 else { return }
            withUnsafeTemporaryAllocation(of: Bool.self, capacity: rows.count) { others in
                others.initialize(repeating: start)
                for mask in masks.dropFirst() {
                    mask(rows, others)
                    for index in answers.indices { answers[index] = join(answers[index], others[index]) }
                }
            }
        }
    }

    private static func range(_ comparison: Narrowing.Comparison, _ literal: Int64) -> ClosedRange<Int64> {
        switch comparison {
        case .equal: literal...literal
        case .less: Int64.min...max(.min, literal - 1)
        case .lessOrEqual: Int64.min...literal
        case .greater: min(.max, literal + 1)...Int64.max
        case .greaterOrEqual: literal...Int64.max
        }
    }
}
