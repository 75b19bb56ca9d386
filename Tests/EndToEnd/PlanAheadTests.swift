import Foundation
import Testing

/// `herald plan --at`: what the plan would be later.
@Suite("Looking ahead with a plan")
struct PlanAheadTests {
    /// A shop at noon (UTC) of 24 November 2026, with a list of those whose birthday is or was up to three days ago, and a mail to them on the 26th at nine.
    private func shop(policies: String = "") throws -> HeraldWorkspace {
        let shop = try HeraldWorkspace.shop(
            people: """
                id,email,first_name,country,consent,consented_at,birthday
                1,ada@example.org,Ada,DE,subscribed,2026-03-01,1990-11-26
                2,ben@example.org,Ben,AT,subscribed,2026-03-02,1985-11-23
                3,cleo@example.org,Cleo,DE,subscribed,2026-03-03,2000-11-25
                4,dan@example.org,Dan,DE,subscribed,2026-03-04,1970-11-22
                5,eve@example.org,Eve,DE,subscribed,2026-03-04,1970-11-24
                6,finn@example.org,Finn,DE,subscribed,2026-03-04,1970-11-24

                """)
        try shop.write("herald.yaml", shop.read("herald.yaml").replacing("email: email", with: "email: email\n    fields: {birthday: date}") + policies)
        try shop.write("lists/newsletter.yaml", HeraldWorkspace.list.replacing("{country: {in: [DE, AT]}}", with: "{birthday: {anniversary: 3 days}}"))
        try shop.write("campaigns/welcome.yaml", HeraldWorkspace.campaign.replacing("schedule: manual", with: "schedule: {at: 2026-11-26 09:00}\naudience: {change: 100%}"))
        return shop
    }

    /// What it says, however it was broken into lines.
    private func flat(_ text: String) -> String { text.split { $0 == " " || $0 == "\n" }.joined(separator: " ") }

    private func json(_ shop: HeraldWorkspace) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(shop.read("output/plan-at.json").utf8)) as? [String: Any])
    }

    @Test("People age in and out, what falls due has gone, and nothing can apply it")
    func ahead() throws {
        let shop = try shop()
        #expect(try shop.applyAll().code == 0)
        let before = (shop.read("output/plan.json"), shop.read(".herald/state.json"))
        let plan = try shop.herald("plan --at 2026-11-27")
        #expect(plan.code == 2, "\(plan.all)")
        #expect(plan.out.contains("LOOKING AHEAD to 2026-11-27 00:00 (Europe/Berlin)"))
        // On the 26th Dan's birthday is too long ago, and Ada and Cleo had theirs; on the 27th Ben's is too long ago as well.
        #expect(plan.out.contains("email.welcome-mail   2026-11-26 09:00 (Europe/Berlin)   goes to 5 people"), "\(plan.out)")
        #expect(plan.out.contains("4 → 4 (+2 −2)"), "\(plan.out)")
        #expect(!plan.out.contains("Apply exactly this") && plan.out.contains("it is never applied"))
        #expect(!plan.all.contains("ada@") && !shop.read("output/plan-at.json").contains("ada@"))
        // Neither the plan nor the state moved, and the files of the look ahead say what they are.
        #expect((shop.read("output/plan.json"), shop.read(".herald/state.json")) == before)
        let tree = try json(shop)
        #expect(tree["at"] as? String == "2026-11-26T23:00:00Z" && tree["expires"] == nil)
        #expect((tree["coming"] as? [[String: Any]])?.first?["outcome"] as? String == "goes")
        #expect(shop.read("output/plan-at.md").contains("never applied"))
        for command in ["apply output/plan-at.json", "send email.welcome-mail --plan output/plan-at.json"] {
            let refused = try shop.herald(command)
            #expect(refused.code == 6, "\(refused.all)")
            #expect(refused.err.contains("look ahead"))
        }
        // A file from which somebody took the mark is no plan either.
        try shop.write("output/plan-at.json", shop.read("output/plan-at.json").replacing("\"at\" : \"2026-11-26T23:00:00Z\",", with: ""))
        #expect(try shop.herald("apply output/plan-at.json").code == 6)
        #expect(try shop.herald("plan").code == 0, "the plan of now has nothing to do")
    }

    @Test("A mail that nobody applied is missed, and one that was edited or meets quiet hours does not go")
    func due() throws {
        let shop = try shop(policies: "\npolicies:\n  lead_time: {at_least: 2 hours}\n")
        try shop.herald("state init")
        let missed = try shop.herald("plan --at 2026-11-27T09:00:00+01:00")
        #expect(missed.code == 6, "\(missed.all)")
        #expect(flat(missed.out).contains("is missed unless it is applied, at 2026-11-26 07:00 (Europe/Berlin) at the latest"), "\(missed.out)")
        #expect(missed.out.contains("E_MISSED  email.welcome-mail"))
        #expect(try shop.applyAll().code == 0)
        try shop.write("campaigns/welcome.yaml", shop.read("campaigns/welcome.yaml").replacing("Welcome, {{", with: "Hello, {{"))
        #expect(flat(try shop.herald("plan --at 2026-11-27").out).contains("does not go: it was edited since it was applied"))
        try shop.write("campaigns/welcome.yaml", shop.read("campaigns/welcome.yaml").replacing("Hello, {{", with: "Welcome, {{"))
        let settings = shop.read("herald.yaml")
        try shop.write("herald.yaml", settings + "  quiet_hours: {start: 08:30, end: 10:00}\n")
        #expect(flat(try shop.herald("plan --at 2026-11-27").out).contains("goes to 5 people after the quiet hours, at 2026-11-26 10:00"))
        try shop.write("herald.yaml", settings + "  quiet_hours: {start: 08:30, end: 20:00}\n")
        #expect(flat(try shop.herald("plan --at 2026-11-27").out).contains("does not go: the quiet hours"))
        // Before its time nothing is due, and after it left the files it does not go.
        #expect(!(flat(try shop.herald("plan --at 2026-11-26").out).contains("DUE UNTIL THEN")))
        try shop.write("herald.yaml", settings)
        try shop.write("campaigns/welcome.yaml", "campaign: welcome\nname: Welcome\ncode: welcome\n")
        #expect(flat(try shop.herald("plan --at 2026-11-27").out).contains("does not go: it is no longer in the files"))
    }

    @Test("A time that is past, skipped by the clocks, or no time is told")
    func times() throws {
        let shop = try shop()
        try shop.herald("state init")
        for (time, words) in [
            ("2026-11-24", "2026-11-24 00:00 is past"), ("2026-11-24T12:00:00Z", "is past"), ("tomorrow", "`tomorrow` is no time for --at"), ("2027-02-29", "is no time"),
            ("2027-03-28 02:30", "does not exist in Europe/Berlin"),
        ] {
            let refused = try shop.run("plan", "--at", time)
            #expect(refused.code == 1, "\(refused.all)")
            #expect(refused.err.contains(words), "\(refused.all)")
        }
        #expect(!shop.exists("output/plan-at.json"))
        // Of a time that comes twice, the first is meant.
        #expect(try shop.run("plan", "--at", "2027-10-31 02:30").code != 1)
        #expect(shop.read("output/plan-at.json").contains("\"at\" : \"2027-10-31T00:30:00Z\""))
    }
}
