import HeraldModel

/// Texts held once each, found by their bytes; codes count from 0 in the order of first appearance.
struct TextPool {
    private(set) var texts: [Text] = []
    private var hashes: [UInt32] = []
    /// Open addressing: codes, −1 is free; the size is a power of two, at most half full.
    private var slots = [Int32](repeating: -1, count: 64)
    /// Drawn anew for each pool, so that nobody can write a file whose texts all collide.
    private let seed = UInt64.random(in: 1...UInt64.max)

    /// The code of a text, which is added where it is new.
    mutating func code(of bytes: CellBytes) -> (code: Int32, isNew: Bool) {
        let hash = hash(bytes)
        var slot = Int(hash) & (slots.count - 1)
        while slots[slot] >= 0 {
            let code = Int(slots[slot])
            if hashes[code] == hash, texts[code].isEqual(to: bytes) { return (Int32(code), false) }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = Int32(texts.count)
        hashes.append(hash)
        texts.append(Text(String(decoding: bytes, as: UTF8.self)))
        if texts.count * 2 > slots.count { grow() }
        return (Int32(texts.count - 1), true)
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: slots.count * 4)
        for (code, hash) in hashes.enumerated() {
            var slot = Int(hash) & (slots.count - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Int32(code)
        }
    }

    private func hash(_ bytes: CellBytes) -> UInt32 {
        var state = seed ^ UInt64(bytes.count)
        let raw = UnsafeRawBufferPointer(bytes)
        var at = 0
        while at + 8 <= raw.count {
            state = TextPool.mixed(state ^ raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            at += 8
        }
        var tail: UInt64 = 0
        while at < raw.count {
            tail = tail << 8 | UInt64(raw[at])
            at += 1
        }
        state = TextPool.mixed(state ^ tail)
        return UInt32(truncatingIfNeeded: state ^ state >> 32)
    }

    private static func mixed(_ word: UInt64) -> UInt64 {
        let product = word.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return product.high ^ product.low
    }
}

extension Text {
    /// Whether it is written with exactly these bytes.
    func isEqual(to bytes: CellBytes) -> Bool {
        guard string.utf8.count == bytes.count else { return false }
        return string.utf8.withContiguousStorageIfAvailable { $0.elementsEqual(bytes) } ?? string.utf8.elementsEqual(bytes)
    }
}
