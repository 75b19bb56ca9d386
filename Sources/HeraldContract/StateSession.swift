package import HeraldModel

/// One runner's hold on the state: what it read, and the only way to write it back.
///
/// Every write is a compare-and-swap on the serial, so a holder that was paused and woke up late cannot write over what happened meanwhile.
package final class StateSession {
    package let store: any StateStore
    package private(set) var document: StateDocument

    package init(store: any StateStore, document: StateDocument) {
        self.store = store
        self.document = document
    }

    /// Changes the state durably, or throws and leaves it as it was.
    package func write(_ change: (inout StateDocument) -> Void) throws(StoreFailure) {
        var next = document
        change(&next)
        next.serial = document.serial + 1
        try store.save(next, expecting: document.serial)
        document = next
    }

    /// Whether this plan was spent before.
    package func isSpent(digest: String, madeAgainst serial: Int) -> Bool {
        document.spent.contains { $0.digest == digest && $0.madeAgainst == serial }
    }

    /// Spends a plan: from here on it cannot be applied again, and its changes may be written.
    package func spend(digest: String, madeAgainst serial: Int, at now: Instant) throws(StoreFailure) -> WriteGrant {
        guard !isSpent(digest: digest, madeAgainst: serial) else { throw .other("the plan was spent already") }
        try write { $0.spent.append(SpentPlan(digest: digest, madeAgainst: serial, at: now, finished: false)) }
        return WriteGrant(plan: digest)
    }

    /// Goes on with a plan whose apply was interrupted; nil where there is none.
    package func resume() -> WriteGrant? {
        document.spent.last { !$0.finished }.map { WriteGrant(plan: $0.digest) }
    }

    /// For what an applied envelope covers: sends that fall due.
    package func grant(under envelope: Envelope) -> WriteGrant { WriteGrant(plan: envelope.content) }

    /// Notes that a plan's apply has ended, and begins the journal anew.
    package func finish(digest: String, _ journal: any Journal) throws(StoreFailure) {
        try write { state in
            for index in state.spent.indices where state.spent[index].digest == digest { state.spent[index].finished = true }
        }
        try journal.clear()
    }
}
