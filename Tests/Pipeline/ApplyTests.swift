import HeraldContract
import HeraldModel
import Synchronization
import Testing

@testable import HeraldPipeline

@Suite("Applying")
struct ApplyTests {
    let world: World

    init() throws {
        world = try World()
        world.files.lists["vip"] = Files.List(name: "VIP", people: .people(1...20))
        world.files.lists["other"] = Files.List(name: "Other", people: .people(1...5))
        world.files.emails["teaser"] = Files.Email(name: "teaser", list: "vip", subject: "s", at: Instant(seconds: 1_803_891_600))
    }

    private func faults(_ faults: [Int: FakeProvider.Fault]) { world.provider.change { $0.faults = faults } }

    @Test(
        "What fails is reported with its code, what needs it is skipped, the rest is done; the next plan does the rest",
        arguments: [FakeProvider.Fault.refused, .failed, .unknownBeforeDoing])
    func failure(_ fault: FakeProvider.Fault) async throws {
        // The second list is the one that the email needs. What is refused is tried five times more.
        faults(fault == .refused ? Dictionary(uniqueKeysWithValues: (2...7).map { ($0, fault) }) : [2: fault])
        let result = try await world.apply()
        #expect(result.failures.map(\.address) == [list("vip")])
        #expect(Set(result.skipped) == [list("vip"), email("teaser")])
        #expect(result.exitCode == (fault == .refused ? .rateLimit : .failed))
        #expect(try world.people(in: "other", upTo: 10) == Array(1...5))
        #expect(try !world.state.needsRecovery)
        #expect(short(try await world.plan()) == ["email.teaser create schedule", "list.vip create add-members"])
        faults([:])
        #expect(try await world.apply().exitCode == .done)
        #expect(try await world.plan().changes.isEmpty)
    }

    @Test("A lost reply of a create is settled by looking: what happened is not made again")
    func settled() async throws {
        faults([1: .unknownAfterDoing, 2: .unknownAfterDoing])
        let result = try await world.apply()
        #expect(result.exitCode == .done)
        #expect(world.provider.look(\.names).filter { $0 == "create" }.count == 3)
        #expect(world.provider.look { $0.objects.count } == 3)
        #expect(try await world.plan().changes.isEmpty)
    }

    @Test("Where looking fails too nobody can tell: 8, and it stands open in the state until `recover`")
    func cannotTell() async throws {
        faults([1: .unknownAndBlind])
        let result = try await world.apply()
        #expect(result.unknown.map(\.address) == [list("other")])
        #expect(result.exitCode == .unknown)
        #expect(try world.state.intents.map(\.address) == [list("other")])
        #expect(try world.state.unfinished != nil)
        #expect(short(try await world.plan()) == ["E_OPEN list.other"])
        let report = try await world.recover()
        #expect(report.exitCode == .done)
        #expect(report.settled.map(\.address) == [list("other")])
        #expect(try !world.state.needsRecovery)
        try await world.apply()
        #expect(world.provider.look { $0.objects.count } == 3)
        #expect(try await world.plan().changes.isEmpty)
    }

    @Test("A lost reply of what may be repeated is repeated, once")
    func repeated() async throws {
        try await world.apply()
        world.files.lists["vip"]?.people = .people(1...25)
        let calls = world.provider.look(\.calls)
        faults([calls + 1: .unknownBeforeDoing])
        #expect(try await world.apply().exitCode == .done)
        world.files.lists["vip"]?.people = .people(1...30)
        faults([calls + 3: .unknownAfterDoing, calls + 4: .unknownAfterDoing])
        let result = try await world.apply()
        #expect(result.failures.count == 1)
        #expect(result.exitCode == .failed)
        // It happened, and the next plan neither repeats it nor calls it somebody else's doing.
        faults([:])
        let plan = try await world.plan()
        #expect(plan.drift.isEmpty)
        #expect(!plan.changes.contains { $0.address == list("vip") })
    }

    @Test("What was refused before anything was done is tried again, with growing pauses, and given up after five times")
    func refusedForNow() async throws {
        faults([1: .refused, 2: .refused])
        #expect(try await world.apply().exitCode == .done)
        #expect(world.pauses.count == 2)
        #expect(zip(world.pauses, [0.5, 1]).allSatisfy { pause, base in (base * 0.5...base * 1.5).contains(pause / .seconds(1)) })
        world.files.lists["vip"]?.people = .people(1...25)
        let calls = world.provider.look(\.calls)
        faults(Dictionary(uniqueKeysWithValues: (calls + 1...calls + 6).map { ($0, .refused) }))
        let result = try await world.apply()
        #expect(result.exitCode == .rateLimit)
        #expect(world.provider.look(\.calls) == calls + 6)
        #expect(world.pauses.count == 2 + 5)
        faults([:])
        #expect(try await world.apply().exitCode == .done)
        #expect(try await world.plan().changes.isEmpty)
    }

