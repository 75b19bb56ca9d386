import HeraldContract
import HeraldModel
import Testing

@testable import HeraldPipeline

@Suite("What left the files")
struct PlanAbsenceTests {
    let world: World
    private let due = Instant(seconds: 1_803_891_600)

    init() async throws {
        world = try World()
        world.files.lists["vip"] = Files.List(name: "VIP", people: .people(1...20))
        world.files.emails["teaser"] = Files.Email(name: "teaser", list: "vip", subject: "Spring is here", at: due)
        try await world.apply()
    }

    @Test("Absence alone deletes nothing: a hint, and exit 0")
    func absent() async throws {
        world.files = Files()
        let plan = try await world.plan()
        #expect(short(plan) == ["email.teaser cancel"])
        #expect(plan.hints.contains { $0.hasPrefix("list.vip is managed and no longer in the files") })
        try await world.apply()
        let after = try await world.plan()
        #expect(after.changes.isEmpty && after.exitCode == .done)
        #expect(world.provider.look { $0.objects.count } == 2)
    }

    @Test("A scheduled email that left the files is cancelled, its draft kept; back in the files, it is scheduled again")
    func cancel() async throws {
        let kept = world.files.emails.removeValue(forKey: "teaser")
        let plan = try await world.plan()
        #expect(short(plan) == ["email.teaser cancel"])
        try await world.apply()
        let send = try #require(try world.state.objects[email("teaser")]?.send)
        #expect(send.phase == .cancelled && send.envelope == nil)
        #expect(try world.state.keptAudiences.isEmpty)
        #expect(try world.object(email("teaser")) != nil)
        world.files.emails["teaser"] = kept
        let again = try await world.plan()
        #expect(short(again) == ["email.teaser schedule"])
        #expect(again.changes.first?.reasons == [Reason(.definitionEdited, "it was cancelled before")])
        try await world.apply()
        #expect(try world.state.objects[email("teaser")]?.send?.phase == .scheduled)
    }

    @Test("A cancel is in the state before anything else begins")
    func cancelFirst() async throws {
        world.files.emails["teaser"] = nil
        world.files.lists["vip"]?.name = "Renamed"
        let run = try await world.run()
        #expect(run.steps.first?.stage == .cancelling)
        world.provider.change { $0.faults = [$0.calls + 1: .failed] }
        _ = try await world.carryOut(run)
        #expect(try world.state.objects[email("teaser")]?.send?.phase == .cancelled)
    }

    @Test("Where the provider holds the send itself, it cannot be taken back yet, and that is said loudly")
    func cannotCancel() async throws {
        let world = try World(schedules: true)
        world.files = self.world.files
        try await world.apply()
        world.files.emails["teaser"] = nil
        #expect(short(try await world.plan()) == ["E_UNSUPPORTED email.teaser"])
    }

    @Test("`removed` deletes, emails before their lists; a list only when it is allowed in so many words")
    func removed() async throws {
        world.files = Files()
        world.files.removed = [list("vip"), email("teaser")]
        let refused = try await world.plan()
        #expect(short(refused) == ["email.teaser cancel delete", "E_DESTROYS list.vip"])
        #expect(refused.refused.first?.remedy.contains("--allow-destroy list.vip") == true)
        world.options.allowDestroy = [list("vip")]
        let plan = try await world.plan()
        #expect(short(plan) == ["list.vip delete", "email.teaser cancel delete"])
        #expect(plan.changes.first?.irreversible?.what == "a list of 20 members is destroyed (allowed with --allow-destroy)")
        let names = try await world.run().steps.map { "\($0.address) \($0.name)" }
        #expect(names == ["email.teaser record", "email.teaser delete", "list.vip delete"])
        try await world.apply()
        #expect(world.provider.look { $0.objects.isEmpty })
        let after = try await world.plan()
        #expect(after.changes.isEmpty)
        #expect(after.hints == ["`removed: [email.teaser]` is done; the line may be dropped", "`removed: [list.vip]` is done; the line may be dropped"])
    }

    @Test("`removed` of what is gone already, and of what was sent, forgets it")
    func forgotten() async throws {
        world.files.emails["teaser"]?.at = nil
        try await world.apply()
        _ = try await world.send("teaser")
        world.files = Files()
        world.files.removed = [email("teaser"), list("vip")]
        world.provider.change { $0.objects = $0.objects.filter { $0.value.kind == .email } }
        #expect(short(try await world.plan()) == ["list.vip forget", "email.teaser forget"])
        try await world.apply()
        #expect(try world.state.objects.isEmpty)
        #expect(world.provider.look { $0.objects.count } == 1)
    }

    @Test("`unmanaged` lets go and leaves everything as it is")
    func unmanaged() async throws {
        world.files = Files()
        world.files.unmanaged = [list("vip"), email("teaser")]
        #expect(short(try await world.plan()) == ["list.vip forget", "email.teaser forget"])
        try await world.apply()
        #expect(world.provider.look { $0.objects.count } == 2)
        let after = try await world.plan()
        #expect(after.changes.isEmpty)
        #expect(after.foreign == ["local": 2])
    }

