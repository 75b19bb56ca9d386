import Foundation
import HeraldAudience
import HeraldContract
import HeraldModel
import HeraldYAML
import Testing

/// Conditions and contact data, spoiled at random: nothing crashes, and what is told of data never quotes it.
@Suite struct DataMutationTests {
    @Test func conditions() throws {
        let settings = try #require(
            YAMLParser.parse(try MutationRun.file("YAML/Good/settings-every-key.yaml"), file: FileID(0), Diagnostics()).first
                .flatMap { SettingsDecoder(Diagnostics()).decode($0, environment: nil) })
        let columns: [PinnedColumn] = [
            .init(name: "id", type: .integer), .init(name: "country", type: .text), .init(name: "birthday", type: .date), .init(name: "joined", type: .datetime),
            .init(name: "interests", type: .text), .init(name: "spent", type: .decimal), .init(name: "vip", type: .boolean), .init(name: "size", type: .text),
        ]
        let orders: [PinnedColumn] = [
            .init(name: "id", type: .integer), .init(name: "contact_id", type: .integer), .init(name: "status", type: .text), .init(name: "placed_at", type: .datetime),
            .init(name: "total", type: .decimal),
        ]
        let pinned = PinnedColumns(tables: [TableName(source: "crm", table: "contacts"): columns, TableName(source: "shop", table: "orders"): orders])
        let schemas = Schemas(settings, columns: pinned)
        let contact = try #require(schemas["contact"])
        let condition = """
            where:
              country: {in: [DE, AT, NO], is_not: CH, contains: e, not_starts_with: x}
              birthday: {anniversary: next 7 days, month: {in: [3, April]}, before: today - 18 years}
              joined: {within: 30 days, between: [2027-01-01, start of year + 1 month]}
              interests: {has_any: [cats, dogs]}
              spent: {between: [1, 2.5]}
              size: {is: small}
              vip: true
              orders: {where: {status: paid, placed_at: {older_than: 2 hours}}, sum: {total: {gte: 500}}}
              any: [{country: DE}, {not: {vip: true}}, {all: [{spent: {empty: false}}]}]
              opened: {email: spring, times: {gte: 1}, within: 30 days}

            """
        MutationRun.spoil("conditions", [Array(condition.utf8)], rounds: 400) { _, input in
            let diagnostics = Diagnostics()
            for tree in YAMLParser.parse(input, file: FileID(0), diagnostics) {
                let checker = FilterChecker(schemas, filters: [:], lists: [:], diagnostics)
                for (_, node) in tree.root.entries { _ = checker.check(node, entity: contact, span: node.span) }
            }
            return MutationRun.failure(of: diagnostics.sorted, in: [input])
        }
    }

    @Test func csv() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("herald-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder.appendingPathComponent("data"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("data/contacts.csv")
        let rows =
            "id,email,name,birthday,spent,vip,tags\n1,canary1@example.org,\"Ada, \"\"x\"\"\",1990-12-10,12.50,true,cats;dogs\n2,canary2@example.org,\"two\nlines\",,0,false,\n3,canary3@example.org,Éva,2000-02-29,-1,true,b\n"
        let columns: [TableRequest.Column] = [
            .init(name: "id", type: .integer), .init(name: "email", type: .text), .init(name: "birthday", type: .date), .init(name: "spent", type: .decimal),
            .init(name: "vip", type: .boolean), .init(name: "tags", type: .many(split: ";")),
        ]
        let request = TableRequest(table: TableName(source: "crm", table: "contacts"), columns: columns, key: "id")
        MutationRun.spoil("CSV", [Array(rows.utf8)], rounds: 200) { _, input in
            guard FileManager.default.createFile(atPath: file.path, contents: Data(input)) else { return "the file cannot be written" }
            let (files, diagnostics) = (SourceMap(), Diagnostics())
            let span = SourceSpan(file: files.add(path: "herald.yaml", text: []), line: 1, column: 1)
            let definition = SourceDefinition(id: Located("crm", span), location: Located(.csv(folder: "data", delimiter: nil, dateFormat: nil), span))
            let source = SourceOpener.open(definition, root: folder.path, zone: .utc, files: files, diagnostics)
            let (described, read) = (source?.describe(diagnostics), source?.read(request, diagnostics))
            let found = diagnostics.sorted
            if described == nil || read == nil, !diagnostics.hasErrors { return "nothing was read, and nothing told" }
            // Names of columns are told, and they are what stands on the first line that is not blank.
            let header = input.split { $0 == 0x0A || $0 == 0x0D }.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
            let people = ["canary", "Ada", "Éva"].filter { !header.contains($0) }
            for one in found where people.contains(where: one.message.contains) { return "a message quotes the data: \(one.message)" }
            for one in found { if one.span == nil { return "\(one.rule.code) has no place: \(one.message)" } }
            return nil
        }
    }
}
