import Foundation
import Testing

@Suite("Two who act at once, and clocks that jump")
struct FenceTests {
    private func ready() throws -> HeraldWorkspace {
        let rows = (1...70).map { "\($0),p\($0)@example.org,P\($0),DE,subscribed,2026-01-01\n" }.joined()
        let shop = try HeraldWorkspace.shop(people: "id,email,first_name,country,consent,consented_at\n" + rows)
        #expect(try shop.applyAll().code == 0)
        try shop.herald("plan")
        return shop
    }

    /// A process that is stopped where it stands, and may be woken.
    private final class Paused {
        let process = Process()

        init(_ shop: HeraldWorkspace, _ line: String) throws {
            process.executableURL = URL(fileURLWithPath: HeraldWorkspace.program)
            process.arguments = line.split(separator: " ").map(String.init)
            process.currentDirectoryURL = URL(fileURLWithPath: shop.root)
            var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("HERALD_") }
            for (name, value) in shop.variables { environment[name] = value }
            process.environment = environment
            let nothing = FileHandle(forWritingAtPath: "/dev/null")
            (process.standardOutput, process.standardError) = (nothing, nothing)
            process.standardInput = FileHandle(forReadingAtPath: "/dev/null")
            try process.run()
        }

        /// Waits until something is so, then stops the process. Nil where it ended before.
        func stop(when isSo: () -> Bool) -> Bool {
            while process.isRunning {
                if isSo() {
                    kill(process.processIdentifier, SIGSTOP)
                    return true
                }
                usleep(200)
            }
            return false
        }

