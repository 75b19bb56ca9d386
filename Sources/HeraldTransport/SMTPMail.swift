/// A mail on its way to one recipient.
package struct SMTPMail: Sendable {
    /// Addresses of RFC 5321 in ASCII, without angle brackets.
    package let sender: String
    package let recipient: String
    /// Lines that end with CRLF; dots are stuffed on the way.
    package let bytes: [UInt8]

    package init(sender: String, recipient: String, bytes: [UInt8]) {
        self.sender = sender
        self.recipient = recipient
        self.bytes = bytes
    }

    /// Whether the addresses can stand in a command: nothing in them ends it.
    var isSpeakable: Bool {
        [sender, recipient].allSatisfy { $0.utf8.allSatisfy { 33...126 ~= $0 && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">") } && $0.contains("@") }
    }
}

/// What is known of a mail that was given to a server.
package enum SMTPResult: Hashable, Sendable {
    case accepted
    /// The server's no to this mail, for good.
    case refused(SMTPReply)
    /// The server's no for now.
    case deferred(SMTPReply)
    /// The server has not got the whole mail, and what is in the way is not the mail: it may be tried again.
    case notBegun(SMTPFailure)
    /// Handed over whole, and no reply came: it was delivered or not, so it must not be tried again. Says what happened instead.
    case unknown(String)
}

/// A server's no, without its text, which may name the recipient.
package struct SMTPReply: Hashable, Sendable {
    package let code: Int
    /// RFC 3463, such as 5.1.1.
    package let status: String?

    package init(code: Int, status: String?) {
        self.code = code
        self.status = status
    }

    /// A line as a server writes it; nil for one that another follows (`250-…`), and for what is no reply. Every mail has four of them.
    init?(line: some RandomAccessCollection<UInt8>) {
        let digits = line.prefix(3)
        guard digits.count == 3, digits.allSatisfy({ 48...57 ~= $0 }), let first = digits.first, 50...53 ~= first else { return nil }
        var rest = line.dropFirst(3).prefix { $0 != 13 && $0 != 10 }
        guard rest.isEmpty || rest.removeFirst() == 32 else { return nil }
        code = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
        let word = rest.prefix { $0 != 32 }
        status = SMTPReply.isStatus(word) ? String(decoding: word, as: UTF8.self) : nil
    }

    /// RFC 3463, 2.
    private static func isStatus(_ word: some Collection<UInt8>) -> Bool {
        let parts = word.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let first = parts[0].first, parts[0].count == 1, "245".utf8.contains(first) else { return false }
        return parts.dropFirst().allSatisfy { 1...3 ~= $0.count && $0.allSatisfy { 48...57 ~= $0 } }
    }

    package var words: String { status.map { "\(code) \($0)" } ?? "\(code)" }
}

/// Why a server cannot be used. Names the server, never a person and no secret.
package struct SMTPFailure: Error, Hashable, Sendable {
    package enum Cause: Sendable {
        /// Not reached, or lost: may pass.
        case unavailable
        /// Who we are was not believed.
        case credentials
        /// It takes nothing from this sender.
        case refused
    }

    package let cause: Cause
    package let message: String

    package init(_ cause: Cause, _ message: String) {
        self.cause = cause
        self.message = message
    }
}
