import HeraldModel
import Testing

@testable import HeraldPipeline

/// SplitMix64: the same edits for the same seed.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

@Suite("Whatever is edited, in whatever order")
struct PlanPropertyTests {
    private static let due = Instant(seconds: 1_803_891_600)

    @Test("After apply the plan is empty, and the provider holds what the files say", arguments: 1...15)
    func withoutFaults(_ seed: Int) async throws {
        var dice = Dice(seed)
        let world = try World()
        for turn in 1...10 {
            for _ in 0...Int.random(in: 0...3, using: &dice) { edit(world, &dice) }
            let result = try await world.apply()
            #expect(result.exitCode == .done, "turn \(turn): \(result.failures)")
            try await check(world, "seed \(seed), turn \(turn)")
        }
    }

    @Test("With calls that fail, are refused, or whose reply is lost: after `recover` and new plans the same holds, and nothing is there twice", arguments: 1...15)
    func withFaults(_ seed: Int) async throws {
        var dice = Dice(seed + 1000)
        let world = try World()
        for turn in 1...8 {
            for _ in 0...Int.random(in: 0...3, using: &dice) { edit(world, &dice) }
            let calls = world.provider.look(\.calls)
            var faults: [Int: FakeProvider.Fault] = [:]
            for call in 1...20 where Int.random(in: 0..<3, using: &dice) == 0 { faults[calls + call] = FakeProvider.Fault.allCases.randomElement(using: &dice) }
            world.provider.change { [faults] in $0.faults = faults }
            _ = try await world.apply()
            world.provider.change {
                $0.faults = [:]
                $0.isBlind = false
            }
            #expect(try await world.recover().exitCode == .done)
            #expect(try await world.apply().exitCode == .done)
            try await check(world, "seed \(seed), turn \(turn)")
        }
    }

    @Test("Killed anywhere in a row of edits: after `recover` and a new plan the same holds", arguments: 1...15)
    func killed(_ seed: Int) async throws {
        var dice = Dice(seed + 2000)
        let world = try World()
        for turn in 1...8 {
            for _ in 0...Int.random(in: 0...3, using: &dice) { edit(world, &dice) }
            world.lifeline.renew(until: Int.random(in: 1...25, using: &dice), Bool.random(using: &dice) ? .before : .after)
            _ = try? await world.apply()
            world.lifeline.renew()
            world.journal.losePending()
            // The files may move on before somebody recovers.
            if Bool.random(using: &dice) { edit(world, &dice) }
            #expect(try await world.recover().exitCode == .done)
            #expect(try await world.plan().refused.isEmpty, "seed \(seed), turn \(turn)")
            #expect(try await world.apply().exitCode == .done)
            try await check(world, "seed \(seed), turn \(turn)")
        }
    }

