import HeraldFakes
import Testing

/// The same generated conditions as of files, over servers that decide most of them by themselves: herald's members are still those of the plain evaluator.
@Suite struct GeneratedServerTests {
    @Test(.enabled(if: PostgresServer.isPossible, "postgresql is not installed; make test installs it"), arguments: 1...70)
    func postgres(seed: Int) throws { try check(.postgres, UInt64(seed) + 10_000) }

    @Test(.enabled(if: ClickHouseServer.isPossible, "clickhouse-server is not installed; make test installs it"), arguments: 1...70)
    func clickHouse(seed: Int) throws { try check(.clickHouse, UInt64(seed) + 20_000) }

    @Test(.enabled(if: PostgresServer.isPossible && ClickHouseServer.isPossible, "servers are not installed; make test installs them"))
    func mostIsDecidedThereAndThenRelationsAreNotRead() throws {
        for engine in [GeneratedWorkspace.Engine.postgres, .clickHouse] {
            var (all, decided) = (0, 0)
            for seed in 1...4 {
                var random = Random(seed: UInt64(seed) + 30_000)
                let moment = GeneratedFilterTests.moment(&random)
                let data = GeneratedData(&random, moment).heldByClickHouse
                var generator = ConditionGenerator(random: random, data: data, moment: moment)
                let workspace = try GeneratedWorkspace(data, moment, named: [], seed: UInt64(seed), engines: [engine])
                let conditions = (0..<50).map { _ in (entity: "contact", yaml: generator.condition("contact", depth: 2).yaml(names: [])) }
                let filters = zip(conditions, try #require(workspace.filters(conditions))).map { (entity: $0.entity, filter: $1) }
                all += filters.count
                decided += workspace.decided(filters, engine)
                let simple = try #require(
                    workspace.filters([("contact", "{orders: {where: {total: {gt: 2.5}}, sum: {items: {gte: 2}}}, account: {size: {lt: 4}}, name: {contains: K}}")]))
                if workspace.decided([("contact", simple[0])], engine) == 1 { #expect(workspace.tables([("contact", simple[0])], engine) == ["contact"]) }
            }
            #expect(decided * 2 > all, "\(engine) decides \(decided) of \(all)")
        }
    }

    private func check(_ engine: GeneratedWorkspace.Engine, _ seed: UInt64) throws {
        var random = Random(seed: seed)
        let moment = GeneratedFilterTests.moment(&random)
        let made = GeneratedData(&random, moment)
        let data = engine == .clickHouse ? made.heldByClickHouse : made
        var generator = ConditionGenerator(random: random, data: data, moment: moment)
        var named: [(entity: String, condition: Condition)] = []
        for _ in 0..<generator.random.number(0...4) {
            let entity = generator.random.pick(Shop.entities)
            named.append((entity, generator.condition(entity, depth: 2)))
            generator.named.append(entity)
        }
        let workspace = try GeneratedWorkspace(data, moment, named: named, seed: seed, engines: [engine])
        var waiting = (0..<60).map { _ in
            let entity = generator.random.chance(80) ? "contact" : generator.random.pick(["order", "account"])
            return (entity: entity, condition: generator.condition(entity, depth: generator.random.number(0...4)))
        }
        let run = GeneratedRun(data: data, moment: moment, named: named, seed: seed, engines: [engine])
        while !waiting.isEmpty {
            // Few are read for alone, so that thousands can be tried.
            let group = Array(waiting.prefix(generator.random.chance(40) ? 1 : generator.random.number(4...12)))
            waiting.removeFirst(group.count)
            guard let failure = run.failure(group, in: workspace) else { continue }
            Issue.record("\(run.shrunk(group, failure))")
            return
        }
    }
}
