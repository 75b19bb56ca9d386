/// A call over HTTP. Credentials stand in its headers and nowhere else, and nothing of it is ever shown.
package struct HTTPRequest: Sendable {
    package enum Method: String, Sendable { case get = "GET", post = "POST", put = "PUT", patch = "PATCH", delete = "DELETE" }

    package let method: Method
    /// http or https, without user and password.
    package let url: String
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]
    /// Whether the same call a second time has the same effect. If not, it gets a connection of its own, on which nothing can be sent twice.
    package let isRepeatable: Bool

    package init(_ method: Method, _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = [], isRepeatable: Bool) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.isRepeatable = isRepeatable
    }
}

/// What a server answered.
package struct HTTPResponse: Sendable {
    package let status: Int
    /// Names in small letters, in the order in which they came.
    package let headers: [(name: String, value: String)]
    /// Empty where it was handed on piece by piece.
    package var body: [UInt8] = []

    package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

/// Why there is no whole answer.
package struct HTTPFailure: Error, Sendable {
    package enum Kind: Sendable {
        /// Nothing of the request left this machine.
        case notSent
        /// It may have arrived, and have had its effect.
        case unknown
        /// The answer was longer than was asked for.
        case tooLong
        /// Whoever took the answer had enough of it.
        case stopped
    }

    package let kind: Kind
    /// Names neither the address nor anything that was sent.
    package let message: String
}

/// How long to wait, in seconds, and how much to take.
package struct HTTPLimits: Sendable {
    /// To reach the server, with TLS.
    package var connecting = 15
    /// Without a byte in either direction.
    package var silence = 60
    /// For the whole call; 0 is without a limit.
    package var total = 0
    /// Bytes of an answer that is kept in memory.
    package var body = 64 << 20

    package init() {}
}
