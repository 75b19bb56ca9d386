@testable import HeraldAudience
import HeraldModel
import Testing

/// Semantics 8: C and S of Unicode's CaseFolding, over scalars, without normalisation.
@Suite struct CaseFoldingTests {
    private func fixture(_ text: String) throws -> AudienceFixture {
        try AudienceFixture("contact: {from: crm.contacts, key: id, email: email, fields: {t: text}}", ["contacts": "id,email,t\n1,a@example.org,\"\(text)\"\n"])
    }

    @Test(arguments: [
        ("MÜLLER", "müller"), ("müller", "MÜLLER"), ("STRAẞE", "straße"), ("straße", "STRAẞE"), ("ΟΔΟΣ", "οδος"), ("οδος", "ΟΔΟΣ"), ("οδοσ", "ΟΔΟς"),
        ("\u{212A}elvin", "KELVIN"), ("lo\u{17F}t", "LOST"), ("ПРИВЕТ", "привет"), ("Ǆ", "ǆ"), ("ǅ", "Ǆ"), ("ꭰ", "Ꭰ"), ("𐐀", "𐐨"), ("İzmir", "İZMIR"),
        ("µ", "Μ"), ("ſt", "ST"),
    ])
    func foldsAlike(text: String, needle: String) throws {
        for op in ["contains", "starts_with", "ends_with"] { #expect(try fixture(text).matches("t: {\(op): \"\(needle)\"}") == ["1"], "\(op)") }
        #expect(try fixture(text).matches("t: \"\(needle)\"") == [])
    }

    @Test(arguments: [
        ("straße", "strasse"), ("STRASSE", "straße"), ("İzmir", "izmir"), ("ızmir", "izmir"), ("ﬁn", "fin"), ("é", "e\u{301}"), ("Å", "A\u{30A}"),
    ])
    func staysApart(text: String, needle: String) throws {
        #expect(try fixture(text).matches("t: {contains: \"\(needle)\"}") == [])
    }

    @Test func aMatchMayCutAGrapheme() throws {
        #expect(try fixture("caf\u{65}\u{301}").matches("t: {contains: CAFE}") == ["1"])
        #expect(try fixture("\u{1F469}\u{200D}\u{1F680}").matches("t: {starts_with: \"\u{1F469}\"}") == ["1"])
        #expect(try fixture("\u{1F469}\u{200D}\u{1F680}").matches("t: {ends_with: \"\u{1F680}\"}") == ["1"])
    }

    /// Simple folding takes the forms of a letter together wherever each is one scalar; İ and ı are the exceptions of Unicode itself.
    @Test func agreesWithTheFormsOfEveryLetter() {
        func isKnown(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.age.map { $0 < (15, 2) } ?? false && !["\u{130}", "\u{131}"].contains(scalar) }
        var count = 0
        for scalar in (0..<0x1_F000).compactMap(Unicode.Scalar.init).filter(isKnown) {
            let folded = CaseFolding.fold(String(scalar))
            #expect(CaseFolding.fold(folded) == folded, "\(scalar.value)")
            for form in [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping, scalar.properties.titlecaseMapping] {
                guard form.unicodeScalars.count == 1, let other = form.unicodeScalars.first, other != scalar, isKnown(other) else { continue }
                count += 1
                if Array(CaseFolding.fold(form).unicodeScalars) != Array(folded.unicodeScalars) { Issue.record("\(scalar) \(scalar.value)") }
            }
        }
        #expect(count > 2_500)
    }
}
