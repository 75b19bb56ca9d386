import HeraldModel

/// How mails leave: into a folder, or to a mail server. What is sent to whom, in what order and how often is decided elsewhere, alike for both.
protocol Delivery: Sendable {
    /// Whether what was handed over can be looked for after a crash.
    var leavesWitness: Bool { get }
    /// Finds out whether mails can leave at all, before a send begins.
    func prepare() async throws(ProviderFailure)
    /// Hands a group over: what became of each mail, in their order; or a failure after which only looking tells.
    func deliver(_ mails: [OutgoingMail]) async -> Result<[Handover], ProviderFailure>
    func finish() async
}

struct OutgoingMail: Sendable {
    /// Unique, as in its Message-ID.
    let name: String
    let sender: String
    let recipient: String
    let bytes: [UInt8]
}

/// What became of a mail that was to leave. Reasons hold no address.
enum Handover: Hashable, Sendable {
    case left
    /// For good.
    case refused(String)
    /// For now; may be tried again.
    case deferred(String)
    /// It did not leave, through no fault of its own; may be tried again where the cause passes.
    case held(ProviderFailure)
    /// It may have left.
    case unknown
}

/// Where mails go, as the settings say.
enum LocalTransport: Sendable {
    case outbox(Outbox)
    case smtp(SMTPRoute)

    /// For one send.
    func open() -> any Delivery {
        switch self {
        case .outbox(let outbox): outbox
        case .smtp(let route): SMTPDelivery(route)
        }
    }

    /// What can be looked at after a crash. A mail server cannot.
    var outbox: Outbox? { if case .outbox(let outbox) = self { outbox } else { nil } }
}
