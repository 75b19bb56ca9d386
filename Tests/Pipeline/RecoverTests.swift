import HeraldContract
import HeraldModel
import Testing

@testable import HeraldPipeline

@Suite("Recovering")
struct RecoverTests {
    private let due = Instant(seconds: 1_803_891_600)

    /// A workspace with something of everything to do in its next apply.
    private func world() async throws -> World {
        let world = try World()
        world.files.lists["old"] = Files.List(name: "Old", people: .people(1...30))
        world.files.lists["gone"] = Files.List(name: "Gone", people: .people(1...5))
        world.files.lists["moving"] = Files.List(name: "Moving", people: .people(1...5))
        world.files.emails["first"] = Files.Email(name: "first", list: "old", subject: "one", at: due)
        world.files.emails["leaving"] = Files.Email(name: "leaving", list: "old", subject: "two", at: due)
        world.files.campaigns["spring"] = Files.Campaign(name: "Spring", code: "s27")
        try await world.apply()
        world.files.lists["old"]?.name = "Older"
        world.files.lists["old"]?.people = .people(4...33)
        world.files.lists["gone"] = nil
        world.files.removed = [list("gone")]
        world.options.allowDestroy = [list("gone")]
        world.files.lists["moved"] = world.files.lists.removeValue(forKey: "moving")
        world.files.moved = [(list("moving"), list("moved"))]
        world.files.lists["new"] = Files.List(name: "New", people: .people(1...8))
        world.files.emails["first"]?.subject = "one, edited"
        world.files.emails["leaving"] = nil
        world.files.emails["second"] = Files.Email(name: "second", list: "new", subject: "three")
        world.files.campaigns["spring"]?.name = "Spring sale"
        return world
    }

    /// Everything that should be there is, once, and nothing else.
    private func check(_ world: World, _ comment: Comment) async throws {
        let plan = try await world.plan()
        #expect(plan.changes.isEmpty && plan.refused.isEmpty && plan.drift.isEmpty, comment)
        let names = world.provider.look { $0.objects.values.map(\.name).sorted() }
        #expect(names == ["Moving", "New", "Older", "first", "leaving", "second"], comment)
        #expect(try world.people(in: "old") == Array(4...33), comment)
        #expect(try world.people(in: "new") == Array(1...8), comment)
        #expect(try world.object(email("first"))?.fields["subject"] == "one, edited", comment)
        let state = try world.state
        #expect(state.objects[email("leaving")]?.send?.phase == .cancelled, comment)
        #expect(state.objects[email("first")]?.send?.phase == .scheduled, comment)
        #expect(state.objects[list("gone")] == nil && state.objects[list("moving")] == nil, comment)
        #expect(!state.needsRecovery, comment)
        #expect(state.keptAudiences.count == 1 && state.keptAudiences.isSubset(of: world.store.audienceNames), comment)
    }

    @Test(
        "Killed at every single effect of an apply, before it or after: after `recover`, a plan and its apply everything is there once", arguments: [Lifeline.End.before, .after])
    func everyPoint(_ end: Lifeline.End) async throws {
        let whole = try await world()
        whole.lifeline.renew()
        try await whole.apply()
        let effects = whole.lifeline.count
        #expect(effects > 20)
        try await check(whole, "not killed")
        for point in 1...effects {
            let world = try await world()
            world.lifeline.renew(until: point, end)
            // Where spending is what fails, nothing has begun.
            _ = try? await world.apply()
            try await revive(world, at: point)
            try await check(world, "killed at \(point) of \(effects), \(end)")
        }
    }

    @Test("Killed in `recover` too, at every effect of it", arguments: [Lifeline.End.before, .after])
    func everyPointOfRecover(_ end: Lifeline.End) async throws {
        for point in stride(from: 3, to: 24, by: 4) {
            for second in 1...4 {
                let world = try await world()
                world.lifeline.renew(until: point, end)
                _ = try? await world.apply()
                world.lifeline.renew(until: second, end)
                world.journal.losePending()
                _ = try? await world.recover()
                try await revive(world, at: point)
                try await check(world, "killed at \(point), and at \(second) of recover, \(end)")
            }
        }
    }

