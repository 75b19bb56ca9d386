import Foundation
import HeraldAudience
import HeraldContract
import HeraldModel
import Testing

@Suite struct CSVTests {
    @Test(arguments: [
        ("a,b\n1,2\n", [["1", "2"]]),
        ("a,b\r\n1,2\r\n3,4", [["1", "2"], ["3", "4"]]),
        ("a,b\r1,2\r3,4\r", [["1", "2"], ["3", "4"]]),
        ("\u{FEFF}a,b\n1,2\n", [["1", "2"]]),
        ("\u{FEFF}\"a\",b\n1,2\n", [["1", "2"]]),
        ("a,b\n\"1,5\",\"x\ny\"\n", [["1,5", "x\ny"]]),
        ("a,b\n\"x\r\ny\",\"\r\"\n", [["x\r\ny", "\r"]]),
        ("a,b\n\"say \"\"hi\"\"\",\"\"\"\"\n", [["say \"hi\"", "\""]]),
        ("a,b\n\"\"\"\"\"\",\"\"\n", [["\"\"", ""]]),
        ("a,b\n5\" disk,x\"y\"z\n", [["5\" disk", "x\"y\"z"]]),
        ("a,b\n,\n", [["", ""]]),
        ("a,b\n1,", [["1", ""]]),
        ("a,b\n\n\r\n1,2\n\n\n3,4\n\n", [["1", "2"], ["3", "4"]]),
        ("\n\na,b\n1,2", [["1", "2"]]),
        ("a,b\n 1 ,\t2\n", [[" 1 ", "\t2"]]),
        ("b,a\n2,1\n", [["1", "2"]]),
        ("a,b\nä,\u{1F600}\n", [["ä", "\u{1F600}"]]),
        ("a,b\n\"x\",\"y\"", [["x", "y"]]),
        ("a,b\n", []),
        ("a,b", []),
    ])
    func readsEveryFormOfCSV(content: String, expected: [[String]]) {
        var fixture = SourceFixture().csv(content)
        #expect(fixture.texts(["a", "b"]) == expected)
        // However the file is cut into stretches for several cores.
        for stretch in 1...max(1, content.utf8.count) {
            fixture.stretch = stretch
            #expect(fixture.texts(["a", "b"]) == expected, "\(stretch)")
        }
        #expect(fixture.reports == [])
    }

    @Test(arguments: [
        ("", "csv-header 1: the file is empty; its first line names the columns"),
        ("\n\n", "csv-header 1: the file is empty; its first line names the columns"),
        ("a,,b\n", "csv-header 1: column 2 has no name in the header"),
        ("\na, \n", "csv-header 2: column 2 has no name in the header"),
        ("a,b,a\n", "csv-header 1: columns 1 and 3 have one name; names in the header are unique"),
        ("a,b\n1,2\n1\n", "csv-columns 3: the row has 1 column where the header has 2"),
        ("a,b\n\"1\n2\",3\n1,2,3\n", "csv-columns 4: the row has 3 columns where the header has 2"),
        ("a,b\n\n\n1,2,3\n", "csv-columns 4: the row has 3 columns where the header has 2"),
        ("a,b\n1,\"2\n3\n", "csv-syntax 2: the quote that opens in column b is never closed"),
        (
            "a,b\n\"1\"x,2\n",
            "csv-syntax 2: there is text after the closing quote in column a; a quote inside a quoted field is written twice"
        ),
        ("a,b\n1,x\u{0}y\n", "data-encoding 2: the value of column b holds a NUL or another control character"),
        ("a,b\n\"\u{1B}[31m\",2\n", "data-encoding 2: the value of column a holds a NUL or another control character"),
        ("a,b\n1,\u{7F}\n", "data-encoding 2: the value of column b holds a NUL or another control character"),
        ("a,b\n1,\u{85}\n", "data-encoding 2: the value of column b holds a NUL or another control character"),
    ])
    func saysWhatIsWrongAndWhere(content: String, report: String) {
        for stretch in [nil, 1, 2, 3, 5] {
            var fixture = SourceFixture().csv(content)
            fixture.stretch = stretch
            #expect(fixture.texts(["a", "b"]) == nil)
            #expect(fixture.reports == [report])
        }
    }

