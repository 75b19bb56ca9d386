import HeraldModel
import Testing

@testable import HeraldPipeline

@Suite("The plan of lists")
struct PlanListTests {
    let world: World

    init() throws {
        world = try World()
        world.files.lists["vip"] = Files.List(name: "VIP", people: .people(1...20))
    }

    @Test("A new list is created with its members; after apply the plan is empty")
    func create() async throws {
        let plan = try await world.plan()
        #expect(short(plan) == ["list.vip create add-members"])
        #expect(plan.exitCode == .changes)
        #expect(plan.changes.first?.operations == ["create (findable)", "members (repeatable)"])
        #expect(plan.changes.first?.audience?.added == 20)
        let result = try await world.apply()
        #expect(result.exitCode == .done)
        #expect(try world.people(in: "vip") == Array(1...20))
        let after = try await world.plan()
        #expect(short(after) == [])
        #expect(after.exitCode == .done)
        #expect(try !world.state.needsRecovery)
    }

    @Test("Members come, go, and are renewed; each counts once")
    func members() async throws {
        try await world.apply()
        world.files.lists["vip"]?.people = .people(3...22).merging([5: 2]) { _, new in new }
        let audience = try await world.plan().changes.first?.audience
        #expect([audience?.before, audience?.after, audience?.added, audience?.removed, audience?.updated] == [20, 20, 2, 2, 1])
        try await world.apply()
        #expect(try world.people(in: "vip") == Array(3...22))
        #expect(try await world.plan().changes.isEmpty)
    }

    @Test("An edited name is a rename, an edited field an update, both of the one object")
    func edit() async throws {
        try await world.apply()
        world.files.lists["vip"]?.name = "Very important"
        world.files.lists["vip"]?.fields["columns"] = "city"
        let plan = try await world.plan()
        #expect(short(plan) == ["list.vip rename update"])
        #expect(plan.changes.first?.fields.map(\.name) == ["columns", "name"])
        #expect(plan.changes.first?.reasons.map(\.code) == [.definitionEdited])
        try await world.apply()
        #expect(world.provider.look { $0.objects.count } == 1)
        #expect(try world.object(list("vip"))?.name == "Very important")
        #expect(try await world.plan().changes.isEmpty)
    }

    @Test("An edited filter shows even where nobody moves")
    func filter() async throws {
        try await world.apply()
        world.files.lists["vip"]?.condition = "everybody else"
        let plan = try await world.plan()
        #expect(short(plan) == ["list.vip update"])
        #expect(plan.changes.first?.reasons.map(\.code) == [.filterEdited])
        #expect(plan.changes.first?.operations == ["record"])
        try await world.apply()
        #expect(try await world.plan().changes.isEmpty)
    }

    @Test("What a vendor rewrites is no drift and no change")
    func rewritten() async throws {
        try await world.apply()
        var state = try world.state
        // The vendor answered another spelling when it was written.
        try world.meddle(list("vip")) { $0.fields["columns"] = "FIRST_NAME|LAST_NAME" }
        state.objects[list("vip")]?.fields["columns"]?.seen = FieldComparison.digest("FIRST_NAME|LAST_NAME")
        state.serial += 1
        try world.store.save(state, expecting: state.serial - 1)
        let plan = try await world.plan()
        #expect(plan.changes.isEmpty && plan.drift.isEmpty)
    }

    @Test("Drift of a declared field is shown and put right; fields of others are left alone")
    func drift() async throws {
        try await world.apply()
        try world.meddle(list("vip")) {
            $0.fields["columns"] = "theirs"
            $0.fields["colour"] = "blue"
        }
        let plan = try await world.plan()
        #expect(plan.drift.map(\.field) == ["columns"])
        #expect(plan.drift.first?.corrected == true)
        #expect(short(plan) == ["list.vip update"])
        try await world.apply()
        #expect(try world.object(list("vip"))?.fields == ["columns": "first_name, last_name", "colour": "blue"])
        #expect(try await world.plan().drift.isEmpty)
    }

