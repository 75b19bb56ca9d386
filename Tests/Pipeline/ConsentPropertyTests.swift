import HeraldContract
import HeraldModel
import Testing

@testable import HeraldPipeline

/// Opt-outs in the data and in the records, changed addresses, second records with an address, plans, applies, sends and crashes, in any order: whoever said no
/// is in no list that was applied afterwards and gets no mail. Held against a restatement that goes through everything that was said for each person.
@Suite("Whoever said no gets nothing, whatever happens in between")
struct ConsentPropertyTests {
    /// Said once more, in the plainest way: may this record's address be mailed?
    private func mayBeMailed(_ number: Int, _ list: String, _ world: ConsentWorld) -> Bool {
        guard let row = world.rows[number] else { return false }
        let same = world.rows.filter { $0.value.address == row.address }
        let keys = same.keys.map(world.record)
        let address = world.person(row.address)
        let facts = world.records.facts.filter { fact in fact.person == address || keys.contains { $0 == fact.record } }
        // Times of every yes to this address; a yes without a time outdates nothing.
        let optIns =
            same.values.filter { $0.status == "subscribed" }.compactMap(\.at).map(world.instant)
            + facts.filter { $0.kind == .consent(.subscribed) && $0.person == address }.map(\.at)
        for row in same.values where row.status != "subscribed" {
            guard let at = row.at.map(world.instant), optIns.contains(where: { $0 > at }) else { return false }
        }
        for fact in facts {
            guard case .consent(let status) = fact.kind, status != .subscribed else { continue }
            let own = facts.filter { $0.kind == .consent(.subscribed) && $0.person == fact.person && $0.record == fact.record }.map(\.at)
            guard status != .erased, status != .complained, (optIns + own).contains(where: { $0 > fact.at }) else { return false }
        }
        var isRemoved = false
        for fact in facts {
            if fact.kind == .removed(list: world.mark(list)) { isRemoved = true }
            if fact.kind == .restored(list: world.mark(list)) { isRemoved = false }
        }
        return !isRemoved
    }

    private func allowed(_ list: String, _ world: ConsentWorld) -> Set<PersonDigest> {
        Set(world.rows.filter { mayBeMailed($0.key, list, world) && (list == "first" || $0.key <= 4) }.map { world.person($0.value.address) })
    }

    @Test(arguments: 1...60) func anyOrder(_ seed: Int) async throws {
        var dice = Dice(seed + 9_000)
        let world = try ConsentWorld()
        for number in 1...6 { world.rows[number] = ConsentWorld.Row(address: number, status: "subscribed", at: 0) }
        var emails = ConsentWorld.emails
        for turn in 1...40 {
            let what: Comment = "seed \(seed), turn \(turn)"
            // Now and then the clock goes back.
            world.clock = max(0, world.clock + Int.random(in: -2...3, using: &dice))
            let isKilled = Int.random(in: 0..<5, using: &dice) == 0
            switch Int.random(in: 0..<10, using: &dice) {
            case 0...2: for _ in 0..<2 { edit(world, &dice) }
            case 3, 4: try say(world, &dice)
            case 5, 6:
                let fresh = try await world.plan()
                if Bool.random(using: &dice) { try await expectLists(fresh, world, what) }
                if isKilled { world.lifeline.renew(until: Int.random(in: 1...15, using: &dice), Bool.random(using: &dice) ? .before : .after) }
                _ = try? await world.apply(fresh)
            case 7, 8:
                guard let email = emails.randomElement(using: &dice) else { continue }
                if Bool.random(using: &dice) { world.provider.change { [stop = Int.random(in: 1...3, using: &dice)] in $0.stopsAfter = stop } }
                if isKilled { world.lifeline.renew(until: Int.random(in: 1...8, using: &dice), Bool.random(using: &dice) ? .before : .after) }
                let before = world.delivered
                let speaks = Bool.random(using: &dice)
                try? await world.send(email) { if speaks { sayNo(world, &dice) } }
                expectOnlyAllowed(before, email, world, what)
                world.provider.change { $0.stopsAfter = nil }
                if !world.delivered.subtracting(before).isEmpty { emails.removeAll { $0 == email } }
            default: break
            }
            world.lifeline.renew()
            world.journal.losePending()
            if try world.state.needsRecovery {
                if Bool.random(using: &dice) { sayNo(world, &dice) }
                let before = world.delivered
                let open = try world.state.intents.first { $0.settling == .once }?.address.id
                _ = try await world.recover()
                expectOnlyAllowed(before, open ?? "e1", world, what)
            }
        }
        // At rest, lists are exactly those who may be mailed.
        _ = try await world.recover()
        _ = try await world.apply(try await world.plan())
        for list in ConsentWorld.lists {
            let held = try world.state.objects[Address(.list, list)]?.remote.map { remote in world.provider.look { Set($0.objects[remote.text]?.members.keys.map { $0 } ?? []) } }
            #expect(held == allowed(list, world), "seed \(seed), \(list)")
        }
    }

