import HeraldDatabase
import HeraldModel

/// Sends and their recipients. A recipient is `waiting`, then `sending` while the mail is handed over, then one of the ends.
extension DatabaseConnection {
    /// A recipient's row.
    struct Delivery {
        let state: String
        let tokens: MailLinks.Tokens
    }

    /// Puts everybody of an order down as waiting; those who are down already keep their state. Who got this email by another send of it is not sent it again.
    func begin(_ order: SendOrder, at now: Instant, _ links: MailLinks, _ outbox: Outbox?) throws -> Int64 {
        let email = try object(order.object, .email).id
        try settle(email, outbox, at: now)
        try execute(
            "INSERT OR IGNORE INTO send (key, object, email, started) VALUES (?, ?, ?, ?)",
            [.text(order.key), .integer(email), .text(order.emailID), .integer(now.microseconds)])
        guard case .integer(let send) = try scalar("SELECT id FROM send WHERE key = ? AND object = ?", [.text(order.key), .integer(email)]) else {
            throw ProviderFailure(.refused, "this send is that of another email already")
        }
        for recipient in order.recipients {
            let tokens = links.tokens(send: order.key, person: recipient.person)
            try execute(
                "INSERT OR IGNORE INTO recipient (send, person, object, record, address, token, view_token, message, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'waiting')",
                [
                    .integer(send), .digest(recipient.person), .integer(email), .digest(recipient.key), .text(recipient.address.reveal().text),
                    .text(tokens.unsubscribe), .text(tokens.view), .text(tokens.message),
                ])
        }
        try execute(
            """
            UPDATE recipient SET state = 'earlier' WHERE send = ? AND state = 'waiting' AND EXISTS (
                SELECT 1 FROM recipient AS other
                WHERE other.object = recipient.object AND other.person = recipient.person AND other.state IN ('sending', 'sent', 'unknown'))
            """, [.integer(send)])
        try execute("UPDATE object SET phase = 'sending' WHERE id = ?", [.integer(email)])
        return send
    }

    func delivery(of person: PersonDigest, in send: Int64) throws -> Delivery? {
        try all("SELECT state, token, view_token, message FROM recipient WHERE send = ? AND person = ?", [.integer(send), .digest(person)]) { row in
            Delivery(
                state: try row.text(0) ?? "",
                tokens: MailLinks.Tokens(unsubscribe: try row.text(1) ?? "", view: try row.text(2) ?? "", message: try row.text(3) ?? ""))
        }.first
    }

    /// Moves recipients on from the state in which they are.
    func mark(_ people: [PersonDigest], in send: Int64, from old: String, to new: String, reason: String? = nil, at now: Instant? = nil) throws {
        for person in people {
            try execute(
                "UPDATE recipient SET state = ?, reason = ?, finished = ? WHERE send = ? AND person = ? AND state = ?",
                [
                    .text(new), reason.map { .text($0) } ?? .null, now.map { .integer($0.microseconds) } ?? .null, .integer(send), .digest(person),
                    .text(old),
                ])
        }
    }

    /// Takes back a send of which nobody can have the mail, as if it had never been ordered; false where somebody may have it.
    func withdraw(_ send: Int64) throws -> Bool {
        guard try scalar("SELECT 1 FROM recipient WHERE send = ? AND state IN ('sending', 'sent', 'unknown', 'earlier') LIMIT 1", [.integer(send)]) == nil else {
            return false
        }
        try execute("DELETE FROM recipient WHERE send = ?", [.integer(send)])
        // Another send of the same email may have come further.
        try execute(
            """
            UPDATE object SET phase = CASE
                WHEN EXISTS (SELECT 1 FROM recipient WHERE object = object.id AND state IN ('sending', 'sent', 'unknown')) THEN 'sent'
                WHEN EXISTS (SELECT 1 FROM send WHERE object = object.id AND id <> ?) THEN 'failed'
                ELSE 'draft' END
            WHERE id = (SELECT object FROM send WHERE id = ?)
            """, [.integer(send), .integer(send)])
        try execute("DELETE FROM send WHERE id = ?", [.integer(send)])
        return true
    }

    /// Ends an order: the email is as far as its people are. Who was down and is not in the order that went on with the send (they said no meanwhile) is not
    /// sent to, and counts as failed.
    func finish(_ order: SendOrder) throws -> SendReport {
        try execute(
            "UPDATE recipient SET state = 'failed', reason = 'not to be mailed any more' WHERE state = 'waiting' AND send = (SELECT id FROM send WHERE key = ?)",
            [.text(order.key)])
        let report = try report(on: order.key, nil) ?? SendReport()
        let phase: SendPhase = report.waiting > 0 ? .sending : report.unknown > 0 ? .unknown : report.sent == 0 && report.failed > 0 ? .failed : .sent
        try execute("UPDATE object SET phase = ? WHERE id = ?", [.text(phase.rawValue), .integer(object(order.object, .email).id)])
        return report
    }

    /// Nil for a key that was never ordered. What a crash left in `sending` is looked for in the outbox; without one nobody can say.
    func report(on key: String, _ outbox: Outbox?) throws -> SendReport? {
        guard case .integer(let send) = try scalar("SELECT id FROM send WHERE key = ?", [.text(key)]) else { return nil }
        var report = SendReport()
        try rows("SELECT state, count(*) FROM recipient WHERE send = ? GROUP BY state", [.integer(send)]) { row in
            let count = Int(row.rawInteger(1))
            switch try row.text(0) {
            case "waiting": report.waiting += count
            case "sent", "earlier": report.sent += count
            case "failed": report.failed += count
            default: report.unknown += count
            }
        }
        try rows("SELECT reason, count(*) FROM recipient WHERE send = ? AND state = 'failed' GROUP BY reason", [.integer(send)]) { row in
            report.reasons[try row.text(0) ?? "unknown"] = Int(row.rawInteger(1))
        }
        guard let outbox, report.unknown > 0, case .integer(let email) = try scalar("SELECT object FROM send WHERE id = ?", [.integer(send)]) else { return report }
        for open in try interrupted(email) where open.send == send && open.leftWitness {
            report.unknown -= 1
            if outbox.holds(open.mail) { report.sent += 1 } else { report.waiting += 1 }
        }
        return report
    }

    /// Settles what a crash left in `sending`, in whichever send of the email: a mail that is in the outbox was sent, one that is not was not. Of what went to a server
    /// nobody can say it, nor of what went to an outbox that is not the way any more.
    func settle(_ email: Int64, _ outbox: Outbox?, at now: Instant) throws {
        for open in try interrupted(email) {
            guard let outbox, open.leftWitness else {
                try mark([open.person], in: open.send, from: "sending", to: "unknown", at: now)
                continue
            }
            if outbox.holds(open.mail) {
                try mark([open.person], in: open.send, from: "sending", to: "sent", at: now)
            } else {
                try mark([open.person], in: open.send, from: "sending", to: "waiting")
            }
        }
    }

    private func interrupted(_ email: Int64) throws -> [(send: Int64, person: PersonDigest, mail: String, leftWitness: Bool)] {
        try all(
            """
            SELECT send, person, email, message, reason FROM recipient JOIN send ON send.id = recipient.send
            WHERE recipient.object = ? AND state = 'sending'
            """, [.integer(email)]
        ) { row in
            guard let person = PersonDigest(stored: row.bytes(1)) else { throw DatabaseFailure("a recipient has no digest") }
            let name = MailComposer.name(email: try row.text(2) ?? "", message: try row.text(3) ?? "")
            return (row.rawInteger(0), person, name, try row.text(4) != LocalSchema.noWitness)
        }
    }
}