    @Test("Both sides moved: refused, until somebody says whose side is taken", arguments: PlanOptions.Side.allCases)
    func conflict(_ side: PlanOptions.Side) async throws {
        try await world.apply()
        try world.meddle(list("vip")) { $0.name = "Theirs" }
        world.files.lists["vip"]?.name = "Ours"
        let refused = try await world.plan()
        #expect(short(refused) == ["E_CONFLICT list.vip"])
        #expect(refused.exitCode == .refused)
        #expect(refused.drift.map(\.corrected) == [false])
        #expect(refused.refused.first?.remedy == "plan again with --take git list.vip or --take provider list.vip")
        world.options.take[list("vip")] = side
        try await world.apply()
        #expect(try world.object(list("vip"))?.name == (side == .git ? "Ours" : "Theirs"))
        world.options = PlanOptions()
        // Taken over is settled: the files may now say so, or not.
        #expect(try await world.plan().changes.isEmpty)
    }

    @Test("Both sides came to say the same: recorded, not written")
    func agreed() async throws {
        try await world.apply()
        try world.meddle(list("vip")) { $0.name = "New" }
        world.files.lists["vip"]?.name = "New"
        let plan = try await world.plan()
        #expect(plan.changes.first?.operations == ["record"])
        #expect(plan.drift.isEmpty)
        try await world.apply()
        #expect(world.provider.look(\.names).filter { $0 == "update" }.isEmpty)
        #expect(try await world.plan().changes.isEmpty)
    }

    @Test("Deleted by somebody else: shown as drift, and made again")
    func lost() async throws {
        try await world.apply()
        world.provider.change { $0.objects = [:] }
        let plan = try await world.plan()
        #expect(short(plan) == ["list.vip create add-members"])
        #expect(plan.drift.map(\.field) == ["list"])
        try await world.apply()
        #expect(try world.people(in: "vip") == Array(1...20))
        #expect(try await world.plan().changes.isEmpty)
    }

    @Test("A provider that cannot be read plans nothing, whatever the state and the files say")
    func unread() async throws {
        try await world.apply()
        world.files.lists["vip"]?.people = .people(1...3)
        world.files.lists["new"] = Files.List(name: "New")
        world.provider.change { $0.unreadable = ProviderFailure(.unavailable, "time-out") }
        let plan = try await world.plan()
        #expect(short(plan) == ["E_UNREAD list.new", "E_UNREAD list.vip"])
        #expect(plan.changes.isEmpty)
        #expect(plan.accounts.isEmpty)
        #expect(try await world.run().unread["local"]?.message == "time-out")
    }

    @Test("Members that were not read are never taken for none")
    func unreadMembers() async throws {
        try await world.apply()
        let run = try await world.run()
        var readings = await Refresh.read([world.provider], wanted: Refresh.Wanted([], world.files.settings, try world.state))
        let objects = try #require(try readings["local"]?.inventory.get().objects.values.map { $0 })
        readings["local"] = ProviderReading(
            capabilities: world.provider.capabilities, inventory: .success(Inventory(account: "acc-1", objects: objects, members: [:], calls: 1)))
        let plan = Planner.plan(
            PlanInput(
                tool: "t", settings: world.files.settings, desired: world.files.desired, state: try world.state, readings: readings, approved: [:],
                options: PlanOptions(), now: world.now, zone: .utc, quiet: nil, definitions: run.plan.definitions, place: { _ in Place(file: "herald.yaml", line: 1) })
        ).plan
        #expect(short(plan) == ["E_UNREAD list.vip"])
    }

    @Test("Another account than the one applied to is refused: its objects are others, and so are its sends")
    func account() async throws {
        try await world.apply()
        world.provider.change {
            $0.account = "acc-2"
            $0.objects = [:]
        }
        let plan = try await world.plan()
        #expect(short(plan) == ["E_ACCOUNT list.vip"])
        #expect(plan.exitCode == .refused)
    }

