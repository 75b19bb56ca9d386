/// Reads the records of a CSV file (RFC 4180) one after the other, in blocks; no more than one record is held.
///
/// Lines end with LF, CRLF or CR; blank lines are skipped; a quote inside a field that does not begin with one is an ordinary character.
final class CSVReader {
    static let fieldLimit = 1 << 20
    static let recordLimit = 32 << 20
    static let columnLimit = 2_000
    private static let blockSize = 1 << 18

    private struct Field {
        var start: Int
        var end: Int
        var hasDoubledQuotes: Bool
    }

    /// What a byte means outside quotes.
    private enum Class {
        static let ordinary: UInt8 = 0, delimiter: UInt8 = 1, lineFeed: UInt8 = 2, carriageReturn: UInt8 = 3
        static let high: UInt8 = 4, control: UInt8 = 5, quote: UInt8 = 6
    }

    private let file: DataFile
    private let classes: UnsafeMutablePointer<UInt8>
    private var buffer: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var filled = 0
    private var position = 0
    /// Bytes of the file before the buffer.
    private var passed = 0
    private var isAtEnd = false
    private var nextLine: UInt32 = 1
    private let fields: UnsafeMutablePointer<Field>
    private var isPastStart = false

    /// How many columns the record has; may be more than `cell` gives where they exceed the limit.
    private(set) var count = 0
    /// The line that the record starts on.
    private(set) var line: UInt32 = 1
    /// What is wrong inside the record, which is read whole all the same.
    private(set) var faults: [CSVFault] = []

    init(file: consuming DataFile, delimiter: UInt8) {
        self.file = file
        capacity = CSVReader.blockSize
        buffer = .allocate(capacity: capacity)
        fields = .allocate(capacity: CSVReader.columnLimit)
        classes = .allocate(capacity: 256)
        for byte in 0..<256 {
            classes[byte] = byte >= 0x80 ? Class.high : byte == 9 || 0x20..<0x7F ~= byte ? Class.ordinary : Class.control
        }
        classes[0x0A] = Class.lineFeed
        classes[0x0D] = Class.carriageReturn
        classes[Int(UInt8(ascii: "\""))] = Class.quote
        classes[Int(delimiter)] = Class.delimiter
    }

    deinit {
        buffer.deallocate()
        classes.deallocate()
        fields.deallocate()
    }

    /// Where the next record starts in the file, or blank lines before it, and on which line.
    var following: (offset: Int, line: UInt32) { (passed + position, nextLine) }
    /// Of the file, for those who read other parts of it.
    var descriptor: Int32 { file.descriptor }
    /// Whether the file is as it was when it was opened.
    var isUnchanged: Bool { file.isUnchanged }
    var identity: DataFile.Identity { file.identity }

    /// Moves to the next record; false at the end of the file. Throws what ends the reading.
    func next() throws(CSVFault) -> Bool {
        while true {
            switch try scan() {
            case .record: return true
            case .end: return false
            case .incomplete: try fill()
            }
        }
    }

    /// A field of the record without its quotes, valid until the next call of `next`.
    func cell(_ column: Int) -> CellBytes {
        if fields[column].hasDoubledQuotes { undouble(column) }
        let field = fields[column]
        return CellBytes(start: buffer + field.start, count: field.end - field.start)
    }

    /// Writes the field over itself with single quotes.
    private func undouble(_ column: Int) {
        var target = fields[column].start
        var at = target
        while at < fields[column].end {
            buffer[target] = buffer[at]
            at += buffer[at] == UInt8(ascii: "\"") ? 2 : 1
            target += 1
        }
        fields[column].end = target
        fields[column].hasDoubledQuotes = false
    }

