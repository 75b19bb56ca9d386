import HeraldModel
import Testing

@Suite struct EmailAddressTests {
    @Test(arguments: [
        (" Anna.Ex+News@Example.ORG \n", "anna.ex+news@example.org"), ("a@b.c", "a@b.c"), ("\u{A0}a@b.example\u{2003}", "a@b.example"), ("o'brien@x.example", "o'brien@x.example"),
        ("ÄNNE@Müller.example", "änne@müller.example"), ("a@xn--mller-kva.example", "a@xn--mller-kva.example"),
        (String(repeating: "x", count: 64) + "@b.example", String(repeating: "x", count: 64) + "@b.example"), ("a_b-c@sub.domain.example", "a_b-c@sub.domain.example"),
        ("-@b.example", "-@b.example"), (".@b.example", ".@b.example"),
    ])
    func hasOneNormalForm(source: String, normal: String) {
        #expect(EmailAddress(source)?.text == normal)
        #expect(EmailAddress(normal)?.text == normal)
    }

    @Test(arguments: [
        "", " ", "a", "@", "a@", "@b.example", "a@b", "a@b.", "a@.b", "a@b..c", "a@@b.example", "a@b@c.example", "a b@c.example", "a@b c.example", "a\u{A0}b@c.example",
        "a@-b.example",
        "a@b-.example", "a@b.-c", "<a@b.example>", "a@b.example, c@d.example", "a@b.example;", "\"a\"@b.example", "a(x)@b.example", "a@[127.0.0.1]", "a@b.example\u{0}",
        "a\r\nBcc:x@b.example", "a\\b@c.example", "a:b@c.example", String(repeating: "x", count: 65) + "@b.example", "a@" + String(repeating: "x", count: 64) + ".example",
        "a@" + String(repeating: "x.", count: 127) + "example", "a@b\u{85}.example", "a\u{9B}@b.example",
    ])
    func refusesWhatIsNoAddress(source: String) {
        #expect(EmailAddress(source) == nil)
    }

    @Test func isMaskedAndKnowsReservedDomains() {
        #expect(EmailAddress("anna@shop.example.org")?.masked == "a…@s….org")
        #expect(EmailAddress("anna@shop.example.org")?.isReserved == true)
        #expect(EmailAddress("anna@example.com")?.isReserved == true)
        #expect(EmailAddress("anna@shop.test")?.isReserved == true)
        #expect(EmailAddress("anna@example.de")?.isReserved == false)
        #expect(EmailAddress("anna@myexample.com")?.isReserved == false)
    }
}

@Suite struct PersonalTests {
    @Test func aPersonalValuePrintsMasked() {
        let value = Personal("anna@example.org")
        for text in ["\(value)", String(reflecting: value), "\([value])", "\(Optional(value) as Any)"] { #expect(!text.contains("anna")) }
        var dumped = ""
        dump(value, to: &dumped)
        #expect(!dumped.contains("anna"))
        #expect(value.reveal() == "anna@example.org")
    }
}

@Suite struct FrozenWordTests {
    @Test func reasonsAreFrozenInTheirOrder() {
        #expect(
            LeaveReason.allCases.map(\.rawValue) == [
                "where", "no-address", "duplicate", "erased", "complained", "bounced", "blocked", "unsubscribed", "unsubscribed-list", "pending", "removed", "blocked-domain",
                "frequency", "holdout",
            ])
        #expect(LeaveReason.allCases.shuffled().sorted() == LeaveReason.allCases)
    }

    @Test func consentGoesFromWorstToBest() {
        #expect(ConsentStatus.allCases.map(\.rawValue) == ["erased", "complained", "bounced", "blocked", "unsubscribed", "pending", "subscribed"])
        #expect(ConsentStatus.erased < .subscribed)
    }
}