    @Test("The same name without a record is refused, and `adopt` takes it over, members and all")
    func adopt() async throws {
        let theirs = FakeProvider.Object(
            kind: .list, name: "VIP", mark: nil, fields: ["columns": "old"], members: [Files.person(1): 1, Files.person(99): 1])
        world.provider.change { $0.objects["theirs"] = theirs }
        let refused = try await world.plan()
        #expect(short(refused) == ["E_EXISTS list.vip"])
        #expect(refused.refused.first?.remedy.contains("`adopt: {list.vip: local:list/theirs}`") == true)
        #expect(refused.foreign == ["local": 1])

        world.files.adopt = [(list("vip"), "theirs")]
        let plan = try await world.plan()
        #expect(short(plan) == ["list.vip adopt update add-members remove-members"])
        #expect(plan.foreign.isEmpty)
        try await world.apply()
        #expect(try world.people(in: "vip") == Array(1...20))
        #expect(world.provider.look { $0.objects["theirs"]?.mark } == Mark.of(list("vip"), world.files.settings))
        let after = try await world.plan()
        #expect(after.changes.isEmpty)
        #expect(after.hints.contains { $0.contains("is done; the line may be dropped") })
    }

    @Test("A line that adopts what is not there, or what is managed already, is refused", arguments: ["nothing", "managed"])
    func wrongAdoption(_ what: String) async throws {
        try await world.apply()
        let remote = try #require(try world.state.objects[list("vip")]?.remote)
        world.files.lists["new"] = Files.List(name: "New")
        world.files.adopt = [(list("new"), what == "managed" ? remote.text : "none")]
        #expect(short(try await world.plan()) == ["E_EXISTS list.new"])
    }

    @Test("An object that carries the mark of a list is its own, where the state lost it")
    func lostRecord() async throws {
        try await world.apply()
        var state = try world.state
        state.objects = [:]
        state.serial += 1
        try world.store.save(state, expecting: state.serial - 1)
        let plan = try await world.plan()
        #expect(short(plan) == ["list.vip adopt"])
        try await world.apply()
        #expect(world.provider.look { $0.objects.count } == 1)
        #expect(try await world.plan().changes.isEmpty)
    }

    @Test("Several objects with its mark: nobody can say which, so exit 8")
    func ambiguous() async throws {
        let mark = Mark.of(list("vip"), world.files.settings)
        for id in ["a", "b"] { world.provider.change { $0.objects[id] = FakeProvider.Object(kind: .list, name: id, mark: mark, fields: [:]) } }
        let plan = try await world.plan()
        #expect(short(plan) == ["E_AMBIGUOUS list.vip"])
        #expect(plan.exitCode == .unknown)
    }

    @Test("Deleted, and somebody made another of that name: not taken for it")
    func lostAndReplaced() async throws {
        try await world.apply()
        world.provider.change { $0.objects = ["theirs": FakeProvider.Object(kind: .list, name: "VIP", mark: nil, fields: [:])] }
        #expect(short(try await world.plan()) == ["E_EXISTS list.vip"])
    }

    @Test("The same object under another id of the provider is found by its mark")
    func otherID() async throws {
        try await world.apply()
        world.provider.change { $0.objects = ["restored": $0.objects.values.first].compactMapValues { $0 } }
        #expect(short(try await world.plan()) == ["list.vip adopt"])
        try await world.apply()
        #expect(try world.state.objects[list("vip")]?.remote == RemoteID("restored"))
        #expect(try await world.plan().changes.isEmpty)
    }

    @Test("A second object with its mark, as a runner that woke up late may have made, is told")
    func twin() async throws {
        try await world.apply()
        world.provider.change { world in world.objects["twin"] = world.objects.values.first }
        let plan = try await world.plan()
        #expect(plan.changes.isEmpty && plan.refused.isEmpty)
        #expect(plan.hints == ["list.vip: 2 objects at local carry its mark; those that herald does not use may be deleted there"])
    }

    @Test("A name whose list is removed by the same plan is free after that")
    func removedName() async throws {
        try await world.apply()
        world.files.lists = ["new": Files.List(name: "VIP")]
        world.files.removed = [list("vip")]
        world.options.allowDestroy = [list("vip")]
        let plan = try await world.plan()
        #expect(short(plan) == ["list.vip delete", "E_EXISTS list.new"])
        #expect(plan.refused.first?.remedy == "apply its removal first, and plan again")
        try await world.apply()
        #expect(short(try await world.plan()) == ["list.new create"])
    }

