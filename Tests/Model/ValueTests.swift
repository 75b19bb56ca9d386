import HeraldModel
import Testing

@Suite struct TextTests {
    @Test func textIsItsBytes() {
        #expect(Text("é") != Text("e\u{301}"))
        #expect(Set([Text("é"), Text("e\u{301}"), Text("é")]).count == 2)
        #expect(Text("Z") < Text("a"))
        #expect(Text("b10") < Text("b9"))
        #expect(Text("e\u{301}") < Text("é"))
        #expect(Text("\u{FFFF}") < Text("\u{10000}"))
        #expect(Text("") < Text("a"))
        #expect(!(Text("a") < Text("a")))
    }

    @Test(arguments: [("", ""), ("  ", ""), (" a b ", "a b"), ("\u{A0}\t\u{2003}a\r\n", "a"), ("a", "a"), ("\u{200B}a", "\u{200B}a"), (" \u{301}", "\u{301}")])
    func trimsWhiteSpaceAtBothEnds(text: String, trimmed: String) {
        #expect(Text(text.trimmed) == Text(trimmed))
    }

    @Test(arguments: [
        ("wher", ["where", "there"], "where"), ("conut", ["count", "country"], "count"), ("xyz", ["where", "count"], nil), ("EMIAL", ["email"], "email"), ("a", ["b"], "b"),
        ("", ["a"], "a"),
    ])
    func suggestsTheNearest(word: String, candidates: [String], expected: String?) {
        #expect(nearest(to: word, among: candidates) == expected)
    }
}

@Suite struct ColumnTests {
    @Test func lookupGivesTheValueOfEachRow() {
        let column = Column(name: "x", type: .text, storage: .text(codes: [0, 1, -1, 0], pool: [Text("a"), Text("b")]))
        let found = column.lookup { $0 }
        #expect((0..<4).map { found($0) } == [.text(Text("a")), .text(Text("b")), .empty, .text(Text("a"))])
        let many = Column(name: "x", type: .many(split: ";"), storage: .many(codes: [-1, 0], pool: [[Text("a")]])).lookup { $0 }
        #expect([many(0), many(1)] == [.empty, .many([Text("a")])])
        let flags = Column(name: "x", type: .boolean, storage: .boolean([2, 1, 0])).lookup { $0 }
        #expect((0..<3).map { flags($0) } == [.empty, .boolean(true), .boolean(false)])
        let dates = Column(name: "x", type: .date, storage: .date([.min, 3])).lookup { $0 }
        #expect([dates(0), dates(1)] == [.empty, .date(Day(number: 3))])
    }

    @Test func aNumberIsWhatItHolds() {
        #expect(Value.integer(2).number == Decimal(2))
        #expect(Value.text(Text("2")).number == nil)
        #expect(Value.empty.isEmpty)
        #expect(!Value.text(Text(" ")).isEmpty)
    }
}

@Suite struct IdentityTests {
    @Test func addresses() {
        #expect(Address(parsing: "list.vip-customers")?.description == "list.vip-customers")
        for text in ["list", "list.", "lst.vip", "list.VIP", "list.-a", "list.a_b", "list." + String(repeating: "a", count: 65)] { #expect(Address(parsing: text) == nil) }
        #expect(Address.isID("a_b", underscores: true))
    }

    @Test func webAddresses() {
        #expect(WebAddress("https://Shop.example:8443/x")?.host == "shop.example")
        #expect(WebAddress("http://[::1]:80/")?.isLoopback == true)
        let refused = [
            "ftp://a.example", "https://", "https://a b.example", "https://u:p@a.example", "https://a.example:0", "https://a.example:99999", "https://-a.example",
            "javascript:alert(1)",
        ]
        for text in refused { #expect(WebAddress(text) == nil) }
    }

    @Test func digestsAreSixteenBytes() throws {
        let digest = PersonDigest(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210)
        #expect(digest.description == "0123456789abcdeffedcba9876543210")
        #expect(PersonDigest(hex: digest.description) == digest)
        #expect(PersonDigest(bytes: digest.bytes + [7]) == digest)
        #expect(PersonDigest(bytes: Array(digest.bytes.dropLast())) == nil)
        #expect(PersonDigest(hex: "0123") == nil)
        #expect(PersonDigest(high: 1, low: 0) > PersonDigest(high: 0, low: .max))
    }
}
