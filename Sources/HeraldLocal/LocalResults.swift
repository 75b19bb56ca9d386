import HeraldDatabase
import HeraldModel

/// What the sends came to, for conditions over results.
extension DatabaseConnection {
    /// - Parameter emails: the objects that are asked about; nil for all.
    ///
    /// A mail of which nobody can say whether it arrived counts as sent: whoever asks who did not get an email must not write to them twice. One that the server refused
    /// for good came back.
    func results(_ kinds: Set<Word>, of emails: [RemoteID]?) throws -> Results {
        let states = (kinds.contains(.sent) ? ["state IN ('sending', 'sent', 'unknown')"] : []) + (kinds.contains(.bounced) ? [bounced] : [])
        guard !states.isEmpty else { return .none }
        let only = emails.map { " AND recipient.object IN (\($0.compactMap { Int64($0.text) }.map(String.init).joined(separator: ", ")))" } ?? ""
        var numbers: [Int64: Int32] = [:]
        let mails = try all(
            """
            SELECT DISTINCT send.object, send.email, list.text, campaign.text FROM send
            LEFT JOIN field AS list ON list.object = send.object AND list.name = 'list'
            LEFT JOIN field AS campaign ON campaign.object = send.object AND campaign.name = 'campaign'
            ORDER BY send.object
            """
        ) { row in
            func id(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }
            return ResultMail(object: RemoteID(String(row.rawInteger(0))), email: try row.text(1) ?? "", list: id(try row.text(2)), campaign: id(try row.text(3)))
        }
        for (number, mail) in mails.enumerated() { numbers[Int64(mail.object.text) ?? 0] = Int32(number) }
        var events: [ResultEvent] = []
        try rows(
            """
            SELECT recipient.object, person, record, state, coalesce(finished, started) FROM recipient JOIN send ON send.id = recipient.send
            WHERE (\(states.joined(separator: " OR ")))\(only)
            """
        ) { row in
            guard let person = PersonDigest(stored: row.bytes(1)), let record = PersonDigest(stored: row.bytes(2)) else {
                throw DatabaseFailure("a recipient has no digest")
            }
            events.append(
                ResultEvent(
                    kind: try row.text(3) == "failed" ? .bounced : .sent, person: person, record: record, at: Instant(microseconds: row.rawInteger(4)),
                    mail: numbers[row.rawInteger(0)] ?? -1))
        }
        return Results(mails: mails, events: events)
    }

    private var bounced: String { "state = 'failed' AND reason LIKE '\(LocalSchema.refusedByServer)%'" }
}