    @Test("A renamed id without `moved` is refused rather than made twice")
    func renamedID() async throws {
        try await world.apply()
        world.files.lists["important"] = world.files.lists.removeValue(forKey: "vip")
        let plan = try await world.plan()
        #expect(short(plan) == ["E_EXISTS list.important"])
        #expect(plan.refused.first?.remedy.contains("`moved: {list.vip: list.important}`") == true)
    }

    @Test("Two lists that trade a name: the one that is there gives it up first")
    func tradedName() async throws {
        try await world.apply()
        world.files.lists["vip"]?.name = "Old VIP"
        world.files.lists["new"] = Files.List(name: "VIP")
        #expect(short(try await world.plan()) == ["list.new create", "list.vip rename"])
        try await world.apply()
        #expect(world.provider.look(\.names).suffix(2) == ["update", "create"])
        #expect(try await world.plan().changes.isEmpty)
    }

    @Test("A name that somebody else's list has is not taken by renaming either")
    func renamedOntoForeign() async throws {
        try await world.apply()
        world.provider.change { $0.objects["x"] = FakeProvider.Object(kind: .list, name: "Taken", mark: nil, fields: [:]) }
        world.files.lists["vip"]?.name = "Taken"
        #expect(short(try await world.plan()) == ["E_EXISTS list.vip"])
    }

    @Test("What herald did not make is counted in one line and never touched")
    func foreign() async throws {
        for index in 0..<40 { world.provider.change { $0.objects["f\(index)"] = FakeProvider.Object(kind: .list, name: "f\(index)", mark: nil, fields: [:]) } }
        try await world.apply()
        let plan = try await world.plan()
        #expect(plan.foreign == ["local": 40])
        #expect(plan.changes.isEmpty)
    }

    @Test("Only what was selected is planned")
    func selection() async throws {
        world.files.lists["other"] = Files.List(name: "Other")
        world.options.selection = [list("other")]
        #expect(short(try await world.plan()) == ["list.other create"])
    }

    @Test("A call whose end nobody recorded holds its object back: 8")
    func openIntent() async throws {
        try await world.apply()
        var state = try world.state
        state.intents = [Intent(address: list("vip"), operation: "create", settling: .findable, provider: "local", mark: "m", plan: "p")]
        state.serial += 1
        try world.store.save(state, expecting: state.serial - 1)
        world.files.lists["vip"]?.name = "Other"
        let plan = try await world.plan()
        #expect(short(plan) == ["E_OPEN list.vip"])
        #expect(plan.exitCode == .unknown)
    }

    @Test("No sample shows a group below five, and small cells stand together with the total exact")
    func smallGroups() async throws {
        world.files.lists["vip"]?.leftOut = [.where: 100, .unsubscribed: 12, .bounced: 2, .complained: 1]
        let first = try await world.plan().changes.first?.audience
        #expect(first?.sampleAdded.count == 3)
        #expect(first?.leftOut.map { "\($0.reason) \($0.count)" } == ["where 100", "unsubscribed 12", "other 3"])
        try await world.apply()
        world.files.lists["vip"]?.people = .people(1...16)
        let audience = try await world.plan().changes.first?.audience
        #expect(audience?.removed == 4)
        #expect(audience?.sampleRemoved == [])
    }

    @Test("Who withdrew is told from who merely left, where neither group is small", arguments: [(6, 5, true), (6, 3, false), (4, 6, false), (6, 0, true)])
    func attribution(withdrawn: Int, left: Int, isTold: Bool) async throws {
        world.files.lists["vip"]?.people = .people(1...60)
        try await world.apply()
        world.files.lists["vip"]?.people = .people((withdrawn + left + 1)...60)
        for number in 1...withdrawn { world.files.lists["vip"]?.reasons[number] = .unsubscribed }
        let reasons = try await world.plan().changes.first?.reasons ?? []
        #expect(reasons.first { $0.code == .consentWithdrawn }?.people == (isTold ? withdrawn : nil))
        #expect(reasons.reduce(0) { $0 + ($1.people ?? 0) } == withdrawn + left)
    }
}
