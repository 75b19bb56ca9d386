import HeraldModel
import Testing

@testable import HeraldPipeline

@Suite("Policies in the plan")
struct PlanPolicyTests {
    let world: World

    init() throws { world = try World() }

    @Test(
        "The valve: more than its share may not leave at once; small lists are not held to it",
        arguments: [
            (20, 6, 30, true), (20, 7, 30, false), (9, 9, 30, true), (10, 4, 30, false), (20, 10, 50, true), (20, 1, 0, false), (20, 20, 100, true),
        ])
    func massChange(existing: Int, leaving: Int, removals: Int, passes: Bool) async throws {
        world.files.lists["vip"] = Files.List(name: "VIP", people: .people(1...existing), removals: removals)
        try await world.apply()
        world.files.lists["vip"]?.people = .people((1...existing).dropFirst(leaving))
        world.files.lists["vip"]?.name = "Renamed too"
        let plan = try await world.plan()
        #expect(short(plan) == (passes ? ["list.vip rename remove-members"] : ["E_MASS_CHANGE list.vip"]))
        // Refused whole: not even the name.
        if !passes { #expect(try await world.run().steps.isEmpty) }
    }

    @Test("What is meant is allowed by number, shown, and no further than that")
    func allowed() async throws {
        world.files.lists["vip"] = Files.List(name: "VIP", people: .people(1...20))
        try await world.apply()
        world.files.lists["vip"]?.people = .people(1...8)
        #expect(try await world.plan().refused.first?.remedy.contains("--allow-removals list.vip=12") == true)
        world.options.allowRemovals = [list("vip"): 12]
        let plan = try await world.plan()
        #expect(plan.policies.map(\.detail) == ["12 of 20 members leave (limit 30 %), allowed with --allow-removals"])
        #expect(try PlanWire(plan).options.allow_removals == ["list.vip": 12])
        world.files.lists["vip"]?.people = .people(1...7)
        #expect(short(try await world.plan()) == ["E_MASS_CHANGE list.vip"])
    }

    @Test("The floor comes from the policy")
    func floor() async throws {
        world.files.policies.massChange.floor = 50
        world.files.lists["vip"] = Files.List(name: "VIP", people: .people(1...49))
        try await world.apply()
        world.files.lists["vip"]?.people = [:]
        #expect(short(try await world.plan()) == ["list.vip remove-members"])
    }

    @Test(
        "The most people a send may reach: the email's own limit, and the policy's by its level",
        arguments: [
            (Int?.some(20), Int?.none, true, "passes"), (19, nil, true, "refused"), (nil, 20, true, "pass"), (nil, 19, true, "refused"), (nil, 19, false, "advisory"),
        ])
    func audience(own: Int?, policy: Int?, isMandatory: Bool, outcome: String) async throws {
        world.files.lists["vip"] = Files.List(name: "VIP", people: .people(1...20))
        world.files.emails["teaser"] = Files.Email(
            name: "teaser", list: "vip", subject: "s", at: Instant(seconds: 1_803_891_600), atMost: own)
        world.files.policies.audience = policy.map { Policies.Leveled($0, level: isMandatory ? .mandatory : .advisory, span: Files.span) }
        let plan = try await world.plan()
        #expect(plan.refused.map(\.code) == (outcome == "refused" ? [.audience] : []))
        #expect(plan.policies.map(\.result.rawValue) == (outcome == "passes" ? [] : [outcome]))
        #expect(plan.exitCode == (outcome == "refused" ? .refused : .changes))
    }

    @Test("A list that grew beyond the limit of an email that is held refuses the email, though nothing else changes")
    func grown() async throws {
        world.files.lists["vip"] = Files.List(name: "VIP", people: .people(1...20))
        world.files.emails["teaser"] = Files.Email(name: "teaser", list: "vip", subject: "s", at: Instant(seconds: 1_803_891_600), atMost: 20)
        try await world.apply()
        #expect(try await world.plan().policies.isEmpty)
        world.files.lists["vip"]?.people = .people(1...21)
        #expect(short(try await world.plan()) == ["list.vip add-members", "E_AUDIENCE email.teaser"])
    }

    @Test("The plan expires after seven days, or when the approval policy says", arguments: [nil, CalendarDuration(36, .hour)])
    func expiry(_ valid: CalendarDuration?) async throws {
        if let valid { world.files.policies.approval = Policies.Leveled(.init(over: 1, by: ["lead"], valid: valid), level: .mandatory, span: Files.span) }
        let plan = try await world.plan()
        #expect(plan.expires == world.now.adding(seconds: valid == nil ? 7 * 86_400 : 36 * 3600))
    }
}