    /// What was delivered since `before` went only to those who may be mailed.
    private func expectOnlyAllowed(_ before: Set<String>, _ email: String, _ world: ConsentWorld, _ what: Comment) {
        guard let number = ConsentWorld.emails.firstIndex(of: email) else { return }
        let may = allowed(ConsentWorld.lists[number % 2], world)
        for mail in world.delivered.subtracting(before) {
            #expect(may.contains { mail.hasSuffix(" \($0)") }, what)
        }
        #expect(world.provider.look { world in world.sends.values.allSatisfy { $0.delivered.values.allSatisfy { $0 == 1 } } }, what)
    }

    private func expectLists(_ fresh: PlanningResult, _ world: ConsentWorld, _ what: Comment) async throws {
        for email in fresh.emails {
            #expect(Set(email.members.members.map(\.person)) == allowed(email.list.id, world), what)
        }
    }

    /// The data changes: consent, an address, a new record, one that is gone.
    private func edit(_ world: ConsentWorld, _ dice: inout Dice) {
        let number = Int.random(in: 1...7, using: &dice)
        switch Int.random(in: 0..<10, using: &dice) {
        case 0...2: world.rows[number]?.address = Int.random(in: 1...30, using: &dice)
        case 3:
            world.rows[number]?.status = ["subscribed", "unsubscribed", ""].randomElement(using: &dice) ?? ""
            world.rows[number]?.at = Bool.random(using: &dice) ? world.clock : nil
        case 4...7:
            world.rows[number]?.status = "subscribed"
            world.rows[number]?.at = world.clock
        case 8: world.rows[number] = ConsentWorld.Row(address: Int.random(in: 1...8, using: &dice), status: "subscribed", at: Bool.random(using: &dice) ? world.clock : nil)
        default: world.rows[number] = nil
        }
    }

    private func say(_ world: ConsentWorld, _ dice: inout Dice) throws {
        let number = Int.random(in: 1...6, using: &dice)
        let named = Bool.random(using: &dice) ? world.address(number) : "\(number)"
        let list = ConsentWorld.lists.randomElement(using: &dice) ?? "first"
        let at = Int.random(in: 0..<3, using: &dice) == 0 ? Int.random(in: 0...world.clock, using: &dice) : nil
        let kind: PersonWish.Kind =
            switch Int.random(in: 0..<10, using: &dice) {
            case 0...3: .unsubscribe
            case 4...6: .subscribe
            case 7: .remove(list: world.mark(list))
            case 8: .restore(list: world.mark(list))
            default: Int.random(in: 0..<4, using: &dice) == 0 ? .erase : .unsubscribe
            }
        // The clock of whoever says it may stand behind what the data says.
        let clock = world.clock
        if Int.random(in: 0..<3, using: &dice) == 0 { world.clock = max(0, clock - 5) }
        defer { world.clock = clock }
        guard let answer = try world.take(kind, named, at: at.map { min($0, world.clock) }) else { return }
        // Said again, nothing is new; and a no that is said now holds from now on.
        if case .facts = answer { #expect(try world.take(kind, named, at: at.map { min($0, world.clock) }) == .already) }
        guard kind == .unsubscribe || kind == .erase, at == nil else { return }
        let rows = world.rows.filter { named == "\($0.key)" || named == world.address($0.value.address) }
        for row in rows.keys { #expect(!mayBeMailed(row, "first", world)) }
    }

    /// A no that a provider or another runner hears of.
    private func sayNo(_ world: ConsentWorld, _ dice: inout Dice) {
        let number = Int.random(in: 1...6, using: &dice)
        let isKnown = Bool.random(using: &dice)
        let status: ConsentStatus = [.unsubscribed, .unsubscribed, .bounced, .blocked, .pending].randomElement(using: &dice) ?? .unsubscribed
        world.records.add([
            PersonFact(
                kind: .consent(status), person: world.rows[number].map { world.person($0.address) } ?? world.person(number),
                record: isKnown ? world.record(number) : nil, at: world.now, recorded: world.now, source: "local", reason: "")
        ])
    }
}
