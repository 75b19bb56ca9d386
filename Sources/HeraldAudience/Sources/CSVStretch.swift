import CScan
import HeraldModel

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The rows of one stretch of a CSV file, found by one core: where in its buffer each wanted field stands.
///
/// It takes only what `CSVReader` would take without complaint, and says so when there is anything else; then that one reads the file, and tells what is wrong.
struct CSVStretch: ~Copyable {
    struct Layout: Sendable {
        let descriptor: Int32
        let fileSize: Int
        let delimiter: UInt8
        let columnCount: Int
        /// Of each column of the file its place among the wanted ones, or −1.
        let slots: [Int]
        let wanted: Int
    }

    /// What was found; places are those of bytes in the file.
    struct Found {
        /// Where the first record starts, and where the next one after the stretch.
        var start: Int
        var end: Int
        var rows = 0
        /// How many lines the records and what is between them have.
        var lines: UInt32 = 0
        var isBroken = false
    }

    private enum Step { case done, incomplete, broken }

    private let layout: Layout
    private var buffer: UnsafeMutablePointer<UInt8>
    private var places: UnsafeMutablePointer<UInt32>
    private var capacity: Int
    private let starts: UnsafeMutablePointer<UInt32>
    private let ends: UnsafeMutablePointer<UInt32>
    private let mostRows: Int
    /// Of each row the line it starts on, from 0.
    let lines: UnsafeMutablePointer<UInt32>

    private var filled = 0
    private var isAtEnd = false
    private var position = 0
    private var found = Found(start: 0, end: 0)

    /// - Parameter length: of the longest stretch.
    init(_ layout: Layout, length: Int) {
        self.layout = layout
        capacity = length + CSVStretch.overhang
        buffer = .allocate(capacity: capacity)
        places = .allocate(capacity: capacity)
        mostRows = length / layout.columnCount + 2
        starts = .allocate(capacity: mostRows * layout.wanted)
        ends = .allocate(capacity: mostRows * layout.wanted)
        lines = .allocate(capacity: mostRows)
    }

    deinit {
        buffer.deallocate()
        places.deallocate()
        starts.deallocate()
        ends.deallocate()
        lines.deallocate()
    }

    /// Read beyond the stretch at first, for the record that crosses its end.
    private static let overhang = 1 << 14

    /// The cells of a wanted column, valid until the next `read`.
    borrowing func cells(_ slot: Int) -> CellList {
        CellList(bytes: UnsafePointer(buffer), starts: starts + slot * mostRows, ends: ends + slot * mostRows, count: found.rows)
    }

    /// Reads the records that start in a stretch. Where its first byte is not known to start a record, the first line end is taken for the end of one.
    mutating func read(_ stretch: Range<Int>, isStart: Bool) -> Found {
        // The line end that the stretch may start behind is part of what is looked at.
        let from = isStart ? stretch.lowerBound : stretch.lowerBound - 1
        var overhang = CSVStretch.overhang
        while true {
            guard load(from, stretch.upperBound + overhang - from) else { break }
            switch scan(from, limit: stretch.upperBound - from, isStart: isStart) {
            case .done:
                found.end = from + position
                return found
            case .incomplete where overhang <= CSVReader.recordLimit: overhang *= 8
            case .incomplete, .broken:
                found.isBroken = true
                return found
            }
        }
        found.isBroken = true
        return found
    }

    /// Fills the buffer; false where the file cannot be read, or is shorter than it was.
    private mutating func load(_ from: Int, _ length: Int) -> Bool {
        let wanted = min(length, layout.fileSize - from)
        if wanted > capacity {
            buffer.deallocate()
            places.deallocate()
            capacity = wanted
            buffer = .allocate(capacity: capacity)
            places = .allocate(capacity: capacity)
        }
        filled = 0
        while filled < wanted {
            let count = pread(layout.descriptor, buffer + filled, wanted - filled, off_t(from + filled))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            filled += count
        }
        isAtEnd = from + filled == layout.fileSize
        return true
    }

    private mutating func scan(_ from: Int, limit: Int, isStart: Bool) -> Step {
        var unusual: Int32 = 0
        let count = herald_scan(buffer, filled, layout.delimiter, places, &unusual)
        found = Found(start: from, end: from)
        position = 0
        var next = 0
        if !isStart {
            while next < count, !isLineEnd(buffer[Int(places[next])]) { next += 1 }
            // No line ends here: whatever starts in an earlier stretch goes on.
            guard next < count, let after = afterLineEnd(Int(places[next])) else {
                position = filled
                return isAtEnd ? .done : .incomplete
            }
            position = after
            found.start = from + position
        }
        let first = position
        while position < limit, position < filled {
            while next < count, Int(places[next]) < position { next += 1 }
            if isLineEnd(buffer[position]) {
                guard let after = afterLineEnd(position) else { return .incomplete }
                position = after
                found.lines &+= 1
                continue
            }
            guard found.rows < mostRows else { return .broken }
            lines[found.rows] = found.lines
            if isPlain(next, count) {
                guard let after = afterLineEnd(Int(places[next + layout.columnCount - 1])) else { return .incomplete }
                takePlain(next)
                (position, next) = (after, next + layout.columnCount)
                found.lines &+= 1
            } else {
                let step = quotedRecord()
                if step != .done { return step }
            }
            found.rows += 1
        }
        return unusual != 0 && TextCheck.finding(CellBytes(start: buffer + first, count: position - first)) != nil ? .broken : .done
    }

