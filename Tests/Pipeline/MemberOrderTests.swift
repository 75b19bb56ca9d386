import HeraldModel
import HeraldPipeline
import Testing

@Suite("Members in their order")
struct MemberOrderTests {
    /// As digests are: as good as random.
    private func members(_ count: Int) -> MemberRows {
        var generator = SystemRandomNumberGenerator()
        var members = MemberRows()
        for row in 0..<count {
            members.append(MemberState(person: PersonDigest(high: generator.next(), low: generator.next()), values: generator.next()), row: Int32(row))
        }
        return members
    }

    @Test("Few and many are sorted alike, and nobody is lost", arguments: [0, 1, 2, 1_000, 200_000])
    func sorted(_ count: Int) {
        let given = members(count)
        var sorted = given
        sorted.sortByPerson()
        let order = given.states.indices.sorted { given.states[$0] < given.states[$1] }
        #expect(sorted.states.indices.map(sorted.row) == order)
        #expect(sorted.states == order.map { given.states[$0] })
    }

    @Test("Digests that are not random at all are sorted too")
    func crowded() {
        var crowded = MemberRows()
        for row in 0..<100_000 { crowded.append(MemberState(person: PersonDigest(high: 7, low: UInt64(100_000 - row)), values: 0), row: Int32(row)) }
        crowded.sortByPerson()
        #expect(crowded.states.map(\.person.low) == Array(1...100_000))
    }
}
