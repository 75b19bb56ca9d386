import Foundation
import HeraldModel
import Testing

/// Conditions over data, all generated: herald's members are those of an evaluator that was written from `semantics.md` alone, and reading less for a
/// condition, from CSV or from SQLite, changes nothing.
@Suite struct GeneratedFilterTests {
    /// Each seed is a workspace with its own data, clock, zone and conditions.
    @Test(arguments: 1...100)
    func membersAreThoseOfThePlainEvaluator(seed: Int) throws {
        var random = Random(seed: UInt64(seed))
        let moment = Self.moment(&random)
        let data = GeneratedData(&random, moment)
        var generator = ConditionGenerator(random: random, data: data, moment: moment)
        var named: [(entity: String, condition: Condition)] = []
        for _ in 0..<generator.random.number(0...4) {
            let entity = generator.random.pick(Shop.entities)
            named.append((entity, generator.condition(entity, depth: 2)))
            generator.named.append(entity)
        }
        let workspace = try GeneratedWorkspace(data, moment, named: named, seed: UInt64(seed))
        var waiting = (0..<40).map { _ in
            let entity = generator.random.chance(80) ? "contact" : generator.random.pick(["order", "account"])
            return (entity: entity, condition: generator.condition(entity, depth: generator.random.number(0...4)))
        }
        while !waiting.isEmpty {
            // Some are read for alone, some together, as the lists of a workspace are.
            let group = Array(waiting.prefix(generator.random.chance(60) ? 1 : generator.random.number(2...6)))
            waiting.removeFirst(group.count)
            let run = GeneratedRun(data: data, moment: moment, named: named, seed: UInt64(seed))
            guard let failure = run.failure(group, in: workspace) else { continue }
            Issue.record("\(run.shrunk(group, failure))")
            return
        }
    }

    static func moment(_ random: inout Random) -> Moment {
        let zones = [
            "UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Apia", "Pacific/Auckland", "Africa/Cairo",
        ]
        let zone = PlainZone(random.pick(zones))
        let now: Int
        switch random.number(1...5) {
        case 1:  // Near a clock change, where the zone has one that year.
            let start = zone.start(PlainDay(random.number(2_000...2_030), 1, 1))
            let changes = (0..<400).map { start + $0 * PlainZone.daily }.filter { zone.local($0 + PlainZone.daily) - zone.local($0) != PlainZone.daily }
            now = (changes.randomElement(using: &random) ?? start) + random.number(-30...60) * 1_800_000_000
        case 2: now = zone.start(PlainDay(random.pick([2024, 2026, 2028]), random.pick([1, 2, 3, 12]), random.pick([1, 28]))) + random.number(0...86_399) * 1_000_000
        case 3: now = zone.start(PlainDay(random.pick([2024, 2027, 2028]), 2, 28)) + random.number(0...2 * 86_400) * 1_000_000
        default: now = random.number(1_000_000_000...2_000_000_000) * 1_000_000 + random.pick([0, 0, 123_456])
        }
        return Moment(now: now, zone: zone, fiscalMonth: random.chance(50) ? 1 : random.number(1...12))
    }
}
