import HeraldContract
import HeraldModel
import Testing

/// What every provider does with the members of lists.
@Suite struct MemberConformanceTests {
    struct Transition: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let before: [Int: String]
        let adding: [Int: String]
        let removing: [Int]
        let after: [Int: String]

        static let all = [
            Transition(testDescription: "the first", before: [:], adding: [3: "Bonn", 1: "Ulm", 2: ""], removing: [], after: [1: "Ulm", 2: "", 3: "Bonn"]),
            Transition(testDescription: "one more", before: [1: "Ulm"], adding: [2: "Bonn"], removing: [], after: [1: "Ulm", 2: "Bonn"]),
            Transition(testDescription: "renewed", before: [1: "Ulm", 2: "Bonn"], adding: [1: "Köln"], removing: [], after: [1: "Köln", 2: "Bonn"]),
            Transition(testDescription: "renewed with the same", before: [1: "Ulm"], adding: [1: "Ulm"], removing: [], after: [1: "Ulm"]),
            Transition(testDescription: "taken out", before: [1: "Ulm", 2: "Bonn"], adding: [:], removing: [1], after: [2: "Bonn"]),
            Transition(testDescription: "all taken out", before: [1: "Ulm", 2: "Bonn"], adding: [:], removing: [2, 1], after: [:]),
            Transition(testDescription: "taken out who is not in", before: [1: "Ulm"], adding: [:], removing: [9], after: [1: "Ulm"]),
            Transition(
                testDescription: "everything at once", before: [1: "Ulm", 2: "Bonn", 3: "Kiel"], adding: [2: "Köln", 4: "Jena"], removing: [1],
                after: [2: "Köln", 3: "Kiel", 4: "Jena"]),
            Transition(testDescription: "nothing", before: [1: "Ulm"], adding: [:], removing: [], after: [1: "Ulm"]),
        ]
    }

    @Test(arguments: ProviderFactory.all, Transition.all)
    func changingLeadsWhereItSays(_ factory: ProviderFactory, _ transition: Transition) async throws {
        let room = try factory.make()
        let list = try await room.writer().create(Sample.list("VIP", mark: "a")).get().id
        let other = try await room.writer().create(Sample.list("Other", mark: "b")).get().id
        #expect(try await room.writer().change(other, adding: members([1: "Trier"]), removing: []).get() == 1)
        #expect(try await room.writer().change(list, adding: members(transition.before), removing: []).get() == transition.before.count)
        // Twice: the second changes nothing.
        for _ in 0..<2 {
            let count = try await room.writer().change(list, adding: members(transition.adding), removing: transition.removing.map(Sample.person)).get()
            #expect(count == transition.after.count)
            let found = try await room.provider.reader().members(of: [list, other])
            #expect(found == [list: states(transition.after), other: states([1: "Trier"])])
        }
        let counts = try await room.provider.reader().inventory().map(\.memberCount)
        #expect(counts == [transition.after.count, 1])
    }

    @Test(arguments: ProviderFactory.all)
    func manyMembersReadBackEqual(_ factory: ProviderFactory) async throws {
        let room = try factory.make()
        let list = try await room.writer().create(Sample.list("Many", mark: "a")).get().id
        let all = Dictionary(uniqueKeysWithValues: (0..<3_000).map { ($0, "City \($0 % 7)") })
        #expect(try await room.writer().change(list, adding: members(all), removing: []).get() == 3_000)
        #expect(try await room.provider.reader().members(of: [list]) == [list: states(all)])
        #expect(try await room.provider.reader().members(of: []) == [:])
    }

    @Test(arguments: ProviderFactory.all)
    func aListThatIsNotThereIsAnErrorAndNeverEmpty(_ factory: ProviderFactory) async throws {
        let room = try factory.make()
        let list = try await room.writer().create(Sample.list("VIP", mark: "a")).get().id
        let email = try await room.writer().create(Sample.email("Hello", mark: "b")).get().id
        for missing in [RemoteID("999999"), RemoteID("no id"), email] {
            await #expect(throws: ProviderFailure.self) { try await room.provider.reader().members(of: [list, missing]) }
            let outcome = try await room.writer().change(missing, adding: members([1: "Ulm"]), removing: [])
            #expect(!outcome.isDone)
        }
    }

    private func members(_ people: [Int: String]) throws -> [Member] { try people.map { try Sample.member($0.key, city: $0.value) } }

    private func states(_ people: [Int: String]) -> [MemberState] { people.map { Sample.state($0.key, city: $0.value) }.sorted() }
}
