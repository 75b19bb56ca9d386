import Foundation
import Testing

@Suite("From files to mails")
struct MainJobTests {
    @Test("plan shows changes, apply does them, and then the plan is empty")
    func mainJob() throws {
        let shop = try HeraldWorkspace.shop()
        #expect(try shop.herald("validate").code == 0)
        #expect(try shop.herald("state init").code == 0)
        let plan = try shop.herald("plan")
        #expect(plan.code == 2, "\(plan.all)")
        #expect(plan.out.contains("list.newsletter"))
        #expect(plan.out.contains("Apply exactly this"))
        let apply = try shop.herald("apply output/plan.json")
        #expect(apply.code == 0, "\(apply.all)")
        let again = try shop.herald("plan")
        #expect(again.code == 0)
        #expect(again.out.contains("nothing changes"))
        #expect(again.out.contains("herald send email.welcome-mail --plan output/plan.json"))
        #expect(shop.mails.isEmpty)
        let send = try shop.herald("send email.welcome-mail --plan output/plan.json")
        #expect(send.code == 0, "\(send.all)")
        #expect(shop.mails.count == 3)
        #expect(shop.mails.contains { $0.contains("Subject: Welcome, Ada") })
        #expect(shop.mails.contains { $0.contains("Subject: Welcome, friend") })
        let last = try shop.herald("plan")
        #expect(last.code == 0)
        #expect(!last.out.contains("herald send"))
        #expect(try shop.herald("status").out.contains("sent: 3 sent, 0 failed, 0 unknown"))
    }

    @Test("A plan is used once")
    func singleUse() throws {
        let shop = try HeraldWorkspace.shop()
        #expect(try shop.applyAll().code == 0)
        let again = try shop.herald("apply output/plan.json")
        #expect(again.code == 6)
        #expect(again.err.contains("works once"))
    }

    @Test("A send is for one plan, made after the email was applied, and happens once")
    func sendOnce() throws {
        let shop = try HeraldWorkspace.shop()
        try shop.herald("state init")
        try shop.herald("plan")
        #expect(try shop.herald("send email.welcome-mail --plan output/plan.json").code == 6)
        try shop.herald("apply output/plan.json")
        try shop.herald("plan")
        #expect(try shop.herald("send email.welcome-mail --plan output/plan.json").code == 0)
        let again = try shop.herald("send email.welcome-mail --plan output/plan.json")
        #expect(again.code == 6)
        try shop.herald("plan")
        #expect(try shop.herald("send email.welcome-mail --plan output/plan.json").code == 6)
        #expect(shop.mails.count == 3)
    }

    @Test("What was sent cannot be edited; a new email can be written")
    func sentIsLocked() throws {
        let shop = try HeraldWorkspace.shop()
        try shop.applyAll()
        try shop.herald("plan")
        try shop.herald("send email.welcome-mail --plan output/plan.json")
        try shop.write("campaigns/welcome.html", HeraldWorkspace.template + "<p>More</p>")
        let plan = try shop.herald("plan")
        #expect(plan.code == 6)
        #expect(plan.out.contains("E_SENT"))
        #expect(plan.out.contains("welcome-mail-2"))
    }

    @Test("Edits between plan and apply are not applied")
    func definitionsMoved() throws {
        let shop = try HeraldWorkspace.shop()
        try shop.herald("state init")
        try shop.herald("plan")
        try shop.write("lists/newsletter.yaml", HeraldWorkspace.list.replacing("name: Newsletter", with: "name: Our newsletter"))
        let apply = try shop.herald("apply output/plan.json")
        #expect(apply.code == 7)
        #expect(apply.err.contains("definitions"))
        #expect(try shop.herald("state list").out.isEmpty)
    }

    @Test("Comments and layout are not edits")
    func commentsMayMove() throws {
        let shop = try HeraldWorkspace.shop()
        try shop.herald("state init")
        try shop.herald("plan")
        try shop.write("lists/news.yaml", "# A comment\n" + HeraldWorkspace.list.replacing("{country: {in: [DE, AT]}}", with: "\n  country:\n    in: [DE, AT]"))
        try FileManager.default.removeItem(atPath: shop.root + "/lists/newsletter.yaml")
        let apply = try shop.herald("apply output/plan.json")
        #expect(apply.code == 0, "\(apply.all)")
    }

    @Test("An audience that moved further than allowed stops the send")
    func audienceMoved() throws {
        let shop = try HeraldWorkspace.shop()
        try shop.applyAll()
        try shop.herald("plan")
        try shop.write("data/contacts.csv", HeraldWorkspace.people.replacing("4,dan@example.org,Dan,FR", with: "4,dan@example.org,Dan,DE"))
        let send = try shop.herald("send email.welcome-mail --plan output/plan.json")
        #expect(send.code == 7)
        #expect(send.err.contains("came or went"))
        #expect(shop.mails.isEmpty)
    }

