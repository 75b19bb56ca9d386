/// How a command ended, as a number that scripts may rely on for ever.
package enum ExitCode: Int32, Sendable, CaseIterable {
    case done = 0
    /// Another error, wrong usage, or a part of an apply failed.
    case failed = 1
    case changes = 2
    case configuration = 3
    /// Credentials or the workspace's key.
    case credentials = 4
    case rateLimit = 5
    case refused = 6
    case stale = 7
    /// Something may or may not have happened; a person decides.
    case unknown = 8
    case locked = 9

    /// If several hold, the first of this order is the one to tell.
    private static let gravity: [ExitCode] = [
        .unknown, .stale, .refused, .credentials, .rateLimit, .configuration, .locked, .failed, .changes, .done,
    ]

    package static func gravest(_ codes: some Sequence<ExitCode>) -> ExitCode {
        let held = Set(codes)
        return gravity.first(where: held.contains) ?? .done
    }
}
