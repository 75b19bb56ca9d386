import Foundation
import Testing

@Suite("Approval by role")
struct ApproveTests {
    private let secrets = ["HERALD_APPROVE_MARKETING_LEAD": "a secret of the marketing lead", "HERALD_APPROVE_LEGAL": "another one, of the lawyers"]

    private func shop(schedule: String = "{at: 2026-11-25 09:00}", by roles: String = "[marketing-lead]") throws -> HeraldWorkspace {
        let shop = try HeraldWorkspace.shop()
        try shop.write("herald.yaml", shop.read("herald.yaml") + "\npolicies:\n  approval: {over: 2, by: \(roles), valid: 3 days}\n")
        try shop.write("campaigns/welcome.yaml", HeraldWorkspace.campaign.replacing("schedule: manual", with: "schedule: \(schedule)"))
        shop.variables["HERALD_ACTOR"] = "anna"
        try shop.herald("state init")
        try shop.herald("plan")
        return shop
    }

    @Test("A large send needs its approval, which covers this plan and no other")
    func approved() throws {
        let shop = try shop()
        let plan = try shop.herald("plan")
        #expect(plan.code == 2, "\(plan.all)")
        #expect(plan.out.contains("approval: 3 recipients, free up to 2: needs marketing-lead"))
        #expect(plan.out.contains("herald approve output/plan.json --as marketing-lead"))
        #expect(plan.out.contains("expires 2026-11-27"))
        let without = try shop.herald("apply output/plan.json", with: secrets)
        #expect(without.code == 6, "\(without.all)")
        #expect(without.err.contains("email.welcome-mail needs the approval of marketing-lead"))
        let approval = try shop.herald("approve output/plan.json --as marketing-lead", with: secrets)
        #expect(approval.code == 0, "\(approval.all)")
        #expect(approval.out.contains("approved as marketing-lead"))
        // Who applies needs the secret to check it, and the right one.
        #expect(try shop.herald("apply output/plan.json").code == 4)
        let wrong = try shop.herald("apply output/plan.json", with: ["HERALD_APPROVE_MARKETING_LEAD": "a secret of somebody else"])
        #expect(wrong.code == 6, "\(wrong.all)")
        #expect(wrong.err.contains("signed with another secret"))
        #expect(try shop.herald("apply output/plan.json", with: secrets).code == 0)
        let history = try shop.herald("history")
        #expect(history.out.contains("approved by marketing-lead (anna)"))
        // Another plan is not approved by that.
        try shop.write("campaigns/welcome.yaml", shop.read("campaigns/welcome.yaml").replacing("09:00", with: "10:00"))
        try shop.herald("plan")
        let other = try shop.herald("apply output/plan.json", with: secrets)
        #expect(other.code == 6, "\(other.all)")
        #expect(other.err.contains("it is of another plan"))
    }

    @Test("All roles have to agree, each for itself; a forged approval does not count")
    func severalRoles() throws {
        let shop = try shop(by: "[marketing-lead, legal]")
        #expect(try shop.herald("approve output/plan.json --as legal", with: secrets).code == 0)
        let missing = try shop.herald("apply output/plan.json", with: secrets)
        #expect(missing.code == 6)
        #expect(missing.err.contains("needs the approval of marketing-lead"))
        // The approval of one role under the name of another.
        try shop.write("output/plan.approvals/marketing-lead.json", shop.read("output/plan.approvals/legal.json"))
        #expect(try shop.herald("apply output/plan.json", with: secrets).code == 6)
        try shop.write(
            "output/plan.approvals/marketing-lead.json", shop.read("output/plan.approvals/legal.json").replacing("\"legal\"", with: "\"marketing-lead\""))
        #expect(try shop.herald("apply output/plan.json", with: secrets).code == 6)
        try shop.write("output/plan.approvals/marketing-lead.json", "{")
        #expect(try shop.herald("apply output/plan.json", with: secrets).code == 6)
        #expect(try shop.herald("approve output/plan.json --as marketing-lead", with: secrets).code == 0)
        #expect(try shop.herald("apply output/plan.json", with: secrets).code == 0)
    }

    @Test("Who may not, or cannot, approve is told why")
    func refusedApprovals() throws {
        let shop = try shop()
        let unknown = try shop.herald("approve output/plan.json --as ../legal", with: secrets)
        #expect(unknown.code == 6)
        #expect(unknown.err.contains("it needs that of marketing-lead"))
        let secretless = try shop.herald("approve output/plan.json --as marketing-lead")
        #expect(secretless.code == 4)
        #expect(secretless.err.contains("HERALD_APPROVE_MARKETING_LEAD"))
        #expect(try shop.herald("approve output/plan.json --as marketing-lead", with: ["HERALD_APPROVE_MARKETING_LEAD": "short"]).code == 4)
        let expired = try shop.herald("approve output/plan.json --as marketing-lead", with: secrets.merging(["HERALD_NOW": "2026-12-24T12:00:00Z"]) { $1 })
        #expect(expired.code == 7, "\(expired.all)")
        try shop.write("output/plan.json", shop.read("output/plan.json").replacing("Welcome", with: "Welcomed"))
        #expect(try shop.herald("approve output/plan.json --as marketing-lead", with: secrets).code == 6)
        try shop.herald("plan")
        try shop.write("campaigns/welcome.html", HeraldWorkspace.template.replacing("Hello", with: "Bye"))
        #expect(try shop.herald("approve output/plan.json --as marketing-lead", with: secrets).code == 7)
        #expect(try shop.herald("approve nothing.json --as marketing-lead", with: secrets).code == 6)
    }

    @Test("A send by hand needs it too, and applying the draft does not")
    func manualSend() throws {
        let shop = try shop(schedule: "manual")
        #expect(try shop.herald("apply output/plan.json").code == 0)
        let plan = try shop.herald("plan")
        #expect(plan.code == 0)
        #expect(plan.out.contains("needs marketing-lead"), "\(plan.out)")
        let without = try shop.herald("send email.welcome-mail --plan output/plan.json", with: secrets)
        #expect(without.code == 6, "\(without.all)")
        #expect(shop.mails.isEmpty)
        #expect(try shop.herald("approve output/plan.json --as marketing-lead", with: secrets).code == 0)
        let sent = try shop.herald("send email.welcome-mail --plan output/plan.json", with: secrets)
        #expect(sent.code == 0, "\(sent.all)")
        #expect(shop.mails.count == 3)
    }

    @Test("Approving needs neither the state nor the key")
    func withoutState() throws {
        let shop = try shop()
        try FileManager.default.removeItem(atPath: shop.root + "/.herald")
        #expect(try shop.herald("approve output/plan.json --as marketing-lead", with: secrets).code == 0)
    }
}
