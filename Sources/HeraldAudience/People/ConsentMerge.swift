import HeraldModel

/// What one record says about being mailed, and when it was said.
struct ConsentRecord: Hashable, Sendable {
    let status: ConsentStatus
    /// Nil where the record does not tell.
    let at: Instant?
}

/// Merges what all records of one address say.
enum ConsentMerge {
    /// A subscribed record wins only if it is strictly later than every worse record; a worse record without a time is never outdated,
    /// a subscribed one without a time never wins; otherwise the worst wins.
    static func merge(_ records: some Collection<ConsentRecord>) -> ConsentStatus {
        let worse = records.filter { $0.status != .subscribed }
        guard let worst = worse.map(\.status).min() else { return .subscribed }
        guard let latest = records.filter({ $0.status == .subscribed }).compactMap(\.at).max() else { return worst }
        let isOutdated = worse.allSatisfy { $0.at.map { $0 < latest } ?? false }
        return isOutdated ? .subscribed : worst
    }
}