        func wake() -> Int32 {
            kill(process.processIdentifier, SIGCONT)
            process.waitUntilExit()
            return process.terminationStatus
        }
    }

    private func lockID(_ shop: HeraldWorkspace) -> String? {
        shop.read(".herald/state.lock").split(separator: "\"").map(String.init).first { $0.count == 16 && $0.allSatisfy(\.isHexDigit) }
    }

    @Test("A send that was paused, unlocked, and woke after another one: nobody gets two mails")
    func pausedSend() throws {
        let shop = try ready()
        let line = "send email.welcome-mail --plan output/plan.json"
        let paused = try Paused(shop, line)
        guard paused.stop(when: { shop.exists(".herald/state.lock") }) else { return }  // It was too quick to be stopped.
        let second = try shop.herald(line)
        #expect(second.code == 9 || second.code == 6 || second.code == 8, "\(second.all)")
        if let id = lockID(shop) { #expect([0, 9].contains(try shop.herald("state unlock \(id)").code)) }
        // Whatever the first one had begun is told by the state; the second goes on from there.
        let recover = try shop.herald("recover")
        #expect([0, 1, 8, 9].contains(recover.code), "\(recover.all)")
        try shop.herald("plan")
        let again = try shop.herald(line)
        // Where it was paused in the middle of a write, the others gave up with 9, and go on once it is awake.
        let late = paused.wake()
        #expect([0, 1, 6, 7, 8].contains(late), "\(late)")
        try shop.herald("recover")
        try shop.herald("plan")
        try shop.herald(line)
        let to = shop.mails.compactMap { mail in mail.split(separator: "\r\n").first { $0.hasPrefix("To: ") }.map(String.init) }
        #expect(Set(to).count == to.count, "\(again.all)")
        #expect(to.count == 70)
    }

    @Test("A person command that was paused and woke after an opt-out of somebody else writes nothing over it")
    func pausedPerson() throws {
        let shop = try ready()
        let paused = try Paused(shop, "person unsubscribe 1 --reason x")
        guard paused.stop(when: { shop.exists(".herald/state.lock") }) else { return }
        #expect(try shop.herald("person unsubscribe 2 --reason x").code == 9)
        if let id = lockID(shop) { try shop.herald("state unlock \(id)") }
        let second = try shop.herald("person unsubscribe 2 --reason x")
        // Paused in the middle of its write, it holds up others until they give up.
        #expect(second.code == 0 || (second.code == 9 && second.err.contains("is it paused")), "\(second.all)")
        let late = paused.wake()
        #expect([0, 7].contains(late), "\(late)")
        if second.code == 9 { #expect(try shop.herald("person unsubscribe 2 --reason x").code == 0) }
        #expect(try shop.herald("person show 2").out.contains("unsubscribed"))
        if late == 7 { #expect(try shop.herald("person unsubscribe 1 --reason x").code == 0) }
        #expect(try shop.herald("person show 1").out.contains("unsubscribed"))
        #expect(try shop.herald("plan").code == 2)
    }

    @Test("Two applies of one plan at once: one does it, the other is refused")
    func twoApplies() throws {
        let shop = try HeraldWorkspace.shop()
        try shop.herald("state init")
        try shop.herald("plan")
        let first = try Paused(shop, "apply output/plan.json")
        let isStopped = first.stop(when: { shop.exists(".herald/state.lock") })
        let second = try shop.herald("apply output/plan.json")
        if isStopped { #expect(second.code == 9 || second.code == 6 || second.code == 8, "\(second.all)") }
        #expect(first.wake() == 0)
        #expect(try shop.herald("plan").code == 0)
        #expect(try shop.objects() == ["email welcome-mail 0", "list Newsletter 3"])
    }

    @Test("An older copy of the records beside a newer state, and the other way round")
    func copies() throws {
        let shop = try ready()
        let old = try shop.copied()
        try shop.herald("person unsubscribe 1 --reason x")
        // Newer records are gone on from; older ones are refused.
        try old.write(".herald/records.facts", bytes: Array(FileManager.default.contents(atPath: shop.root + "/.herald/records.facts") ?? Data()))
        #expect(try old.herald("person show 1").out.contains("unsubscribed"))
        #expect(try old.herald("plan").code == 2)
        let before = try ready()
        try shop.write(".herald/records.facts", bytes: Array(FileManager.default.contents(atPath: before.root + "/.herald/records.facts") ?? Data()))
        #expect(try shop.herald("send email.welcome-mail --plan output/plan.json").code == 6)
        #expect(shop.mails.isEmpty)
    }

    @Test("A clock that jumps back a day sends nothing twice and loses no opt-out")
    func clock() throws {
        let shop = try ready()
        let yesterday = ["HERALD_NOW": "2026-11-23T12:00:00Z"]
        let line = "send email.welcome-mail --plan output/plan.json"
        #expect(try shop.herald(line).code == 0)
        #expect(shop.mails.count == 70)
        #expect(try shop.herald("plan", with: yesterday).code == 0)
        #expect(try shop.herald(line, with: yesterday).code == 6)
        #expect(try shop.herald("run", with: yesterday).code == 0)
        #expect(try shop.herald("recover", with: yesterday).code == 0)
        #expect(shop.mails.count == 70)
        // Agreed today; the clock goes back, and the no is still later than the yes.
        #expect(try shop.herald("person unsubscribe 1 --reason x", with: ["HERALD_NOW": "2026-11-22T12:00:00Z"]).code == 0)
        #expect(try shop.herald("person subscribe 1 --reason x").code == 0)
        #expect(try shop.herald("person unsubscribe 1 --reason x", with: yesterday).code == 0)
        #expect(try shop.herald("person show 1").out.contains("   unsubscribed\n"))
        #expect(try shop.herald("person subscribe 1 --reason x", with: yesterday).code == 6)
    }

    @Test("A wrong key computes nothing")
    func wrongKey() throws {
        let shop = try ready()
        try shop.write(".herald/key", Data(String(repeating: "x", count: 32).utf8).base64EncodedString())
        for command in ["plan", "apply output/plan.json", "run", "recover", "person show 1", "person unsubscribe 1 --reason x", "key rotate", "list show newsletter"] {
            #expect(try shop.herald(command).code == 4, "\(command)")
        }
        #expect(shop.mails.isEmpty)
    }
}
