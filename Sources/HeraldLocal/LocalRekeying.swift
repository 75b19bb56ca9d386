import HeraldDatabase
import HeraldModel

/// A rotation of the workspace's key: every digest of people moves on, in one transaction that also writes down the new key. The tokens of mails that were
/// sent stay, so that their links go on working.
extension LocalWriter {
    func rekey(_ change: KeyChange) async -> Outcome<Void> { await act { try $0.rekey(change) } }
}

extension DatabaseConnection {
    fileprivate func rekey(_ change: KeyChange) throws {
        let held = try key()
        guard held != change.to else { return }
        guard held == nil || held == change.from else {
            throw ProviderFailure(.refused, "the database was made with another key (\(held ?? "-")); put back the one that belongs to the state")
        }
        let members = try all("SELECT list, person, record, vals FROM member") { row in
            (list: row.rawInteger(0), person: try digest(row, 1), record: try digest(row, 2), values: UInt64(bitPattern: row.rawInteger(3)))
        }
        for member in members {
            try execute(
                "UPDATE member SET person = ?, record = ?, vals = ? WHERE list = ? AND person = ?",
                [
                    .digest(change.person(member.person)), .digest(change.person(member.record)), .integer(Int64(bitPattern: change.values(member.values))),
                    .integer(member.list), .digest(member.person),
                ])
        }
        let recipients = try all("SELECT send, person, record FROM recipient") { (send: $0.rawInteger(0), person: try digest($0, 1), record: try digest($0, 2)) }
        for recipient in recipients {
            try execute(
                "UPDATE recipient SET person = ?, record = ? WHERE send = ? AND person = ?",
                [.digest(change.person(recipient.person)), .digest(change.person(recipient.record)), .integer(recipient.send), .digest(recipient.person)])
        }
        try execute("UPDATE account SET key = ?", [.text(change.to)])
    }

    private func digest(_ row: borrowing DatabaseRow, _ column: Int) throws -> PersonDigest {
        guard let digest = PersonDigest(stored: row.bytes(column)) else { throw DatabaseFailure("a row holds a person without a digest") }
        return digest
    }
}
