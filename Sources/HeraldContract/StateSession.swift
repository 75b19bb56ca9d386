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
    package func spend(
        digest: String, madeAgainst serial: Int, expires: Instant, at now: Instant, _ note: RunNote = RunNote()
    ) throws(StoreFailure) -> WriteGrant {
        guard !isSpent(digest: digest, madeAgainst: serial) else { throw .other("the plan was spent already") }
        guard !document.needsRecovery else { throw .open("an earlier run was interrupted; run `herald recover` first") }
        try store.dropAudiences(except: document.keptAudiences)
        let plan = SpentPlan(digest: digest, madeAgainst: serial, at: now, expires: expires, finished: false, note: note)
        try write { $0.spend(plan, at: now) }
        return WriteGrant(plan: plan.id)
    }

    /// For what applied plans cover without asking again (`herald run`): a due send, members who follow the data. It is noted like a plan that is spent, so
    /// that an interruption is noticed.
    package func cover(_ what: String, at now: Instant, _ note: RunNote = RunNote()) throws(StoreFailure) -> WriteGrant {
        try spend(digest: SpentPlan.covered + what, madeAgainst: document.serial, expires: now, at: now, note)
    }

    /// Goes on with a plan whose apply was interrupted; nil where there is none.
    package func resume() -> WriteGrant? { document.unfinished.map { WriteGrant(plan: $0.id) } }
}
