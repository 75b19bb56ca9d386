package import HeraldModel

/// A member together with the row of the contact data that they come from.
package struct MemberRow: Sendable {
    package let state: MemberState
    package let row: Int32

    package init(state: MemberState, row: Int32) {
        self.state = state
        self.row = row
    }
}

extension [MemberRow] {
    /// Fewer than this are sorted at once.
    private static var few: Int { 512 }

    /// Ascending by person, in place: ten million members must not stand in memory twice.
    ///
    /// Digests are as good as random, so their bytes part them evenly: everybody is put into the part of their first byte, each part into those of the second,
    /// until few are left. That takes half the comparisons of sorting them all at once.
    package mutating func sortByPerson() { sort(indices, by: 0) }

    /// - Parameter byte: of the digest; those before it are the same in all of these.
    private mutating func sort(_ range: Range<Int>, by byte: Int) {
        guard range.count > Self.few, byte < 8 else { return self[range].sort { $0.state < $1.state } }
        var start = range.lowerBound
        for end in part(range, by: byte) {
            sort(start..<end, by: byte + 1)
            start = end
        }
    }

    /// Exchanges members until each stands in the part of a byte of theirs. Returns where the parts end.
    private mutating func part(_ range: Range<Int>, by byte: Int) -> [Int] {
        let shift = UInt64(56 - 8 * byte)
        func home(_ index: Int) -> Int { Int(self[index].state.person.high >> shift & 0xFF) }
        var ends = [Int](repeating: 0, count: 256)
        for index in range { ends[home(index)] += 1 }
        ends[0] += range.lowerBound
        for part in 1..<256 { ends[part] += ends[part - 1] }
        var next = [range.lowerBound] + ends.dropLast()
        for part in 0..<256 {
            while next[part] < ends[part] {
                let right = home(next[part])
                if right != part { swapAt(next[part], next[right]) }
                next[right] += 1
            }
        }
        return ends
    }
}