    @Test("The state is written a fixed number of times, and the journal synced once for 32 calls, however many lists")
    func constantCost() async throws {
        for index in 0..<100 { world.files.lists["l\(index)"] = Files.List(name: "L\(index)", people: .people(1...2)) }
        let before = (world.store.saves, world.journal.syncs)
        try await world.apply()
        // Spent, intents of the lists, intents of the emails, the end.
        #expect(world.store.saves - before.0 == 4)
        #expect(world.journal.syncs - before.1 == 4 + 4 + 1)
        for index in 0..<100 { world.files.lists["l\(index)"]?.people = .people(1...3) }
        let again = world.store.saves
        try await world.apply()
        #expect(world.store.saves - again == 2)
    }

    @Test("More than a thousand creates: the state is written before each thousand, and ends right")
    func manyCreates() async throws {
        for index in 0..<1_100 { world.files.lists["l\(index)"] = Files.List(name: "L\(index)") }
        let before = world.store.saves
        #expect(try await world.apply().exitCode == .done)
        // Spent, two fences of lists, one of the email, the end.
        #expect(world.store.saves - before == 5)
        #expect(try await world.plan().changes.isEmpty)
    }

    @Test("Every intent of what could be made twice stands in the state before its call")
    func fence() async throws {
        let seen = Mutex<[Int]>([])
        let run = try await world.run()
        let session = StateSession(store: world.store, document: try world.state)
        let grant = try session.spend(digest: "d", madeAgainst: 1, expires: run.plan.expires, at: world.now)
        let store = world.store
        _ = await Applier(
            session: session, journal: world.journal, providers: [world.provider],
            progress: { _, _, _ in seen.withLock { $0.append((try? store.load()?.intents.count) ?? -1) } }
        ).apply(run.steps, grant)
        // Two creates, their members, the email, what is held.
        #expect(seen.withLock { $0 } == [2, 2, 2, 2, 1, 1])
        #expect(try world.state.intents.isEmpty)
    }

    @Test("Somebody else wrote the state in between: nothing more is begun, 8")
    func otherRunner() async throws {
        let run = try await world.run()
        let session = StateSession(store: world.store, document: try world.state)
        let grant = try session.spend(digest: "d", madeAgainst: 1, expires: run.plan.expires, at: world.now)
        var other = try world.state
        other.serial += 1
        try world.store.save(other, expecting: other.serial - 1)
        let result = await Applier(session: session, journal: world.journal, providers: [world.provider], progress: { _, _, _ in }).apply(run.steps, grant)
        #expect(result.interrupted == .moved)
        #expect(result.exitCode == .unknown)
        #expect(world.provider.look(\.calls) == 0)
    }

    @Test("Stopped by hand: what was begun is recorded, the rest is for the next plan", arguments: 0...8)
    func stopped(after steps: Int) async throws {
        let left = Mutex(steps)
        let result = try await world.apply(isStopped: {
            left.withLock {
                $0 -= 1; return $0 < 0
            }
        })
        #expect(result.done + result.stopped == 6)
        #expect(result.exitCode == (result.stopped == 0 ? .done : .failed))
        #expect(try !world.state.needsRecovery)
        #expect(try world.journal.read().intents.isEmpty)
        try await world.apply()
        #expect(try await world.plan().changes.isEmpty)
        #expect(world.provider.look { $0.objects.count } == 3)
    }

    @Test("A journal that an older run left behind means nothing")
    func oldJournal() async throws {
        try world.journal.intend([Intent(address: list("vip"), operation: "create", settling: .findable, provider: "local", mark: "m", plan: "old@1")])
        #expect(try await world.apply().exitCode == .done)
        #expect(try world.journal.read().intents.isEmpty)
    }

    @Test("A count that is not what was written is a failure")
    func wrongCount() async throws {
        try await world.apply()
        // Somebody joins between reading and writing.
        world.files.lists["vip"]?.people = .people(1...25)
        let run = try await world.run()
        try world.meddle(list("vip")) { $0.members[Files.person(99)] = 1 }
        let result = try await world.carryOut(run)
        #expect(result.failures.first?.failure.message == "the list has 26 members where 25 should be")
        #expect(short(try await world.plan()).contains("list.vip remove-members"))
    }

