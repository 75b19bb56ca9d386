import HeraldModel

/// An address as it stands in a header (RFC 5322, addr-spec) and as every mail server takes it, without SMTPUTF8 (RFC 6531).
///
/// A domain in another script is written in its ASCII form (`xn--…`). Letters outside ASCII before the @ have no such form: there is no such address.
struct MailAddress: Sendable {
    let text: String
    /// In its ASCII form.
    let domain: String

    init?(_ address: EmailAddress) {
        let local = address.text.prefix { $0 != "@" }
        guard local.utf8.allSatisfy({ $0 < 0x80 }), let domain = InternationalDomain.ascii(address.domain) else { return nil }
        let isDotAtom = local.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(MailAddress.isAtom) }
        text = (isDotAtom ? String(local) : MailAddress.quoted(String(local))) + "@" + domain
        self.domain = domain
    }

    /// RFC 5322, atext.
    static func isAtom(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
        }
    }

    /// RFC 5322, quoted-string, of printable ASCII.
    static func quoted(_ text: String) -> String {
        "\"" + text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "\""
    }
}
