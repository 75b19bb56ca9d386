package import HeraldModel

/// Members together with the rows of the contact data that they come from: two arrays side by side, so that ten million members stand in memory once.
package struct MemberRows: Sendable {
    package private(set) var states: [MemberState] = []
    private var rows: [Int32] = []

    package init() {}

    package mutating func reserve(_ count: Int) {
        states.reserveCapacity(count)
        rows.reserveCapacity(count)
    }

    package mutating func append(_ state: MemberState, row: Int32) {
        states.append(state)
        rows.append(row)
    }

    /// The row of the member at this place.
    package func row(_ index: Int) -> Int { Int(rows[index]) }

    /// Fewer than this are sorted at once.
    private static let few = 512

    /// Ascending by person, in place.
    ///
    /// Digests are as good as random, so their bytes part them evenly: everybody is put into the part of their first byte, each part into those of the second,
    /// until few are left. That takes half the comparisons of sorting them all at once.
    package mutating func sortByPerson() { sort(states.indices, by: 0) }

    /// - Parameter byte: of the digest; those before it are the same in all of these.
    private mutating func sort(_ range: Range<Int>, by byte: Int) {
        guard range.count > MemberRows.few, byte < 8 else { return sortAtOnce(range) }
        var start = range.lowerBound
        for end in part(range, by: byte) {
            sort(start..<end, by: byte + 1)
            start = end
        }
    }

    private mutating func sortAtOnce(_ range: Range<Int>) {
        guard range.count > 1 else { return }
        let sorted = range.map { (state: states[$0], row: rows[$0]) }.sorted { $0.state < $1.state }
        for (index, member) in zip(range, sorted) { (states[index], rows[index]) = (member.state, member.row) }
    }

    /// Exchanges members until each stands in the part of a byte of theirs. Returns where the parts end.
    private mutating func part(_ range: Range<Int>, by byte: Int) -> [Int] {
        let shift = UInt64(56 - 8 * byte)
        func home(_ index: Int) -> Int { Int(states[index].person.high >> shift & 0xFF) }
        var ends = [Int](repeating: 0, count: 256)
        for index in range { ends[home(index)] += 1 }
        ends[0] += range.lowerBound
        for part in 1..<256 { ends[part] += ends[part - 1] }
        var next = [range.lowerBound] + ends.dropLast()
        for part in 0..<256 {
            while next[part] < ends[part] {
                let right = home(next[part])
                if right != part {
                    states.swapAt(next[part], next[right])
                    rows.swapAt(next[part], next[right])
                }
                next[right] += 1
            }
        }
        return ends
    }
}
