import HeraldModel

/// Makes the mails of one send as messages of RFC 5322 and MIME: text and HTML as alternatives, both UTF-8 in quoted-printable. The same input gives the
/// same bytes.
///
/// There is no `Auto-Submitted`, which is for answers of machines (RFC 3834), and no `List-Id`, since a send does not tell which list it is for (RFC 2919).
struct MailComposer: Sendable {
    static let unusableSender = ProviderFailure(.refused, "the sender's address cannot be used: letters outside ASCII before the @ reach only few servers")

    private let emailID: String
    /// Message-IDs are unique at its domain.
    private let sender: MailAddress
    /// The headers that all mails have in common.
    private let head: [UInt8]

    /// Nil where a sender's address cannot stand in a mail.
    init?(emailID: String, from sender: Sender, replyTo: String?, date: Instant) {
        guard let from = EmailAddress(sender.email).flatMap(MailAddress.init) else { return nil }
        var lines = ["Date: " + MailComposer.date(date), HeaderText.mailbox("From", sender.name, from)]
        if let replyTo {
            guard let address = EmailAddress(replyTo).flatMap(MailAddress.init) else { return nil }
            lines.append("Reply-To: \(address.text)")
        }
        (self.emailID, self.sender) = (emailID, from)
        head = MailComposer.bytes(lines + ["X-Herald-Email: \(emailID)", "MIME-Version: 1.0"])
    }

    /// A mail as it leaves, with its envelope.
    func outgoing(_ mail: RenderedMail, to recipient: MailAddress, links: RecipientLinks, message: String) -> OutgoingMail {
        OutgoingMail(
            name: MailComposer.name(email: emailID, message: message), sender: sender.text, recipient: recipient.text,
            bytes: compose(mail, to: recipient, links: links, id: message))
    }

    /// The name of one mail, for its file.
    static func name(email: String, message: String) -> String { "\(email).\(message)" }

    /// - Parameter id: opaque, unique, of letters, digits, `-` and `_`; makes the Message-ID.
    func compose(_ mail: RenderedMail, to recipient: MailAddress, links: RecipientLinks, id: String) -> [UInt8] {
        // Quoted-printable has an `=` only before a hexadecimal digit or a line break, so this stands in neither part.
        let boundary = "=_\(id)"
        var message = head
        message.reserveCapacity(head.count + 1_000 + (mail.html.utf8.count + mail.text.utf8.count) * 5 / 4)
        message += MailComposer.bytes([
            "To: \(recipient.text)", HeaderText.unstructured("Subject", mail.subject), "Message-ID: <\(id)@\(sender.domain)>",
            // RFC 8058.
            "List-Unsubscribe: <\(links.unsubscribe)>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            "Content-Type: multipart/alternative;\r\n boundary=\"\(boundary)\"", "",
        ])
        for (type, text) in [("plain", mail.text), ("html", mail.html)] {
            message += MailComposer.bytes([
                "--\(boundary)", "Content-Type: text/\(type); charset=utf-8", "Content-Transfer-Encoding: quoted-printable", "",
            ])
            QuotedPrintable.append(text, to: &message)
            message += [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
        }
        message += MailComposer.bytes(["--\(boundary)--"])
        return message
    }

    private static func bytes(_ lines: [String]) -> [UInt8] { lines.flatMap { Array($0.utf8) + [UInt8(ascii: "\r"), UInt8(ascii: "\n")] } }

    /// RFC 5322, 3.3, in UTC.
    private static func date(_ instant: Instant) -> String {
        let local = LocalTime(ticks: instant.microseconds)
        let (year, month, day) = local.day.parts
        let seconds = Int(local.microsecond / 1_000_000)
        let weekday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][local.day.weekday - 1]
        let name = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month - 1]
        return "\(weekday), \(day) \(name) \(padded(year, 4)) \(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2)) +0000"
    }
}
