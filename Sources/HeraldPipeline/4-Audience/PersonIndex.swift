import HeraldAudience
import HeraldDigest
import HeraldModel
import Synchronization

/// The keyed digests of one entity's people, each made when it is first asked for and kept for all lists of the run.
final class PersonIndex: Sendable {
    private struct Held {
        var byRow: [PersonDigest?]
        /// Every row with an address, ascending by person. Made only when somebody asks who a digest is.
        var rows: MemberRows?
        /// By the columns of lists, of which many have the same.
        var fields: [[TypedColumn]: MemberFields] = [:]
    }

    let people: EntityPeople
    let key: WorkspaceKey
    private let held: Mutex<Held>

    init(_ people: EntityPeople, key: WorkspaceKey) {
        self.people = people
        self.key = key
        held = Mutex(Held(byRow: [PersonDigest?](repeating: nil, count: people.table.rowCount)))
    }

    /// What lists with these columns write for their members.
    func fields(_ columns: [TypedColumn], _ evaluator: Evaluator) -> MemberFields {
        held.withLock { held in
            if let known = held.fields[columns] { return known }
            let values = columns.map { (name: $0.name, value: evaluator.values(of: $0, entity: people.schema.id)) }
            let made = MemberFields(values, rows: people.table.rowCount, key: key)
            held.fields[columns] = made
            return made
        }
    }

    /// These rows as members with these fields, ascending; rows without an address are left out.
    func members(_ rows: [Int], _ fields: MemberFields) -> MemberRows {
        var members = MemberRows()
        members.reserve(rows.count)
        held.withLock { held in
            fields.digests { digest in
                for row in rows {
                    guard let person = self.digest(row, &held) else { continue }
                    members.append(MemberState(person: person, values: digest(row)), row: Int32(row))
                }
            }
        }
        members.sortByPerson()
        return members
    }

    /// Nil where the row has no address.
    func digest(_ row: Int) -> PersonDigest? { held.withLock { digest(row, &$0) } }

    /// The rows with a person's address.
    func rows(of person: PersonDigest) -> [Int] {
        held.withLock { held in
            let rows = held.rows ?? sorted(&held)
            held.rows = rows
            let first = rows.states.lowerBound { $0.person < person }
            return rows.states[first...].prefix { $0.person == person }.indices.map(rows.row).sorted()
        }
    }

    /// For each row whether its record is among these, which ascend.
    func rows(in records: [PersonDigest]) -> [Bool] {
        (0..<people.table.rowCount).map { records.holds(record($0)) }
    }

    private func sorted(_ held: inout Held) -> MemberRows {
        var rows = MemberRows()
        rows.reserve(people.table.rowCount)
        for row in 0..<people.table.rowCount {
            if let digest = digest(row, &held) { rows.append(MemberState(person: digest, values: 0), row: Int32(row)) }
        }
        rows.sortByPerson()
        return rows
    }

    /// Of the record itself, so that what a person said outlives a changed address.
    func record(_ row: Int) -> PersonDigest { key.record(entity: people.schema.id, key: ValueText.plain(people.key(row))) }

    private func digest(_ row: Int, _ held: inout Held) -> PersonDigest? {
        if let digest = held.byRow[row] { return digest }
        guard let address = people.address(row) else { return nil }
        let digest = key.person(address.reveal())
        held.byRow[row] = digest
        return digest
    }
}

/// What is written for each row by lists with the same columns, and the digest of it, made when it is first asked for.
final class MemberFields: Sendable {
    private let values: [(name: String, value: @Sendable (Int) -> Value)]
    private let key: WorkspaceKey
    private let held: Mutex<[UInt64?]>

    init(_ values: [(name: String, value: @Sendable (Int) -> Value)], rows: Int, key: WorkspaceKey) {
        self.values = values
        self.key = key
        held = Mutex([UInt64?](repeating: nil, count: rows))
    }

    func texts(_ row: Int) -> [(name: String, text: String)] { values.map { ($0.name, ValueText.plain($0.value(row))) } }

    /// `body` may ask for the digest of any row.
    func digests(_ body: ((Int) -> UInt64) -> Void) {
        held.withLock { held in
            body { row in
                let digest = held[row] ?? key.values(texts(row))
                held[row] = digest
                return digest
            }
        }
    }
}
