import HeraldModel

/// Which rows of one table belong to each row of another, by a column of each. An empty value belongs to nothing.
struct Join: Sendable {
    /// Of each row of the one table: its value's number among the values of the other's column; −1 where the other does not have it.
    private let numbers: Cells<Int32>
    /// The rows of the other table by their value's number: `rows[starts[n]..<starts[n + 1]]`, in the table's order.
    private let starts: [Int32]
    private let rows: [Int32]

    /// Joins nothing.
    static let none = Join(own: 0, other: 0, count: 0, candidates: nil, numberOfOwn: { _ in -1 }, numberOfOther: { _ in -1 })

    /// - Parameter candidates: of the other table; rows that the narrowing ruled out match nothing that asks.
    init(_ column: Column, matching other: Column, candidates: [Bool]?) {
        switch (column.storage, other.storage) {
        case (.text(let own, let ownTexts), .text(let codes, let texts)):
            let numbers = TextNumbers(texts)
            let ofText = Cells<Int32>(count: ownTexts.count) { memory in
                let shared = SharedMemory(memory)
                AllCores.eachRun(of: ownTexts.count) { for text in $0 { shared.elements[text] = numbers.number(of: text, in: ownTexts) } }
            }
            self.init(
                own: own.count, other: codes.count, count: texts.count, candidates: candidates, numberOfOwn: { own[$0] < 0 ? -1 : ofText[Int(own[$0])] },
                numberOfOther: { codes[$0] < 0 ? -1 : numbers.first[Int(codes[$0])] })
        case (.integer(let own, let ownEmpty), .integer(let values, let empty)):
            let numbers = IntegerNumbers(values, empty)
            self.init(
                own: own.count, other: values.count, count: numbers.count, candidates: candidates,
                numberOfOwn: { ownEmpty?[$0] == true ? -1 : numbers.number(own[$0]) }, numberOfOther: { empty?[$0] == true ? -1 : numbers.number(values[$0]) })
        default: self = .none  // Keys are integers or texts, alike on both sides (`Schemas.check`).
        }
    }

    /// - Parameter count: numbers are below it; −1 is empty, or not among the other's.
    private init(
        own: Int, other: Int, count: Int, candidates: [Bool]?, numberOfOwn: @escaping @Sendable (Int) -> Int32, numberOfOther: @escaping @Sendable (Int) -> Int32
    ) {
        numbers = Cells(count: own) { memory in
            let shared = SharedMemory(memory)
            AllCores.eachRun(of: own) { for row in $0 { shared.elements[row] = numberOfOwn(row) } }
        }
        // A pass counts the rows of each number, a second one puts them there.
        var starts = [Int32](repeating: 0, count: count + 1)
        var rows: [Int32] = []
        starts.withUnsafeMutableBufferPointer { starts in
            for row in 0..<other where candidates?[row] ?? true {
                let number = numberOfOther(row)
                if number >= 0 { starts[Int(number) + 1] += 1 }
            }
            for number in 0..<count { starts[number + 1] += starts[number] }
            rows = [Int32](unsafeUninitializedCapacity: Int(starts[count])) { rows, filled in
                filled = Int(starts[count])
                for row in (0..<other).reversed() where candidates?[row] ?? true {
                    let number = Int(numberOfOther(row))
                    guard number >= 0 else { continue }
                    starts[number + 1] -= 1
                    rows.initializeElement(at: Int(starts[number + 1]), to: Int32(row))
                }
            }
            // Each start is now where its own rows begin, one place too far on.
            for number in 0..<count { starts[number] = starts[number + 1] }
            starts[count] = Int32(rows.count)
        }
        (self.starts, self.rows) = (starts, rows)
    }

    func rows(of row: Int) -> ArraySlice<Int32> {
        guard row < numbers.count, numbers[row] >= 0 else { return [] }
        let number = Int(numbers[row])
        return rows[Int(starts[number])..<Int(starts[number + 1])]
    }
}
