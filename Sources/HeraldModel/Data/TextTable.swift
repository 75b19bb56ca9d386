/// Many texts one after the other in one piece of memory, so that a million of them are no million objects.
package struct TextTable: Sendable, RandomAccessCollection, ExpressibleByArrayLiteral {
    /// UTF-8.
    package let bytes: Cells<UInt8>
    /// Where each text ends; each begins where the one before it ends.
    package let ends: Cells<Int>
    /// Of each text, by `TextHash` with this table's seed.
    package let hashes: Cells<UInt32>
    package let seed: UInt64

    package init(bytes: Cells<UInt8>, ends: Cells<Int>, hashes: Cells<UInt32>, seed: UInt64) {
        self.bytes = bytes
        self.ends = ends
        self.hashes = hashes
        self.seed = seed
    }

    package init(_ texts: some Sequence<Text>) {
        let seed = TextHash.newSeed()
        var (bytes, ends, hashes): ([UInt8], [Int], [UInt32]) = ([], [], [])
        for text in texts {
            var string = text.string
            string.withUTF8 { utf8 in
                bytes.append(contentsOf: utf8)
                hashes.append(TextHash.hash(utf8, seed))
            }
            ends.append(bytes.count)
        }
        self.init(bytes: Cells(bytes), ends: Cells(ends), hashes: Cells(hashes), seed: seed)
    }

    package init(arrayLiteral elements: Text...) { self.init(elements) }

    @inlinable package var startIndex: Int { 0 }
    @inlinable package var indices: Range<Int> { 0..<ends.count }
    @inlinable package func index(after index: Int) -> Int { index + 1 }
    @inlinable package var endIndex: Int { ends.count }

    package subscript(index: Int) -> Text { Text(String(decoding: utf8(index), as: UTF8.self)) }

    /// The bytes of a text; valid as long as this table is.
    @inlinable package func utf8(_ index: Int) -> UnsafeBufferPointer<UInt8> {
        let from = index == 0 ? 0 : ends[index - 1]
        return UnsafeBufferPointer(rebasing: bytes.buffer[from..<ends[index]])
    }

    /// Whether a text of this table is written with the same bytes as one of another.
    @inlinable package func isEqual(_ index: Int, to other: Int, of table: TextTable) -> Bool {
        let (left, right) = (utf8(index), table.utf8(other))
        return left.count == right.count && left.elementsEqual(right)
    }
}

/// The hash by which texts of tables are found again.
package enum TextHash {
    /// Drawn anew for each table, so that nobody can write a file whose texts all collide.
    package static func newSeed() -> UInt64 { UInt64.random(in: 1...UInt64.max) }

    @inlinable package static func hash(_ bytes: UnsafeBufferPointer<UInt8>, _ seed: UInt64) -> UInt32 {
        var state = seed ^ UInt64(bytes.count)
        let raw = UnsafeRawBufferPointer(bytes)
        var at = 0
        while at + 8 <= raw.count {
            state = mixed(state ^ raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            at += 8
        }
        var tail: UInt64 = 0
        while at < raw.count {
            tail = tail << 8 | UInt64(raw[at])
            at += 1
        }
        state = mixed(state ^ tail)
        return UInt32(truncatingIfNeeded: state ^ state >> 32)
    }

    @inlinable package static func mixed(_ word: UInt64) -> UInt64 {
        let product = word.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return product.high ^ product.low
    }
}
