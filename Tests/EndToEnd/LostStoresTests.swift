import Foundation
import Testing

@Suite("What is lost is not taken for empty")
struct LostStoresTests {
    @Test("A missing database of the built-in provider is refused") func databaseGone() throws {
        let shop = try HeraldWorkspace.shop()
        try shop.applyAll()
        for file in shop.files(below: ".herald") where file.contains("local.sqlite") { try FileManager.default.removeItem(atPath: shop.root + "/" + file) }
        let plan = try shop.herald("plan")
        #expect(plan.code == 6, "\(plan.all)")
        #expect(plan.out.contains("E_ACCOUNT"))
    }

    /// A copy of the workspace, killed at the last sync at which the send was under way.
    private func interruptedSend(of ready: HeraldWorkspace) throws -> HeraldWorkspace {
        let line = "send email.welcome-mail --plan output/plan.json"
        for number in (1...(try ready.countSyncs(line))).reversed() {
            let copy = try ready.copied()
            try copy.herald(line, with: CrashShim.variables("KILL", "\(number)"))
            if copy.mails.count == 3, copy.read(".herald/state.json").contains("\"once\"") { return copy }
        }
        throw NeverUnderWay()
    }

    private struct NeverUnderWay: Error {}

    @Test("An interrupted send whose database is gone stays open: nobody can tell", .enabled(if: CrashShim.library != nil)) func sendThenGone() throws {
        let ready = try HeraldWorkspace.shop()
        try ready.applyAll()
        try ready.herald("plan")
        let shop = try interruptedSend(of: ready)
        for file in shop.files(below: ".herald") where file.contains("local.sqlite") { try FileManager.default.removeItem(atPath: shop.root + "/" + file) }
        let recover = try shop.herald("recover")
        #expect(recover.code == 8, "\(recover.all)")
        #expect(try shop.herald("recover").code == 8)
        try shop.herald("plan")
        #expect(try shop.herald("apply output/plan.json").code == 8)
    }

    @Test("An older copy of the database is refused: it does not know who was sent what since") func olderDatabase() throws {
        let shop = try HeraldWorkspace.shop()
        try shop.applyAll()
        let file = shop.root + "/.herald/local.sqlite"
        let old = try Data(contentsOf: URL(fileURLWithPath: file))
        try shop.herald("plan")
        #expect(try shop.herald("send email.welcome-mail --plan output/plan.json").code == 0)
        let new = try Data(contentsOf: URL(fileURLWithPath: file))
        for journal in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: file + journal) }
        try old.write(to: URL(fileURLWithPath: file))
        let plan = try shop.herald("plan")
        #expect(plan.code == 6, "\(plan.all)")
        #expect(plan.out.contains("older copy"))
        try new.write(to: URL(fileURLWithPath: file))
        #expect(try shop.herald("plan").code == 0)
    }

    @Test("An interrupted send whose database is put back from before it stays open: the copy may not know of it", .enabled(if: CrashShim.library != nil))
    func sendThenOlder() throws {
        let ready = try HeraldWorkspace.shop()
        try ready.applyAll()
        try ready.herald("plan")
        let before = try Data(contentsOf: URL(fileURLWithPath: ready.root + "/.herald/local.sqlite"))
        // An edit of the list in between, so that the copy is older than the send.
        try ready.write("lists/newsletter.yaml", HeraldWorkspace.list.replacing("name: Newsletter", with: "name: News"))
        try ready.applyAll()
        try ready.herald("plan")
        let shop = try interruptedSend(of: ready)
        let file = shop.root + "/.herald/local.sqlite"
        for journal in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: file + journal) }
        try before.write(to: URL(fileURLWithPath: file))
        let recover = try shop.herald("recover")
        #expect(recover.code == 8, "\(recover.all)")
        #expect(recover.out.contains("older copy"))
        #expect(shop.mails.count == 3)
    }

    @Test("Another workspace's state is refused") func otherState() throws {
        let shop = try HeraldWorkspace.shop()
        try shop.applyAll()
        try shop.write("herald.yaml", shop.read("herald.yaml").replacing("workspace: shop", with: "workspace: shop2"))
        let plan = try shop.herald("plan")
        #expect(plan.code == 6)
        #expect(plan.err.contains("that of shop"))
    }
}

@Suite("Environments")
struct EnvironmentTests {
    private func shop() throws -> HeraldWorkspace {
        let shop = try HeraldWorkspace.shop()
        try shop.write("herald.yaml", shop.read("herald.yaml") + "\nenvironments:\n  dev: {send: false}\n  prod: {}\n")
        return shop
    }

    @Test("each has a state and a database of its own, and must be named") func apart() throws {
        let shop = try shop()
        for line in ["state init", "plan", "status", "apply output/plan.json", "run", "recover"] { #expect(try shop.herald(line).code == 3, "\(line)") }
        for environment in ["dev", "prod"] {
            #expect(try shop.herald("state init --env \(environment)").code == 0)
            #expect(try shop.herald("plan --env \(environment)").code == 2)
            let apply = try shop.herald("apply output/plan.json --env \(environment)")
            #expect(apply.code == 0, "\(apply.all)")
            #expect(try shop.herald("plan --env \(environment)").code == 0)
        }
        #expect(try shop.herald("send email.welcome-mail --plan output/plan.json --env dev").code == 6)
        #expect(try shop.herald("apply output/plan.json --env dev").code == 7)
        #expect(try shop.herald("send email.welcome-mail --plan output/plan.json --env prod").code == 0)
        #expect(shop.mails.count == 3)
    }

    @Test("an unknown one is an error") func unknown() throws { #expect(try shop().herald("plan --env prd").code == 3) }
}