    @Test("A plan file that was changed by hand is refused")
    func tampered() throws {
        let shop = try HeraldWorkspace.shop()
        try shop.herald("state init")
        try shop.herald("plan")
        try shop.write("output/plan.json", shop.read("output/plan.json").replacing("\"Newsletter\"", with: "\"Elsewhere\""))
        #expect(try shop.herald("apply output/plan.json").code == 6)
        try shop.write("output/plan.json", "{")
        #expect(try shop.herald("apply output/plan.json").code == 6)
        try FileManager.default.removeItem(atPath: shop.root + "/output/plan.json")
        #expect(try shop.herald("apply output/plan.json").code == 6)
    }

    @Test("Without state, with another key, or after its time a plan is not applied")
    func stateKeyTime() throws {
        let shop = try HeraldWorkspace.shop()
        let none = try shop.herald("plan")
        #expect(none.code == 6)
        #expect(none.err.contains("state init"))
        try shop.herald("state init")
        #expect(try shop.herald("state init").code == 0)
        try shop.herald("plan")
        let late = try shop.herald("apply output/plan.json", with: ["HERALD_NOW": "2026-12-02T12:00:00Z"])
        #expect(late.code == 7)
        #expect(late.err.contains("expired"))
        try shop.write(".herald/key", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n")
        #expect(try shop.herald("plan").code == 4)
        try shop.write(".herald/key", "short\n")
        #expect(try shop.herald("plan").code == 4)
    }

    @Test("What a plan refuses is not done, and told by apply's code") func refusedItems() throws {
        let shop = try HeraldWorkspace.shop()
        try shop.write(
            "campaigns/later.yaml",
            HeraldWorkspace.campaign.replacing("campaign: welcome", with: "campaign: later").replacing("code: welcome", with: "code: later").replacing(
                "name: Welcome", with: "name: Later"
            ).replacing("email: welcome-mail", with: "email: late-mail").replacing("schedule: manual", with: "schedule: {at: 2026-11-01 09:00}"))
        try shop.herald("state init")
        #expect(try shop.herald("plan").code == 6)
        let apply = try shop.herald("apply output/plan.json")
        #expect(apply.code == 6)
        #expect(apply.err.contains("email.late-mail"))
        #expect(try shop.herald("state list").out.contains("email.welcome-mail"))
    }

    @Test("A mass removal is refused until somebody says how many")
    func massChange() throws {
        let rows = (1...40).map { "\($0),p\($0)@example.org,P,DE,subscribed,2026-01-01" }
        let head = "id,email,first_name,country,consent,consented_at\n"
        let shop = try HeraldWorkspace.shop(people: head + rows.joined(separator: "\n") + "\n")
        try shop.applyAll()
        try shop.write("data/contacts.csv", head + rows.prefix(20).joined(separator: "\n") + "\n")
        let plan = try shop.herald("plan")
        #expect(plan.code == 6)
        #expect(plan.out.contains("E_MASS_CHANGE"))
        #expect(plan.out.contains("--allow-removals list.newsletter=20"))
        let allowed = try shop.herald("plan --allow-removals list.newsletter=20")
        #expect(allowed.code == 2, "\(allowed.all)")
        #expect(try shop.herald("apply output/plan.json").code == 0)
        #expect(try shop.herald("plan").code == 0)
    }

    @Test("init makes a workspace that works")
    func initMakesOne() throws {
        let folder = HeraldWorkspace()
        #expect(try folder.herald("init --workspace tea --timezone Europe/Berlin").code == 0)
        for step in ["validate", "test"] { #expect(try folder.herald(step).code == 0) }
        #expect(try folder.herald("plan").code == 2)
        #expect(try folder.herald("apply output/plan.json").code == 0)
        #expect(try folder.herald("plan").code == 0)
        #expect(folder.read(".gitignore").contains("/.herald/"))
        let again = try folder.herald("init")
        #expect(again.code == 6)
        #expect(try folder.herald("init other --timezone Mars/Base").code == 1)
    }

    @Test("--trace tells the steps on stderr, --quiet says less") func traceAndQuiet() throws {
        let shop = try HeraldWorkspace.shop()
        #expect(try shop.herald("state init --quiet").all.isEmpty)
        let plan = try shop.herald("plan --trace")
        #expect(plan.err.contains("trace: planned 3 changes"))
        #expect(!plan.out.contains("trace:"))
        #expect(try shop.herald("apply output/plan.json --trace").err.contains("trace: applying 1 of"))
    }

    @Test("Wrong usage ends with 1")
    func usage() throws {
        let shop = try HeraldWorkspace.shop()
        for line in ["", "plan list.nowhere", "plan --take here list.newsletter", "apply", "list show nowhere", "bogus", "explain newsletter nobody@example.org"] {
            let run = try shop.herald(line)
            #expect(run.code == (line.isEmpty ? 0 : 1), "\(line): \(run.all)")
        }
        #expect(try shop.herald("--help").code == 0)
        #expect(try shop.herald("version").out.contains("herald.plan/1"))
    }
}
