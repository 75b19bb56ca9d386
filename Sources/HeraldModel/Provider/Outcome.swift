/// Why a provider could not do something. The message holds no personal data and no secret.
package struct ProviderFailure: Error, Hashable, Sendable {
    package enum Cause: Sendable { case credentials, rateLimit, unavailable, refused, damaged, other }

    package let cause: Cause
    package let message: String

    package init(_ cause: Cause, _ message: String) {
        self.cause = cause
        self.message = message
    }

    /// Whether the same may go well a little later.
    package var isPassing: Bool { cause == .rateLimit || cause == .unavailable }

    package var exit: ExitCode {
        switch cause {
        case .credentials: .credentials
        case .rateLimit: .rateLimit
        case .refused, .damaged: .refused
        case .unavailable, .other: .failed
        }
    }
}

/// How one operation ended.
package enum Outcome<Value: Sendable>: Sendable {
    case done(Value)
    /// The provider said no before it did anything; may be tried again where the cause is passing.
    case refusedBeforeActing(ProviderFailure)
    /// It did not happen, and trying again would not help.
    case failed(ProviderFailure)
    /// Nobody can say yet whether it happened; settled by looking.
    case unknown(ProviderFailure)
}

/// What looking again told of an unknown outcome.
package enum Settlement<Value: Sendable>: Sendable {
    case happened(Value)
    case didNotHappen
    case cannotTell(String)
}

/// What a vendor can do, so that plans promise nothing else.
package struct Capabilities: Hashable, Sendable {
    /// Sends that the provider itself starts at a time; where false, herald holds them until they are due.
    package let schedules: Bool
    package let unschedule: Bool
    package let showsScheduled: Bool
    package let recipientZones: Bool
    /// Sends start on multiples of so many minutes.
    package let scheduleGrid: Int
    package let deletesObjects: Bool

    package init(
        schedules: Bool, unschedule: Bool, showsScheduled: Bool, recipientZones: Bool, scheduleGrid: Int = 1,
        deletesObjects: Bool = true
    ) {
        self.schedules = schedules
        self.unschedule = unschedule
        self.showsScheduled = showsScheduled
        self.recipientZones = recipientZones
        self.scheduleGrid = scheduleGrid
        self.deletesObjects = deletesObjects
    }
}
