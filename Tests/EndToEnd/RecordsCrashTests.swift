import Foundation
import Testing

/// Commands that take something down, killed at every sync: nothing is half there, and running the command again ends it.
@Suite("Records killed at every sync", .enabled(if: CrashShim.library != nil, "needs a C compiler"))
struct RecordsCrashTests {
    enum Start: String, CaseIterable { case current, versionOne, ahead }

    private func shop(_ start: Start) throws -> HeraldWorkspace {
        let shop = try HeraldWorkspace.shop()
        #expect(try shop.applyAll().code == 0)
        switch start {
        case .current: try shop.herald("person unsubscribe eve@example.org --reason x")
        case .versionOne: try shop.toVersionOne()
        case .ahead:
            // An earlier command died between adding a fact and telling the state.
            let state = shop.read(".herald/state.json")
            try shop.herald("person unsubscribe eve@example.org --reason x")
            try shop.write(".herald/state.json", state)
        }
        return shop
    }

    private static let commands = [
        ("person unsubscribe 2 --reason x", "unsubscribed"), ("person erase 2 --reason x", "erased"), ("list remove newsletter 2 --reason x", "removed"),
    ]

    private func comeToRest(_ shop: HeraldWorkspace, _ command: String, _ word: String, _ what: Comment) throws {
        let recover = try shop.herald("recover")
        #expect(recover.code == 0, "\(what): \(recover.all)")
        let plan = try shop.herald("plan --allow-removals list.newsletter=3")
        #expect([0, 2].contains(plan.code), "\(what): \(plan.all)")
        let again = try shop.herald(command)
        #expect(again.code == 0, "\(what): \(again.all)")
        #expect(try shop.herald(command).out.contains("already \(word)"), what)
        try shop.herald("plan --allow-removals list.newsletter=3")
        let apply = try shop.herald("apply output/plan.json")
        #expect([0, 6].contains(apply.code), "\(what): \(apply.all)")
        #expect(try shop.herald("plan").code == 0, what)
        #expect(try shop.objects() == ["email welcome-mail 0", "list Newsletter 2"], what)
        // The fact stands once for the one record.
        let show = try shop.herald("person show 2").out
        #expect(show.components(separatedBy: "  fact ").count == 2, "\(what): \(show)")
    }

    @Test(arguments: Start.allCases, 0..<3) func killed(_ start: Start, _ number: Int) throws {
        // What an earlier command left behind concerns them all alike.
        guard start == .current || number == 0 || (start == .versionOne && number == 1) else { return }
        let (command, word) = RecordsCrashTests.commands[number]
        let shop = try shop(start)
        let count = try shop.countSyncs(command)
        #expect(count > 3)
        for sync in 1...count {
            let copy = try shop.copied()
            #expect(try copy.herald(command, with: CrashShim.variables("KILL", "\(sync)")).code == -9)
            try comeToRest(copy, command, word, "\(start), \(command), sync \(sync) of \(count)")
        }
    }

    @Test("A full disk, or one that fails", arguments: ["FULL", "EIO"], Start.allCases) func disk(_ fault: String, _ start: Start) throws {
        let (command, word) = RecordsCrashTests.commands[0]
        let shop = try shop(start)
        for number in stride(from: 1, through: 13, by: 2) {
            let copy = try shop.copied()
            let run = try copy.herald(command, with: CrashShim.variables(fault, "\(number)"))
            #expect(run.code != -9 && run.code < 10, "\(fault) \(number): \(run.all)")
            try comeToRest(copy, command, word, "\(fault) at \(number), \(start)")
        }
    }

    @Test("`state init` killed at every sync makes one state with its records") func initialised() throws {
        let shop = try HeraldWorkspace.shop()
        for sync in 1...(try shop.countSyncs("state init")) {
            let copy = try shop.copied()
            try copy.herald("state init", with: CrashShim.variables("KILL", "\(sync)"))
            #expect(try copy.herald("state init").code == 0)
            #expect(try copy.applyAll().code == 0, "sync \(sync)")
            #expect(!(try copy.herald("status").out.contains("held")))
            #expect(try copy.herald("plan").code == 0)
        }
    }
}
