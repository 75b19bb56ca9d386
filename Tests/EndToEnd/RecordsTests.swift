import Foundation
import Testing

@Suite("Records that are lost, old or damaged are not taken for empty")
struct RecordsTests {
    private static let file = ".herald/records.facts"

    private func shop() throws -> HeraldWorkspace {
        let shop = try HeraldWorkspace.shop()
        #expect(try shop.applyAll().code == 0)
        return shop
    }

    private func bytes(_ shop: HeraldWorkspace) -> [UInt8] { Array(FileManager.default.contents(atPath: shop.root + "/" + RecordsTests.file) ?? Data()) }

    /// Everything that must not go on without the records.
    private static let lines = [
        "plan", "apply output/plan.json", "run", "send email.welcome-mail --plan output/plan.json", "recover", "person show 1",
        "person unsubscribe 1 --reason x", "person subscribe 1 --reason x", "person erase 1 --reason x", "list remove newsletter 1 --reason x", "list show newsletter",
        "explain newsletter 1",
    ]

    private func expectRefusal(_ shop: HeraldWorkspace, _ words: String) throws {
        for line in RecordsTests.lines {
            let run = try shop.herald(line)
            #expect(run.code == 6, "\(line): \(run.all)")
            #expect(run.err.contains(words), "\(line): \(run.err)")
        }
    }

    @Test("Missing") func missing() throws {
        let shop = try shop()
        try shop.herald("plan")
        try FileManager.default.removeItem(atPath: shop.root + "/" + RecordsTests.file)
        try expectRefusal(shop, "are missing")
        #expect(!shop.exists(RecordsTests.file))
        #expect(try shop.herald("state accept-records --reason lost").code == 6)
        #expect(try shop.herald("state list").code == 0)
        #expect(try shop.herald("status").code == 0)
    }

    @Test("Other records, and damaged ones") func others() throws {
        let (shop, other) = (try shop(), try self.shop())
        try shop.herald("person unsubscribe ben@example.org --reason x")
        try shop.herald("plan")
        let own = bytes(shop)
        try shop.write(RecordsTests.file, bytes: bytes(other))
        try expectRefusal(shop, "holds other records")
        #expect(try shop.herald("state accept-records --reason restored").code == 6)
        var damaged = own
        damaged[damaged.count - 40] ^= 1
        try shop.write(RecordsTests.file, bytes: damaged)
        try expectRefusal(shop, "is damaged after fact 0 of 1")
        try shop.write(RecordsTests.file, bytes: own)
        #expect(try shop.herald("plan").code == 2)
    }

    @Test("Older ones are accepted with a reason, and hold all sends until everything was read again") func older() throws {
        let shop = try HeraldWorkspace.shop()
        try shop.write(
            "campaigns/later.yaml",
            "email: later\nlist: newsletter\nvia: local\nsubject: Later\ntemplate: welcome.html\nschedule: {at: 2026-11-25 09:00}\naudience: {change: 90%}\n")
        #expect(try shop.applyAll().code == 0)
        try shop.herald("person unsubscribe eve@example.org --reason x")
        let old = bytes(shop)
        try shop.herald("person unsubscribe finn@example.org --reason x")
        try shop.herald("plan")
        try shop.write(RecordsTests.file, bytes: old)
        try expectRefusal(shop, "is older than the state: it holds 1 of 2 facts")
        #expect(try shop.run("state", "accept-records", "--reason", "told by ann@example.org").code == 1)
        let accepted = try shop.run("state", "accept-records", "--reason", "disk broke")
        #expect(accepted.code == 0, "\(accepted.all)")
        #expect(accepted.out.contains("1 fact fewer"))
        #expect(try shop.herald("status").out.contains("disk broke"))
        // By hand, when it is due, and one that is to be scheduled.
        #expect(try shop.herald("plan").code == 0)
        let send = try shop.herald("send email.welcome-mail --plan output/plan.json")
        #expect(send.code == 6, "\(send.all)")
        #expect(send.err.contains("sends are held"))
        let run = try shop.herald("run", with: ["HERALD_NOW": "2026-11-25T08:30:00Z"])
        #expect(run.code == 6, "\(run.all)")
        try shop.write("campaigns/third.yaml", shop.read("campaigns/later.yaml").replacing("email: later", with: "email: third"))
        #expect(try shop.herald("plan email.third").code == 2)
        let partly = try shop.herald("apply output/plan.json")
        #expect(partly.code == 6, "\(partly.all)")
        #expect(partly.err.contains("email.third: sends are held"))
        #expect(try shop.herald("send email.welcome-mail --plan output/plan.json").code == 6)
        #expect(shop.mails.isEmpty)
        // A plan of everything reads everything; its apply lifts the hold, and the next one schedules.
        #expect(try shop.herald("plan").code == 2)
        #expect(try shop.herald("apply output/plan.json").code == 6)
        #expect(!(try shop.herald("status").out.contains("disk broke")))
        #expect(try shop.herald("plan").code == 2)
        #expect(try shop.herald("apply output/plan.json").code == 0)
        #expect(try shop.herald("run", with: ["HERALD_NOW": "2026-11-25T08:30:00Z"]).code == 0)
        #expect(shop.mails.count == 6)
        #expect(try shop.herald("state accept-records --reason again").out == "the records are those that the state knows; nothing changed\n")
    }

