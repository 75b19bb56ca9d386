import HeraldModel
import Testing

@testable import HeraldLocal

@Suite struct InternationalDomainTests {
    @Test(arguments: [
        ("shop.example", "shop.example"), ("münchen.example", "xn--mnchen-3ya.example"), ("bücher.example", "xn--bcher-kva.example"),
        ("例え.テスト", "xn--r8jz45g.xn--zckzah"), ("пример.испытание", "xn--e1afmkfd.xn--80akhbyknj4f"),
        ("उदाहरण.परीक्षा", "xn--p1b6ci4b4b3a.xn--11b5bs3a9aj6g"), ("παράδειγμα.δοκιμή", "xn--hxajbheg2az3al.xn--jxalpdlp"),
        ("مثال.إختبار", "xn--mgbh0fb.xn--kgbechtv"), ("straße.example", "xn--strae-oqa.example"), ("mail.münchen-ost.example", "mail.xn--mnchen-ost-9db.example"),
    ])
    func domainsHaveAnASCIIForm(_ domain: String, _ ascii: String) {
        #expect(InternationalDomain.ascii(domain) == ascii)
    }

    @Test(arguments: ["mu\u{308}nchen.example", "a\u{202E}b.example", "☃.example", "ü_x.example", String(repeating: "ü", count: 63) + ".example"])
    func whatHasNoneIsRefused(_ domain: String) {
        #expect(InternationalDomain.ascii(domain) == nil)
    }

    @Test(arguments: [
        ("anna@shop.example", "anna@shop.example"), ("o'neil+x@shop.example", "o'neil+x@shop.example"), ("a..b@shop.example", "\"a..b\"@shop.example"),
        (".a@shop.example", "\".a\"@shop.example"), ("anna@bücher.example", "anna@xn--bcher-kva.example"), ("jörg@shop.example", nil), ("anna@☃.example", nil),
    ])
    func addressesAreWrittenAsHeadersTakeThem(_ address: String, _ written: String?) throws {
        let address = try #require(EmailAddress(address))
        #expect(MailAddress(address)?.text == written)
    }
}
