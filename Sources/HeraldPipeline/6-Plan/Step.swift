package import HeraldModel

/// One thing that applying does, with all it needs. Steps stand in the order of their stages; what comes later may build on what came before
/// (a list that an earlier step creates has its id by then in the state).
package struct Step: Sendable {
    package enum Stage: Int, Sendable, Comparable {
        /// Cancelling a send comes first: whatever happens to the rest, it holds.
        case cancelling
        /// What is there already gives up its name before something new takes it.
        case updates, lists, members, campaigns, emails, holding, deletions

        package static func < (left: Stage, right: Stage) -> Bool { left.rawValue < right.rawValue }
    }

    package enum Operation: Sendable {
        case create(ObjectSpec)
        case update(RemoteID, ObjectSpec)
        case delete(RemoteID)
        case change(adding: [PersonDigest], removing: [PersonDigest], from: DesiredMembers)
        /// Only the state learns of it.
        case record
    }

    package let address: Address
    package let stage: Stage
    /// Nil for what only the state knows.
    package let provider: String?
    package let mark: String
    package let operation: Operation
    /// Another object that must be there first: where it failed, this is not tried.
    package let needs: Address?
    /// Kept with the state before the step is recorded, for the envelope of a scheduled send.
    package let approved: DesiredMembers?
    /// What the state says once it is done; given what the provider answered, if it was asked.
    package let record: @Sendable (inout StateDocument, RemoteObject?) -> Void

    package init(
        address: Address, stage: Stage, provider: String?, mark: String, operation: Operation, needs: Address? = nil,
        approved: DesiredMembers? = nil, record: @escaping @Sendable (inout StateDocument, RemoteObject?) -> Void
    ) {
        self.address = address
        self.stage = stage
        self.provider = provider
        self.mark = mark
        self.operation = operation
        self.needs = needs
        self.approved = approved
        self.record = record
    }

    package var settling: Settling {
        if case .create = operation { .findable } else { .repeatable }
    }

    /// The word of it in journals and plans.
    package var name: String {
        switch operation {
        case .create: "create"
        case .update: "update"
        case .delete: "delete"
        case .change: "members"
        case .record: "record"
        }
    }
}
