import Foundation
import Testing

@Suite("What applied plans cover")
struct RunTests {
    private func scheduled(audience: String = "") throws -> HeraldWorkspace {
        let shop = try HeraldWorkspace.shop()
        try shop.write(
            "campaigns/welcome.yaml",
            HeraldWorkspace.campaign.replacing("schedule: manual", with: "schedule: {at: 2026-11-25 09:00}\naudience: {change: 40%\(audience)}"))
        #expect(try shop.applyAll().code == 0)
        return shop
    }

    private let due = ["HERALD_NOW": "2026-11-25T08:30:00Z"]

    @Test("A scheduled email goes when it is due, once")
    func dueOnce() throws {
        let shop = try scheduled()
        let early = try shop.herald("run")
        #expect(early.code == 0, "\(early.all)")
        #expect(shop.mails.isEmpty)
        let run = try shop.herald("run", with: due)
        #expect(run.code == 0, "\(run.all)")
        #expect(run.out.contains("email.welcome-mail: sent to 3 people"))
        #expect(shop.mails.count == 3)
        #expect(try shop.herald("run", with: due).code == 0)
        #expect(shop.mails.count == 3)
        #expect(try shop.herald("plan", with: due).code == 0)
    }

    @Test("A send whose window passed is missed, never late")
    func missed() throws {
        let shop = try scheduled()
        let run = try shop.herald("run", with: ["HERALD_NOW": "2026-11-25T12:30:00Z"])
        #expect(run.code == 6)
        #expect(run.err.contains("missed"))
        #expect(shop.mails.isEmpty)
    }

    @Test("Who says no between approval and send gets nothing")
    func lateOptOut() throws {
        let shop = try scheduled()
        try shop.write("data/contacts.csv", HeraldWorkspace.people.replacing("2,ben@example.org,Ben,AT,subscribed", with: "2,ben@example.org,Ben,AT,unsubscribed"))
        let run = try shop.herald("run", with: due)
        #expect(run.code == 0, "\(run.all)")
        #expect(shop.mails.count == 2)
        #expect(!shop.mails.contains { $0.contains("ben@example.org") })
    }

    @Test("Frozen members are those approved who may still be mailed")
    func frozen() throws {
        let shop = try scheduled(audience: ", members: frozen")
        try shop.write(
            "data/contacts.csv",
            HeraldWorkspace.people.replacing("2,ben@example.org,Ben,AT,subscribed", with: "2,ben@example.org,Ben,AT,unsubscribed")
                + "8,gus@example.org,Gus,DE,subscribed,2026-05-01\n")
        let run = try shop.herald("run", with: due)
        #expect(run.code == 0, "\(run.all)")
        #expect(shop.mails.count == 2)
        #expect(!shop.mails.contains { $0.contains("gus@example.org") })
    }

    @Test("An edit that was not applied, or a revert, stops the send")
    func editStops() throws {
        let shop = try scheduled()
        let campaign = shop.read("campaigns/welcome.yaml")
        try shop.write("campaigns/welcome.yaml", campaign.replacing("2026-11-25 09:00", with: "2026-12-01 09:00"))
        let moved = try shop.herald("run", with: due)
        #expect(moved.code == 7, "\(moved.all)")
        try shop.write("campaigns/welcome.yaml", "campaign: welcome\nname: Welcome\ncode: welcome\n")
        let reverted = try shop.herald("run", with: due)
        #expect(reverted.code == 0, "\(reverted.all)")
        #expect(shop.mails.isEmpty)
        let plan = try shop.herald("plan", with: due)
        #expect(plan.code == 2)
        #expect(plan.out.contains("cancel"))
        #expect(try shop.herald("apply output/plan.json", with: due).code == 0)
        #expect(try shop.herald("plan", with: due).code == 0)
    }

    @Test("An audience that moved too far is not sent to")
    func movedTooFar() throws {
        let shop = try scheduled()
        let more = (10...13).map { "\($0),p\($0)@example.org,P,DE,subscribed,2026-05-01\n" }.joined()
        try shop.write("data/contacts.csv", HeraldWorkspace.people + more)
        let run = try shop.herald("run", with: due)
        #expect(run.code == 7, "\(run.all)")
        #expect(shop.mails.isEmpty)
    }

    @Test("Lists follow the data without a new approval, inside the valve")
    func members() throws {
        let shop = try HeraldWorkspace.shop()
        try shop.applyAll()
        try shop.write("data/contacts.csv", HeraldWorkspace.people + "8,gus@example.org,Gus,DE,subscribed,2026-05-01\n")
        let run = try shop.herald("run")
        #expect(run.code == 0, "\(run.all)")
        #expect(run.out.contains("list.newsletter: 1 joined, 0 left"))
        #expect(try shop.herald("plan").code == 0)
        try shop.write("lists/newsletter.yaml", HeraldWorkspace.list.replacing("[DE, AT]", with: "[DE]"))
        let edited = try shop.herald("run")
        #expect(edited.code == 0)
        #expect(!edited.out.contains("left"))
        #expect(try shop.herald("plan").code == 2)
    }
}
