import Foundation
import HeraldAudience
import HeraldContract
import HeraldModel
import Testing

/// What is kept of large files costs time when it is lost, and never shows: not where the file changed, not where it is damaged.
@Suite struct ColumnSnapshotTests {
    private let fixture = SourceFixture()
    private let columns: [TableRequest.Column] = [
        .init(name: "id", type: .integer), .init(name: "name", type: .text), .init(name: "born", type: .date), .init(name: "seen", type: .datetime),
        .init(name: "spent", type: .decimal), .init(name: "vip", type: .boolean), .init(name: "likes", type: .many(split: ";")),
    ]

    private static let content =
        "id,name,born,seen,spent,vip,likes,secret\n"
        + (1...200).map { "\($0),Näme \($0 % 7),2000-01-0\($0 % 9 + 1),2026-01-02 03:04,\($0).5,\($0 % 2 == 0),a; b\($0 % 3);,hidden\n" }.joined()

    private func source(_ columns: [TableRequest.Column]? = nil, zone: Zone = .utc) throws -> any RowSource {
        let use = ColumnSnapshots.Use(columns: columns ?? self.columns, keys: ["id"])
        let snapshots = ColumnSnapshots(folder: fixture.folder.path(".herald/columns"), least: 0) { $0.table == "t" ? use : nil }
        snapshots.clean()
        let span = SourceSpan(file: fixture.files.add(path: "herald.yaml", text: []), line: 1, column: 1)
        let definition = SourceDefinition(id: Located("crm", span), location: Located(.csv(folder: "data", delimiter: nil, dateFormat: nil), span))
        return try #require(
            SourceOpener.open(definition, root: fixture.folder.root, zone: zone, files: fixture.files, snapshots: snapshots, stretch: 100, fixture.diagnostics))
    }

    private func read(_ source: any RowSource, _ names: [String]? = nil, narrowing: Narrowing? = nil) -> Table? {
        let wanted = columns.filter { names?.contains($0.name) ?? true }
        return source.read(
            TableRequest(table: TableName(source: "crm", table: "t"), columns: wanted, key: wanted.contains { $0.name == "id" } ? "id" : nil, narrowing: narrowing),
            fixture.diagnostics)
    }

    private var kept: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: fixture.folder.path(".herald/columns"))) ?? []).sorted() }

    private var path: String { fixture.folder.path(".herald/columns/" + (kept.first ?? "")) }

    /// As files are that nobody has touched for a while. The time of the last change of any kind cannot be set, so it is waited for.
    private func age() { Thread.sleep(forTimeInterval: 2.1) }

    @Test func whatIsKeptIsWhatWasRead() throws {
        fixture.csv(Self.content)
        let unkept = try #require(fixture.source())
        let plain = try #require(read(unkept))
        _ = read(try source())
        #expect(kept == [])  // Written within the last two seconds.
        age()
        #expect(read(try source())?.rows == plain.rows)
        #expect(kept.count == 1)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(bytes.range(of: Data("hidden".utf8)) == nil)  // No definition uses that column.
        let keeping = try source()
        let again = try #require(read(keeping))
        #expect(again.rows == plain.rows)
        #expect(Array(again.lines) == Array(plain.lines))
        #expect(read(try source(), ["likes", "name"])?.rows == plain.rows.map { [$0[1], $0[6]] })
        let narrowed = read(try source(), narrowing: .oneOf(column: "name", [text("Näme 3")]))
        #expect(narrowed?.candidates == plain.rows.map { $0[1] == text("Näme 3") })
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)

        // Spoiled anywhere: it is made again, and nobody notices.
        for at in stride(from: 0, to: bytes.count, by: 97) {
            var spoiled = bytes
            spoiled[at] ^= 0x40
            try spoiled.write(to: URL(fileURLWithPath: path))
            #expect(read(try source())?.rows == plain.rows)
        }
        for length in [0, 7, 24, 100, bytes.count / 2] {
            try bytes.prefix(length).write(to: URL(fileURLWithPath: path))
            #expect(read(try source())?.rows == plain.rows)
        }
        #expect(fixture.reports == [])

        // Other columns, another zone, another file: what was kept goes.
        _ = read(try source(Array(columns.prefix(2))), ["id", "name"])
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)).range(of: Data("2026".utf8)) == nil)
        let berlin = Zone(identifier: "X", transitions: [], offsets: [3_600])
        #expect(read(try source(zone: berlin))?.rows[0][3] == .datetime(Instant(rfc3339: "2026-01-02T02:04:00Z").unsafelyUnwrapped))
        #expect(read(try source())?.rows == plain.rows)
        fixture.csv(Self.content.replacing("Näme 3", with: "Noma 3"))
        #expect(read(try source(), ["name"])?.rows[2] == [text("Noma 3")])
        #expect(kept == [])
        age()
        _ = read(try source())
        #expect(kept.count == 1)
        try FileManager.default.removeItem(atPath: fixture.folder.path("data/t.csv"))
        _ = try source()
        #expect(kept == [])
    }

    @Test func whereNothingCanBeKeptNothingIs() throws {
        fixture.csv("id,name,born,seen,spent,vip,likes\n1,a,2000-01-01,2000-01-01 10:00,1,true,a\n1,b,2000-01-01,2000-01-01 10:00,1,true,a\n")
        age()
        // A key that stands twice is no key, and what does not ask for it is read all the same.
        #expect(read(try source(), ["name"])?.rows == [[text("a")], [text("b")]])
        #expect(read(try source()) == nil)
        #expect(kept == [])
        fixture.csv(Self.content)
        age()
        fixture.folder.write(".herald", "no folder")
        #expect(read(try source())?.rowCount == 200)
    }

    @Test func aFileThatIsWrittenWhileItIsReadCrashesNothing() async throws {
        fixture.csv(Self.content)
        let path = fixture.folder.path("data/t.csv")
        let writing = Task.detached {
            for turn in 0..<200 {
                try? Data(Self.content.utf8.prefix(turn % 3 == 0 ? 10 : Self.content.utf8.count)).write(to: URL(fileURLWithPath: path), options: [])
            }
        }
        for _ in 0..<50 { _ = try #require(fixture.source()).read(TableRequest(table: TableName(source: "crm", table: "t"), columns: columns, key: nil), Diagnostics()) }
        await writing.value
    }
}
