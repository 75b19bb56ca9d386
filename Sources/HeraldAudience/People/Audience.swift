package import HeraldModel

/// Facts that outlive the data and are kept with herald. They are asked for each person who is otherwise a member.
package struct LedgerFacts: Sendable {
    /// Opt-outs, such as those of providers with the vendor's time; merged with what the data says.
    package let consent: @Sendable (_ address: String, _ key: Value) -> [ConsentRecord]
    package let unsubscribedFromList: @Sendable (_ address: String, _ key: Value) -> Bool
    package let removedFromList: @Sendable (_ address: String, _ key: Value) -> Bool

    package init(
        consent: @escaping @Sendable (String, Value) -> [ConsentRecord] = { _, _ in [] },
        unsubscribedFromList: @escaping @Sendable (String, Value) -> Bool = { _, _ in false },
        removedFromList: @escaping @Sendable (String, Value) -> Bool = { _, _ in false }
    ) {
        self.consent = consent
        self.unsubscribedFromList = unsubscribedFromList
        self.removedFromList = removedFromList
        isNone = false
    }

    package static let none = LedgerFacts(isNone: true)

    /// Whether nothing is kept, so that nobody has to be asked for.
    let isNone: Bool

    private init(isNone: Bool) {
        consent = { _, _ in [] }
        unsubscribedFromList = { _, _ in false }
        removedFromList = { _, _ in false }
        self.isNone = isNone
    }
}

/// Who is on a list at a moment, and for everybody else the first step of the fixed order that left them out.
package struct Audience: Sendable {
    /// Counts after each step.
    package struct Steps: Hashable, Sendable {
        package let match: Int
        /// Those who do not match and stay, because an email of the list was sent to them (`keep_contacted`).
        package let kept: Int
        package let usable: Int
        package let unique: Int
        package let mailable: Int

        package init(match: Int, kept: Int = 0, usable: Int, unique: Int, mailable: Int) {
            self.match = match
            self.kept = kept
            self.usable = usable
            self.unique = unique
            self.mailable = mailable
        }
    }

    package let people: EntityPeople
    package let steps: Steps
    /// Of each row of the entity; nil for members.
    package let reasons: [LeaveReason?]
    /// Rows of the members, in the order of their keys.
    package let members: [Int]
    /// Members who are in only because a value of theirs is empty.
    package let inByEmptiness: Int

    /// - Parameters:
    ///   - matches: for each row, whether the list's `where` holds, and whether it does so only because a value is empty.
    ///   - contacted: rows that stay although they do not match.
    package init(_ people: EntityPeople, matches: (holds: [Bool], byEmptiness: [Bool]), contacted: Set<Int> = [], ledger: LedgerFacts = .none) {
        var matches = matches
        var reasons = [LeaveReason?](repeating: .where, count: people.table.rowCount)
        let kept = contacted.filter { !matches.holds[$0] }
        for row in kept { matches.holds[row] = true }
        var rows: [Int] = []
        var (match, usable) = (-kept.count, 0)
        var unique = 0
        // Of each address the row that stays.
        var first = [Int32](repeating: -1, count: people.addresses.count)
        for row in 0..<people.table.rowCount where matches.holds[row] {
            match += 1
            rows.append(row)
            let address = people.addresses.ofRow[row]
            guard address >= 0 else {
                reasons[row] = .noAddress
                continue
            }
            usable += 1
            // The smallest key stays, whatever its own consent.
            let held = Int(first[Int(address)])
            if held >= 0 {
                let (kept, left) = people.isKey(row, before: held) ? (row, held) : (held, row)
                first[Int(address)] = Int32(kept)
                reasons[kept] = nil
                reasons[left] = .duplicate
            } else {
                first[Int(address)] = Int32(row)
                reasons[row] = nil
                unique += 1
            }
        }
        var members: [Int] = []
        for row in rows where reasons[row] == nil {
            reasons[row] = Audience.consentReason(people, people.addresses.ofRow[row], row, ledger)
            if reasons[row] == nil { members.append(row) }
        }
        // Most files are in the order of their keys.
        let isSorted = zip(members, members.dropFirst()).allSatisfy { people.isKey($0, before: $1) }
        if !isSorted { members.sort { people.isKey($0, before: $1) } }
        self.people = people
        self.reasons = reasons
        self.members = members
        steps = Steps(match: match, kept: kept.count, usable: usable, unique: unique, mailable: members.count)
        inByEmptiness = members.filter { matches.byEmptiness[$0] }.count
    }

    private static func consentReason(_ people: EntityPeople, _ address: Int32, _ row: Int, _ ledger: LedgerFacts) -> LeaveReason? {
        guard !ledger.isNone else { return reason(people.consent[Int(address)].status) }
        let (text, key) = (people.addresses[address], people.key(row))
        var consent = people.consent[Int(address)]
        for record in ledger.consent(text, key) { consent.add(record) }
        let status = consent.status
        switch status {
        case .erased, .complained, .bounced, .blocked, .unsubscribed: return reason(status)
        case .pending, .subscribed:
            if ledger.unsubscribedFromList(text, key) { return .unsubscribedList }
            if status == .pending { return .pending }
            return ledger.removedFromList(text, key) ? .removed : nil
        }
    }

    private static func reason(_ status: ConsentStatus) -> LeaveReason? {
        switch status {
        case .erased: return .erased
        case .complained: return .complained
        case .bounced: return .bounced
        case .blocked: return .blocked
        case .unsubscribed: return .unsubscribed
        case .pending: return .pending
        case .subscribed: return nil
        }
    }

    /// How many records each step left out, in the fixed order; steps that left out nobody are not in it.
    package var leftOut: [(reason: LeaveReason, count: Int)] {
        var counts: [LeaveReason: Int] = [:]
        // Most rows are left out for the same reason as the one before them.
        var (last, run) = (LeaveReason.where, 0)
        for case let reason? in reasons {
            if reason != last {
                counts[last, default: 0] += run
                (last, run) = (reason, 0)
            }
            run += 1
        }
        counts[last, default: 0] += run
        return counts.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
