import Foundation
import HeraldAudience
import HeraldContract
import HeraldModel
import HeraldYAML
import Testing

/// A workspace as people write it: entities and conditions in YAML over a folder of CSV files, read the way that a run reads them.
struct AudienceFixture {
    let folder = TemporaryFolder()
    let files = SourceMap()
    let diagnostics = Diagnostics()
    let settings: WorkspaceSettings
    let source: any RowSource
    let schemas: Schemas
    let clock: Clock
    private let lists: [String: FilterChecker.Named]
    private let filters: [String: FilterChecker.Named]

    /// - Parameters:
    ///   - entities: the value of `entities`, a line each.
    ///   - tables: CSV by name.
    ///   - definitions: documents of lists and filters.
    init(
        _ entities: String, _ tables: [String: String], definitions: String = "", now: String = "2027-02-01T10:00:00Z", zone: String = "UTC",
        fiscalMonth: Int = 1
    ) throws {
        for (name, content) in tables { folder.write("data/\(name).csv", content) }
        let text = """
            herald: 1
            workspace: acme
            timezone: \(zone)
            defaults: {from: {name: Acme, email: news@acme.example}, postal_address: Acme, utm: {source: acme}, fiscal_year_starts: \(fiscalMonth)}
            sources: {crm: {csv: data}}
            entities:
            \(entities.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
            """
        settings = try #require(SettingsDecoder(diagnostics).decode(Self.tree(text, "herald.yaml", files, diagnostics)[0], environment: nil))
        let loaded = Zone.named(zone)
        source = try #require(SourceOpener.open(settings.sources[0], root: folder.root, zone: loaded, files: files, diagnostics))
        let columns = try #require(source.describe(diagnostics))
        schemas = Schemas(settings, columns: PinnedColumns(tables: columns))
        schemas.check(diagnostics)
        clock = Clock(now: try #require(Instant(rfc3339: now)), zone: loaded, fiscalMonth: fiscalMonth)
        let decoder = DefinitionDecoder(folder: .lists, directory: "lists", providers: [:], diagnostics)
        let decoded = decoder.decode(Self.tree(definitions, "lists/all.yaml", files, diagnostics))
        lists = Dictionary(
            uniqueKeysWithValues: decoded.lists.map {
                ($0.id.value, FilterChecker.Named(entity: $0.entity.value, condition: $0.condition, span: $0.id.span))
            })
        filters = Dictionary(
            uniqueKeysWithValues: decoded.filters.map {
                ($0.id.value, FilterChecker.Named(entity: $0.entity.value, condition: $0.condition, span: $0.id.span))
            })
        // Everything that a test does not ask for itself is in order.
        #expect(reports == [])
    }

    static func tree(_ text: String, _ path: String, _ files: SourceMap, _ diagnostics: Diagnostics) -> [DocumentTree] {
        let bytes = Array(text.utf8)
        return YAMLParser.parse(bytes, file: files.add(path: path, text: bytes), diagnostics)
    }

    func node(_ text: String) throws -> Node { try #require(Self.tree(text, "lists/this.yaml", files, diagnostics).first?.root) }

    func checker(_ diagnostics: Diagnostics) -> FilterChecker { FilterChecker(schemas, filters: filters, lists: lists, zone: clock.zone, diagnostics) }

    func filter(_ condition: String, entity: String = "contact") throws -> Filter {
        let node = try node(condition)
        let filter = checker(diagnostics).check(node, entity: try #require(schemas[entity]), span: node.span)
        #expect(reports == [], "\(condition)")
        return try #require(filter)
    }

    /// `code line:column: message; suggestion` of everything that is wrong with a condition, which then is none.
    func complaints(_ condition: String, entity: String = "contact") throws -> [String] {
        let found = Diagnostics()
        let node = try node(condition)
        let filter = checker(found).check(node, entity: try #require(schemas[entity]), span: node.span)
        #expect((filter == nil) == found.hasErrors)
        return found.sorted.map { finding in
            let place = finding.span.map { "\($0.line):\($0.column)" } ?? "-"
            return "\(finding.rule.code) \(place): \(finding.message)" + (finding.suggestion.map { "; \($0)" } ?? "")
        }
    }

    var reports: [String] { diagnostics.sorted.map { "\($0.rule.code): \($0.message)" } }

    /// The tables that a filter needs, narrowed or whole.
    func dataset(_ filter: Filter, entity: String = "contact", columns: [TypedColumn] = [], narrows: Bool = true) throws -> Dataset {
        var needs = DataNeeds(schemas, clock, narrows: narrows)
        needs.add(filter, entity: entity, columns: columns)
        var tables: [String: Table] = [:]
        for (id, request) in needs.requests() {
            let table: Table = try #require(source.read(request, diagnostics), "\(reports)")
            tables[id] = table
        }
        return Dataset(schemas, tables: tables)
    }

    func evaluator(_ dataset: Dataset) -> Evaluator { Evaluator(dataset, clock, diagnostics) }

    /// The keys of the records that satisfy a condition, in the order of the file.
    func matches(_ condition: String, entity: String = "contact") throws -> [String] {
        let filter = try filter(condition, entity: entity)
        let dataset = try dataset(filter, entity: entity)
        let holds = evaluator(dataset).matches(filter, entity: entity).holds
        return try holds.indices.filter { holds[$0] }.map { try dataset.key(entity, $0) }
    }

    func audience(_ condition: String, ledger: LedgerFacts = .none) throws -> Audience {
        let filter = try filter(condition)
        let dataset = try dataset(filter)
        let (schema, table) = (try #require(schemas["contact"]), try #require(dataset.table("contact")))
        let people = try #require(EntityPeople(schema, table, clock, diagnostics), "\(reports)")
        return Audience(people, matches: evaluator(dataset).matches(filter, entity: "contact"), ledger: ledger)
    }
}

extension Dataset {
    /// The key of a row as text.
    func key(_ entity: String, _ row: Int) throws -> String {
        let table = try #require(self.table(entity))
        return ValueText.plain(table[row, try #require(table.column(named: schemas[entity]?.key ?? ""))])
    }
}

extension Audience {
    func key(_ row: Int) -> String { ValueText.plain(people.key(row)) }
    var memberKeys: [String] { members.map(key) }
    /// `key reason` of everybody who is left out, in the order of the rows.
    var leftOutKeys: [String] { reasons.indices.compactMap { row in reasons[row].map { "\(key(row)) \($0.rawValue)" } } }
}

extension Zone {
    /// A zone of the system; UTC where there is none of that name.
    static func named(_ name: String) -> Zone {
        FileManager.default.contents(atPath: "/usr/share/zoneinfo/" + name).flatMap { Zone(identifier: name, tzif: Array($0)) } ?? .utc
    }
}
