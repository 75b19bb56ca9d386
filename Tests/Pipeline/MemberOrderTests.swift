import HeraldModel
import HeraldPipeline
import Testing

@Suite("Members in their order")
struct MemberOrderTests {
    /// As digests are: as good as random.
    private func members(_ count: Int) -> [MemberRow] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { row in
            MemberRow(
                state: MemberState(person: PersonDigest(high: generator.next(), low: generator.next()), values: generator.next()), row: Int32(row))
        }
    }

    @Test("Few and many are sorted alike, and nobody is lost", arguments: [0, 1, 2, 1_000, 200_000])
    func sorted(_ count: Int) {
        let given = members(count)
        var sorted = given
        sorted.sortByPerson()
        #expect(sorted.map(\.row) == given.sorted { $0.state < $1.state }.map(\.row))
    }

    @Test("Digests that are not random at all are sorted too")
    func crowded() {
        var crowded = (0..<100_000).map { MemberRow(state: MemberState(person: PersonDigest(high: 7, low: UInt64(100_000 - $0)), values: 0), row: Int32($0)) }
        crowded.sortByPerson()
        #expect(crowded.map(\.state.person.low) == Array(1...100_000))
    }
}
