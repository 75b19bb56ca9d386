import HeraldContract
import HeraldModel
import Testing

@testable import HeraldPipeline

@Suite("The plan of emails")
struct PlanEmailTests {
    let world: World
    private let due = Instant(seconds: 1_803_891_600)  // 2027-03-01 09:00 UTC

    init() throws {
        world = try World()
        world.files.lists["vip"] = Files.List(name: "VIP", people: .people(1...20))
        world.files.emails["teaser"] = Files.Email(name: "teaser", list: "vip", subject: "Spring is here", at: due)
    }

    private func by(hand id: String = "teaser") { world.files.emails[id]?.at = nil }

    @Test("A new email is created and scheduled; the plan tells to whom, when, and from when it cannot be undone")
    func scheduled() async throws {
        let plan = try await world.plan()
        #expect(short(plan) == ["email.teaser create schedule", "list.vip create add-members"])
        let change = try #require(plan.changes.first)
        #expect(change.irreversible == Irreversible("20 mails cannot be called back", from: .at(due)))
        #expect(change.schedule.map(\.people) == [20])
        #expect(change.content?.subjects == ["Spring is here"])
        #expect(change.operations == ["create (findable)", "record"])
        #expect(plan.mailed == 20)
        #expect(plan.cost.mails == 20)
        try await world.apply()
        let send = try #require(try world.state.objects[email("teaser")]?.send)
        #expect(send.phase == .scheduled)
        #expect(send.envelope?.at == due)
        #expect(try world.store.audience(send.envelope?.audience ?? "")?.count == 20)
        #expect(try await world.plan().changes.isEmpty)
        #expect(world.provider.look { $0.sends.isEmpty })
    }

    @Test("Two mails to the same people are two mails to that many people")
    func mailed() async throws {
        world.files.emails["second"] = Files.Email(name: "second", list: "vip", subject: "Again", at: due)
        let plan = try await world.plan()
        #expect(plan.mailed == 20)
        #expect(plan.cost.mails == 40)
    }

    @Test("By hand: nothing is sent by apply; the next plan waits for somebody, and exits 0")
    func manual() async throws {
        by()
        let plan = try await world.plan()
        #expect(short(plan) == ["list.vip create add-members", "email.teaser create"])
        // Applying it only makes a draft.
        #expect(plan.changes.allSatisfy { $0.irreversible == nil })
        #expect(plan.waiting.isEmpty)
        try await world.apply()
        #expect(try world.state.objects[email("teaser")]?.send?.phase == .verified)
        let run = try await world.run()
        #expect(run.plan.waiting.map(\.address) == [email("teaser")])
        #expect(run.plan.exitCode == .done)
        #expect(run.audiences[email("teaser")]?.count == 20)
    }

    @Test("Nobody to send to: by hand a note, by schedule refused")
    func nobody() async throws {
        world.files.lists["vip"]?.people = [:]
        #expect(short(try await world.plan()) == ["list.vip create", "E_EMPTY email.teaser"])
        by()
        try await world.apply()
        let plan = try await world.plan()
        #expect(plan.waiting.isEmpty && plan.exitCode == .done)
        #expect(plan.hints == ["email.teaser is ready, and nobody would get it now"])
    }

    @Test("Until it is sent it may be edited, and is approved anew")
    func edited() async throws {
        try await world.apply()
        world.files.emails["teaser"]?.subject = "Spring is coming"
        let plan = try await world.plan()
        #expect(short(plan) == ["email.teaser update schedule"])
        #expect(plan.changes.first?.reasons.map(\.code) == [.contentEdited])
        #expect(plan.changes.first?.fields == [FieldChange("subject", before: "Spring is here", after: "Spring is coming")])
        try await world.apply()
        #expect(try world.object(email("teaser"))?.fields["subject"] == "Spring is coming")
        #expect(try await world.plan().changes.isEmpty)
    }

    @Test("An edited time, limit or envelope needs a new approval", arguments: ["at", "atMost", "change", "frozen"])
    func envelope(_ what: String) async throws {
        try await world.apply()
        switch what {
        case "at": world.files.emails["teaser"]?.at = due.adding(seconds: 3600)
        case "atMost": world.files.emails["teaser"]?.atMost = 50
        case "change": world.files.emails["teaser"]?.change = 20
        default: world.files.emails["teaser"]?.frozen = true
        }
        #expect(short(try await world.plan()) == ["email.teaser schedule"])
        try await world.apply()
        #expect(try await world.plan().changes.isEmpty)
    }

    @Test("From a time to by hand: the send is taken back")
    func unscheduled() async throws {
        try await world.apply()
        by()
        #expect(short(try await world.plan()) == ["email.teaser unschedule"])
        try await world.apply()
        #expect(try world.state.objects[email("teaser")]?.send?.phase == .verified)
        #expect(try world.state.keptAudiences.isEmpty)
        #expect(try await world.plan().waiting.count == 1)
    }

