import HeraldModel
import Synchronization

/// Reads the rows of a CSV file on all cores, a stretch of it each.
///
/// Where a stretch starts is guessed: at the first line end. The guess is right if the records of the stretch before it end there; where they do not (the line
/// end was inside quotes) the stretch is read again from where they do. So every record is read from its true start, as if the file had been read in order.
struct CSVTableReading {
    /// Bytes that one core takes at a time.
    static let stretch = 1 << 20

    private struct Part {
        var found: CSVStretch.Found
        /// Nil where a cell is not of its column's type.
        var columns: [Column]?
        var lines: Cells<UInt32> = []
    }

    private let layout: CSVStretch.Layout
    private let fillers: [ColumnFiller]
    private let start: (offset: Int, line: UInt32)
    private let zone: Zone
    private let length: Int

    /// - Parameter fillers: of the wanted columns, in the order of their slots, without cells yet.
    init(_ layout: CSVStretch.Layout, _ fillers: [ColumnFiller], start: (offset: Int, line: UInt32), zone: Zone, stretch: Int) {
        self.layout = layout
        self.fillers = fillers
        self.start = start
        self.zone = zone
        length = max(1, min(stretch, layout.fileSize - start.offset))
    }

    /// Nil where anything in the file is not as it should be.
    func read() -> (columns: [Column], rowCount: Int, lines: Cells<UInt32>)? {
        let count = max(1, (layout.fileSize - start.offset + length - 1) / length)
        let held = Mutex([Part?](repeating: nil, count: count))
        AllCores.each(of: count, start: { Worker(self) }) { piece, worker in
            let part = worker.read(range(piece), isStart: piece == 0)
            held.withLock { $0[piece] = part }
        }
        var parts = held.withLock { parts in
            defer { parts = [] }
            return parts.compactMap { $0 }
        }
        guard check(&parts), let columns = parts.first?.columns else { return nil }
        let rows = parts.reduce(0) { $0 + $1.found.rows }
        guard rows < Int(Int32.max) else { return nil }
        let lines = joinLines(&parts, rows)
        var joined: [Column] = []
        for slot in columns.indices {
            let pieces = parts.map { $0.columns?[slot] ?? columns[slot] }
            for index in parts.indices { parts[index].columns?[slot] = Column(name: "", type: .boolean, storage: .boolean([])) }
            joined.append(ColumnJoining.join(pieces))
        }
        return (joined, rows, lines)
    }

    private func range(_ piece: Int) -> Range<Int> {
        let from = start.offset + piece * length
        return from..<min(from + length, layout.fileSize)
    }

    /// Reads again what was guessed wrong; false where anything is broken.
    private func check(_ parts: inout [Part]) -> Bool {
        var expected = start.offset
        var worker: Worker?
        for piece in parts.indices {
            let range = range(piece)
            if parts[piece].found.start != expected {
                if expected >= range.upperBound {
                    parts[piece] = Part(found: CSVStretch.Found(start: expected, end: expected), columns: fillers.map { $0.finish() })
                } else {
                    var own = worker.take() ?? Worker(self)
                    parts[piece] = own.read(expected..<range.upperBound, isStart: true)
                    worker = own
                }
            }
            guard !parts[piece].found.isBroken, parts[piece].columns != nil else { return false }
            expected = parts[piece].found.end
        }
        return expected == layout.fileSize
    }

    private func joinLines(_ parts: inout [Part], _ rows: Int) -> Cells<UInt32> {
        let lines = Cells<UInt32>(count: rows) { lines in
            var (row, line) = (0, start.line)
            for part in parts {
                let own = part.lines.buffer
                for index in own.indices { lines[row + index] = line &+ own[index] }
                row += own.count
                line = line &+ part.found.lines
            }
        }
        for index in parts.indices { parts[index].lines = [] }
        return lines
    }

    /// What one core reads with.
    private struct Worker {
        private final class Held {
            var stretch: CSVStretch
            var clock: LocalClock

            init(_ reading: CSVTableReading) {
                stretch = CSVStretch(reading.layout, length: reading.length)
                clock = LocalClock(zone: reading.zone)
            }
        }

        private let held: Held
        private let fillers: [ColumnFiller]

        init(_ reading: CSVTableReading) {
            held = Held(reading)
            fillers = reading.fillers
        }

        mutating func read(_ range: Range<Int>, isStart: Bool) -> Part {
            let found = held.stretch.read(range, isStart: isStart)
            guard !found.isBroken else { return Part(found: found, columns: nil) }
            var columns: [Column] = []
            for slot in fillers.indices {
                guard let column = fillers[slot].column(of: held.stretch.cells(slot), &held.clock) else { return Part(found: found, columns: nil) }
                columns.append(column)
            }
            let lines = UnsafeBufferPointer(start: UnsafePointer(held.stretch.lines), count: found.rows)
            return Part(found: found, columns: columns, lines: Cells(lines))
        }
    }
}
