import HeraldModel

/// Texts held once each, found by their bytes; codes count from 0 in the order of first appearance.
struct TextPool {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    private var hashes: [UInt32] = []
    /// Open addressing: codes, −1 is free; the size is a power of two, at most half full.
    private var slots = [Int32](repeating: -1, count: 64)
    private let seed: UInt64

    /// Pools that are to be joined have one seed.
    init(seed: UInt64 = TextHash.newSeed()) { self.seed = seed }

    var count: Int { ends.count }

    subscript(code: Int) -> Text { bytes.withUnsafeBufferPointer { Text(String(decoding: $0[range(code)], as: UTF8.self)) } }

    /// The code of a text, which is added where it is new.
    mutating func code(of text: CellBytes) -> (code: Int32, isNew: Bool) { code(of: text, hash: TextHash.hash(text, seed)) }

    /// `hash` is that of `TextHash` with this pool's seed.
    mutating func code(of text: CellBytes, hash: UInt32) -> (code: Int32, isNew: Bool) {
        var slot = Int(hash) & (slots.count - 1)
        while slots[slot] >= 0 {
            let code = Int(slots[slot])
            if hashes[code] == hash, isEqual(code, text) { return (Int32(code), false) }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = Int32(ends.count)
        let code = append(text, hash: hash)
        if ends.count * 2 > slots.count { grow() }
        return (code, true)
    }

    /// Adds a text without looking for it. After that nothing is to be looked for any more.
    mutating func append(_ text: CellBytes) -> Int32 { append(text, hash: TextHash.hash(text, seed)) }

    private mutating func append(_ text: CellBytes, hash: UInt32) -> Int32 {
        bytes.append(contentsOf: text)
        ends.append(bytes.count)
        hashes.append(hash)
        return Int32(ends.count - 1)
    }

    private func range(_ code: Int) -> Range<Int> { (code == 0 ? 0 : ends[code - 1])..<ends[code] }

    private func isEqual(_ code: Int, _ text: CellBytes) -> Bool {
        let range = range(code)
        guard range.count == text.count else { return false }
        return bytes.withUnsafeBufferPointer { $0[range].elementsEqual(text) }
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: slots.count * 4)
        for (code, hash) in hashes.enumerated() {
            var slot = Int(hash) & (slots.count - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Int32(code)
        }
    }

    consuming func finish() -> TextTable { TextTable(bytes: Cells(bytes), ends: Cells(ends), hashes: Cells(hashes), seed: seed) }
}