    private func revive(_ world: World, at point: Int) async throws {
        world.lifeline.renew()
        world.journal.losePending()
        let report = try await world.recover()
        #expect(report.exitCode == .done, "\(report.open)")
        #expect(try await world.plan().refused.isEmpty, "killed at \(point)")
        let result = try await world.apply()
        #expect(result.exitCode == .done, "killed at \(point): \(result.failures)")
    }

    @Test("Nothing to recover: nothing is said or done")
    func nothing() async throws {
        let world = try await world()
        let saves = world.store.saves
        #expect(try await world.recover().isEmpty)
        #expect(world.store.saves == saves)
    }

    @Test("The provider cannot be read: it stays open, 8, and recovering again later closes it")
    func unreadable() async throws {
        let world = try await world()
        world.provider.change { world in
            world.calls = 0
            world.faults = (1...20).reduce(into: [:]) { $0[$1] = .unknownAndBlind }
        }
        _ = try await world.apply()
        world.provider.change {
            $0.faults = [:]
            $0.unreadable = ProviderFailure(.unavailable, "time-out")
        }
        let report = try await world.recover()
        #expect(report.exitCode == .unknown)
        #expect(report.open.first?.words.contains("may or may not have been created") == true)
        #expect(try world.state.needsRecovery)
        world.provider.change {
            $0.unreadable = nil
            $0.isBlind = false
        }
        #expect(try await world.recover().exitCode == .done)
        try await world.apply()
        try await check(world, "after both")
    }

    @Test("Two objects carry the mark: a person decides")
    func ambiguous() async throws {
        let world = try await world()
        world.provider.change { world in
            world.calls = 0
            world.faults = (1...20).reduce(into: [:]) { $0[$1] = .unknownAndBlind }
        }
        _ = try await world.apply()
        world.provider.change { $0.isBlind = false }
        let mark = Mark.of(list("new"), world.files.settings)
        for id in ["x"] { world.provider.change { $0.objects[id] = FakeProvider.Object(kind: .list, name: "New", mark: mark, fields: [:]) } }
        let report = try await world.recover()
        #expect(report.open.map(\.address) == [list("new")])
        #expect(report.exitCode == .unknown)
    }
}

@Suite("Recovering a send")
struct RecoverSendTests {
    private func world() async throws -> World {
        let world = try World()
        world.files.lists["vip"] = Files.List(name: "VIP", people: .people(1...20))
        world.files.emails["teaser"] = Files.Email(name: "teaser", list: "vip", subject: "s")
        try await world.apply()
        return world
    }

    private func deliveries(_ world: World) -> [Int] { world.provider.look { $0.sends.values.flatMap { $0.delivered.values } } }

    @Test("Killed at every effect of a send, before it or after: after `recover` and at most one more `send` everybody got one", arguments: [Lifeline.End.before, .after])
    func everyPoint(_ end: Lifeline.End) async throws {
        let whole = try await world()
        whole.lifeline.renew()
        _ = try await whole.send("teaser")
        for point in 1...whole.lifeline.count {
            let world = try await world()
            world.lifeline.renew(until: point, end)
            _ = try? await world.send("teaser")
            world.lifeline.renew()
            let report = try await world.recover()
            #expect(report.exitCode == .done, "\(report.open)")
            if !(try await world.plan().waiting.isEmpty) { _ = try await world.send("teaser") }
            #expect(deliveries(world) == [Int](repeating: 1, count: 20), "killed at \(point), \(end)")
            #expect(try world.state.objects[email("teaser")]?.send?.phase == .sent)
            #expect(try !world.state.needsRecovery)
            #expect(try world.state.keptAudiences.isEmpty)
        }
    }

