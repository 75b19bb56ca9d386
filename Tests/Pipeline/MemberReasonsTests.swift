import HeraldModel
import Testing

@testable import HeraldPipeline

/// Why people come and go, by what is known of the time before.
@Suite("Reasons of member changes")
struct MemberReasonsTests {
    private static let then = Instant(seconds: 1_800_000_000)

    private func basis(_ condition: String = "c", reading: String = "r", data: String? = "d") -> MemberBasis {
        MemberBasis(condition: condition, reading: reading, data: data, at: Self.then)
    }

    /// People 1 to 6 come, 11 to 16 leave. At the time before, `before` of them would have been in; `gone` of them the data no longer has.
    private func reasons(
        now: MemberBasis?, known: MemberBasis?, condition: String = "c", before: Set<Int>? = [1, 2, 3, 4, 5, 6], gone: Set<Int> = [], spoke: Set<Int> = [],
        left: [Int: LeaveReason] = [:], hasDrifted: Bool = false
    ) -> [String] {
        var files = Files()
        files.lists["a"] = Files.List(name: "A", condition: now?.condition ?? "c", people: .people(1...6), reasons: left)
        var list = files.desired.lists[0]
        list.basis = now
        let number = Dictionary(uniqueKeysWithValues: (1...20).map { (Files.person($0), $0) })
        list.earlier = EarlierMembers(
            wouldBeIn: { person in before.map { $0.contains(number[person] ?? 0) } }, spoke: { spoke.contains(number[$0] ?? 0) },
            isThere: { !gone.contains(number[$0] ?? 0) })
        var state = ObjectState(provider: "local", remote: RemoteID("1"), mark: "m", name: "A")
        state.condition = condition
        state.members = MemberDigests(count: 6, seen: "s", basis: known)
        var difference = MemberDifference(from: [], to: [])
        (difference.added, difference.removed) = ((1...6).map(Files.person), (11...16).map(Files.person))
        return MemberReasons(list, state, hasDrifted: hasDrifted).reasons(difference).map { "\($0.code.rawValue) \($0.people ?? 0)" }
    }

    @Test("Whom time would not have moved, the one other thing moved that changed")
    func oneThing() {
        #expect(reasons(now: basis("e"), known: basis()) == ["FILTER_EDITED 12"])
        #expect(reasons(now: basis(data: "e"), known: basis()) == ["DATA_CHANGED 12"])
        #expect(reasons(now: basis(), known: basis(), before: Set(11...16)) == ["AGED 12"])
        #expect(reasons(now: basis("e"), known: basis(), before: [1, 2, 3, 11]) == ["FILTER_EDITED 8", "AGED 4"])
        #expect(reasons(now: basis(), known: basis()) == ["UNATTRIBUTED 12"])
    }

    @Test("Filter and data at once: only whom the data no longer has is told")
    func twoThings() {
        #expect(reasons(now: basis("e", data: "e"), known: basis(), gone: [11]) == ["DATA_CHANGED 1", "UNATTRIBUTED 11"])
        #expect(reasons(now: basis("e", data: "e"), known: basis(), before: Set(11...16)) == ["AGED 12"])
    }

    @Test("Where there is no ground to stand on, nothing is told but consent")
    func noGround() {
        let cases: [[String]] = [
            reasons(now: basis("e"), known: nil), reasons(now: nil, known: basis()), reasons(now: basis("e"), known: basis(), hasDrifted: true),
            reasons(now: basis("e", reading: "other"), known: basis()), reasons(now: basis("e"), known: basis("half-applied")),
            reasons(now: basis("e", data: nil), known: basis(data: nil)), reasons(now: basis("e"), known: basis(), before: nil),
        ]
        for found in cases { #expect(found == ["UNATTRIBUTED 12"]) }
        let unsubscribed = Dictionary(uniqueKeysWithValues: (11...16).map { ($0, LeaveReason.unsubscribed) })
        #expect(reasons(now: basis("e"), known: nil, left: unsubscribed) == ["CONSENT_WITHDRAWN 6", "UNATTRIBUTED 6"])
    }

    @Test("What people said comes first, and of fewer than five it is not told apart")
    func people() {
        func left(_ numbers: ClosedRange<Int>, _ reason: LeaveReason) -> [Int: LeaveReason] { Dictionary(uniqueKeysWithValues: numbers.map { ($0, reason) }) }
        let now = basis(data: "e")
        #expect(reasons(now: now, known: basis(), left: left(11...15, .unsubscribed)) == ["CONSENT_WITHDRAWN 5", "DATA_CHANGED 7"])
        #expect(reasons(now: now, known: basis(), left: left(11...16, .removed)) == ["REMOVED 6", "DATA_CHANGED 6"])
        #expect(reasons(now: now, known: basis(), left: left(11...12, .removed)) == ["DATA_CHANGED 10", "UNATTRIBUTED 2"])
        #expect(reasons(now: now, known: basis(), left: left(11...15, .bounced).merging([16: .removed]) { $1 }) == ["DATA_CHANGED 6", "UNATTRIBUTED 6"])
        #expect(reasons(now: now, known: basis(), spoke: Set(1...5)) == ["DATA_CHANGED 5", "DATA_CHANGED 7"])
    }
}
