import HeraldModel

/// The addresses of an entity's records, each as a number; records with one normal form have one number.
struct AddressBook: Sendable {
    /// Of each row: its address, −1 where it is empty or invalid.
    let ofRow: Cells<Int32>
    private let texts: TextTable
    private let hasEmail: Bool

    /// More than any number.
    var count: Int { texts.count }

    /// - Parameter column: nil where the entity has no addresses.
    init(_ column: Column?, rows: Int, hasEmail: Bool) {
        self.hasEmail = hasEmail
        guard let column else {
            (ofRow, texts) = (Cells([Int32](repeating: -1, count: rows)), [])
            return
        }
        let (codes, texts) = AddressBook.texts(of: column, rows)
        let first = AddressBook.first(texts, hasEmail)
        self.texts = texts
        ofRow = Cells(count: rows) { memory in
            let shared = SharedMemory(memory)
            AllCores.eachRun(of: rows) { for row in $0 { shared.elements[row] = codes[row] < 0 ? -1 : first[Int(codes[row])] } }
        }
    }

    /// The normal form of an address.
    subscript(number: Int32) -> String { AddressBook.normalForm(texts[Int(number)].string, hasEmail: hasEmail) ?? "" }

    /// The one form of an address by which people are told apart; nil where it is empty or invalid. Phone numbers stay as written, but for white space.
    static func normalForm(_ source: String, hasEmail: Bool) -> String? {
        if hasEmail { return EmailAddress(source)?.text }
        let words = source.split(whereSeparator: \.isWhitespace)
        return words.isEmpty ? nil : words.joined(separator: " ")
    }

    private static func texts(of column: Column, _ rows: Int) -> (Cells<Int32>, TextTable) {
        if case .text(let codes, let pool) = column.storage { return (codes, pool) }
        var pool = TextPool()
        let codes = (0..<rows).map { row -> Int32 in
            var text = ValueText.plain(column.value(at: row))
            return text.isEmpty ? -1 : text.withUTF8 { pool.code(of: $0).code }
        }
        return (Cells(codes), pool.finish())
    }

    /// Of each text the first with the same normal form; −1 for what is no address.
    private static func first(_ texts: TextTable, _ hasEmail: Bool) -> Cells<Int32> {
        let seed = TextHash.newSeed()
        // Low 32 bits: the hash of the normal form. Above them: whether that is no more than the text in small letters, or there is none.
        let forms = Cells<UInt64>(count: texts.count) { memory in
            let shared = SharedMemory(memory)
            AllCores.eachRun(of: texts.count, by: 1 << 14) { run in
                var small = [UInt8](repeating: 0, count: 512)
                for text in run { shared.elements[text] = form(texts.utf8(text), hasEmail, seed, &small) }
            }
        }
        let size = IntegerNumbers.tableSize(texts.count)
        // Each core finds those whose hashes are its own, in the texts' order.
        let cores = texts.count < 1 << 14 ? 1 : AllCores.count
        return Cells(count: texts.count) { memory in
            let shared = SharedMemory(memory)
            AllCores.each(of: cores, start: {}) { core, _ in
                var slots = [Int32](repeating: -1, count: size)
                for text in texts.indices {
                    let form = forms[text]
                    guard form != nothing else {
                        if core == 0 { shared.elements[text] = -1 }
                        continue
                    }
                    guard Int(form >> 24 & 0xFF) % cores == core else { continue }
                    var slot = Int(truncatingIfNeeded: form) & (size - 1) & 0xFFFF_FFFF
                    while slots[slot] >= 0, forms[Int(slots[slot])] != form || !isSame(texts, Int(slots[slot]), text, isPlain: form & plain != 0, hasEmail) {
                        slot = (slot + 1) & (size - 1)
                    }
                    if slots[slot] < 0 { slots[slot] = Int32(text) }
                    shared.elements[text] = slots[slot]
                }
            }
        }
    }

    private static let plain: UInt64 = 1 << 32
    private static let nothing = UInt64.max

    private static func form(_ bytes: CellBytes, _ hasEmail: Bool, _ seed: UInt64, _ small: inout [UInt8]) -> UInt64 {
        if hasEmail, bytes.count <= small.count, let isAddress = EmailAddress.isPlain(bytes) {
            guard isAddress else { return nothing }
            return small.withUnsafeMutableBufferPointer { small in
                guard let source = bytes.baseAddress, let target = small.baseAddress else { return nothing }
                for index in 0..<bytes.count { target[index] = lower(source[index]) }
                return plain | UInt64(TextHash.hash(CellBytes(start: target, count: bytes.count), seed))
            }
        }
        guard var normal = normalForm(String(decoding: bytes, as: UTF8.self), hasEmail: hasEmail) else { return nothing }
        // What has other letters than small ones may still come to the same as what is plain.
        let isPlain = hasEmail && normal.utf8.allSatisfy { $0 < 0x80 }
        return (isPlain ? plain : 0) | normal.withUTF8 { UInt64(TextHash.hash($0, seed)) }
    }

    /// Whether two texts with one hash have one normal form.
    private static func isSame(_ texts: TextTable, _ a: Int, _ b: Int, isPlain: Bool, _ hasEmail: Bool) -> Bool {
        let (left, right) = (texts.utf8(a), texts.utf8(b))
        if isPlain, left.count == right.count, zip(left, right).allSatisfy({ lower($0) == lower($1) }) { return true }
        return normalForm(texts[a].string, hasEmail: hasEmail) == normalForm(texts[b].string, hasEmail: hasEmail)
    }

    /// Without a branch, so that many bytes are done at once.
    @inline(__always)
    private static func lower(_ byte: UInt8) -> UInt8 { byte | (byte &- 0x41 < 26 ? 0x20 : 0) }
}