    @Test("Stopped half-way: carried to its end, to the people it was begun for, though the list moved on")
    func halfWay() async throws {
        let world = try await world()
        world.provider.change { $0.stopsAfter = 5 }
        guard case .unknown = try await world.send("teaser") else { throw StoreFailure.other("?") }
        world.provider.change { $0.stopsAfter = nil }
        // A new one joined meanwhile, and is not part of this send.
        world.files.lists["vip"]?.people = .people(1...21)
        let report = try await world.recover()
        #expect(report.finished.map(\.words) == ["was sent to 20 people"])
        #expect(report.exitCode == .done)
        #expect(deliveries(world) == [Int](repeating: 1, count: 20))
        #expect(try !world.state.needsRecovery)
    }

    @Test("Half-way, and its text was edited: it stays open and says what to do; put back, it is finished")
    func edited() async throws {
        let world = try await world()
        world.provider.change { $0.stopsAfter = 5 }
        _ = try await world.send("teaser")
        world.provider.change { $0.stopsAfter = nil }
        world.files.emails["teaser"]?.subject = "another"
        let report = try await world.recover()
        #expect(report.exitCode == .unknown)
        #expect(report.open.first?.words == "was sent to 5 of 20 people; to go on, put its text back as it was and run `herald recover` again")
        #expect(deliveries(world).count == 5)
        world.files.emails["teaser"]?.subject = "s"
        #expect(try await world.recover().exitCode == .done)
        #expect(deliveries(world) == [Int](repeating: 1, count: 20))
    }

    @Test("Some may or may not have got it: told once with 8, never sent again, and no plan is held up by it")
    func someUnknown() async throws {
        let world = try await world()
        world.provider.change { $0.stopsAfter = 5 }
        _ = try await world.send("teaser")
        world.provider.change { world in
            world.stopsAfter = nil
            for (key, send) in world.sends {
                world.sends[key]?.unknown = Set(send.people.filter { send.delivered[$0] == nil }.prefix(3))
            }
        }
        let report = try await world.recover()
        #expect(report.open.map(\.words) == ["3 people may or may not have got it; they are not sent to again"])
        #expect(report.exitCode == .unknown)
        #expect(try world.state.objects[email("teaser")]?.send?.phase == .unknown)
        #expect(deliveries(world).count == 17)
        #expect(try await world.recover().isEmpty)
        let plan = try await world.plan()
        #expect(plan.refused.isEmpty && plan.waiting.isEmpty && plan.changes.isEmpty)
        #expect(plan.hints == ["email.teaser: 3 people may or may not have got it; it is not sent again by itself"])
    }

    @Test("The provider cannot be asked: open, 8")
    func unreadable() async throws {
        let world = try await world()
        world.provider.change { $0.stopsAfter = 5 }
        _ = try await world.send("teaser")
        world.provider.change { $0.unreadable = ProviderFailure(.unavailable, "time-out") }
        let report = try await world.recover()
        #expect(report.open.first?.words == "its sending was begun, and asking how it stands failed: time-out")
        #expect(try world.state.needsRecovery)
    }

    @Test("A send that goes on and is refused, or fails, stays begun: another text can never go to the others", arguments: [FakeProvider.Fault.refused, .failed])
    func refusedAgain(_ fault: FakeProvider.Fault) async throws {
        let world = try await world()
        world.provider.change { $0.stopsAfter = 5 }
        _ = try await world.send("teaser")
        world.provider.change {
            $0.stopsAfter = nil
            $0.faults = [$0.calls + 1: fault]
        }
        #expect(try await world.recover().exitCode == .unknown)
        #expect(try world.state.objects[email("teaser")]?.send?.phase == .sending)
        world.files.emails["teaser"]?.subject = "another"
        #expect(short(try await world.plan()) == ["E_OPEN email.teaser"])
        world.files.emails["teaser"]?.subject = "s"
        #expect(try await world.recover().exitCode == .done)
        #expect(deliveries(world) == [Int](repeating: 1, count: 20))
    }
}
