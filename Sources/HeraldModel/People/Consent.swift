/// What a person said about being mailed, worst first: a worse status always wins over a better one of the same epoch.
package enum ConsentStatus: String, Sendable, CaseIterable, Comparable {
    case erased, complained, bounced, blocked, unsubscribed, pending, subscribed

    /// `a < b` means that `a` is worse.
    package static func < (left: ConsentStatus, right: ConsentStatus) -> Bool { left.rank < right.rank }
    private var rank: Int {
        switch self {
        case .erased: 0
        case .complained: 1
        case .bounced: 2
        case .blocked: 3
        case .unsubscribed: 4
        case .pending: 5
        case .subscribed: 6
        }
    }
}

/// Why a person of the entity is not mailed: the first step of the fixed order that leaves them out. The words are frozen.
package enum LeaveReason: String, Sendable, CaseIterable, Comparable {
    case `where`
    case noAddress = "no-address"
    case duplicate, erased, complained, bounced, blocked, unsubscribed
    case unsubscribedList = "unsubscribed-list"
    case pending, removed
    case blockedDomain = "blocked-domain"
    case frequency, holdout

    package static func < (left: LeaveReason, right: LeaveReason) -> Bool { left.rank < right.rank }

    private static let ranks = Dictionary(uniqueKeysWithValues: zip(allCases, 0...))
    private var rank: Int { LeaveReason.ranks[self] ?? 0 }
}
