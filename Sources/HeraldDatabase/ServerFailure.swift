/// What went wrong at a server that holds data, in words that hold neither credentials nor people's data.
package struct ServerFailure: Error, Hashable, Sendable {
    package enum Kind: Sendable {
        case unreachable, credentials
        /// The role may not read it.
        case forbidden
        /// A table, column or function that is not there.
        case missing
        /// `statement_timeout`, or somebody cancelled the statement.
        case timeout
        case other
    }

    package let kind: Kind
    package let message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// PostgreSQL's.
    ///
    /// - Parameters:
    ///   - state: SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html).
    ///   - message: the server's primary message. It is shown only where its class speaks of names and resources: those of class 22 and 23, and what functions
    ///     raise, may quote values.
    init(state: String, message: String) {
        let quotesNoValues = ["08", "0A", "25", "28", "3D", "3F", "42", "53", "54", "55", "57", "58"].contains { state.hasPrefix($0) }
        let words = quotesNoValues && !message.isEmpty ? "\(message) (SQLSTATE \(state))" : "SQLSTATE \(state)"
        let kind: Kind =
            switch state {
            case "28P01", "28000": .credentials
            case "42501": .forbidden
            case "42P01", "42703", "3F000", "42883": .missing
            case "57014": .timeout
            default: state.hasPrefix("08") || state == "57P01" || state == "57P02" || state == "57P03" ? .unreachable : .other
            }
        self.init(kind, words)
    }
}
