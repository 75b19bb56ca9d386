import Foundation
import Testing

@Suite("Policies of sends")
struct PolicyTests {
    /// A shop whose mail is scheduled for nine in the morning of the next day in Berlin, at noon (UTC) of the day before.
    private func shop(policies: String, at time: String = "2026-11-25 09:00") throws -> HeraldWorkspace {
        let shop = try HeraldWorkspace.shop()
        try shop.write("herald.yaml", shop.read("herald.yaml") + "\npolicies:\n" + policies)
        try shop.write("campaigns/welcome.yaml", HeraldWorkspace.campaign.replacing("schedule: manual", with: "schedule: {at: \(time)}"))
        try shop.herald("state init")
        return shop
    }

    @Test("Too little time before a send is refused with what would be enough; more is fine, and advice only warns")
    func leadTime() throws {
        let shop = try shop(policies: "  lead_time: {at_least: 2 days}\n")
        let refused = try shop.herald("plan")
        #expect(refused.code == 6, "\(refused.all)")
        #expect(refused.out.contains("E_LEAD_TIME  email.welcome-mail"))
        #expect(refused.out.contains("the policy `lead_time`"))
        let early = try shop.herald("plan", with: ["HERALD_NOW": "2026-11-23T08:00:00Z"])
        #expect(early.code == 2, "\(early.all)")
        #expect(early.out.contains("lead_time: at least 2 days ahead"))
        try shop.write("herald.yaml", shop.read("herald.yaml").replacing("2 days}", with: "2 days, level: advisory}"))
        let advised = try shop.herald("plan")
        #expect(advised.code == 2, "\(advised.all)")
        #expect(advised.out.contains("warning, at least 2 days ahead, and it is less"))
    }

    @Test("A plan that is applied after its lead time has passed is stale")
    func leadTimePassed() throws {
        let shop = try shop(policies: "  lead_time: {at_least: 12 hours}\n")
        #expect(try shop.herald("plan").code == 2)
        let late = try shop.herald("apply output/plan.json", with: ["HERALD_NOW": "2026-11-25T07:00:00Z"])
        #expect(late.code == 7, "\(late.all)")
        #expect(late.err.contains("E_LEAD_TIME is refused now"))
        #expect(try shop.herald("apply output/plan.json").code == 0)
        // What is scheduled stays scheduled: nothing about it changes.
        let later = try shop.herald("plan", with: ["HERALD_NOW": "2026-11-25T07:00:00Z"])
        #expect(later.code == 0, "\(later.all)")
    }

    @Test("A time in the quiet hours is refused with the next one outside of them")
    func quietHours() throws {
        let shop = try shop(policies: "  quiet_hours: {start: 21:00, end: 08:00}\n", at: "2026-11-25 23:30")
        let refused = try shop.herald("plan")
        #expect(refused.code == 6, "\(refused.all)")
        #expect(refused.out.contains("E_QUIET_HOURS  email.welcome-mail"))
        #expect(refused.out.contains("the next time outside of them is 2026-11-26 08:00 (Europe/Berlin)"))
        try shop.write("campaigns/welcome.yaml", shop.read("campaigns/welcome.yaml").replacing("23:30", with: "20:30"))
        let allowed = try shop.herald("plan")
        #expect(allowed.code == 2, "\(allowed.all)")
        #expect(allowed.out.contains("quiet_hours: 21:00–08:00 Europe/Berlin"))
        #expect(try shop.herald("apply output/plan.json").code == 0)
        // The timer was late: now it is quiet, and nobody is woken. The window of the send ends before the morning.
        let quiet = try shop.herald("run", with: ["HERALD_NOW": "2026-11-25T20:30:00Z"])
        #expect(quiet.code == 0, "\(quiet.all)")
        #expect(quiet.err.contains("not sent yet: email.welcome-mail: these are quiet hours"))
        #expect(shop.mails.isEmpty)
        #expect(try shop.herald("run", with: ["HERALD_NOW": "2026-11-26T07:30:00Z"]).code == 6)
        #expect(shop.mails.isEmpty)
    }

    @Test("By hand nothing is sent in quiet hours either; the plan stays good")
    func quietSend() throws {
        let shop = try HeraldWorkspace.shop()
        try shop.write("herald.yaml", shop.read("herald.yaml") + "\npolicies:\n  quiet_hours: {start: 13:30, end: 15:00, timezone: Europe/Athens}\n")
        try shop.applyAll()
        try shop.herald("plan")
        let quiet = try shop.herald("send email.welcome-mail --plan output/plan.json")
        #expect(quiet.code == 6, "\(quiet.all)")
        #expect(quiet.err.contains("2026-11-24 15:00 (Europe/Athens)"))
        #expect(shop.mails.isEmpty)
        let sent = try shop.herald("send email.welcome-mail --plan output/plan.json", with: ["HERALD_NOW": "2026-11-24T13:00:00Z"])
        #expect(sent.code == 0, "\(sent.all)")
        #expect(shop.mails.count == 3)
    }

    @Test("Quiet hours on each recipient's clock are refused with their place")
    func recipientHours() throws {
        let shop = try shop(policies: "  quiet_hours: {start: 21:00, end: 08:00, timezone: recipient}\n")
        let plan = try shop.herald("plan")
        #expect(plan.code == 6, "\(plan.all)")
        #expect(plan.out.contains("E_UNSUPPORTED  email.welcome-mail"))
    }
}
