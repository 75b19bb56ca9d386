/// A member as stored at a provider: who (a digest), and a keyed digest of the values that herald wrote for them.
package struct MemberState: Hashable, Comparable, Sendable {
    package let person: PersonDigest
    package let values: UInt64

    package init(person: PersonDigest, values: UInt64) {
        self.person = person
        self.values = values
    }

    package static func < (left: MemberState, right: MemberState) -> Bool { left.person < right.person }
}

/// A member to be written.
package struct Member: Sendable {
    package let state: MemberState
    /// Keyed digest of the record's key, so that an opt-out outlives a changed address.
    package let key: PersonDigest
    /// In its normal form: an email address, or a phone number where the entity has no email.
    package let address: Personal<String>
    /// The list's columns by name, as text; empty values are empty text.
    package let fields: Personal<[(name: String, text: String)]>

    package init(state: MemberState, key: PersonDigest, address: Personal<String>, fields: Personal<[(name: String, text: String)]>) {
        self.state = state
        self.key = key
        self.address = address
        self.fields = fields
    }
}

/// One who is to get a mail. `row` finds the record again when the mail is rendered.
package struct Recipient: Sendable {
    package let person: PersonDigest
    package let key: PersonDigest
    package let address: Personal<EmailAddress>
    package let row: Int

    package init(person: PersonDigest, key: PersonDigest, address: Personal<EmailAddress>, row: Int) {
        self.person = person
        self.key = key
        self.address = address
        self.row = row
    }
}

/// The links that differ for every recipient and mail; the provider makes them.
package struct RecipientLinks: Sendable {
    package let unsubscribe: String
    package let view: String

    package init(unsubscribe: String, view: String) {
        self.unsubscribe = unsubscribe
        self.view = view
    }
}

/// A mail for one person, before it becomes MIME.
package struct RenderedMail: Sendable {
    package let subject: String
    package let preheader: String
    package let html: String
    package let text: String

    package init(subject: String, preheader: String, html: String, text: String) {
        self.subject = subject
        self.preheader = preheader
        self.html = html
        self.text = text
    }
}

/// One send: an email to the people who are to get it now. Idempotent by `key`: a second order with the same key goes on where the first
/// stopped, with those people who are in it; others who still waited are not sent to any more.
package struct SendOrder: Sendable {
    /// The email's id, for `X-Herald-Email`.
    package let emailID: String
    package let object: RemoteID
    /// Mark + content + audience digest.
    package let key: String
    package let from: Sender
    package let replyTo: String?
    package let recipients: [Recipient]
    package let render: @Sendable (Recipient, RecipientLinks) throws -> RenderedMail

    package init(
        emailID: String, object: RemoteID, key: String, from: Sender, replyTo: String?, recipients: [Recipient],
        render: @escaping @Sendable (Recipient, RecipientLinks) throws -> RenderedMail
    ) {
        self.emailID = emailID
        self.object = object
        self.key = key
        self.from = from
        self.replyTo = replyTo
        self.recipients = recipients
        self.render = render
    }
}

/// How a send stands, in people.
package struct SendReport: Hashable, Sendable {
    package var sent: Int
    package var failed: Int
    /// May or may not have got it; never tried again by itself.
    package var unknown: Int
    package var waiting: Int
    /// Those who said no between choosing them and sending; of the run that was just made.
    package var leftOut = 0
    /// Why it failed, with how many people each; of the run that was just made. Never names anybody.
    package var reasons: [String: Int] = [:]

    package init(sent: Int = 0, failed: Int = 0, unknown: Int = 0, waiting: Int = 0) {
        self.sent = sent
        self.failed = failed
        self.unknown = unknown
        self.waiting = waiting
    }

    package var total: Int { sent + failed + unknown + waiting }
}
