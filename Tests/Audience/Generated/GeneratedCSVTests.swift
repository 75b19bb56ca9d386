import HeraldContract
import HeraldModel
import Testing

/// Files made of nothing but the characters that matter in CSV, against a reader that goes through them character by character.
@Suite struct GeneratedCSVTests {
    @Test(arguments: 1...60)
    func everyFileIsReadOrRefusedAsByThePlainReader(seed: Int) {
        var random = Random(seed: UInt64(seed))
        for _ in 0..<25 {
            var text = ""
            for _ in 0..<random.number(0...14) { text += random.pick(["a", "b", ",", ",", "\"", "\"", "\n", "\r", "\r\n", "\"\"", "é", " "]) }
            // Some files end a block of the reader in the middle of what matters.
            let lead = random.chance(4) ? String(repeating: "x", count: (1 << 18) - random.number(4...24)) + ",y\n" : ""
            let content = "a,b\n" + lead + text
            let fixture = SourceFixture().csv(content)
            let found = fixture.texts(["a", "b"])
            let expected = PlainCSV.rows(text).map { (lead.isEmpty ? [] : [[String(lead.dropLast(3)), "y"]]) + $0 }
            guard found.map({ $0.map { $0.map(Text.init) } }) == expected.map({ $0.map { $0.map(Text.init) } }) else {
                Issue.record(
                    "seed \(seed): \(String(reflecting: text)) is \(found.map { "\($0.suffix(5))" } ?? "refused") and should be \(expected.map { "\($0.suffix(5))" } ?? "refused")")
                return
            }
            if found == nil { #expect(!fixture.reports.isEmpty) } else { #expect(fixture.reports.isEmpty) }
        }
    }

    /// Bytes of any kind: read or refused, and described the same.
    @Test(arguments: 1...40)
    func anyBytesAreReadOrRefused(seed: Int) {
        var random = Random(seed: UInt64(seed) + 1_000)
        for _ in 0..<10 {
            let bytes = (0..<random.number(0...60)).map { _ in random.pick([0x61, 0x2C, 0x22, 0x0A, 0x0D, 0x00, 0xEF, 0xBB, 0xBF, 0xFF, 0xC3, 0xA9, 0x80, 0x1B, 0x7F] as [UInt8]) }
            let fixture = SourceFixture().csv(bytes: bytes)
            let tables = fixture.source()?.describe(fixture.diagnostics)
            #expect((tables == nil) == fixture.diagnostics.hasErrors)
            guard let columns = tables?.values.first else { continue }
            #expect(fixture.read(columns.map { ($0.name, $0.type, $0.format) }) != nil)
        }
    }

    @Test(
        arguments: [
            ([0xFF, 0xFE, 0x61, 0x00, 0x0A, 0x00], "data-encoding 1: the value of column 1 is not UTF-8"),
            ([0xFE, 0xFF, 0x00, 0x61], "data-encoding 1: the value of column 1 is not UTF-8"),
            ([0xEF, 0xBB, 0xBF], "csv-header 1: the file is empty; its first line names the columns"), ([0xEF, 0xBB], "data-encoding 1: the value of column 1 is not UTF-8"),
            ([0x22], "csv-syntax 1: the quote that opens in column 1 is never closed"), ([0x00], "data-encoding 1: the value of column 1 holds a NUL or another control character"),
        ] as [([UInt8], String)])
    func otherEncodingsAreRefused(bytes: [UInt8], report: String) {
        let fixture = SourceFixture().csv(bytes: bytes)
        #expect(fixture.source()?.describe(fixture.diagnostics) == nil)
        #expect(fixture.reports == [report])
    }
}

/// RFC 4180 as `semantics.md` has it (22, 34), for two columns.
private enum PlainCSV {
    /// Nil where the text is refused.
    static func rows(_ text: String) -> [[String]]? {
        var rows: [[String]] = []
        var scalars = Array(text.unicodeScalars)[...]
        func isEnd(_ scalar: Unicode.Scalar?) -> Bool { scalar == "\n" || scalar == "\r" }
        while let first = scalars.first {
            if isEnd(first) {  // A blank line.
                scalars.removeFirst()
                continue
            }
            var row: [String] = []
            while true {
                guard let field = field(&scalars) else { return nil }
                row.append(field)
                guard scalars.first == "," else { break }
                scalars.removeFirst()
            }
            if isEnd(scalars.first) {
                let end = scalars.removeFirst()
                if end == "\r", scalars.first == "\n" { scalars.removeFirst() }
            }
            guard row.count == 2 else { return nil }
            rows.append(row)
        }
        return rows
    }

    private static func field(_ scalars: inout ArraySlice<Unicode.Scalar>) -> String? {
        var text = String.UnicodeScalarView()
        func isStop(_ scalar: Unicode.Scalar) -> Bool { scalar == "," || scalar == "\n" || scalar == "\r" }
        guard scalars.first == "\"" else {
            while let next = scalars.first, !isStop(next) { text.append(scalars.removeFirst()) }
            return String(text)
        }
        scalars.removeFirst()
        while true {
            guard let next = scalars.popFirst() else { return nil }
            if next != "\"" {
                text.append(next)
            } else if scalars.first == "\"" {
                text.append(scalars.removeFirst())
            } else {
                return scalars.first.map(isStop) ?? true ? String(text) : nil
            }
        }
    }
}
