import HeraldContract
import HeraldModel

extension ProviderWriter {
    /// Changes the members of a list in parts, so that no more people than one part are revealed at once, and counts them afterwards.
    func change(
        _ list: RemoteID, of people: DesiredMembers, adding: [PersonDigest], removing: [PersonDigest], part: Int = 5_000
    ) async -> Outcome<RemoteObject?> {
        var (added, removed) = (adding[...], removing[...])
        while true {
            let outcome = await change(list, adding: people.reveal(Array(added.prefix(part))), removing: Array(removed.prefix(part)))
            (added, removed) = (added.dropFirst(part), removed.dropFirst(part))
            guard case .done(let count) = outcome else { return outcome.map { _ in nil } }
            guard added.isEmpty, removed.isEmpty else { continue }
            guard count == people.members.count else {
                return .failed(ProviderFailure(.damaged, "the list has \(count) members where \(people.members.count) should be"))
            }
            return .done(nil)
        }
    }
}

extension Outcome {
    func map<Other: Sendable>(_ transform: (Value) -> Other) -> Outcome<Other> {
        switch self {
        case .done(let value): .done(transform(value))
        case .refusedBeforeActing(let failure): .refusedBeforeActing(failure)
        case .failed(let failure): .failed(failure)
        case .unknown(let failure): .unknown(failure)
        }
    }

    var word: String {
        switch self {
        case .done: "done"
        case .refusedBeforeActing: "refused"
        case .failed: "failed"
        case .unknown: "unknown"
        }
    }
}
