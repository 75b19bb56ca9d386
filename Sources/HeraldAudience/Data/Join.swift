import HeraldModel

/// Which rows of one table belong to each row of another, by a column of each. An empty value belongs to nothing.
struct Join: Sendable {
    /// Of each row of the one table: its value's number among the values of the other's column; −1 where the other does not have it.
    private let numbers: [Int32]
    /// The rows of the other table by their value's number: `rows[starts[n]..<starts[n + 1]]`, in the table's order.
    private let starts: [Int32]
    private let rows: [Int32]

    /// Joins nothing.
    static let none = Join(numbers: [], codes: [], count: 0, candidates: nil)

    /// - Parameter candidates: of the other table; rows that the narrowing ruled out match nothing that asks, and their columns are not filled.
    init(_ column: Column, matching other: Column, candidates: [Bool]?) {
        switch (column.storage, other.storage) {
        case (.text(let own, let ownTexts), .text(let codes, let texts)):
            let number = Dictionary(zip(texts, Int32(0)...), uniquingKeysWith: { first, _ in first })
            let ofText = ownTexts.map { number[$0] ?? -1 }
            self.init(numbers: own.map { $0 < 0 ? -1 : ofText[Int($0)] }, codes: codes, count: texts.count, candidates: candidates)
        case (.integer(let own, let ownEmpty), .integer(let values, let empty)):
            var number: [Int64: Int32] = [:]
            let codes = zip(values, empty).map { value, isEmpty -> Int32 in
                guard !isEmpty else { return -1 }
                if let known = number[value] { return known }
                let new = Int32(number.count)
                number[value] = new
                return new
            }
            let numbers = zip(own, ownEmpty).map { value, isEmpty in isEmpty ? -1 : number[value] ?? -1 }
            self.init(numbers: numbers, codes: codes, count: number.count, candidates: candidates)
        default: self = .none  // Keys are integers or texts, alike on both sides (`Schemas.check`).
        }
    }

    /// - Parameter codes: of each row of the other table its value's number, below `count`; −1 is empty.
    private init(numbers: [Int32], codes: [Int32], count: Int, candidates: [Bool]?) {
        func isJoined(_ row: Int) -> Bool { codes[row] >= 0 && candidates?[row] ?? true }
        var starts = [Int32](repeating: 0, count: count + 1)
        for row in codes.indices where isJoined(row) { starts[Int(codes[row]) + 1] += 1 }
        for number in 0..<count { starts[number + 1] += starts[number] }
        var next = starts
        var rows = [Int32](repeating: 0, count: Int(starts[count]))
        for row in codes.indices where isJoined(row) {
            rows[Int(next[Int(codes[row])])] = Int32(row)
            next[Int(codes[row])] += 1
        }
        (self.numbers, self.starts, self.rows) = (numbers, starts, rows)
    }

    func rows(of row: Int) -> ArraySlice<Int32> {
        guard row < numbers.count, numbers[row] >= 0 else { return [] }
        let number = Int(numbers[row])
        return rows[Int(starts[number])..<Int(starts[number + 1])]
    }
}
