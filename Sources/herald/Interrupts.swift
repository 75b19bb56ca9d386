import Glibc
import Synchronization

/// Ctrl-C: the first asks to stop after what was begun, the second stops at once, which `herald recover` copes with.
enum Interrupts {
    private static let asked = Atomic<Bool>(false)

    static var wereAsked: Bool { asked.load(ordering: .relaxed) }

    /// Ends the task that runs this, where somebody asked for it: a send stops between two groups of mails.
    static func passOn() { if wereAsked { withUnsafeCurrentTask { $0?.cancel() } } }

    /// From here on. Before, a command changes nothing, and may end at once.
    static func listen() {
        for number in [SIGINT, SIGTERM] {
            signal(number) { number in
                guard Interrupts.asked.exchange(true, ordering: .relaxed) else { return }
                signal(number, SIG_DFL)
                raise(number)
            }
        }
    }
}
