package import HeraldModel

/// The log of the apply that is running: what is about to be done, then how each ended. Append-only; its cost does not grow with the state.
package protocol Journal: Sendable {
    /// Durable when it returns. At most 32 at a time.
    func intend(_ intents: [Intent]) throws(StoreFailure)
    /// Written at once; durable with the next `intend`. One that is lost is found out by looking.
    func record(_ entry: JournalResult) throws(StoreFailure)
    /// What a run left behind: intents, and the results that were recorded for them.
    func read() throws(StoreFailure) -> (intents: [Intent], results: [JournalResult])
    /// Begins anew, after everything in it has reached the state.
    func clear() throws(StoreFailure)
}

/// How one operation ended, with what the state must learn of it.
package struct JournalResult: Hashable, Sendable {
    package let address: Address
    package let operation: String
    /// `done`, `refused`, `failed` or `unknown`.
    package let outcome: String
    package let remote: RemoteID?

    package init(address: Address, operation: String, outcome: String, remote: RemoteID?) {
        self.address = address
        self.operation = operation
        self.outcome = outcome
        self.remote = remote
    }
}
