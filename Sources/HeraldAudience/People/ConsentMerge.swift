package import HeraldModel

/// What one record says about being mailed, and when it was said.
package struct ConsentRecord: Hashable, Sendable {
    package let status: ConsentStatus
    /// Nil where the record does not tell.
    package let at: Instant?

    package init(status: ConsentStatus, at: Instant?) {
        self.status = status
        self.at = at
    }
}

/// What all records of one address say together, in whatever order and however often they come.
///
/// A subscribed record wins only if it is strictly later than every worse record; a worse record without a time is never outdated,
/// a subscribed one without a time never wins; otherwise the worst wins. Nothing outdates a complaint or an erasure.
struct ConsentMerge: Sendable {
    private var worst = ConsentStatus.subscribed
    /// The latest time of a worse record; `max` is never outdated, `min` is none.
    private var worseAt = Int64.min
    private var subscribedAt = Int64.min

    mutating func add(_ record: ConsentRecord) {
        guard record.status != .subscribed else {
            if let at = record.at { subscribedAt = max(subscribedAt, at.microseconds) }
            return
        }
        worst = min(worst, record.status)
        let isFinal = record.status == .erased || record.status == .complained
        worseAt = max(worseAt, isFinal ? .max : record.at?.microseconds ?? .max)
    }

    /// The latest time at which a record says subscribed.
    var agreed: Instant? { subscribedAt == .min ? nil : Instant(microseconds: subscribedAt) }

    var status: ConsentStatus { subscribedAt > worseAt ? .subscribed : worst }
}
