import HeraldAudience
import HeraldDigest
import HeraldModel
import Synchronization

/// The keyed digests of one entity's people, each made when it is first asked for and kept for all lists of the run.
final class PersonIndex: Sendable {
    private struct Held {
        var byRow: [PersonDigest?]
        /// Made only when somebody asks who a digest is.
        var rows: [PersonDigest: [Int]]?
    }

    let people: EntityPeople
    private let key: WorkspaceKey
    private let held: Mutex<Held>

    init(_ people: EntityPeople, key: WorkspaceKey) {
        self.people = people
        self.key = key
        held = Mutex(Held(byRow: [PersonDigest?](repeating: nil, count: people.table.rowCount)))
    }

    /// Nil where the row has no address.
    func digest(_ row: Int) -> PersonDigest? { held.withLock { digest(row, &$0) } }

    /// The rows with a person's address.
    func rows(of person: PersonDigest) -> [Int] {
        held.withLock { held in
            if let rows = held.rows { return rows[person] ?? [] }
            var rows: [PersonDigest: [Int]] = [:]
            for row in 0..<people.table.rowCount {
                if let digest = digest(row, &held) { rows[digest, default: []].append(row) }
            }
            held.rows = rows
            return rows[person] ?? []
        }
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
