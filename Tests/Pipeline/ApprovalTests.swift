import HeraldContract
import HeraldModel
import Testing

@testable import HeraldPipeline

@Suite("Whether what was approved is what is applied")
struct ApprovalTests {
    let world: World
    private let due = Instant(seconds: 1_803_891_600)

    init() async throws {
        world = try World()
        world.files.lists["vip"] = Files.List(name: "VIP", people: .people(1...100))
        world.files.lists["other"] = Files.List(name: "Other", people: .people(1...100))
        world.files.emails["teaser"] = Files.Email(name: "teaser", list: "vip", subject: "Spring is here", at: due)
    }

    private func compare(_ approved: PlannedRun, sidecars: [Address: [PersonDigest]]? = nil) async throws -> Approval.Verdict {
        let now = try await world.run()
        let kept = sidecars ?? approved.audiences
        // Through the file, as apply gets it.
        return Approval.compare(
            approved: try PlanWire(json: try PlanWire(approved.plan).json()), now: try PlanWire(now.plan), audiences: now.audiences,
            approvedAudience: { kept[$0] })
    }

    @Test("Nothing moved: equal, whatever the clock, the line numbers, the samples and the state's serial say")
    func equal() async throws {
        let approved = try await world.run()
        world.now = world.now.adding(seconds: 86_400)
        var state = try world.state
        state.serial += 1
        try world.store.save(state, expecting: state.serial - 1)
        #expect(try await compare(approved) == .equal)
        var wire = try PlanWire(approved.plan)
        wire.changes[0].source?.line = 99
        wire.changes[0].audience?.sample = nil
        wire.cost = nil
        #expect(wire.isIntact)
    }

    @Test("Everything else that an approver saw is in the digest")
    func digest() async throws {
        world.files.emails["teaser"]?.atMost = 500
        world.files.policies.audience = Policies.Leveled(1000, level: .mandatory, span: Files.span)
        let wire = try PlanWire(try await world.plan())
        let edits: [(inout PlanWire) -> Void] = [
            { $0.tool = "x" }, { $0.workspace = "x" }, { $0.environment = "x" }, { $0.inputs.definitions = "x" }, { $0.inputs.accounts = [:] },
            { $0.inputs.state = "x" }, { $0.options.allow_destroy = ["list.vip"] }, { $0.changes[0].name = "x" }, { $0.changes[0].actions = [] },
            { $0.changes[0].fields = [] }, { $0.changes[0].audience?.set_digest = "x" }, { $0.changes[0].audience?.may_move = 90 },
            { $0.changes[0].content?.digest = "x" }, { $0.changes[0].content?.subjects = ["x"] }, { $0.changes[0].schedule[0].utc = "x" },
            { $0.changes[0].irreversible = nil }, { $0.changes[0].because = [] }, { $0.changes[0].audience?.at_most = nil },
            { $0.policies = [] }, { $0.format = "herald.plan/2" }, { $0.changes.removeLast() }, { $0.foreign = ["local": 3] }, { $0.single_use = false },
        ]
        for (index, edit) in edits.enumerated() {
            var changed = wire
            edit(&changed)
            #expect(!changed.isIntact, "edit \(index)")
        }
        #expect(wire.isIntact)
    }

    @Test(
        "An audience may move by its per cent, one way and the other together",
        arguments: [(91...100, true), (90...100, true), (1...109, true), (96...106, true), (1...111, false), (12...100, false)])
    func audience(_ people: ClosedRange<Int>, isInside: Bool) async throws {
        let approved = try await world.run()
        // 100 were approved.
        let now = people.lowerBound > 50 ? Set(1...100).subtracting(1...(100 - people.lowerBound)).union(101...max(101, people.upperBound)) : Set(people)
        world.files.lists["vip"]?.people = .people(now)
        let moved = Set(1...100).symmetricDifference(now).count
        let verdict = try await compare(approved)
        #expect((verdict == .inside) == (moved <= 10), "\(moved) moved: \(verdict)")
    }

    @Test("Members who came or went in a list that was approved as it stood are inside too")
    func unplannedMembers() async throws {
        try await world.apply()
        world.files.lists["vip"]?.name = "VIPs"
        let approved = try await world.run()
        world.files.lists["other"]?.people = .people(1...105)
        #expect(try await compare(approved) == .inside)
        world.files.lists["other"]?.people = .people(1...200)
        #expect(try await compare(approved) == .inside)
        // The valve holds for them as ever.
        world.files.lists["other"]?.people = .people(1...50)
        #expect(try await compare(approved) != .inside)
    }

    @Test("Members that were approved and went back by themselves are inside")
    func membersWentBack() async throws {
        try await world.apply()
        world.files.lists["other"]?.people = .people(1...104)
        let approved = try await world.run()
        world.files.lists["other"]?.people = .people(1...100)
        #expect(try await compare(approved) == .inside)
    }

    @Test("Without the sidecar, or with another one, nobody may have come or gone", arguments: [true, false])
    func sidecar(isThere: Bool) async throws {
        let approved = try await world.run()
        world.files.lists["vip"]?.people = .people(1...101)
        let sidecars: [Address: [PersonDigest]] = isThere ? [list("vip"): [Files.person(1)], email("teaser"): [Files.person(1)]] : [:]
        guard case .outside(let why) = try await compare(approved, sidecars: sidecars) else {
            Issue.record("inside")
            return
        }
        #expect(why == ["email.teaser", "list.vip"].map { "\($0): its audience changed, and the approved one is not kept beside the plan" })
    }