    @Test(arguments: [[0xFF], [0xC0, 0x80], [0xE4], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80], [0xE2, 0x82]] as [[UInt8]])
    func refusesWhatIsNotUTF8(bytes: [UInt8]) {
        let fixture = SourceFixture().csv(bytes: Array("a,b\n1,2\n1,".utf8) + bytes + Array("\n".utf8))
        #expect(fixture.texts(["a"]) == nil)
        #expect(fixture.reports == ["data-encoding 3: the value of column b is not UTF-8"])
    }

    @Test func tellsTwentyProblemsAndTheNumberOfTheRest() {
        let fixture = SourceFixture().csv("a,b\n" + String(repeating: "1\n", count: 50))
        #expect(fixture.texts(["a"]) == nil)
        #expect(fixture.reports.count == 21)
        #expect(fixture.reports.last == "more-problems 21: and 30 more problems in this file")
    }

    @Test func everyProblemOfAFileIsFound() {
        let fixture = SourceFixture().csv("a,b\n1\n\"x\"y,\u{1}\n1,2\nz,1\n")
        #expect(fixture.read([("a", .integer, nil)]) == nil)
        #expect(fixture.diagnostics.sorted.map(\.span?.line) == [2, 3, 3, 5])
    }

    @Test func limitsFieldsAndColumns() {
        let long = String(repeating: "x", count: 1 << 20)
        #expect(SourceFixture().csv("a,b\n1,\(long)\n").texts(["a"]) == [["1"]])
        for content in ["a,b\n1,\(long)x\n", "a,b\n1,\"\(long)x\"\n", "a,b\n1,\"\(long)\(long)", "a,b\n1,\(long)\(long)"] {
            let fixture = SourceFixture().csv(content)
            #expect(fixture.texts(["a"]) == nil)
            #expect(fixture.reports == ["csv-limit 2: the value of column b is over 1 MB; perhaps a quote is not closed"])
        }
        let wide = (1...2_000).map { "c\($0)" }.joined(separator: ",")
        #expect(SourceFixture().csv(wide + "\n").texts(["c2000"]) == [])
        let tooWide = SourceFixture().csv(wide + ",x\n")
        #expect(tooWide.texts(["c1"]) == nil)
        #expect(tooWide.reports == ["csv-limit 1: there are over 2000 columns"])
        let row = SourceFixture().csv("a,b\n" + String(repeating: ",", count: 50_000) + "\n1,2\n")
        #expect(row.texts(["a"]) == nil)
        #expect(row.reports == ["csv-columns 2: the row has 50001 columns where the header has 2"])
    }

    @Test func recordsMayCrossBlocks() {
        // Long enough for several blocks, with quoted line ends and doubled quotes standing on every offset.
        let rows = (0..<40_000).map { index in ["\(index)", String(repeating: "\"", count: index % 7) + "\r\n" + String(repeating: "ä", count: index % 5)] }
        let content = "a,b\r\n" + rows.map { "\($0[0]),\"\($0[1].split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\"\r\n" }.joined()
        let fixture = SourceFixture().csv(content)
        #expect(fixture.texts(["a", "b"]) == rows)
        let table = fixture.read([("a", .text, nil)])
        #expect(table?.lines.first == 2)
        #expect(table?.lines.last == 80_000)
        for stretch in [1_000, 4_099, 65_536] {
            var cut = fixture
            cut.stretch = stretch
            #expect(cut.texts(["a", "b"]) == rows)
            #expect(cut.read([("a", .text, nil)])?.lines.last == 80_000)
        }
    }

    @Test func otherDelimiters() {
        let fixture = SourceFixture().csv("a;b\n1,5;2\n")
        #expect(fixture.texts(["a", "b"], from: fixture.source(delimiter: UInt8(ascii: ";"))) == [["1,5", "2"]])
        #expect(fixture.texts(["a"]) == nil)
        #expect(fixture.reports.first == "csv-delimiter 1: the header is one column that holds `;`")
        let tabs = SourceFixture().csv("a\tb\n1\t2\n")
        #expect(tabs.texts(["a", "b"], from: tabs.source(delimiter: 9)) == [["1", "2"]])
        #expect(tabs.source(delimiter: UInt8(ascii: "\"")) == nil)
    }

    @Test func unknownTablesAndColumnsAreToldWithASuggestion() {
        let fixture = SourceFixture().csv("contacts", "email,name\na,b\n")
        #expect(fixture.read([("email", .text, nil)], table: "contact") == nil)
        #expect(fixture.read([("mail", .text, nil)], table: "contacts") == nil)
        #expect(fixture.read([("emial", .text, nil)], table: "contacts") == nil)
        #expect(fixture.read([("email", .text, nil)], table: "../data/contacts") == nil)
        let reports = Set(fixture.diagnostics.sorted.map { "\($0.rule.code): \($0.message); \($0.suggestion ?? "-")" })
        #expect(
            reports == [
                "unknown-table: source crm has no table contact: there is no data/contact.csv; did you mean crm.contacts?",
                "unknown-column: table crm.contacts has no column mail; did you mean email?",
                "unknown-column: table crm.contacts has no column emial; did you mean email?",
                "unknown-table: `../data/contacts` is not the name of a table in source crm; -",
            ])
    }

    @Test func onlyRegularFilesInsideTheWorkspaceAreRead() throws {
        let fixture = SourceFixture().csv("real", "a\n1\n")
        let outside = TemporaryFolder()
        outside.write("other.csv", "a\nsecret\n")
        let manager = FileManager.default
        try manager.createSymbolicLink(atPath: fixture.folder.path("data/inside.csv"), withDestinationPath: "real.csv")
        #expect(fixture.read([("a", .text, nil)], table: "inside")?.rowCount == 1)
        try manager.createSymbolicLink(atPath: fixture.folder.path("data/outside.csv"), withDestinationPath: outside.path("other.csv"))
        #expect(fixture.read([("a", .text, nil)], table: "outside") == nil)
        try manager.createDirectory(atPath: fixture.folder.path("data/folder.csv"), withIntermediateDirectories: true)
        #expect(fixture.read([("a", .text, nil)], table: "folder") == nil)
        #expect(mkfifo(fixture.folder.path("data/pipe.csv"), 0o600) == 0)
        #expect(fixture.read([("a", .text, nil)], table: "pipe") == nil)
        #expect(
            fixture.reports == [
                "source-unreadable 1: data/outside.csv is a link that leads out of the workspace",
                "source-unreadable 1: data/folder.csv is not a regular file",
                "source-unreadable 1: data/pipe.csv is not a regular file",
            ])
        try manager.createSymbolicLink(atPath: fixture.folder.path("away"), withDestinationPath: outside.root)
        let away = fixture.open(.csv(folder: "away", delimiter: nil, dateFormat: nil))
        #expect(fixture.read([("a", .text, nil)], table: "other", from: away) == nil)
        let written = fixture.open(.csv(folder: outside.root, delimiter: nil, dateFormat: nil))
        #expect(fixture.read([("a", .text, nil)], table: "other", from: written)?.rowCount == 1)
        let missing = fixture.open(.csv(folder: "missing", delimiter: nil, dateFormat: nil))
        #expect(missing?.describe(fixture.diagnostics) == nil)
        #expect(fixture.reports.last == "source-unreadable 1: the folder missing of source crm does not exist")
    }

    @Test func keysAreFilledAndUnique() {
        let fixture = SourceFixture().csv("id,x\n1,a\n2,b\n,c\n2,d\n1,e\n\"\",f\n")
        #expect(fixture.read([("id", .integer, nil)], key: "id") == nil)
        #expect(
            fixture.reports == [
                "data-key 4: the key column id is empty; every row needs one",
                "data-key 5: the key in column id stands on line 3 already; keys are unique",
                "data-key 6: the key in column id stands on line 2 already; keys are unique",
                "data-key 7: the key column id is empty; every row needs one",
            ])
        let texts = SourceFixture().csv("id\n\u{E9}\ne\u{301}\n")
        #expect(texts.read([("id", .text, nil)], key: "id")?.rowCount == 2)
        // Rows that the narrowing rules out count too, and a key that is not asked for is looked at all the same.
        let narrowed = SourceFixture().csv("id,x\n1,a\n1,b\n")
        #expect(narrowed.read([("x", .text, nil)], key: "id", narrowing: .compare(column: "x", .equal, text("a"))) == nil)
        let hidden = SourceFixture().csv("id,x\n1,a\n2,b\n").read([("x", .text, nil)], key: "id")
        #expect(hidden?.columns.map(\.name) == ["x"])
    }

    @Test func onlyWhatIsAskedForIsKept() {
        // A million cells that nobody asked for leave nothing behind: no column, no text, and no complaint about their types.
        let fixture = SourceFixture().csv("id,note,x\n" + (0..<10_000).map { "\($0),unique text \($0),\($0 % 3)\n" }.joined())
        let table = fixture.read([("x", .text, nil)])
        #expect(table?.columns.count == 1)
        guard case .text(let codes, let pool)? = table?.columns.first?.storage else {
            Issue.record("not a text column")
            return
        }
        #expect(codes.count == 10_000)
        #expect(Array(pool) == ["0", "1", "2"].map { Text($0) })
    }
}
