import Synchronization

/// Large values that are held until the process ends: the system takes back their memory at once, while taking ten thousand definitions apart one by one
/// is a tenth of a plan's time.
enum KeptUntilExit {
    private static let held = Mutex<[any Sendable]>([])

    static func keep(_ value: some Sendable) { held.withLock { $0.append(value) } }
}