    @Test("The world moved otherwise: said, and why", arguments: ["definition", "content", "drift", "account", "time", "refused", "options", "new"])
    func outside(_ what: String) async throws {
        try await world.apply()
        world.files.emails["teaser"]?.subject = "Edited"
        world.files.lists["vip"]?.name = "VIPs"
        let approved = try await world.run()
        let expected: String
        switch what {
        case "definition":
            world.files.emails["teaser"]?.name = "other"
            expected = "the definitions are others than those approved"
        case "content":
            world.files.emails["teaser"]?.layout = "x"
            expected = "email.teaser: what people read is another text than the one approved"
        case "drift":
            try world.meddle(list("vip")) { $0.fields["colour"] = "blue" }
            expected = "list.vip: the object at the provider changed since it was read"
        case "account":
            world.provider.change { $0.account = "acc-2" }
            expected = "a provider's account is another one, or could not be read"
        case "time":
            world.now = due
            expected = "E_MISSED is refused now"
        case "refused":
            world.files.lists["vip"]?.people = .people(1...5)
            expected = "list.vip E_MASS_CHANGE is refused now, and was not when it was approved"
        case "options":
            world.options.allowRemovals = [list("vip"): 3]
            expected = "the plan was made with other options"
        default:
            try world.meddle(list("other")) { $0.name = "Theirs" }
            expected = "list.other changes now, and was not approved"
        }
        guard case .outside(let why) = try await compare(approved) else {
            Issue.record("not outside")
            return
        }
        #expect(what == "time" ? why.contains { $0.contains("E_MISSED is refused now") } : why.contains(expected), "\(why)")
    }

    @Test("A plan works once, for its workspace, environment and state, until it expires, unchanged")
    func objections() async throws {
        let wire = try PlanWire(try await world.plan())
        let state = try world.state
        func exit(_ wire: PlanWire, workspace: String = "acme", environment: String? = nil, _ state: StateDocument, at now: Instant) -> ExitCode? {
            Approval.objection(to: wire, workspace: workspace, environment: environment, state: state, now: now)?.exit
        }
        #expect(exit(wire, state, at: world.now) == nil)
        #expect(exit(wire, workspace: "other", state, at: world.now) == .stale)
        #expect(exit(wire, environment: "prod", state, at: world.now) == .stale)
        #expect(exit(wire, state, at: world.now.adding(seconds: 7 * 86_400)) == .stale)
        var other = state
        other.lineage = "l2"
        #expect(exit(wire, other, at: world.now) == .stale)
        var edited = wire
        edited.changes[0].content?.subjects = ["Free money"]
        #expect(exit(edited, state, at: world.now) == .refused)
        var open = state
        open.intents = [Intent(address: list("vip"), operation: "create", settling: .findable, provider: "local", mark: "m", plan: "p")]
        #expect(exit(wire, open, at: world.now) == .unknown)
        try await world.apply()
        #expect(exit(wire, try world.state, at: world.now) == .refused)
    }

    @Test("Spending twice is refused by the state itself, and what was spent is remembered")
    func spentTwice() async throws {
        let session = StateSession(store: world.store, document: try world.state)
        _ = try session.spend(digest: "d", madeAgainst: 1, expires: world.now.adding(seconds: 60), at: world.now)
        #expect(throws: StoreFailure.self) { _ = try session.spend(digest: "d", madeAgainst: 1, expires: world.now, at: world.now) }
        let failure = #expect(throws: StoreFailure.self) { _ = try session.spend(digest: "e", madeAgainst: 2, expires: world.now, at: world.now) }
        #expect(failure?.exit == .unknown)
        try session.write { $0.finish("d@1", "done") }
        _ = try session.spend(digest: "e", madeAgainst: 2, expires: world.now, at: world.now.adding(seconds: 61))
        #expect(try world.state.spent.map(\.id) == ["d@1", "e@2"])
    }

    @Test("By hand: the text must be the approved one, the people within the envelope")
    func send() async throws {
        world.files.emails["teaser"]?.at = nil
        let early = try await world.run()
        try await world.apply()
        let approved = try await world.run()
        func verdict(_ approved: PlannedRun) async throws -> Approval.Verdict {
            let now = try await world.run()
            return Approval.compare(
                sending: email("teaser"), approved: try PlanWire(approved.plan), now: try PlanWire(now.plan), audiences: now.audiences,
                approvedAudience: { approved.audiences[$0] })
        }
        #expect(try await verdict(approved) == .equal)
        // A plan made before the email was applied does not do.
        #expect(try await verdict(early) == .outside(["email.teaser was not ready to be sent when this plan was made; plan again"]))
        world.files.lists["vip"]?.people = .people(1...110)
        #expect(try await verdict(approved) == .inside)
        world.files.lists["vip"]?.people = .people(1...111)
        guard case .outside = try await verdict(approved) else {
            Issue.record("inside")
            return
        }
        world.files.lists["vip"]?.people = .people(1...100)
        _ = try await world.send("teaser")
        #expect(try await verdict(approved) == .outside(["email.teaser is not ready to be sent any more"]))
    }
}
