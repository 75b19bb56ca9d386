package import HeraldContract
package import HeraldModel

/// The last look at the records, right before mails leave: who said no after the recipients were chosen is left out.
package struct LateCheck: Sendable {
    private let records: any RecordsStore
    private let position: RecordsPosition?
    private let known: Int
    private let list: String

    /// - Parameters:
    ///   - position: how far the records go by the state.
    ///   - known: how many facts the recipients were chosen with.
    ///   - list: the mark of the email's list.
    package init(_ records: any RecordsStore, from position: RecordsPosition?, known: Int, list: String) {
        self.records = records
        self.position = position
        self.known = known
        self.list = list
    }

    /// Those of the recipients who may still be mailed. Whatever was said meanwhile counts, and only a no: nobody is added.
    func remaining(_ recipients: [Recipient]) throws(StoreFailure) -> [Recipient] {
        let later = Ledger(Array(try records.load(from: position)?.facts.dropFirst(known) ?? []))
        guard !later.isEmpty else { return recipients }
        return recipients.filter { recipient in
            let facts = later.facts(person: recipient.person, records: [recipient.key])
            return facts.allSatisfy { ($0.status ?? .subscribed) == .subscribed } && !FactsInForce.removals(facts).contains(list)
        }
    }
}

extension SendOrder {
    /// The same send to fewer people.
    func to(_ recipients: [Recipient]) -> SendOrder {
        SendOrder(emailID: emailID, object: object, key: key, from: from, replyTo: replyTo, recipients: recipients, render: render)
    }
}
