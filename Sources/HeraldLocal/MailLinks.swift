import HeraldDigest
import HeraldModel

/// The links of each mail under `public_url`: opaque tokens of 192 bits, another one for every person and mail. The link to read a mail in the browser, which
/// people forward, does not tell the one that unsubscribes.
struct MailLinks: Sendable {
    /// What one mail is known by.
    struct Tokens {
        let unsubscribe: String
        let view: String
        /// Of its Message-ID and its file.
        let message: String
    }

    private let base: String
    private let key: WorkspaceKey

    init(publicURL: String, key: WorkspaceKey) throws(ProviderFailure) {
        guard WebAddress(publicURL) != nil, publicURL.utf8.allSatisfy({ $0 < 0x80 && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }),
            publicURL.utf8.count <= 800
        else {
            throw ProviderFailure(
                .refused, "public_url must be plain ASCII without `?` and `#`, such as https://mail.acme.example; a domain in another script is written as xn--…")
        }
        base = publicURL.hasSuffix("/") ? String(publicURL.dropLast()) : publicURL
        self.key = key
    }

    func tokens(send: String, person: PersonDigest) -> Tokens {
        Tokens(
            unsubscribe: key.token(send: send, person: person), view: key.token(send: "view/" + send, person: person),
            message: key.token(send: "message/" + send, person: person))
    }

    func links(_ tokens: Tokens) -> RecipientLinks { RecipientLinks(unsubscribe: "\(base)/u/\(tokens.unsubscribe)", view: "\(base)/v/\(tokens.view)") }
}
