package import HeraldContract
package import HeraldModel

/// Carries out the steps of a plan that was spent: in order, in groups, each group's intents durable before its first call.
///
/// The state is written a fixed number of times, however many steps there are: before each thousand calls that could make something twice (their
/// intents, by compare-and-swap, so that no second runner makes them too), and at the end. What happens in between stands in the journal, which costs
/// the same for every step; after a crash `Recovery` reads both.
package struct Applier {
    /// How many calls are begun between two syncs of the journal.
    package static let group = 32
    /// How many intents of findable calls are written into the state at once. One look at the provider settles them all.
    package static let fence = 1_000

    /// What stands still while steps are carried out.
    struct Setting {
        let session: StateSession
        let journal: any Journal
        let providers: [String: any Provider]
        let progress: @Sendable (_ done: Int, _ of: Int, _ what: String) -> Void
        let isStopped: @Sendable () -> Bool
        let pause: @Sendable (Duration) async -> Void
    }

    private let setting: Setting

    /// `progress` is told after each step. `isStopped` is asked before each: where it says yes (Ctrl-C), what
    /// was begun is finished and recorded, and nothing else is begun. `pause` lets time pass before a call that was refused is tried again.
    package init(
        session: StateSession, journal: any Journal, providers: [any Provider],
        progress: @escaping @Sendable (Int, Int, String) -> Void, isStopped: @escaping @Sendable () -> Bool = { false },
        pause: @escaping @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }
    ) {
        setting = Setting(
            session: session, journal: journal, providers: Dictionary(providers.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }),
            progress: progress, isStopped: isStopped, pause: pause)
    }

    /// Applies and records every step. What fails is reported, what depends on it is skipped, everything else goes on.
    ///
    /// Where the state or the journal cannot be written, nothing else is begun; the result says so, and `recover` finds out the rest.
    package func apply(_ steps: [Step], _ grant: borrowing WriteGrant) async -> ApplyResult {
        var run = ApplyRun(setting, total: steps.count, plan: grant.plan)
        do throws(StoreFailure) {
            // An older run may have left its journal behind after all of it had reached the state.
            try setting.journal.clear()
            for step in steps { run.open(step.provider, grant) }
            var left = steps[...]
            while let stage = left.first?.stage {
                // A stage ends before the next begins, so that what comes later finds recorded ids.
                let part = left.prefix { $0.stage == stage }
                try await run.carryOut(part)
                left = left.dropFirst(part.count)
            }
            try await run.finish()
        } catch { run.result.interrupted = error }
        return run.result
    }
}

/// What applying did.
package struct ApplyResult: Sendable {
    package var done = 0
    package var failures: [(address: Address, failure: ProviderFailure)] = []
    /// Nobody can say whether it happened, even after looking.
    package var unknown: [(address: Address, failure: ProviderFailure)] = []
    /// What was not begun because something before it failed.
    package var skipped: [Address] = []
    /// What was not begun because somebody stopped the run.
    package var stopped = 0
    /// The state or the journal could not be written: what was begun stands open.
    package var interrupted: StoreFailure?

    /// For the history.
    var words: String {
        let rest = [(failures.count, "failed"), (skipped.count, "skipped"), (stopped, "stopped before")].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return ([PlanText.count(done, "step") + " done"] + rest).joined(separator: ", ")
    }

    /// Whether `herald recover` must be run before anything else.
    package var needsRecovery: Bool { interrupted != nil || !unknown.isEmpty }

    package var exitCode: ExitCode {
        ExitCode.gravest(
            failures.map(\.failure.exit) + [needsRecovery ? .unknown : stopped > 0 ? .failed : .done])
    }
}