    private func fill() throws(CSVFault) {
        if position > 0 {
            buffer.update(from: buffer + position, count: filled - position)
            filled -= position
            passed += position
            position = 0
        }
        if filled == capacity {
            guard capacity < CSVReader.recordLimit else { throw CSVFault(kind: .longRecord, line: nextLine, column: 0) }
            let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2)
            larger.update(from: buffer, count: filled)
            buffer.deallocate()
            buffer = larger
            capacity *= 2
        }
        do throws(DataFile.Problem) {
            let count = try file.read(into: UnsafeMutableRawBufferPointer(start: buffer + filled, count: capacity - filled))
            if count == 0 { isAtEnd = true }
            filled += count
        } catch {
            throw CSVFault(kind: .unreadable(error.message), line: nextLine, column: 0)
        }
    }

    private enum Step { case record, end, incomplete }

    /// Steps over a byte-order mark, which may stand at the start only; false while too little is read to tell.
    private func skipMark() -> Bool {
        guard !isPastStart else { return true }
        guard filled >= 3 || isAtEnd else { return false }
        isPastStart = true
        if filled >= 3, buffer[0] == 0xEF, buffer[1] == 0xBB, buffer[2] == 0xBF { position = 3 }
        return true
    }

    /// The place after a line end that starts at `at`; nil where the buffer ends before it can be told.
    private func afterLineEnd(_ at: Int) -> Int? {
        guard buffer[at] == 0x0D else { return at + 1 }
        guard at + 1 < filled else { return isAtEnd ? at + 1 : nil }
        return buffer[at + 1] == 0x0A ? at + 2 : at + 1
    }

    /// Looks for one record in what is read; where its end is not yet there it is looked at again from its start after the next block.
    private func scan() throws(CSVFault) -> Step {
        guard skipMark() else { return .incomplete }
        while position < filled, buffer[position] == 0x0A || buffer[position] == 0x0D {
            guard let after = afterLineEnd(position) else { return .incomplete }
            position = after
            nextLine &+= 1
        }
        guard position < filled else { return isAtEnd ? .end : .incomplete }
        if !faults.isEmpty { faults = [] }
        var at = position
        var number = nextLine
        var found = 0
        while true {
            guard let field = try field(&at, &number, found) else { return .incomplete }
            if found < CSVReader.columnLimit { fields[found] = field }
            found += 1
            if at < filled, classes[Int(buffer[at])] == Class.delimiter {
                at += 1
                continue
            }
            if at < filled {
                guard let after = afterLineEnd(at) else { return .incomplete }
                at = after
            }
            (line, nextLine, position, count) = (nextLine, number &+ 1, at, found)
            return .record
        }
    }

    /// Reads one field and stops on the delimiter or line end after it; nil where it is not whole yet.
    @inline(__always)
    private func field(_ at: inout Int, _ number: inout UInt32, _ column: Int) throws(CSVFault) -> Field? {
        let (bytes, classes, limit) = (buffer, classes, filled)
        guard at < limit || isAtEnd else { return nil }
        if at < limit, bytes[at] == UInt8(ascii: "\"") { return try quotedField(&at, &number, column) }
        let start = at
        var isPlain = true
        while at < limit {
            let kind = classes[Int(bytes[at])]
            if kind == Class.ordinary {
                at += 1
                continue
            }
            if kind <= Class.carriageReturn { break }
            if kind != Class.quote { isPlain = false }
            at += 1
        }
        guard at - start <= CSVReader.fieldLimit else { throw CSVFault(kind: .longField, line: number, column: column) }
        guard at < limit || isAtEnd else { return nil }
        if !isPlain { check(start, at, number, column) }
        return Field(start: start, end: at, hasDoubledQuotes: false)
    }

    private func quotedField(_ at: inout Int, _ number: inout UInt32, _ column: Int) throws(CSVFault) -> Field? {
        let (bytes, classes, limit, line) = (buffer, classes, filled, number)
        at += 1
        let start = at
        var (isPlain, hasDoubledQuotes) = (true, false)
        while true {
            guard at < limit else {
                guard !isAtEnd else { throw CSVFault(kind: .unclosedQuote, line: line, column: column) }
                guard at - start <= CSVReader.fieldLimit else { throw CSVFault(kind: .longField, line: line, column: column) }
                return nil
            }
            switch classes[Int(bytes[at])] {
            case Class.lineFeed, Class.carriageReturn:
                guard let after = afterLineEnd(at) else { return nil }
                at = after
                number &+= 1
                continue
            case Class.quote:
                guard at + 1 < limit || isAtEnd else { return nil }
                guard at + 1 < limit, bytes[at + 1] == UInt8(ascii: "\"") else { break }
                hasDoubledQuotes = true
                at += 2
                continue
            case Class.high, Class.control:
                isPlain = false
                fallthrough
            default:
                at += 1
                continue
            }
            break
        }
        let end = at
        guard end - start <= CSVReader.fieldLimit else { throw CSVFault(kind: .longField, line: line, column: column) }
        at += 1
        let after = at
        while at < limit, !(Class.delimiter...Class.carriageReturn ~= classes[Int(bytes[at])]) { at += 1 }
        guard at < limit || isAtEnd else { return nil }
        if at > after { faults.append(CSVFault(kind: .textAfterQuote, line: line, column: column)) }
        if !isPlain { check(start, end, line, column) }
        return Field(start: start, end: end, hasDoubledQuotes: hasDoubledQuotes)
    }

    private func check(_ start: Int, _ end: Int, _ line: UInt32, _ column: Int) {
        switch TextCheck.finding(CellBytes(start: buffer + start, count: end - start)) {
        case .notUTF8: faults.append(CSVFault(kind: .notUTF8, line: line, column: column))
        case .control: faults.append(CSVFault(kind: .controlCharacter, line: line, column: column))
        case nil: break
        }
    }
}
