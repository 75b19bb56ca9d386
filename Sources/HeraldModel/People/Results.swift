/// One thing that happened to a person, such as a mail that went out to them; by digests.
package struct ResultEvent: Hashable, Sendable {
    package let kind: Word
    /// Of the address, and of the record that it was then; at least one of them.
    package let person: PersonDigest?
    package let record: PersonDigest?
    package let at: Instant
    /// Which of `Results.mails` it is about; −1 for none.
    package let mail: Int32

    package init(kind: Word, person: PersonDigest?, record: PersonDigest?, at: Instant, mail: Int32 = -1) {
        self.kind = kind
        self.person = person
        self.record = record
        self.at = at
        self.mail = mail
    }
}

/// A mail that results are about: its email, and whose it was when it was sent, as ids.
package struct ResultMail: Hashable, Sendable {
    package let object: RemoteID
    package var email: String
    package var list: String?
    package var campaign: String?

    package init(object: RemoteID, email: String, list: String?, campaign: String?) {
        self.object = object
        self.email = email
        self.list = list
        self.campaign = campaign
    }
}

/// What happened to people, as one provider knows it, or all of them together.
package struct Results: Sendable {
    package private(set) var mails: [ResultMail] = []
    package private(set) var events: [ResultEvent] = []

    package static let none = Results()

    package init(mails: [ResultMail] = [], events: [ResultEvent] = []) {
        self.mails = mails
        self.events = events
    }

    package static func + (left: Results, right: Results) -> Results {
        var sum = left
        sum.add(right)
        return sum
    }

    package mutating func add(_ other: Results) {
        let offset = Int32(mails.count)
        mails += other.mails
        events += other.events.map { event in
            guard event.mail >= 0, offset > 0 else { return event }
            return ResultEvent(kind: event.kind, person: event.person, record: event.record, at: event.at, mail: event.mail + offset)
        }
    }
}

/// What of it is asked for.
package struct ResultsWanted: Hashable, Sendable {
    package private(set) var kinds: Set<Word> = []
    /// Ids of the only emails that are asked about; nil where all are.
    package private(set) var emails: Set<String>? = []

    package init() {}

    package var isEmpty: Bool { kinds.isEmpty }

    /// - Parameter email: nil for all of them.
    package mutating func add(_ kind: Word, of email: String?) {
        kinds.insert(kind)
        if let email { emails?.insert(email) } else { emails = nil }
    }
}
