import Dispatch
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
    private static var few: Int { 1 << 16 }

    /// Ascending by person, in place: ten million members must not stand in memory twice.
    ///
    /// Digests are as good as random, so their first bytes part them evenly: everybody is put into the part of their first byte, and the parts are sorted on
    /// all cores.
    package mutating func sortByPerson() {
        guard count > Self.few else { return sort { $0.state < $1.state } }
        withUnsafeMutableBufferPointer { members in
            let ends = Self.part(members)
            // Every part is another piece of memory.
            nonisolated(unsafe) let all = members
            DispatchQueue.concurrentPerform(iterations: 256) { byte in
                var piece = UnsafeMutableBufferPointer(rebasing: all[(byte == 0 ? 0 : ends[byte - 1])..<ends[byte]])
                piece.sort { $0.state < $1.state }
            }
        }
    }

    /// Exchanges members until each stands in the part of its first byte. Returns where the parts end.
    private static func part(_ members: UnsafeMutableBufferPointer<MemberRow>) -> [Int] {
        func byte(_ index: Int) -> Int { Int(members[index].state.person.high >> 56) }
        var ends = [Int](repeating: 0, count: 256)
        for index in members.indices { ends[byte(index)] += 1 }
        for byte in 1..<256 { ends[byte] += ends[byte - 1] }
        var next = [0] + ends.dropLast()
        for part in 0..<256 {
            while next[part] < ends[part] {
                let home = byte(next[part])
                if home != part { members.swapAt(next[part], next[home]) }
                next[home] += 1
            }
        }
        return ends
    }
}
