import HeraldAudience
import HeraldContract
import HeraldDatabase
import HeraldFakes
import HeraldModel
import HeraldYAML
import Testing

/// Generated data as the files of a workspace, once as CSV and once as SQLite, or as tables of a server, and what herald says of conditions over them.
struct GeneratedWorkspace {
    enum Engine {
        case wholeCSV, narrowedCSV, narrowedSQLite, postgres, clickHouse

        static let files = [wholeCSV, narrowedCSV, narrowedSQLite]
    }

    private let folder = TemporaryFolder()
    private let files = SourceMap()
    private let diagnostics = Diagnostics()
    private let schemas: Schemas
    private let clock: Clock
    private var sources: [Engine: any RowSource] = [:]
    private let checker: FilterChecker

    init(_ data: GeneratedData, _ moment: Moment, named: [(entity: String, condition: Condition)], seed: UInt64, engines: [Engine] = Engine.files) throws {
        var random = Random(seed: seed)
        for entity in Shop.entities { folder.write("data/\(Shop.tables[entity] ?? "").csv", data.csv(entity, &random, moment)) }
        let database = try Database.writing(path: folder.path("crm.sqlite"), migrations: [])
        for entity in Shop.entities where engines.contains(.narrowedSQLite) {
            let statements = data.sqlite(entity, &random, moment)
            try database.write { connection in for statement in statements { try connection.execute(statement.sql, statement.values) } }
        }
        let text = """
            herald: 1
            workspace: acme
            timezone: \(moment.zone.name)
            defaults: {from: {name: Acme, email: news@acme.example}, postal_address: Acme, utm: {source: acme}, fiscal_year_starts: \(moment.fiscalMonth)}
            sources: {crm: {csv: data}}
            entities:
            \(Shop.yaml.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
            """
        let tree = try #require(AudienceFixture.tree(text, "herald.yaml", files, diagnostics).first)
        let settings = try #require(SettingsDecoder(diagnostics).decode(tree, environment: nil))
        var columns = PinnedColumns()
        for (entity, all) in Shop.columns {
            columns.tables[TableName(source: "crm", table: Shop.tables[entity] ?? "")] = all.map { PinnedColumn(name: $0.name, type: $0.kind.type) }
        }
        schemas = Schemas(settings, columns: columns)
        let zone = Zone.named(moment.zone.name)
        clock = Clock(now: Instant(microseconds: Int64(moment.now)), zone: zone, fiscalMonth: moment.fiscalMonth)
        let (schemas, clock) = (schemas, clock)
        for engine in engines {
            var (location, secret) = (settings.sources[0].location.value, "")
            switch engine {
            case .wholeCSV, .narrowedCSV: break
            case .narrowedSQLite: location = .sqlite(path: "crm.sqlite")
            case .postgres:
                let server = try PostgresServer.shared.get()
                (location, secret) = (.postgres(.environment("X")), server.url(try server.database(data.postgres(&random, moment))))
            case .clickHouse:
                let server = try ClickHouseServer.shared.get().0
                (location, secret) = (.clickhouse(.environment("X")), server.url(try server.database(data.clickHouse(&random))))
            }
            let access = ServerAccess(secret: { [secret] _ throws(ServerAccess.Missing) in secret }, trustedHosts: nil, authorities: nil)
            let definition = SourceDefinition(id: settings.sources[0].id, location: Located(location, settings.sources[0].location.span))
            sources[engine] = SourceOpener.open(
                definition, root: folder.root, zone: zone, files: files, access: access, context: DecisionContext(schemas, clock), stretch: Int(seed % 7) * 40 + 1, diagnostics)
        }
        let names = Self.names(named.count)
        let documents = named.enumerated().map { number, item in
            let head = number % 2 == 0 ? "filter: \(names[number])" : "list: \(names[number])\nname: N\(number)"
            return "\(head)\nentity: \(item.entity)\nwhere: \(item.condition.yaml(names: names))\n"
        }
        let trees = AudienceFixture.tree(documents.joined(separator: "---\n"), "lists/all.yaml", files, diagnostics)
        let decoded = DefinitionDecoder(folder: .lists, directory: "lists", providers: [:], diagnostics).decode(trees)
        checker = FilterChecker(
            schemas,
            filters: Dictionary(uniqueKeysWithValues: decoded.filters.map { ($0.id.value, .init(entity: $0.entity.value, condition: $0.condition, span: $0.id.span)) }),
            lists: Dictionary(uniqueKeysWithValues: decoded.lists.map { ($0.id.value, .init(entity: $0.entity.value, condition: $0.condition, span: $0.id.span)) }),
            zone: zone, diagnostics)
        try #require(problems.isEmpty, "\(problems)")
    }

