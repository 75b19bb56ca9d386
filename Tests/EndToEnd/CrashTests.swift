import Foundation
import Testing

/// herald killed at every sync: whatever had happened by then, after `recover`, a new plan and its apply everything is there once.
@Suite("Killed at every sync", .enabled(if: CrashShim.library != nil, "needs a C compiler"))
struct CrashTests {
    /// 70 people, so that a send has three groups.
    private func shop() throws -> HeraldWorkspace {
        let rows = (1...70).map { "\($0),p\($0)@example.org,P\($0),DE,subscribed,2026-01-01\n" }.joined()
        let shop = try HeraldWorkspace.shop(people: "id,email,first_name,country,consent,consented_at\n" + rows)
        try shop.herald("state init")
        return shop
    }

    /// Brings the workspace to rest, and holds that everything is there once.
    private func comeToRest(_ shop: HeraldWorkspace, _ what: String) throws {
        let recover = try shop.herald("recover")
        #expect(recover.code == 0, "\(what): recover \(recover.all)")
        let plan = try shop.herald("plan")
        #expect([0, 2].contains(plan.code), "\(what): plan \(plan.all)")
        if plan.code == 2 {
            let apply = try shop.herald("apply output/plan.json")
            #expect(apply.code == 0, "\(what): apply \(apply.all)")
        }
        let last = try shop.herald("plan")
        #expect(last.code == 0, "\(what): \(last.all)")
        let list = try shop.herald("state list").out
        #expect(list.split(separator: "\n").count == 3, "\(what): \(list)")
        #expect(try shop.objects() == ["email welcome-mail 0", "list Newsletter 70"], "\(what)")
    }

    @Test("an apply") func apply() throws {
        let shop = try shop()
        try shop.herald("plan")
        let count = try shop.countSyncs("apply output/plan.json")
        #expect(count > 5)
        for number in 1...count {
            let copy = try shop.copied()
            let killed = try copy.herald("apply output/plan.json", with: CrashShim.variables("KILL", "\(number)"))
            #expect(killed.code == -9)
            try comeToRest(copy, "killed at sync \(number) of \(count)")
        }
    }

    @Test("a refresh of an on-demand list, and a run that notices what changed") func refresh() throws {
        let shop = try shop()
        try shop.write("lists/newsletter.yaml", HeraldWorkspace.list.replacing("entity: contact", with: "entity: contact\ntype: on-demand"))
        try shop.write("lists/moved.yaml", "list: moved\nname: Moved\nentity: contact\nwhere: {changed: {field: country, within: 30 days}}\n")
        try shop.herald("list refresh newsletter")
        #expect(try shop.applyAll().code == 0)
        try shop.write("data/contacts.csv", shop.read("data/contacts.csv").replacing("P7,DE", with: "P7,AT") + "71,p71@example.org,P71,DE,subscribed,2026-01-01\n")
        try shop.herald("plan")
        for line in ["list refresh newsletter", "apply output/plan.json", "run"] {
            let count = try shop.countSyncs(line)
            #expect(count > 1)
            for number in 1...count {
                let (copy, what) = (try shop.copied(), "\(line) killed at sync \(number) of \(count)")
                #expect(try copy.herald(line, with: CrashShim.variables("KILL", "\(number)")).code == -9)
                let recover = try copy.herald("recover")
                #expect(recover.code == 0, "\(what): \(recover.all)")
                let refresh = try copy.herald("list refresh newsletter")
                #expect(refresh.code == 0, "\(what): \(refresh.all)")
                #expect([0, 2].contains(try copy.herald("plan").code), "\(what)")
                try copy.herald("apply output/plan.json")
                let rest = try copy.herald("plan")
                #expect(rest.code == 0, "\(what): \(rest.all)")
                // Whoever moved is seen, whether it was noticed before the end or after.
                #expect(Set(try copy.objects()) == ["email welcome-mail 0", "list Moved 1", "list Newsletter 71"], "\(what)")
            }
        }
    }

