import HeraldModel
import Testing

@Suite("Facts about people")
struct LedgerTests {
    private func digest(_ number: Int) -> PersonDigest { PersonDigest(high: UInt64(number % 3), low: UInt64(number)) }

    private func fact(_ kind: PersonFact.Kind, _ person: Int?, _ record: Int?, at: Int) -> PersonFact {
        PersonFact(
            kind: kind, person: person.map(digest), record: record.map { digest(100 + $0) }, at: Instant(seconds: Int64(at)), recorded: Instant(seconds: 0),
            source: "operator", reason: "")
    }

    /// What the documentation says, said again: each opt-out looks for an opt-in that outdates it.
    private func naive(_ facts: [PersonFact], at address: PersonDigest, keys: [PersonDigest]) -> [PersonFact] {
        let about = facts.filter { fact in fact.person == address || keys.contains { $0 == fact.record } }
        var result: [PersonFact] = []
        for fact in about {
            guard case .consent(let status) = fact.kind else { continue }
            var stands = status != .subscribed || fact.person == address
            for other in about where status != .subscribed && status != .erased && status != .complained && other.kind == .consent(.subscribed) && other.at > fact.at {
                if other.person == address || (other.person == fact.person && other.record == fact.record) { stands = false }
            }
            if stands { result.append(fact) }
        }
        return result
    }

    @Test("Merging is that of the restatement, over generated facts", arguments: 1...40)
    func generated(_ seed: UInt64) {
        var random = SplitMix(state: seed)
        for _ in 0..<100 {
            let facts = (0..<Int.random(in: 0...12, using: &random)).map { _ -> PersonFact in
                let kind: PersonFact.Kind =
                    switch Int.random(in: 0..<10, using: &random) {
                    case 0...3: .consent(.subscribed)
                    case 4...7: .consent(ConsentStatus.allCases.randomElement(using: &random) ?? .pending)
                    case 8: .removed(list: "\(Int.random(in: 0...1, using: &random))")
                    default: .restored(list: "\(Int.random(in: 0...1, using: &random))")
                    }
                let bound = Int.random(in: 0..<6, using: &random)
                return fact(
                    kind, bound == 0 ? nil : Int.random(in: 0...2, using: &random), bound == 1 ? nil : Int.random(in: 0...2, using: &random),
                    at: Int.random(in: 0...4, using: &random))
            }
            let ledger = Ledger(facts)
            for address in 0...3 {
                for keys in [[], [0], [0, 1], [2]] {
                    let records = keys.map { digest(100 + $0) }
                    let about = ledger.facts(person: digest(address), records: records)
                    #expect(about == facts.filter { fact in fact.person == digest(address) || records.contains { $0 == fact.record } })
                    #expect(FactsInForce.consent(about, at: digest(address)) == naive(facts, at: digest(address), keys: records))
                    var removed: Set<String> = []
                    for fact in about {
                        if case .removed(let list) = fact.kind { removed.insert(list) }
                        if case .restored(let list) = fact.kind { removed.remove(list) }
                    }
                    #expect(FactsInForce.removals(about) == removed)
                }
                #expect(ledger.knows(person: digest(address)) == facts.contains { $0.person == digest(address) })
                #expect(ledger.knows(record: digest(100 + address)) == facts.contains { $0.record == digest(100 + address) })
            }
        }
    }

    @Test("An opt-in at one address does not reopen another")
    func optInIsForItsAddress() {
        // Record 1 moved from address 1 to address 2, whose owner said no before.
        let facts = [fact(.consent(.unsubscribed), 2, nil, at: 1), fact(.consent(.unsubscribed), 1, 1, at: 2), fact(.consent(.subscribed), 1, 1, at: 3)]
        #expect(FactsInForce.consent(facts, at: digest(2)).map(\.status) == [.unsubscribed])
        #expect(FactsInForce.consent(facts, at: digest(1)).map(\.status) == [.unsubscribed, .subscribed].suffix(1))
    }

    @Test("What looks like an address is noticed", arguments: ["a@b", "x ann@example.org y", "＠: a＠b", "mailto:a@b.c"])
    func addresses(_ text: String) { #expect(text.looksLikeAnAddress) }

    @Test("Other text is not", arguments: ["", "@", "a @ b", "call at 5", "@home", "end@"])
    func noAddresses(_ text: String) { #expect(!text.looksLikeAnAddress) }
}

private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