    @Test("An audience that moves within its envelope needs nothing; further, a new approval", arguments: [(21, false), (22, false), (23, true)])
    func moved(upTo last: Int, isAsked: Bool) async throws {
        try await world.apply()
        world.files.lists["vip"]?.people = .people(1...last)
        let plan = try await world.plan()
        #expect(plan.changes.contains { $0.address == email("teaser") } == isAsked)
        if isAsked { #expect(plan.changes.first?.reasons.first?.people == 3) }
    }

    @Test("Small steps do not add up unseen: what is approved stays the measure")
    func creeping() async throws {
        try await world.apply()
        for last in [21, 22] {
            world.files.lists["vip"]?.people = .people(1...last)
            try await world.apply()
            #expect(try world.state.objects[email("teaser")]?.send?.envelope?.count == 20)
        }
        world.files.lists["vip"]?.people = .people(1...23)
        #expect(short(try await world.plan()).contains("email.teaser schedule"))
    }

    @Test("Frozen: who comes later changes nothing")
    func frozen() async throws {
        world.files.emails["teaser"]?.frozen = true
        try await world.apply()
        world.files.lists["vip"]?.people = .people(1...40)
        #expect(short(try await world.plan()) == ["list.vip add-members"])
    }

    @Test("Frozen, and somebody came between approval and apply: only the approved are held")
    func frozenApply() async throws {
        world.files.emails["teaser"]?.frozen = true
        let approved = try await world.run()
        world.files.lists["vip"]?.people = .people(2...21)
        let run = try await world.run(frozen: approved.audiences)
        #expect(try await world.carryOut(run).exitCode == .done)
        let envelope = try #require(try world.state.objects[email("teaser")]?.send?.envelope)
        #expect(try world.store.audience(envelope.audience) == (2...20).map(Files.person).sorted())
    }

    @Test("The approved audience is lost: the audience may not move at all")
    func lostAudience() async throws {
        try await world.apply()
        try world.store.dropAudiences(except: [])
        #expect(try await world.plan().changes.isEmpty)
        world.files.lists["vip"]?.people = .people(1...21)
        #expect(short(try await world.plan()).contains("email.teaser schedule"))
    }

    @Test("Its time has passed and it was not sent: missed, refused, never sent, whether it was held or is new")
    func missed() async throws {
        try await world.apply()
        world.now = due.adding(seconds: PlanDraft.sendWindow - 1)
        #expect(try await world.plan().refused.isEmpty)
        world.now = due.adding(seconds: PlanDraft.sendWindow)
        world.files.emails["new"] = Files.Email(name: "new", list: "vip", subject: "s", at: due)
        let plan = try await world.plan()
        #expect(short(plan) == ["E_MISSED email.new", "E_MISSED email.teaser"])
        #expect(plan.exitCode == .refused)
    }

    @Test("After a send only its own document and template are compared")
    func sent() async throws {
        by()
        try await world.apply()
        guard case .done(let report) = try await world.send("teaser") else { throw StoreFailure.other("not sent") }
        #expect(report.sent == 20)
        #expect(try world.state.objects[email("teaser")]?.send?.phase == .sent)
        // Layout, list and people move on.
        world.files.emails["teaser"]?.layout = "<footer>new</footer>"
        world.files.lists["vip"]?.people = .people(2...21)
        let plan = try await world.plan()
        #expect(short(plan) == ["list.vip add-members remove-members"])
        #expect(plan.waiting.isEmpty)
    }

    @Test("Editing a sent email is refused, and a new id is offered that nothing has")
    func editSent() async throws {
        by()
        try await world.apply()
        _ = try await world.send("teaser")
        world.files.emails["teaser"]?.subject = "Oops"
        world.files.emails["teaser-2"] = Files.Email(name: "teaser-2", list: "vip", subject: "s")
        let plan = try await world.plan()
        #expect(plan.refused.map(\.code) == [.sent])
        #expect(plan.refused.first?.remedy.contains("`email: teaser-3`") == true)
    }

    @Test("Sent once is sent for ever: the same id after it was forgotten, or with an older state, is not sent again", arguments: ["forgotten", "older"])
    func neverAgain(_ how: String) async throws {
        by()
        try await world.apply()
        let before = try world.state
        _ = try await world.send("teaser")
        if how == "forgotten" {
            let kept = world.files.emails.removeValue(forKey: "teaser")
            world.files.removed = [email("teaser")]
            #expect(short(try await world.plan()) == ["email.teaser forget"])
            try await world.apply()
            #expect(world.provider.look { $0.objects.values.contains { $0.kind == .email } })
            world.files.removed = []
            world.files.emails["teaser"] = kept
        } else {
            var old = before
            old.serial = try world.state.serial + 1
            try world.store.save(old, expecting: old.serial - 1)
        }
        let plan = try await world.plan()
        #expect(short(plan) == ["email.teaser adopt"])
        #expect(plan.waiting.isEmpty)
        world.files.emails["teaser"]?.subject = "Another text"
        #expect(short(try await world.plan()) == ["E_SENT email.teaser"])
        world.files.emails["teaser"]?.subject = "Spring is here"
        try await world.apply()
        let after = try await world.plan()
        #expect(after.changes.isEmpty && after.waiting.isEmpty && after.refused.isEmpty)
    }

    @Test("A second draft with its mark does not matter where one was sent; two that were sent do")
    func severalMarks() async throws {
        by()
        let mark = Mark.of(email("teaser"), world.files.settings)
        let fields = ["subject": "Spring is here", "html": "<p>Hello</p>", "from": "Acme <news@acme.example>"]
        let object = FakeProvider.Object(kind: .email, name: "teaser", mark: mark, fields: fields, phase: .sent)
        world.provider.change {
            $0.objects["a"] = object
            $0.objects["b"] = object
            $0.objects["b"]?.phase = .draft
        }
        #expect(short(try await world.plan()).contains("email.teaser adopt"))
        world.provider.change { $0.objects["b"]?.phase = .sent }
        let plan = try await world.plan()
        #expect(short(plan).contains("E_AMBIGUOUS email.teaser"))
        #expect(plan.exitCode == .unknown)
    }

    @Test("Another email with its mark was sent: this one is not, as nobody can say whether it may")
    func sentTwin() async throws {
        by()
        try await world.apply()
        let remote = try #require(try world.state.objects[email("teaser")]?.remote)
        world.provider.change { world in
            world.objects["twin"] = world.objects[remote.text]
            world.objects["twin"]?.phase = .sent
        }
        let plan = try await world.plan()
        #expect(short(plan) == ["E_AMBIGUOUS email.teaser"])
        #expect(plan.waiting.isEmpty)
    }

    @Test("An interrupted send is refused until `recover`: 8")
    func interrupted() async throws {
        by()
        try await world.apply()
        world.provider.change { $0.stopsAfter = 5 }
        _ = try await world.send("teaser")
        let plan = try await world.plan()
        #expect(short(plan) == ["E_OPEN email.teaser"])
        #expect(plan.exitCode == .unknown)
    }

    @Test("An email whose list is refused is refused with it, and so is one that waits")
    func depends() async throws {
        by()
        try await world.apply()
        world.files.lists["vip"]?.people = .people(1...2)
        let plan = try await world.plan()
        #expect(short(plan) == ["E_MASS_CHANGE list.vip", "E_DEPENDS email.teaser"])
        #expect(plan.waiting.isEmpty)
    }

    @Test("An email selected without its list, which was never applied, is refused")
    func selectedAlone() async throws {
        world.options.selection = [email("teaser")]
        #expect(short(try await world.plan()) == ["E_DEPENDS email.teaser"])
    }

    @Test("An environment that sends nothing keeps emails as drafts, and says so")
    func sendsNothing() async throws {
        world.files.maySend = false
        world.files.emails["hand"] = Files.Email(name: "hand", list: "vip", subject: "s")
        let plan = try await world.plan()
        #expect(plan.changes.allSatisfy { $0.irreversible == nil && $0.schedule.isEmpty })
        #expect(plan.hints.contains { $0.contains("sends nothing") })
        try await world.apply()
        let after = try await world.plan()
        #expect(after.changes.isEmpty && after.waiting.isEmpty)
    }

    @Test("Drift of an email is put right without asking for its send anew")
    func drift() async throws {
        try await world.apply()
        try world.meddle(email("teaser")) { $0.fields["html"] = "<p>Theirs</p>" }
        let plan = try await world.plan()
        #expect(short(plan) == ["email.teaser update"])
        #expect(plan.drift.map(\.field) == ["html"])
        #expect(plan.changes.first?.content != nil)
        try await world.apply()
        #expect(try await world.plan().changes.isEmpty)
    }

    @Test("Deleted by somebody else: made again and scheduled again")
    func lost() async throws {
        try await world.apply()
        let remote = try #require(try world.state.objects[email("teaser")]?.remote)
        world.provider.change { $0.objects[remote.text] = nil }
        #expect(short(try await world.plan()) == ["email.teaser create schedule"])
        try await world.apply()
        #expect(try await world.plan().changes.isEmpty)
    }

    @Test("An email that now goes through another provider is another email")
    func otherProvider() async throws {
        try await world.apply()
        var state = try world.state
        state.objects[email("teaser")]?.provider = "mailchimp"
        state.serial += 1
        try world.store.save(state, expecting: state.serial - 1)
        #expect(short(try await world.plan()) == ["E_MOVED email.teaser"])
    }
}
