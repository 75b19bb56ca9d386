import HeraldAudience
import HeraldContract
import HeraldModel
import Synchronization

extension AudienceStage {
    /// Who would have been on a list at an earlier moment, by today's data and records; nil where it cannot be decided, which nobody needs to hear of.
    func lookingBack(_ list: ResolvedList, _ data: ContactData, at instant: Instant) -> Audience? {
        let quiet = AudienceStage(resolved, environment, files: files, Diagnostics(), known: known)
        return quiet.decide([list], data, at: instant)?.byList[list.definition.id.value]
    }

    /// What the records say of people; nil where nothing is kept.
    var ledger: Ledger? { known?.ledger }

    /// The files that hold a table; nil where it does not live in files.
    func files(of table: TableName) -> [String]? {
        guard let definition = resolved.workspace.settings.sources.first(where: { $0.id.value == table.source }) else { return nil }
        return SourceOpener.open(definition, root: environment.root, zone: resolved.zone, files: files, Diagnostics())?.files(of: table)
    }
}

/// A value that is made when it is first asked for, and then kept.
final class Once<Value: Sendable>: Sendable {
    private let held = Mutex<Value?>(nil)
    private let make: @Sendable () -> Value

    init(_ make: @escaping @Sendable () -> Value) { self.make = make }

    var value: Value {
        held.withLock { held in
            let value = held ?? make()
            held = value
            return value
        }
    }
}