    @Test("Members go out in parts; the list ends as it should", arguments: [1, 3, 7, 100])
    func parts(_ size: Int) async throws {
        try await world.apply()
        var files = Files.List(name: "VIP", people: .people(11...40))
        files.people[15] = 2
        let members = Files.members(files)
        let session = StateSession(store: world.store, document: try world.state)
        let writer = try world.provider.writer(try session.spend(digest: "d", madeAgainst: 1, expires: world.now, at: world.now))
        let remote = try #require(try world.state.objects[list("vip")]?.remote)
        let adding = (21...40).map(Files.person) + [Files.person(15)]
        let outcome = await writer.change(remote, of: members, adding: adding, removing: (1...10).map(Files.person), part: size)
        guard case .done = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(try world.people(in: "vip") == Array(11...40))
    }

    @Test("The account that was written to is remembered")
    func account() async throws {
        try await world.apply()
        #expect(try world.state.accounts == ["local": "acc-1"])
    }
}

@Suite("Sending")
struct ApplySendTests {
    let world: World

    init() async throws {
        world = try World()
        world.files.lists["vip"] = Files.List(name: "VIP", people: .people(1...20))
        world.files.emails["teaser"] = Files.Email(name: "teaser", list: "vip", subject: "s")
        try await world.apply()
    }

    private var deliveries: [Int] { world.provider.look { $0.sends.values.flatMap { $0.delivered.values } } }

    @Test("Sent: the state knows, everybody got one, nothing stands open")
    func sent() async throws {
        guard case .done(let report) = try await world.send("teaser") else { throw StoreFailure.other("not sent") }
        #expect(report == SendReport(sent: 20))
        let send = try #require(try world.state.objects[email("teaser")]?.send)
        #expect(send.phase == .sent && send.report == report && send.audience == nil)
        #expect(try !world.state.needsRecovery)
        // What is no longer needed goes when the next plan is spent.
        try await world.apply()
        #expect(world.store.audienceNames.isEmpty)
        #expect(deliveries == [Int](repeating: 1, count: 20))
    }

    @Test("A second order is refused, whoever makes it")
    func twice() async throws {
        _ = try await world.send("teaser")
        guard case .failed(let failure) = try await world.send("teaser") else { throw StoreFailure.other("sent again") }
        #expect(failure.exit == .refused)
        #expect(deliveries.count == 20 && deliveries.allSatisfy { $0 == 1 })
        #expect(try !world.state.needsRecovery)
    }

    @Test("What was not applied, or is only a draft, is not sent")
    func notReady() async throws {
        var state = try world.state
        state.objects[email("teaser")]?.send?.phase = .draft
        state.serial += 1
        try world.store.save(state, expecting: state.serial - 1)
        guard case .failed = try await world.send("teaser") else { throw StoreFailure.other("sent") }
        #expect(deliveries.isEmpty)
    }

    @Test("Refused before acting: ready as before", arguments: [FakeProvider.Fault.refused])
    func refused(_ fault: FakeProvider.Fault) async throws {
        let before = try world.state.objects
        world.provider.change { $0.faults = [$0.calls + 1: fault] }
        guard case .refusedBeforeActing = try await world.send("teaser") else { throw StoreFailure.other("?") }
        #expect(try world.state.objects == before)
        #expect(try !world.state.needsRecovery)
        _ = try await world.send("teaser")
        #expect(deliveries.count == 20)
    }

    @Test("Failed: it did not happen, and needs a new approval")
    func failed() async throws {
        world.provider.change { $0.faults = [$0.calls + 1: .failed] }
        _ = try await world.send("teaser")
        #expect(try world.state.objects[email("teaser")]?.send?.phase == .failed)
        #expect(try !world.state.needsRecovery)
        #expect(short(try await world.plan()) == ["email.teaser update"])
    }

    @Test("A runner that finds an open send does not send: 8")
    func open() async throws {
        world.provider.change { $0.stopsAfter = 5 }
        _ = try await world.send("teaser")
        let session = StateSession(store: world.store, document: try world.state)
        let order = try #require(try world.order("teaser", people: nil))
        guard let grant = session.resume() else { throw StoreFailure.other("nothing to resume") }
        guard case .unknown = try await EmailSending(session: session, late: .quiet, progress: { _ in }).send(email("teaser"), order, provider: world.provider, grant)
        else { throw StoreFailure.other("sent") }
        #expect(deliveries.count == 5)
    }
}
