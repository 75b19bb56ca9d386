import HeraldAudience
import HeraldDigest
package import HeraldModel

/// What changed in the records of an entity that has no table of changes: what earlier runs noticed, and what is noticed now, since the values are no longer those of
/// the last run. As rows that conditions run over.
struct ChangeTables {
    private let index: PersonIndex
    private let key: WorkspaceKey
    /// What is asked of the fields of this entity.
    private let asked: [DataNeeds.AskedChange]

    init(_ index: PersonIndex, _ asked: Set<DataNeeds.AskedChange>, key: WorkspaceKey) {
        self.index = index
        self.key = key
        self.asked = asked.filter { $0.entity == index.people.schema.id }.sorted { ($0.column, $0.to.map(ValueText.plain) ?? "") < ($1.column, $1.to.map(ValueText.plain) ?? "") }
    }

    private func name(_ column: String) -> String { "\(index.people.schema.id).\(column)" }

    private func digest(_ value: Value, of column: String) -> UInt64 {
        key.values([(name(column), ValueText.plain(value))])
    }

    /// The values as they are now.
    func watch(in watched: inout WatchedValues) {
        let table = index.people.table
        for column in Set(asked.map(\.column)) {
            guard let place = table.column(named: column) else { continue }
            let digest = table.columns[place].lookup { [self] in self.digest($0, of: column) }
            watched.watch(name(column), (0..<table.rowCount).map { WatchedValues.Entry(record: index.record($0), value: digest($0)) })
        }
    }

    /// - Parameter facts: of all changes, also of other entities.
    func table(_ schema: EntitySchema, _ facts: [PersonFact]) -> Table {
        // By field: what values that are asked for are called.
        var texts: [String: [UInt64: String]] = [:]
        var columns: [String: String] = [:]
        for change in asked {
            columns[name(change.column)] = change.column
            if let to = change.to { texts[change.column, default: [:]][digest(to, of: change.column)] = ValueText.plain(to) }
        }
        var changes: [(record: PersonDigest, column: String, to: UInt64, at: Instant)] = []
        for fact in facts {
            guard case .changed(let field, let to) = fact.kind, let column = columns[field], let record = fact.record else { continue }
            changes.append((record, column, to, fact.at))
        }
        changes.sort { ($0.record, $0.at) < ($1.record, $1.at) }
        var (rows, found): ([Int], [Int]) = ([], [])
        if !changes.isEmpty {
            for row in 0..<index.people.table.rowCount {
                let record = index.record(row)
                var place = changes.lowerBound { $0.record < record }
                while place < changes.count, changes[place].record == record {
                    rows.append(row)
                    found.append(place)
                    place += 1
                }
            }
        }
        return Table(
            schema,
            filled: [
                ChangeColumn.of: index.people.keys(of: rows), ChangeColumn.field: .texts(found.map { changes[$0].column }),
                ChangeColumn.new: .texts(found.map { texts[changes[$0].column]?[changes[$0].to] }),
                ChangeColumn.at: .datetime(Cells(found.map { changes[$0].at.microseconds })),
            ], rowCount: rows.count)
    }
}

/// What a run noticed: to be kept when it ends, so that the next one goes on from there.
package struct NoticedChanges: Sendable {
    package let facts: [PersonFact]
    package let values: WatchedValues
}