    @Test("The same input is the same plan, byte for byte", arguments: 1...5)
    func deterministic(_ seed: Int) async throws {
        var dice = Dice(seed)
        let world = try World()
        for _ in 0..<12 { edit(world, &dice) }
        let first = try PlanWire(try await world.plan()).json()
        for _ in 0..<3 { #expect(try PlanWire(try await world.plan()).json() == first) }
    }

    /// One edit of the files that a plan may carry out.
    private func edit(_ world: World, _ dice: inout Dice) {
        let lists = world.files.lists.keys.sorted()
        let emails = world.files.emails.keys.sorted()
        world.edits += 1
        let number = world.edits
        switch Int.random(in: 0..<12, using: &dice) {
        case 0, 1:
            world.files.lists["l\(number)"] = Files.List(name: "List \(number)", people: people(&dice))
        case 2:
            guard let id = lists.randomElement(using: &dice) else { return }
            world.files.lists[id]?.name = "Renamed \(number)"
        case 3:
            guard let id = lists.randomElement(using: &dice) else { return }
            world.files.lists[id]?.fields["columns"] = "c\(number)"
            world.files.lists[id]?.condition = "c\(number % 3)"
        case 4, 5:
            guard let id = lists.randomElement(using: &dice) else { return }
            world.files.lists[id]?.people = people(&dice)
            world.options.allowRemovals[list(id)] = 1000
        case 6:
            guard let id = lists.randomElement(using: &dice), !world.files.emails.values.contains(where: { $0.list == id }) else { return }
            world.files.lists[id] = nil
            world.files.removed.append(list(id))
            world.options.allowDestroy.insert(list(id))
        case 7:
            guard let id = lists.randomElement(using: &dice), !world.files.moved.contains(where: { $0.to == list(id) }) else { return }
            world.files.lists["m\(number)"] = world.files.lists.removeValue(forKey: id)
            world.files.moved.append((list(id), list("m\(number)")))
            world.options.allowRemovals[list("m\(number)")] = world.options.allowRemovals[list(id)]
            for email in emails where world.files.emails[email]?.list == id { world.files.emails[email]?.list = "m\(number)" }
        case 8, 9:
            guard let id = lists.filter({ world.files.lists[$0]?.people.isEmpty == false }).randomElement(using: &dice) else { return }
            world.files.emails["e\(number)"] = Files.Email(
                name: "e\(number)", list: id, subject: "s\(number)", at: Bool.random(using: &dice) ? PlanPropertyTests.due : nil)
        case 10:
            guard let id = emails.randomElement(using: &dice) else { return }
            world.files.emails[id]?.subject = "edited \(number)"
            let isScheduled = world.files.emails[id]?.at != nil
            if Bool.random(using: &dice) { world.files.emails[id]?.at = isScheduled ? nil : PlanPropertyTests.due }
        default:
            guard let id = emails.randomElement(using: &dice) else { return }
            world.files.emails[id] = nil
            if Bool.random(using: &dice) { world.files.removed.append(email(id)) }
        }
    }

    private func people(_ dice: inout Dice) -> [Int: Int] {
        var people: [Int: Int] = [:]
        for _ in 0..<Int.random(in: 1...30, using: &dice) { people[Int.random(in: 0..<40, using: &dice)] = Int.random(in: 1...2, using: &dice) }
        return people
    }

    private func check(_ world: World, _ comment: Comment) async throws {
        let plan = try await world.plan()
        #expect(short(plan) == [], "\(comment): \(plan.refused) \(plan.changes.map(\.reasons))")
        #expect(plan.drift.isEmpty, comment)
        let state = try world.state
        let marks = world.provider.look { $0.objects.values.compactMap(\.mark) }
        #expect(Set(marks).count == marks.count, comment)
        for (id, wanted) in world.files.lists {
            let there = try #require(try world.object(list(id)), comment)
            #expect(there.name == wanted.name && there.fields == wanted.fields, comment)
            #expect(there.members == Dictionary(uniqueKeysWithValues: wanted.people.map { (Files.person($0.key), UInt64($0.value)) }), comment)
        }
        for (id, wanted) in world.files.emails {
            let there = try #require(try world.object(email(id)), comment)
            #expect(there.fields["subject"] == wanted.subject, comment)
            #expect(state.objects[email(id)]?.send?.phase == (wanted.at == nil ? .verified : .scheduled), comment)
        }
        // Scheduled is only what the files schedule.
        for (address, object) in state.objects where object.send?.phase == .scheduled { #expect(world.files.emails[address.id]?.at != nil, comment) }
        #expect(world.provider.look { $0.objects.count } == state.objects.count { $0.value.remote != nil }, comment)
        #expect(state.keptAudiences.isSubset(of: world.store.audienceNames), comment)
    }
}

@Suite("The difference of member sets")
struct PlanMembersTests {
    @Test("Is that of sets, for any two", arguments: 1...50)
    func difference(_ seed: Int) {
        var dice = Dice(seed)
        func some() -> [PersonDigest: UInt64] {
            var result: [PersonDigest: UInt64] = [:]
            for _ in 0..<Int.random(in: 0...60, using: &dice) {
                result[PersonDigest(high: .random(in: 0...3, using: &dice), low: .random(in: 0...20, using: &dice))] = .random(in: 0...2, using: &dice)
            }
            return result
        }
        func sorted(_ members: [PersonDigest: UInt64]) -> [MemberState] { members.map { MemberState(person: $0.key, values: $0.value) }.sorted() }
        let (old, new) = (some(), some())
        let difference = MemberDifference(from: sorted(old), to: sorted(new))
        #expect(difference.added == Set(new.keys).subtracting(old.keys).sorted())
        #expect(difference.removed == Set(old.keys).subtracting(new.keys).sorted())
        #expect(difference.updated == new.keys.filter { old[$0] != nil && old[$0] != new[$0] }.sorted())
        #expect(MemberDifference.symmetric(old.keys.sorted(), new.keys.sorted()) == Set(old.keys).symmetricDifference(new.keys).count)
        #expect(difference.isEmpty == (old == new))
        let members = Files.members(Files.List(name: "", people: .people(0..<20)))
        let some = (0..<20).filter { _ in Bool.random(using: &dice) }
        let narrowed = members.narrowed(to: (some + [77]).map(Files.person).sorted())
        #expect(narrowed.members.map(\.person) == some.map(Files.person).sorted())
        #expect(narrowed.recipients().map(\.person) == narrowed.members.map(\.person))
        #expect(narrowed.setDigest == MemberSets.digest(people: narrowed.members.map(\.person)))
    }

    @Test("Set digests tell sets apart, and do not depend on how large a part is fed at once")
    func digests() {
        let people = (0..<10_000).map { PersonDigest(high: UInt64($0), low: 7) }
        #expect(MemberSets.digest(people: people) == MemberSets.digest(people: people))
        #expect(MemberSets.digest(people: people) != MemberSets.digest(people: Array(people.dropLast())))
        #expect(MemberSets.digest(people: []).count == 32)
        // SHA-256 of the sixteen bytes 0…0f, by sha256sum.
        #expect(MemberSets.digest(people: [PersonDigest(high: 0x0001_0203_0405_0607, low: 0x0809_0A0B_0C0D_0E0F)]) == "be45cb2605bf36bebde684841a28f0fd")
        let members = [MemberState(person: people[0], values: 1)]
        #expect(MemberSets.digest(members) != MemberSets.digest([MemberState(person: people[0], values: 2)]))
    }
}