    private func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

    /// The place after a line end that starts at `at`; nil where the buffer ends before it can be told.
    private func afterLineEnd(_ at: Int) -> Int? {
        guard buffer[at] == 0x0D else { return at + 1 }
        guard at + 1 < filled else { return isAtEnd ? at + 1 : nil }
        return buffer[at + 1] == 0x0A ? at + 2 : at + 1
    }

    /// Whether the record has no quotes and as many fields as the header, and a line end.
    private func isPlain(_ next: Int, _ count: Int) -> Bool {
        let last = next + layout.columnCount - 1
        guard last < count, isLineEnd(buffer[Int(places[last])]), Int(places[last]) - position <= CSVReader.fieldLimit else { return false }
        var isPlain = true
        for place in next..<last where buffer[Int(places[place])] != layout.delimiter { isPlain = false }
        return isPlain
    }

    private mutating func takePlain(_ next: Int) {
        var start = UInt32(truncatingIfNeeded: position)
        layout.slots.withUnsafeBufferPointer { slots in
            for column in 0..<layout.columnCount {
                let end = places[next + column]
                if slots[column] >= 0 { take(slots[column], start, end) }
                start = end + 1
            }
        }
    }

    private func take(_ slot: Int, _ start: UInt32, _ end: UInt32) {
        starts[slot * mostRows + found.rows] = start
        ends[slot * mostRows + found.rows] = end
    }

    /// A record with quotes, or the last one without a line end.
    private mutating func quotedRecord() -> Step {
        var (at, column) = (position, 0)
        while true {
            var (start, end) = (at, at)
            if at < filled, buffer[at] == UInt8(ascii: "\"") {
                start = at + 1
                let step = quotedField(&at, &end)
                if step != .done { return step }
            } else {
                while at < filled, buffer[at] != layout.delimiter, !isLineEnd(buffer[at]) { at += 1 }
                end = at
            }
            guard end - start <= CSVReader.fieldLimit else { return .broken }
            guard at < filled || isAtEnd else { return .incomplete }
            guard column < layout.columnCount else { return .broken }
            if layout.slots[column] >= 0 { take(layout.slots[column], UInt32(start), UInt32(end)) }
            column += 1
            guard at < filled, buffer[at] == layout.delimiter else { break }
            at += 1
        }
        guard column == layout.columnCount else { return .broken }
        if at < filled {
            guard let after = afterLineEnd(at) else { return .incomplete }
            at = after
        }
        position = at
        found.lines &+= 1
        return .done
    }

    /// Moves behind the closing quote. `end` is where the value ends, with doubled quotes made single in the buffer.
    private mutating func quotedField(_ at: inout Int, _ end: inout Int) -> Step {
        let start = at + 1
        at = start
        var hasDoubled = false
        while true {
            guard at < filled else { return isAtEnd || at - start > CSVReader.fieldLimit ? .broken : .incomplete }
            let byte = buffer[at]
            if byte == UInt8(ascii: "\"") {
                guard at + 1 < filled || isAtEnd else { return .incomplete }
                guard at + 1 < filled, buffer[at + 1] == UInt8(ascii: "\"") else { break }
                hasDoubled = true
                at += 2
            } else if isLineEnd(byte) {
                guard let after = afterLineEnd(at) else { return .incomplete }
                at = after
                found.lines &+= 1
            } else {
                at += 1
            }
        }
        end = at
        guard end - start <= CSVReader.fieldLimit else { return .broken }
        at += 1
        // Text after the closing quote.
        guard at == filled || buffer[at] == layout.delimiter || isLineEnd(buffer[at]) else { return .broken }
        if hasDoubled { end = undoubled(start, end) }
        return .done
    }

    /// Writes a field over itself with single quotes, and spaces over what is left of it, which may be half a character.
    private mutating func undoubled(_ start: Int, _ end: Int) -> Int {
        var (target, at) = (start, start)
        while at < end {
            buffer[target] = buffer[at]
            at += buffer[at] == UInt8(ascii: "\"") ? 2 : 1
            target += 1
        }
        for rest in target..<end { buffer[rest] = UInt8(ascii: " ") }
        return target
    }
}

/// The cells of one column in a stretch.
struct CellList {
    let bytes: UnsafePointer<UInt8>
    let starts: UnsafePointer<UInt32>
    let ends: UnsafePointer<UInt32>
    let count: Int

    @inline(__always)
    subscript(row: Int) -> CellBytes { CellBytes(start: bytes + Int(starts[row]), count: Int(ends[row] - starts[row])) }
}
