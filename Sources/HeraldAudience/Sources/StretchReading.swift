import HeraldModel

/// Reads a stretch of cells of the most usual types, one type a loop. Nil where a cell is not of the type.
enum StretchReading {
    /// Each text once, unless it turns out that nearly all of them differ: then looking for them is in vain.
    static func texts(_ cells: CellList, _ start: TextPool) -> Column.Storage {
        var pool = start
        var isDistinct = false
        var filled = 0
        let codes = Cells<Int32>(count: cells.count) { codes in
            for row in 0..<cells.count {
                let cell = cells[row]
                if cell.isEmpty {
                    codes[row] = -1
                    continue
                }
                codes[row] = isDistinct ? pool.append(cell) : pool.code(of: cell).code
                filled += 1
                if filled == 512 { isDistinct = pool.count > 384 }
            }
        }
        return .text(codes: codes, pool: pool.finish())
    }

    static func integers(_ cells: CellList) -> Column.Storage? {
        var (isWrong, empties) = (false, Empties(cells.count))
        let values = Cells<Int64>(count: cells.count) { values in
            for row in 0..<cells.count {
                let cell = cells[row]
                if cell.isEmpty {
                    empties.add(row)
                    values[row] = 0
                } else if let value = CellSyntax.integer(cell) {
                    values[row] = value
                } else {
                    isWrong = true
                    values[row] = 0
                }
            }
        }
        return isWrong ? nil : .integer(values, empty: empties.cells)
    }

    /// In 64 bits where these hold all of them.
    static func decimals(_ cells: CellList) -> Column.Storage? {
        let powers = PowersOfTen.small
        var (scale, isWrong, isWide, empties) = (0, false, false, Empties(cells.count))
        let values = Cells<Int64>(count: cells.count) { values in
            for row in 0..<cells.count {
                values[row] = 0
                let cell = cells[row]
                guard !cell.isEmpty else {
                    empties.add(row)
                    continue
                }
                guard let read = CellSyntax.shortDecimal(cell) else {
                    if CellSyntax.decimal(cell) == nil { isWrong = true } else { isWide = true }
                    continue
                }
                if read.scale > scale {
                    // Those before it come to the same scale.
                    let factor = powers[read.scale - scale]
                    for earlier in 0..<row where !isWide { isWide = multiply(&values[earlier], factor) }
                    scale = read.scale
                }
                values[row] = read.coefficient
                if multiply(&values[row], powers[scale - read.scale]) { isWide = true }
            }
        }
        if isWrong { return nil }
        if !isWide { return .scaled(values, scale: UInt8(scale), empty: empties.cells) }
        let wide = Cells<Decimal>(count: cells.count) { wide in
            for row in 0..<cells.count { wide.initializeElement(at: row, to: cells[row].isEmpty ? Decimal(0) : CellSyntax.decimal(cells[row]) ?? Decimal(0)) }
        }
        return .decimal(wide, empty: empties.cells)
    }

    /// Whether the product does not fit.
    private static func multiply(_ value: inout Int64, _ factor: Int64) -> Bool {
        let (product, isOver) = value.multipliedReportingOverflow(by: factor)
        if !isOver { value = product }
        return isOver
    }

    /// `other` reads what is not just a day.
    static func days(_ cells: CellList, _ other: (CellBytes) -> Day?) -> Column.Storage? {
        var isWrong = false
        let days = Cells<Int32>(count: cells.count) { days in
            for row in 0..<cells.count {
                let cell = cells[row]
                days[row] = .min
                if cell.isEmpty { continue }
                if let day = CellSyntax.isoDate(cell) ?? other(cell) { days[row] = day.number } else { isWrong = true }
            }
        }
        return isWrong ? nil : .date(days)
    }

    static func ticks(_ cells: CellList, _ clock: inout LocalClock) -> Column.Storage? {
        var isWrong = false
        let ticks = Cells<Int64>(count: cells.count) { ticks in
            for row in 0..<cells.count {
                let cell = cells[row]
                ticks[row] = .min
                if cell.isEmpty { continue }
                if let read = CellSyntax.isoDateTime(cell) {
                    ticks[row] = read.offset.map { read.local.ticks - Int64($0) * 1_000_000 } ?? clock.instant(read.local).microseconds
                } else {
                    isWrong = true
                }
            }
        }
        return isWrong ? nil : .datetime(ticks)
    }

    /// Which rows are empty, held only where some are.
    private struct Empties {
        private let count: Int
        private var flags: [Bool] = []

        init(_ count: Int) { self.count = count }

        mutating func add(_ row: Int) {
            if flags.isEmpty { flags = Array(repeating: false, count: count) }
            flags[row] = true
        }

        var cells: Cells<Bool>? { flags.isEmpty ? nil : Cells(flags) }
    }
}

enum PowersOfTen {
    /// 10 to the 0th up to the 18th.
    static let small: [Int64] = (0..<18).reduce(into: [1]) { powers, _ in powers.append((powers.last ?? 1) * 10) }
}
