/// A mail server, and how it is spoken to.
package struct SMTPServer: Sendable {
    package enum Encryption: Sendable {
        /// Nothing is said before the connection is encrypted (STARTTLS, or from the first byte on port 465) and the certificate is that of the host.
        case required
        /// Where the server offers it; then its certificate must be right too.
        case whereOffered
        case none
    }

    /// How long to wait, in seconds. By RFC 5321, 4.5.3.2: five minutes for a reply, three for a block of data, ten for the reply to a mail. The way to a session
    /// (connecting, greeting, TLS and log-in together) is given a minute, since herald stands beside the server.
    package struct Patience: Sendable {
        package var connecting = 60
        package var reply = 300
        package var block = 180
        package var lastReply = 600

        package init() {}
    }

    package let host: String
    package let port: Int
    package let encryption: Encryption
    /// Nil where the server asks for none.
    package let login: (user: String, password: String)?
    /// How many at once, at least one.
    package let connections: Int
    /// Mails per second over all connections; nil is without a limit.
    package let rate: Int?
    /// A file of certificates (PEM) of those who are trusted to sign the server's; nil for those of the system.
    package let authorities: String?
    package var patience = Patience()

    package init(
        host: String, port: Int, encryption: Encryption, login: (user: String, password: String)? = nil, connections: Int = 1, rate: Int? = nil,
        authorities: String? = nil
    ) {
        self.host = host
        self.port = port
        self.encryption = encryption
        self.login = login
        self.connections = max(1, connections)
        self.rate = rate
        self.authorities = authorities
    }

    /// As people write it; holds no secret.
    package var name: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// On 465 a connection is encrypted from its first byte (RFC 8314, 3.3); elsewhere STARTTLS is asked for.
    var url: String { (port == 465 && encryption != .none ? "smtps://" : "smtp://") + name }
}