    static func names(_ count: Int) -> [String] { (0..<count).map { "c\($0)" } }

    /// What herald had to complain of; nothing is generated that it may complain of.
    var problems: [String] { diagnostics.sorted.map { "\($0.rule.code): \($0.message)" } }

    /// The typed conditions.
    func filters(_ conditions: [(entity: String, yaml: String)]) -> [Filter]? {
        let filters = conditions.compactMap { entity, yaml -> Filter? in
            guard let node = AudienceFixture.tree(yaml, "lists/this.yaml", files, diagnostics).first?.root, let schema = schemas[entity] else { return nil }
            return checker.check(node, entity: schema, span: node.span)
        }
        return filters.count == conditions.count && !diagnostics.hasErrors ? filters : nil
    }

    /// How many of the conditions the engine decides by itself.
    func decided(_ filters: [(entity: String, filter: Filter)], _ engine: Engine) -> Int {
        filters.count { sources[engine]?.decides($0.filter, of: $0.entity) ?? false }
    }

    /// The entities whose tables are read for these conditions.
    func tables(_ filters: [(entity: String, filter: Filter)], _ engine: Engine) -> [String] {
        let source = sources[engine]
        var needs = DataNeeds(schemas, clock) { source?.decides($0, of: $1) ?? false }
        for (entity, filter) in filters { needs.add(filter, entity: entity) }
        return needs.requests().map(\.entity)
    }

    /// By engine's reading of what all the filters need together: by key, whether each filter holds, and whether only because a value is empty.
    func answers(_ filters: [(entity: String, filter: Filter)], _ engine: Engine) -> [[Text: PlainEvaluator.Answer]]? {
        guard let source = sources[engine] else { return nil }
        var needs = DataNeeds(schemas, clock, narrows: engine != .wholeCSV) { source.decides($0, of: $1) }
        for (entity, filter) in filters { needs.add(filter, entity: entity) }
        var tables: [String: Table] = [:]
        for (id, request) in needs.requests() {
            guard let table = source.read(request, diagnostics) else { return nil }
            tables[id] = table
        }
        let dataset = Dataset(schemas, tables: tables)
        let evaluator = Evaluator(dataset, clock, diagnostics)
        let answers = filters.map { entity, filter in
            let (holds, byEmptiness) = evaluator.matches(filter, entity: entity)
            var answers: [Text: PlainEvaluator.Answer] = [:]
            guard let table = dataset.table(entity), let column = table.column(named: Shop.keys[entity] ?? "") else { return answers }
            for row in holds.indices { answers[Text(ValueText.plain(table[row, column]))] = .init(holds: holds[row], sure: holds[row] ? !byEmptiness[row] : false) }
            return answers
        }
        return diagnostics.hasErrors ? nil : answers
    }
}

extension Kind {
    var type: ColumnType {
        switch self {
        case .text: .text
        case .integer: .integer
        case .decimal: .decimal
        case .flag: .boolean
        case .day: .date
        case .time: .datetime
        case .many: .many(split: ";")
        case .word(let words): .enum(words.map { Text($0) })
        }
    }
}
