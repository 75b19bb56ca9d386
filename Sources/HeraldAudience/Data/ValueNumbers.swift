import HeraldModel

/// Numbers of the different integers of a column, from 0: where they lie close together their distance from the smallest, otherwise by a table of hashes.
struct IntegerNumbers: Sendable {
    private(set) var count: Int
    private var low: Int64 = 0
    /// Open addressing: numbers, −1 is free; empty where they lie close together.
    private var slots: [Int32] = []
    private var values: [Int64] = []
    private let seed = TextHash.newSeed()

    init(_ column: Cells<Int64>, _ empty: Cells<Bool>?) {
        var (low, high, filled) = (Int64.max, Int64.min, 0)
        let cells = column.buffer
        for row in cells.indices where empty?[row] != true {
            (low, high, filled) = (min(low, cells[row]), max(high, cells[row]), filled + 1)
        }
        count = 0
        guard filled > 0 else { return }
        self.low = low
        let (distance, isOver) = high.subtractingReportingOverflow(low)
        if !isOver, distance < Int64(filled) * 4 + 1024 {
            count = Int(distance) + 1
            return
        }
        slots = [Int32](repeating: -1, count: IntegerNumbers.tableSize(filled))
        for row in cells.indices where empty?[row] != true {
            let slot = slot(of: cells[row])
            if slots[slot] < 0 {
                slots[slot] = Int32(values.count)
                values.append(cells[row])
            }
        }
        count = values.count
    }

    /// A power of two, so that a table of so many is at most half full.
    static func tableSize(_ count: Int) -> Int {
        var size = 64
        while size < count * 2 { size *= 2 }
        return size
    }

    /// −1 where the column does not have it.
    func number(_ value: Int64) -> Int32 {
        guard slots.isEmpty else { return slots[slot(of: value)] }
        let (distance, isOver) = value.subtractingReportingOverflow(low)
        return isOver || distance < 0 || distance >= Int64(count) ? -1 : Int32(truncatingIfNeeded: distance)
    }

    private func slot(of value: Int64) -> Int {
        var slot = Int(truncatingIfNeeded: TextHash.mixed(seed ^ UInt64(bitPattern: value))) & (slots.count - 1)
        while slots[slot] >= 0, values[Int(slots[slot])] != value { slot = (slot + 1) & (slots.count - 1) }
        return slot
    }
}

/// Finds texts of a table; of those that are written the same, the first.
struct TextNumbers: Sendable {
    private let table: TextTable
    private let slots: [Int32]
    /// Of each text of the table the first that is written the same.
    let first: [Int32]

    init(_ table: TextTable) {
        let size = IntegerNumbers.tableSize(table.count)
        var slots = [Int32](repeating: -1, count: size)
        var first = [Int32](repeating: 0, count: table.count)
        for index in table.indices {
            let hash = table.hashes[index]
            var slot = Int(hash) & (size - 1)
            while slots[slot] >= 0, table.hashes[Int(slots[slot])] != hash || !table.isEqual(index, to: Int(slots[slot]), of: table) { slot = (slot + 1) & (size - 1) }
            if slots[slot] < 0 { slots[slot] = Int32(index) }
            first[index] = slots[slot]
        }
        (self.table, self.slots, self.first) = (table, slots, first)
    }

    /// −1 where the table does not have it.
    func number(of index: Int, in other: TextTable) -> Int32 {
        let hash = other.seed == table.seed ? other.hashes[index] : TextHash.hash(other.utf8(index), table.seed)
        var slot = Int(hash) & (slots.count - 1)
        while slots[slot] >= 0, table.hashes[Int(slots[slot])] != hash || !table.isEqual(Int(slots[slot]), to: index, of: other) { slot = (slot + 1) & (slots.count - 1) }
        return slots[slot]
    }
}

extension Column {
    /// Whether every row has a value, and no two the same. False also where that is not easily told.
    var isKey: Bool {
        switch storage {
        case .integer(let values, nil):
            let cells = values.buffer
            if (1..<max(1, cells.count)).allSatisfy({ cells[$0 - 1] < cells[$0] }) { return true }
            let numbers = IntegerNumbers(values, nil)
            return Column.areDistinct(numbers.count, values.count) { numbers.number(cells[$0]) }
        case .text(let codes, let pool):
            let numbers = TextNumbers(pool)
            return Column.areDistinct(pool.count, codes.count) { codes[$0] < 0 ? -1 : numbers.first[Int(codes[$0])] }
        default: return false
        }
    }

    private static func areDistinct(_ numbers: Int, _ rows: Int, _ number: (Int) -> Int32) -> Bool {
        var seen = [Bool](repeating: false, count: numbers)
        for row in 0..<rows {
            let number = Int(number(row))
            if number < 0 || seen[number] { return false }
            seen[number] = true
        }
        return true
    }
}
