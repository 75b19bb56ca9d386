import HeraldAudience
import HeraldContract
import HeraldModel
import Testing

/// How values are written in CSV files: what `source describe` finds, and what a column that declares its type takes.
@Suite struct CellTypeTests {
    /// The type of a column with these cells: `type`, `type?` where some are empty, with the date format, or what makes it ambiguous.
    private func type(_ cells: [String], dateFormat: String? = nil) throws -> String {
        let fixture = SourceFixture().csv("id,x\n" + cells.enumerated().map { "\($0.offset),\"\($0.element)\"\n" }.joined())
        let tables = try #require(fixture.source(dateFormat: dateFormat)?.describe(fixture.diagnostics))
        let column = try #require(tables[TableName(source: "crm", table: "t")]?.last)
        return column.type.name + (column.mayBeEmpty ? "?" : "") + (column.format.map { " \($0)" } ?? "") + (column.ambiguity == nil ? "" : " ambiguous")
    }

    @Test(arguments: [
        (["true", "False", "TRUE"], "boolean"), (["true", ""], "boolean?"), (["yes", "no"], "text"), (["1", "0"], "integer"),
        (["1", "-20", "9223372036854775807"], "integer"), (["1", "9223372036854775808"], "text"), (["02134", "12345"], "text"), (["0", "-1"], "integer"),
        (["+1"], "text"), (["1.5", "2"], "decimal"), (["1.50", "-0.1"], "decimal"), ([".5"], "text"), (["5."], "text"), (["1e3"], "text"),
        (["1,5"], "text"), (["1.000,5"], "text"), (["007.5"], "text"), (["-0"], "text"), (["1.5", "9223372036854775808"], "text"), ([" 1"], "text"),
        (["2027-01-31"], "date"), (["2027-02-30"], "text"), (["2027-01-31", "2027-01-31 10:00"], "text"), (["2027-01-31 10:00"], "datetime"),
        (["2027-01-31T10:00:00.123456+01:00", "2027-01-31 10:00:00Z"], "datetime"), (["2027-01-31 10:00 +0100"], "datetime"), (["2027-01-31 24:00"], "text"),
        (["31.1.2027", "1.12.2027"], "date d.M.yyyy"), (["31/1/2027"], "date d/M/yyyy"), (["1/31/2027"], "date M/d/yyyy"), (["1/2/2027"], "text ambiguous"),
        (["1/2/2027", "13/2/2027"], "date d/M/yyyy"), (["13/2/2027", "2/13/2027"], "text"), (["31-01-2027 23:59"], "datetime d-M-yyyy HH:mm"),
        (["1/31/2027 1:05 PM", "1/31/2027 11:05 AM"], "datetime M/d/yyyy h:mm a"), (["2027/1/31"], "date yyyy/M/d"), (["31 Jan 2027"], "date d MMM yyyy"),
        (["January 31, 2027"], "date MMMM d, yyyy"), (["1.2.27"], "text"), (["", ""], "text?"), (["x"], "text"), ([], "text?"),
    ])
    func inference(cells: [String], expected: String) throws {
        let found = try type(cells)
        #expect(found == expected)
    }

    @Test func aFolderMaySayHowItsDatesAreWritten() throws {
        #expect(try type(["1/2/2027"], dateFormat: "d/M/yyyy") == "date d/M/yyyy")
        #expect(try type(["1/2/2027 10:00"], dateFormat: "d/M/yyyy") == "datetime d/M/yyyy HH:mm")
        #expect(try type(["2027-02-01"], dateFormat: "d/M/yyyy") == "date")
        let fixture = SourceFixture().csv("id,x\n1,1/2/2027\n2,2027-02-01\n")
        #expect(fixture.read([("x", .date, nil)], from: fixture.source(dateFormat: "d/M/yyyy"))?.rows == [[.date(day("2027-02-01"))], [.date(day("2027-02-01"))]])
        #expect(fixture.source(dateFormat: "d/M/yy") == nil)
        #expect(fixture.reports == ["date-pattern 1: `d/M/yy` is not a date pattern: a year of two digits does not tell its century; only `yyyy` is read"])
    }

