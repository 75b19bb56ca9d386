import HeraldModel
import HeraldTransport

/// The way to a mail server, with its log-in.
struct SMTPRoute: Sendable {
    let server: SMTPServer

    /// - Parameters:
    ///   - secret: resolves a secret at the moment of use; says which one is missing.
    ///   - authorities: a file of certificates to trust instead of the system's (`SSL_CERT_FILE`).
    init(_ settings: SMTPSettings, authorities: String?, secret: (Secret) throws(ProviderFailure) -> String) throws(ProviderFailure) {
        var login: (user: String, password: String)?
        if let user = settings.user { login = (try secret(user), "") }
        if let password = settings.password { login = (login?.user ?? "", try secret(password)) }
        let encryption: SMTPServer.Encryption =
            switch settings.tls {
            case .required: .required
            case .optional: .whereOffered
            case .none: .none
            }
        server = SMTPServer(
            host: settings.host.value, port: settings.port, encryption: encryption, login: login, connections: settings.connections, rate: settings.rate,
            authorities: authorities)
    }
}

/// Mails given to a server, a group over all connections at once. The server keeps nothing that could be looked at, so what it was given whole and did not answer is
/// unknown for good.
struct SMTPDelivery: Delivery {
    private let client: SMTPClient
    let leavesWitness = false

    init(_ route: SMTPRoute) { client = SMTPClient(route.server) }

    func prepare() async throws(ProviderFailure) { if let failure = await client.check() { throw ProviderFailure(failure) } }

    func deliver(_ mails: [OutgoingMail]) async -> Result<[Handover], ProviderFailure> {
        let results = await client.deliver(mails.map { SMTPMail(sender: $0.sender, recipient: $0.recipient, bytes: $0.bytes) })
        return .success(results.map(SMTPDelivery.handover))
    }

    func finish() async { await client.close() }

    private static func handover(_ result: SMTPResult) -> Handover {
        switch result {
        case .accepted: .left
        case .refused(let reply) where reply.code == 552 || reply.status == "5.3.4": .refused("the mail is larger than the server takes (\(reply.words))")
        case .refused(let reply): .refused("\(LocalSchema.refusedByServer) (\(reply.words))")
        case .deferred(let reply): .deferred(reply.words)
        case .notBegun(let failure): .held(ProviderFailure(failure))
        case .unknown: .unknown
        }
    }
}

extension ProviderFailure {
    init(_ failure: SMTPFailure) {
        let cause: Cause =
            switch failure.cause {
            case .unavailable: .unavailable
            case .credentials: .credentials
            case .refused: .refused
            }
        self.init(cause, failure.message)
    }
}
