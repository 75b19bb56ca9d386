import Foundation
import Testing

@Suite("Rotating the key")
struct KeyRotationTests {
    /// Someone opted out, someone was removed by hand, a mail was sent, one is scheduled, and the plan is empty.
    private func shop() throws -> HeraldWorkspace {
        let shop = try HeraldWorkspace.shop()
        try shop.write(
            "campaigns/later.yaml",
            "email: later\nlist: newsletter\nvia: local\nsubject: Later\ntemplate: welcome.html\nschedule: {at: 2026-11-25 09:00}\naudience: {change: 10%}\n")
        try shop.herald("state init")
        try shop.herald("person unsubscribe ben@example.org --reason x")
        #expect(try shop.applyAll().code == 0)
        try shop.herald("plan")
        #expect(try shop.herald("send email.welcome-mail --plan output/plan.json").code == 0)
        #expect(try shop.herald("plan").code == 0)
        return shop
    }

    private func expectSame(_ shop: HeraldWorkspace, _ comment: Comment = "") throws {
        let plan = try shop.herald("plan")
        #expect(plan.code == 0, "\(comment): \(plan.all)")
        #expect(!plan.out.contains("DRIFT"))
        #expect(try shop.herald("person show 2").out.contains("fact     unsubscribed"), comment)
        #expect(try shop.herald("list show newsletter --format json").out.contains("\"unsubscribed\" : 1"), comment)
        #expect(try shop.objects() == ["email later 0", "email welcome-mail 0", "list Newsletter 2"], comment)
    }

    @Test("A key of herald's own: the plan stays empty, opt-outs hold, what is approved stays approved")
    func own() throws {
        let shop = try shop()
        for turn in 1...3 {
            let rotate = try shop.herald("key rotate")
            #expect(rotate.code == 0, "\(rotate.all)")
            #expect(shop.read(".herald/key").split(separator: ",").count == turn + 1)
            try expectSame(shop)
        }
        #expect(try shop.herald("run", with: ["HERALD_NOW": "2026-11-25T08:30:00Z"]).code == 0)
        #expect(shop.mails.count == 4)
        // An older key, alone, is a wrong one.
        try shop.write(".herald/key", shop.read(".herald/key").split(separator: ",").dropFirst().joined(separator: ","))
        #expect(try shop.herald("plan").code == 4)
    }

    @Test("A key in a variable: it says what to do, and rotates once the new one is there")
    func variable() throws {
        let shop = try HeraldWorkspace.shop()
        try shop.write("herald.yaml", shop.read("herald.yaml") + "\nkey: ${HERALD_KEY}\n")
        let keys = ["a", "b", "c"].map { Data(String(repeating: $0, count: 32).utf8).base64EncodedString() }
        shop.variables["HERALD_KEY"] = keys[0]
        #expect(try shop.applyAll().code == 0)
        try shop.herald("person unsubscribe ben@example.org --reason x")
        let early = try shop.herald("key rotate")
        #expect(early.code == 4, "\(early.all)")
        #expect(early.err.contains("put a new key before the ones so far"))
        // Two rotations at once.
        shop.variables["HERALD_KEY"] = keys[2] + "," + keys[1] + "," + keys[0]
        let between = try shop.herald("plan")
        #expect(between.code == 4)
        #expect(between.err.contains("herald key rotate"))
        let rotate = try shop.herald("key rotate")
        #expect(rotate.code == 0, "\(rotate.all)")
        #expect(!rotate.all.contains(keys[2]))
        #expect(try shop.herald("person show 2").out.contains("fact     unsubscribed"))
        #expect(try shop.herald("plan --allow-removals list.newsletter=9").code == 2)
        for wrong in [keys[0], keys[1] + "," + keys[0], keys[2], keys[0] + "," + keys[1], "x"] {
            shop.variables["HERALD_KEY"] = wrong
            #expect(try shop.herald("plan").code == 4)
            #expect(try shop.herald("key rotate").code == 4)
        }
    }

    @Test("Each environment is rotated by itself, and goes on with the key that is there")
    func environments() throws {
        let shop = try HeraldWorkspace.shop()
        try shop.write("herald.yaml", shop.read("herald.yaml") + "\nenvironments: {dev: {}, prod: {}}\n")
        for name in ["dev", "prod"] { #expect(try shop.herald("state init --env \(name)").code == 0) }
        try shop.herald("person unsubscribe 2 --reason x --env prod")
        #expect(try shop.herald("key rotate --env dev").code == 0)
        #expect(try shop.herald("person show 2 --env prod").code == 4)
        #expect(try shop.herald("key rotate --env prod").code == 0)
        #expect(shop.read(".herald/key").split(separator: ",").count == 2)
        #expect(try shop.herald("person show 2 --env prod").out.contains("unsubscribed"))
        #expect(try shop.herald("person show 2 --env dev").code == 0)
    }

    @Test("A database or records of before the rotation are refused")
    func restored() throws {
        let shop = try shop()
        let records = Array(FileManager.default.contents(atPath: shop.root + "/.herald/records.facts") ?? Data())
        let database = Array(FileManager.default.contents(atPath: shop.root + "/.herald/local.sqlite") ?? Data())
        #expect(try shop.herald("key rotate").code == 0)
        let after = Array(FileManager.default.contents(atPath: shop.root + "/.herald/local.sqlite") ?? Data())
        try shop.write(".herald/local.sqlite", bytes: database)
        let plan = try shop.herald("plan")
        #expect(plan.code == 6, "\(plan.all)")
        try shop.write(".herald/local.sqlite", bytes: after)
        try shop.write(".herald/records.facts", bytes: records)
        #expect(try shop.herald("plan").code == 6)
        #expect(try shop.herald("state accept-records --reason restored").code == 0)
        try expectSame(shop)
    }

    @Test("Killed at every sync: the old key, or after running it again the new one", .enabled(if: CrashShim.library != nil))
    func killed() throws {
        let shop = try shop()
        let count = try shop.countSyncs("key rotate")
        #expect(count > 8)
        for number in 1...count {
            let copy = try shop.copied()
            #expect(try copy.herald("key rotate", with: CrashShim.variables("KILL", "\(number)")).code == -9)
            let plan = try copy.herald("plan")
            #expect([0, 4].contains(plan.code), "sync \(number): \(plan.all)")
            if plan.code == 4 {
                // Killed once more on the way.
                try copy.herald("key rotate", with: CrashShim.variables("KILL", "\(number % 3 + 1)"))
            }
            let rotate = try copy.herald("key rotate")
            #expect(rotate.code == 0, "sync \(number): \(rotate.all)")
            try expectSame(copy, "sync \(number) of \(count)")
            #expect(try copy.herald("recover").code == 0)
        }
    }

    @Test("A full disk, or one that fails", .enabled(if: CrashShim.library != nil), arguments: ["FULL", "EIO"]) func disk(_ fault: String) throws {
        let shop = try shop()
        for number in stride(from: 1, through: 25, by: 2) {
            let copy = try shop.copied()
            let run = try copy.herald("key rotate", with: CrashShim.variables(fault, "\(number)"))
            #expect(run.code != -9 && run.code < 10, "\(fault) \(number): \(run.all)")
            if run.code != 0 { #expect(try copy.herald("key rotate").code == 0, "\(fault) \(number)") }
            try expectSame(copy, "\(fault) \(number)")
        }
    }
}
