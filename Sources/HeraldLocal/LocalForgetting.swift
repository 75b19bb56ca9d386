import HeraldDatabase
import HeraldModel

/// Erasing people: what names them goes, and that a mail was sent stays under their digests, so that the counts of a send hold and nobody gets it twice.
extension LocalWriter {
    func forget(_ people: [PersonDigest], records: [PersonDigest]) async -> Outcome<[RemoteID]> {
        let (outbox, now) = (transport.outbox, now)
        let files: [String]
        switch await act({ try $0.mails(of: people, records, outbox, at: now) }) {
        case .done(let found): files = found
        case .refusedBeforeActing(let failure): return .refusedBeforeActing(failure)
        case .failed(let failure): return .failed(failure)
        case .unknown(let failure): return .unknown(failure)
        }
        // The files go first: while their rows still tell whose they are, an erasure that was interrupted can be made again.
        let forgotten = await act {
            try outbox?.remove(files)
            return try $0.forget(people, records)
        }
        guard case .done = forgotten else { return forgotten }
        // What a run that ended at once left in the log is still readable there.
        let (database, name) = (database, reader.name)
        return await reader.worker.run {
            do {
                try database.emptyLog()
                return forgotten
            } catch { return .failed(ProviderFailure(error, name)) }
        }
    }
}

extension DatabaseConnection {
    /// The files of all mails to these people. Such as were under way when a run ended are settled first, since a file is what tells that its mail was sent.
    fileprivate func mails(of people: [PersonDigest], _ records: [PersonDigest], _ outbox: Outbox?, at now: Instant) throws -> [String] {
        var (files, open): ([String], Set<Int64>) = ([], [])
        for (column, digest) in columns(people, records) {
            try rows(
                "SELECT email, message, recipient.object, state FROM recipient JOIN send ON send.id = recipient.send WHERE recipient.\(column) = ?", [.digest(digest)]
            ) { row in
                files.append(MailComposer.name(email: try row.text(0) ?? "", message: try row.text(1) ?? ""))
                if try row.text(3) == "sending" { open.insert(row.rawInteger(2)) }
            }
        }
        for email in open { try settle(email, outbox, at: now) }
        return files
    }

    fileprivate func forget(_ people: [PersonDigest], _ records: [PersonDigest]) throws -> [RemoteID] {
        // What is deleted is overwritten, and not only left out.
        try execute("PRAGMA secure_delete = ON")
        var lists: Set<Int64> = []
        for (column, digest) in columns(people, records) {
            lists.formUnion(try all("SELECT list FROM member WHERE \(column) = ?", [.digest(digest)]) { $0.rawInteger(0) })
            try execute("DELETE FROM member WHERE \(column) = ?", [.digest(digest)])
            try execute("UPDATE recipient SET address = '' WHERE \(column) = ?", [.digest(digest)])
            // Who still waits for a mail is not sent it.
            try execute("UPDATE recipient SET state = 'failed', reason = 'not to be mailed any more' WHERE \(column) = ? AND state = 'waiting'", [.digest(digest)])
        }
        return lists.sorted().map { RemoteID(String($0)) }
    }

    private func columns(_ people: [PersonDigest], _ records: [PersonDigest]) -> [(column: String, digest: PersonDigest)] {
        people.map { ("person", $0) } + records.map { ("record", $0) }
    }
}
