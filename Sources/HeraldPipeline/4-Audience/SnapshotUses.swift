import HeraldAudience
import HeraldModel
import Synchronization

/// What all definitions together use of each table, whatever a run looks at: that is kept of large files. Worked out only where somebody asks.
final class SnapshotUses: Sendable {
    private let resolved: Resolved
    private let clock: Clock
    private let held = Mutex<[TableName: ColumnSnapshots.Use]?>(nil)

    init(_ resolved: Resolved, _ clock: Clock) {
        self.resolved = resolved
        self.clock = clock
    }

    var byTable: [TableName: ColumnSnapshots.Use] {
        held.withLock { held in
            if let held { return held }
            let made = make()
            held = made
            return made
        }
    }

    private func make() -> [TableName: ColumnSnapshots.Use] {
        var needs = DataNeeds(resolved.schemas, clock, narrows: false)
        for list in resolved.lists.values {
            guard let schema = list.schema, let filter = list.filter else { continue }
            needs.add(filter, entity: schema.id, columns: list.templateColumns)
        }
        // People are looked up by their address, on a list or not.
        for schema in resolved.schemas.entities.values where schema.addressColumn != nil { needs.addAll(of: schema.id) }
        var uses: [TableName: ColumnSnapshots.Use] = [:]
        for (_, request) in needs.requests() {
            var use = uses[request.table] ?? ColumnSnapshots.Use(columns: [], keys: [])
            use.columns += request.columns.filter { !use.columns.contains($0) }
            use.keys += request.key.flatMap { use.keys.contains($0) ? nil : [$0] } ?? []
            uses[request.table] = use
        }
        // Two entities over one table may see a column as two types; one column is kept once.
        return uses.filter { Set($0.value.columns.map(\.name)).count == $0.value.columns.count }
    }
}