    @Test("A state that is made anew beside records keeps them") func newState() throws {
        let shop = try shop()
        try shop.herald("person unsubscribe ben@example.org --reason x")
        let own = bytes(shop)
        try FileManager.default.removeItem(atPath: shop.root + "/.herald/state.json")
        #expect(try shop.herald("state init").code == 0)
        #expect(bytes(shop) == own)
        #expect(try shop.herald("person show 2").out.contains("unsubscribed"))
        #expect(try shop.herald("status").out.contains("held"))
    }

    @Test("A state of the version before gets its records with the next command that writes") func migration() throws {
        let shop = try shop()
        let old = try shop.toVersionOne()
        let plan = try shop.herald("plan")
        #expect(plan.code == 0, "\(plan.all)")
        #expect(!shop.exists(RecordsTests.file))
        #expect(shop.read(".herald/state.json") == old)
        #expect(try shop.herald("person unsubscribe ben@example.org --reason x").code == 0)
        #expect(shop.read(".herald/state.v1.backup.json") == old)
        #expect(shop.read(".herald/state.json").contains("\"herald_state\":2"))
        #expect(try shop.herald("person show 2").out.contains("unsubscribed"))
        #expect(try shop.herald("plan --allow-removals list.newsletter=3").code == 2)
    }

    @Test("Records may stand elsewhere, and each environment has its own") func elsewhere() throws {
        let shop = try HeraldWorkspace.shop()
        try shop.write("herald.yaml", shop.read("herald.yaml") + "\nrecords: {local: kept/here}\nenvironments: {dev: {send: false}, prod: {}}\n")
        #expect(try shop.herald("state init --env dev").code == 0)
        #expect(try shop.herald("state init --env prod").code == 0)
        #expect(shop.files(below: "kept").filter { $0.hasSuffix(".facts") } == ["kept/here/records-dev.facts", "kept/here/records-prod.facts"])
        #expect(try shop.herald("person unsubscribe 2 --reason x --env prod").code == 0)
        #expect(try shop.herald("person unsubscribe 2 --reason x").code == 3)
        #expect(try shop.herald("list show newsletter --format json --env prod").out.contains("\"mailable\" : 2"))
        #expect(try shop.herald("list show newsletter --format json --env dev").out.contains("\"mailable\" : 3"))
    }

    @Test("An erased person is never in again, and nothing that herald keeps names them") func erase() throws {
        let shop = try shop()
        try shop.herald("plan")
        #expect(try shop.herald("send email.welcome-mail --plan output/plan.json").code == 0)
        #expect(shop.mails.count == 3)
        let erase = try shop.herald("person erase - --reason law", input: "ben@example.org\n")
        #expect(erase.code == 0, "\(erase.all)")
        for file in shop.files(below: ".herald") {
            let content = String(decoding: FileManager.default.contents(atPath: shop.root + "/" + file) ?? Data(), as: UTF8.self)
            #expect(!content.contains("ben@example.org"), "\(file)")
        }
        #expect(shop.mails.count == 2)
        #expect(try shop.herald("person erase 2 --reason law").out == "b…@e….org: already erased\n")
        #expect(try shop.herald("plan").code == 0)
        #expect(try shop.herald("status").out.contains("2 members"))
        // Whatever the data says later, also under a new address.
        try shop.write(
            "data/contacts.csv",
            HeraldWorkspace.people.replacing("2,ben@example.org,Ben,AT,subscribed,2026-03-02", with: "2,benjamin@example.org,Ben,AT,subscribed,2026-11-24")
                + "8,ben@example.org,Ben,AT,subscribed,2026-11-24\n")
        #expect(try shop.herald("plan", with: ["HERALD_NOW": "2026-12-24T12:00:00Z"]).code == 0)
        let again = try shop.herald("person subscribe ben@example.org --reason form", with: ["HERALD_NOW": "2026-12-24T12:00:00Z"])
        #expect(again.code == 6, "\(again.all)")
        #expect(try shop.herald("person show 2").out.contains("erased"))
    }
}

extension HeraldWorkspace {
    /// Takes the state back to what the version before wrote, which knew no records. Returns its text.
    @discardableResult
    func toVersionOne() throws -> String {
        let lines = read(".herald/state.json").replacing("\"herald_state\":2", with: "\"herald_state\":1").split(separator: "\n", omittingEmptySubsequences: false)
        var (kept, isInRecords) = ([Substring](), false)
        for line in lines {
            if line.hasPrefix("\"records\":") { isInRecords = !line.hasSuffix("null,") }
            if !isInRecords, !line.hasPrefix("\"records\":"), !line.hasPrefix("\"hold\":") { kept.append(line) }
            if isInRecords, line.hasPrefix("}") { isInRecords = false }
        }
        try write(".herald/state.json", kept.joined(separator: "\n"))
        for file in files(below: ".herald") where file.contains("/records") { try FileManager.default.removeItem(atPath: root + "/" + file) }
        return read(".herald/state.json")
    }
}