    @Test(arguments: [
        (ColumnType.boolean, "TRUE", Value.boolean(true)), (.boolean, "0", .boolean(false)), (.boolean, "", .empty), (.integer, "-5", .integer(-5)),
        (.decimal, "2.50", .decimal(Decimal(coefficient: 25, scale: 1))), (.decimal, "3", .decimal(Decimal(3))),
        (.date, "2027-01-31", .date(day("2027-01-31"))), (.date, "2027-01-31 00:00:00", .date(day("2027-01-31"))), (.date, "1850-02-28", .date(day("1850-02-28"))),
        (.datetime, "2027-01-31 10:00", .datetime(instant("2027-01-31T10:00:00Z"))), (.datetime, "2027-01-31T10:00:00.5+02:00", .datetime(instant("2027-01-31T08:00:00.5Z"))),
        (.datetime, "1969-12-31 23:59:59.999999999", .datetime(Instant(microseconds: -1))), (.text, " x ", text(" x ")),
        (.many(split: ";"), " a ; b;;a ", .many([Text("a"), Text("b"), Text("a")])),
        (.many(split: "||"), "a||b|c", .many([Text("a"), Text("b|c")])), (.many(split: ";"), " ;\u{A0};", .empty), (.enum([Text("a b")]), "a b", text("a b")),
    ])
    func declaredTypesRead(type: ColumnType, cell: String, value: Value) throws {
        let fixture = SourceFixture().csv("x,y\n\"\(cell)\",1\n")
        #expect(fixture.read([("x", type, nil)])?.rows == [[value]])
        #expect(fixture.reports == [])
    }

    @Test(arguments: [
        (ColumnType.boolean, "yes", "is not a boolean (true, false, 1 or 0)"), (.integer, "1.0", "is not an integer (digits without a leading zero, within 64 bits)"),
        (.integer, "007", "is not an integer (digits without a leading zero, within 64 bits)"),
        (.integer, " 7", "is not an integer (digits without a leading zero, within 64 bits)"),
        (.decimal, "1,5", "is not a decimal number (digits, at most 28, with a point)"), (.decimal, "1e3", "is not a decimal number (digits, at most 28, with a point)"),
        (.decimal, "12345678901234567890123456789", "is not a decimal number (digits, at most 28, with a point)"), (.date, "2027-02-29", "is not a date written as YYYY-MM-DD"),
        (.date, "2027-01-31 10:00", "is not a date written as YYYY-MM-DD"), (.date, "31.1.2027", "is not a date written as YYYY-MM-DD"),
        (.datetime, "2027-01-31", "is not a date and time written as YYYY-MM-DD HH:MM:SS"), (.enum([Text("a")]), "A", "is not one of the values that `fields` declares for it"),
    ])
    func declaredTypesRefuseWithTheLineAndNeverTheContent(type: ColumnType, cell: String, message: String) throws {
        let fixture = SourceFixture().csv("x,y\n,1\n\"\(cell)\",1\n")
        #expect(fixture.read([("x", type, nil)]) == nil)
        #expect(fixture.reports == ["data-type 3: the value of column x \(message)"])
    }

    @Test func datesInADeclaredFormat() throws {
        let fixture = SourceFixture().csv("x\n1/31/2027\n12/1/1960\n")
        #expect(fixture.read([("x", .date, "M/d/yyyy")])?.rows == [[.date(day("2027-01-31"))], [.date(day("1960-12-01"))]])
        let times = SourceFixture().csv("x\n\"31 Jan 2027, 1:05:09 pm\"\n")
        #expect(times.read([("x", .datetime, "d MMM yyyy, h:mm:ss a")])?.rows == [[.datetime(instant("2027-01-31T13:05:09Z"))]])
        // A declared format is the only one.
        let iso = SourceFixture().csv("x\n2027-01-31\n")
        #expect(iso.read([("x", .date, "M/d/yyyy")]) == nil)
        #expect(iso.reports == ["data-type 2: the value of column x is not a date written as M/d/yyyy"])
        #expect(iso.read([("x", .date, "M/d/yyyy HH:mm")]) == nil)
        #expect(iso.reports.first == "date-pattern -: the format `M/d/yyyy HH:mm` of column x has a time, which does not fit date")
    }

    @Test func describingReadsEveryTableAndRefusesABrokenOne() {
        let fixture = SourceFixture().csv("good", "id\n1\n").csv("bad", "id,x\n1\n")
        #expect(fixture.source()?.describe(fixture.diagnostics) == nil)
        #expect(fixture.reports == ["csv-columns 2: the row has 1 column where the header has 2"])
    }

    @Test func onlyCSVFilesDirectlyInTheFolderAreTables() throws {
        let fixture = SourceFixture().csv("a", "id\n1\n")
        fixture.folder.write("data/inner/b.csv", "id\n1\n")
        fixture.folder.write("data/notes.txt", "x")
        fixture.folder.write("data/.hidden.csv", "x")
        let tables = try #require(fixture.source()?.describe(fixture.diagnostics))
        #expect(tables.keys.map(\.table) == ["a"])
    }
}

func day(_ text: String) -> Day { Day(parsing: text) ?? Day(number: .min) }
func instant(_ text: String) -> Instant { Instant(rfc3339: text) ?? Instant(microseconds: .min) }