    @Test("`moved` renames without making anything anew, and keeps the mark; the line is then done")
    func moved() async throws {
        world.files.lists["important"] = world.files.lists.removeValue(forKey: "vip")
        world.files.emails["teaser"]?.list = "important"
        world.files.moved = [(list("vip"), list("important"))]
        let mark = try world.state.objects[list("vip")]?.mark
        let plan = try await world.plan()
        #expect(short(plan) == ["list.important rename"])
        #expect(plan.changes.first?.movedFrom == list("vip"))
        try await world.apply()
        #expect(try world.state.objects[list("important")]?.mark == mark)
        #expect(try world.state.objects[list("vip")] == nil)
        let after = try await world.plan()
        #expect(after.changes.isEmpty)
        #expect(after.hints == ["`moved: {list.vip: list.important}` is done; the line may be dropped"])
        world.files.moved = []
        #expect(try await world.plan().changes.isEmpty)
    }

    @Test("Moved, and removed before the move was applied: it is what it was moved to", arguments: [true, false])
    func movedAndRemoved(isRemoved: Bool) async throws {
        world.files.lists["vip"] = nil
        world.files.emails["teaser"] = nil
        world.files.moved = [(list("vip"), list("important"))]
        if isRemoved { world.files.removed = [list("important")] } else { world.files.unmanaged = [list("important")] }
        world.options.allowDestroy = [list("important")]
        let plan = try await world.plan()
        #expect(Set(short(plan)) == ["list.important \(isRemoved ? "delete" : "forget")", "email.teaser cancel"])
        #expect(plan.hints.isEmpty)
        try await world.apply()
        #expect(try world.state.objects.keys.map(\.description) == ["email.teaser"])
        #expect(try await world.plan().hints.count == 3)
    }

    @Test("A chain of moves is followed back to what the state knows")
    func chain() async throws {
        world.files.lists["c"] = world.files.lists.removeValue(forKey: "vip")
        world.files.emails["teaser"]?.list = "c"
        world.files.moved = [(list("vip"), list("b")), (list("b"), list("c"))]
        #expect(short(try await world.plan()) == ["list.c rename"])
        try await world.apply()
        #expect(try await world.plan().hints.count == 2)
    }

    @Test("While the line stands, an object that only carries the old mark is found too")
    func oldMark() async throws {
        var state = try world.state
        state.objects[list("vip")] = nil
        state.serial += 1
        try world.store.save(state, expecting: state.serial - 1)
        world.files.lists["important"] = world.files.lists.removeValue(forKey: "vip")
        world.files.emails["teaser"]?.list = "important"
        world.files.moved = [(list("vip"), list("important"))]
        #expect(short(try await world.plan()) == ["list.important adopt"])
        try await world.apply()
        #expect(try world.state.objects[list("important")]?.mark == Mark.of(list("vip"), world.files.settings))
    }

    @Test("Moves that cannot be: onto something that exists, to nothing, of two into one")
    func wrongMoves() async throws {
        world.files.lists["other"] = Files.List(name: "Other")
        try await world.apply()
        let kept = world.files.lists
        world.files.lists["vip"] = nil
        world.files.emails["teaser"]?.list = "other"
        world.files.moved = [(list("vip"), list("other"))]
        #expect(short(try await world.plan()).contains("E_MOVED list.other"))
        world.files.moved = [(list("vip"), list("nowhere"))]
        #expect(short(try await world.plan()).contains("E_MOVED list.nowhere"))
        world.files.lists = ["one": kept["vip"] ?? Files.List(name: "x")]
        world.files.emails["teaser"]?.list = "one"
        world.files.moved = [(list("vip"), list("one")), (list("other"), list("one"))]
        #expect(short(try await world.plan()).contains("E_MOVED list.one"))
    }

    @Test("An id that was moved away is not used again while its mark is")
    func reused() async throws {
        world.files.lists["important"] = world.files.lists["vip"]
        world.files.lists["vip"] = Files.List(name: "Something else")
        world.files.emails["teaser"]?.list = "important"
        world.files.moved = [(list("vip"), list("important"))]
        let plan = try await world.plan()
        #expect(short(plan) == ["list.important rename", "E_MOVED list.vip"])
        #expect(plan.refused.first?.message.hasPrefix("list.important was list.vip once") == true)
    }

    @Test("A scheduled or sent email keeps its address", arguments: [true, false])
    func movedEmail(isSent: Bool) async throws {
        if isSent {
            world.files.emails["teaser"]?.at = nil
            try await world.apply()
            _ = try await world.send("teaser")
        }
        world.files.emails["other"] = world.files.emails.removeValue(forKey: "teaser")
        world.files.moved = [(email("teaser"), email("other"))]
        let plan = try await world.plan()
        #expect(short(plan) == ["E_MOVED email.other"])
        #expect(
            plan.refused.first?.message
                == (isSent ? "email.teaser was sent, and a sent email keeps its address" : "email.teaser is scheduled, and cannot be moved to another address"))
    }

    @Test("A draft may be moved")
    func movedDraft() async throws {
        world.files.emails["teaser"]?.at = nil
        try await world.apply()
        world.files.emails["other"] = world.files.emails.removeValue(forKey: "teaser")
        world.files.moved = [(email("teaser"), email("other"))]
        #expect(short(try await world.plan()) == ["email.other rename"])
        try await world.apply()
        #expect(try await world.plan().waiting.map(\.address) == [email("other")])
    }
}
