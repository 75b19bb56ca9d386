import HeraldModel
import Testing

@testable import HeraldPipeline

@Suite("The plan of campaigns")
struct PlanCampaignTests {
    let world: World

    init() async throws {
        world = try World()
        world.files.campaigns["spring"] = Files.Campaign(name: "Spring", code: "spring27", fields: ["budget": "12000 EUR", "description": ""])
    }

    @Test("A campaign lives in the state: created, edited, and then empty")
    func life() async throws {
        let plan = try await world.plan()
        #expect(short(plan) == ["campaign.spring create"])
        #expect(plan.changes.first?.fields.map(\.name) == ["budget", "code", "name"])
        try await world.apply()
        #expect(try world.state.codes == ["spring27": campaign("spring")])
        #expect(try await world.plan().changes.isEmpty)
        world.files.campaigns["spring"]?.name = "Spring sale"
        #expect(short(try await world.plan()) == ["campaign.spring rename"])
        world.files.campaigns["spring"]?.fields["budget"] = "9000 EUR"
        #expect(short(try await world.plan()) == ["campaign.spring rename update"])
        try await world.apply()
        #expect(try await world.plan().changes.isEmpty)
        #expect(world.provider.look(\.calls) == 0)
    }

    @Test("A changed code is refused with the line to add, and then kept for ever")
    func changedCode() async throws {
        try await world.apply()
        world.files.campaigns["spring"]?.code = "spring-27"
        let refused = try await world.plan()
        #expect(short(refused) == ["E_CODE campaign.spring"])
        #expect(refused.refused.first?.remedy == "add `former_codes: [spring27]`")
        world.files.campaigns["spring"]?.former = ["spring27"]
        #expect(short(try await world.plan()) == ["campaign.spring update"])
        try await world.apply()
        #expect(try world.state.codes == ["spring27": campaign("spring"), "spring-27": campaign("spring")])
        #expect(try await world.plan().changes.isEmpty)
    }

    @Test("A code of another campaign is never given again; of one that is gone it may be taken over by name")
    func reusedCode() async throws {
        try await world.apply()
        world.files.campaigns["summer"] = Files.Campaign(name: "Summer", code: "spring27")
        #expect(short(try await world.plan()) == ["E_CODE campaign.summer"])
        world.files.campaigns["spring"] = nil
        let refused = try await world.plan()
        #expect(refused.refused.first?.remedy.contains("`former_codes: [spring27]`") == true)
        world.files.campaigns["summer"] = Files.Campaign(name: "Summer", code: "summer27", former: ["spring27"])
        try await world.apply()
        #expect(try world.state.codes["spring27"] == campaign("summer"))
    }

    @Test("Removed and forgotten, its code stays its own")
    func removed() async throws {
        try await world.apply()
        world.files.campaigns = [:]
        world.files.removed = [campaign("spring")]
        #expect(short(try await world.plan()) == ["campaign.spring forget"])
        try await world.apply()
        world.files.removed = []
        world.files.campaigns["new"] = Files.Campaign(name: "New", code: "spring27")
        #expect(short(try await world.plan()) == ["E_CODE campaign.new"])
    }

    @Test("Moved, its codes move with it")
    func moved() async throws {
        try await world.apply()
        world.files.campaigns["sale"] = world.files.campaigns.removeValue(forKey: "spring")
        world.files.moved = [(campaign("spring"), campaign("sale"))]
        #expect(short(try await world.plan()) == ["campaign.sale rename"])
        try await world.apply()
        #expect(try world.state.codes == ["spring27": campaign("sale")])
        #expect(try world.state.objects[campaign("sale")]?.mark == Mark.of(campaign("spring"), world.files.settings))
        #expect(try await world.plan().changes.isEmpty)
    }
}