    @Test("a send: nobody gets two mails, and nobody is missing") func send() throws {
        let shop = try shop()
        try shop.herald("plan")
        try shop.herald("apply output/plan.json")
        try shop.herald("plan")
        let line = "send email.welcome-mail --plan output/plan.json"
        let count = try shop.countSyncs(line)
        #expect(count > 10)
        for number in 1...count {
            let copy = try shop.copied()
            #expect(try copy.herald(line, with: CrashShim.variables("KILL", "\(number)")).code == -9)
            try finishSending(copy, "killed at sync \(number) of \(count)")
        }
    }

    @Test("the recovering of a send") func recover() throws {
        let shop = try shop()
        try shop.herald("plan")
        try shop.herald("apply output/plan.json")
        try shop.herald("plan")
        let line = "send email.welcome-mail --plan output/plan.json"
        let half = try shop.countSyncs(line) / 2
        try shop.herald(line, with: CrashShim.variables("KILL", "\(half)"))
        let count = try shop.countSyncs("recover")
        #expect(count > 5)
        for number in 1...count {
            let copy = try shop.copied()
            try copy.herald("recover", with: CrashShim.variables("KILL", "\(number)"))
            try finishSending(copy, "recover killed at sync \(number) of \(count)")
        }
    }

    @Test("a run that brings a list in step and sends what is due") func run() throws {
        let shop = try shop()
        try shop.write("campaigns/welcome.yaml", HeraldWorkspace.campaign.replacing("schedule: manual", with: "schedule: {at: 2026-11-25 09:00}"))
        #expect(try shop.applyAll().code == 0)
        try shop.write("data/contacts.csv", shop.read("data/contacts.csv") + "71,p71@example.org,P71,DE,subscribed,2026-01-01\n")
        shop.variables["HERALD_NOW"] = "2026-11-25T08:30:00Z"
        let count = try shop.countSyncs("run")
        #expect(count > 10)
        for number in 1...count {
            let (copy, what) = (try shop.copied(), "killed at sync \(number) of \(count)")
            #expect(try copy.herald("run", with: CrashShim.variables("KILL", "\(number)")).code == -9)
            let recover = try copy.herald("recover")
            #expect(recover.code == 0, "\(what): \(recover.all)")
            let again = try copy.herald("run")
            #expect(again.code == 0, "\(what): \(again.all)")
            let to = copy.mails.compactMap { mail in mail.split(separator: "\r\n").first { $0.hasPrefix("To: ") }.map(String.init) }
            #expect(to.count == 71 && Set(to).count == 71, "\(what)")
            #expect(try copy.herald("plan").code == 0, "\(what)")
        }
    }

    private func finishSending(_ shop: HeraldWorkspace, _ what: String) throws {
        let recover = try shop.herald("recover")
        #expect(recover.code == 0, "\(what): \(recover.all)")
        // A send that had not begun is made again, with a new plan; one that had begun is finished by now.
        try shop.herald("plan")
        try shop.herald("send email.welcome-mail --plan output/plan.json")
        let to = shop.mails.compactMap { mail in mail.split(separator: "\r\n").first { $0.hasPrefix("To: ") }.map(String.init) }
        #expect(to.count == 70, "\(what)")
        #expect(Set(to).count == 70, "\(what)")
        #expect(try shop.herald("status").out.contains("sent: 70 sent"), "\(what)")
        #expect(try shop.herald("plan").code == 0, "\(what)")
    }

    @Test("a full disk, or one that fails, leaves everything whole", arguments: ["FULL", "EIO"]) func disk(_ fault: String) throws {
        let shop = try shop()
        try shop.herald("plan")
        for number in 1...30 {
            let copy = try shop.copied()
            let run = try copy.herald("apply output/plan.json", with: CrashShim.variables(fault, "\(number)"))
            #expect(run.code != -9 && run.code < 10, "\(fault) \(number): \(run.all)")
            try comeToRest(copy, "\(fault) at \(number)")
        }
    }
}

extension HeraldWorkspace {
    /// What the built-in provider holds, by SQL: kind, name, members.
    func objects() throws -> [String] {
        let script = "import sqlite3,sys\nfor row in sqlite3.connect(sys.argv[1]).execute('SELECT kind, name, members FROM object ORDER BY kind'): print(*row)"
        return try run("python3", "-c", script, root + "/.herald/local.sqlite", program: "/usr/bin/env").out.split(separator: "\n").map(String.init)
    }
}
