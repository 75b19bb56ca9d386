package import HeraldAudience
package import HeraldModel

/// Why one person is on a list or not, for the operator's terminal: the verdict, then the tree of the condition with the value and the verdict of each clause.
package struct PersonView {
    private let list: ResolvedList
    private let audience: Audience
    private let evaluator: Evaluator
    private let cause: (Int) -> PersonFact?
    private let place: @Sendable (SourceSpan) -> Place

    /// `cause`: the kept fact that leaves a row out, where one does.
    package init(
        _ list: ResolvedList, _ audience: Audience, _ evaluator: Evaluator, cause: @escaping (Int) -> PersonFact? = { _ in nil }, place: @escaping @Sendable (SourceSpan) -> Place
    ) {
        self.list = list
        self.cause = cause
        self.audience = audience
        self.evaluator = evaluator
        self.place = place
    }

    /// The records of a person, who is named by an address in any spelling, or by the key of a record.
    package func rows(of person: String) -> [Int] {
        let rows = 0..<audience.people.table.rowCount
        if let address = EmailAddress(person)?.text {
            let found = rows.filter { audience.people.address($0)?.reveal() == address }
            if !found.isEmpty { return found }
        }
        return rows.filter { ValueText.plain(audience.people.key($0)) == person }
    }

    package func text(_ rows: [Int]) -> String {
        var lines: [String] = []
        for row in rows {
            let key = "record \(ValueText.plain(audience.people.key(row)))"
            let kept = cause(row).map { "; kept in the records since \($0.at), by \($0.source)" } ?? ""
            let verdict = audience.reasons[row].map { "out: \($0.rawValue) (\(PersonView.words($0))\(kept))" } ?? "in"
            lines.append("\(key) of \(list.definition.address): \(verdict)")
            if let filter = list.filter { lines += tree(evaluator.explain(filter, entity: audience.people.schema.id, row: row), depth: 1) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func tree(_ node: Explanation, depth: Int) -> [String] {
        let mark = node.holds ? "yes" : "no "
        let value = node.value.map { "   is \(PersonView.shown($0.reveal()))" } ?? ""
        let empty = node.byEmptiness ? "   only because it is empty" : ""
        let line = "\(String(repeating: "  ", count: depth))\(mark) \(node.words)\(value)\(empty)   \(place(node.span))"
        return [line] + node.children.flatMap { tree($0, depth: depth + 1) }
    }

    /// An address that is the value of a clause stays masked, as everywhere.
    private static func shown(_ text: String) -> String { EmailAddress(text)?.masked ?? PlanText.visible(text) }

    /// Each reason in a few words.
    package static func words(_ reason: LeaveReason) -> String {
        switch reason {
        case .where: "the condition does not hold"
        case .noAddress: "no valid address"
        case .duplicate: "another record has the same address and a smaller key"
        case .erased: "this person asked to be erased"
        case .complained: "this person complained about a mail"
        case .bounced: "mails to this address came back"
        case .blocked: "the provider blocked this address"
        case .unsubscribed: "this person unsubscribed"
        case .unsubscribedList: "this person unsubscribed from this list"
        case .pending: "this person has not confirmed yet"
        case .removed: "removed from this list by hand"
        case .blockedDomain: "the policy blocked_domains leaves this domain out"
        case .frequency: "the policy frequency: enough mails already"
        case .holdout: "held back for the rest of a test"
        }
    }
}
