import Glibc
import HeraldPipeline
import Synchronization

/// Tells on stderr how far long work has come: on a terminal one line that is written over, elsewhere a line every few seconds. Silent where the work is short.
final class ProgressLine: Sendable {
    private struct Held {
        var told: Double
        var wasShown = false
    }

    private let verb: String
    private let isQuiet: Bool
    private let started = ProgressLine.clock()
    private let held: Mutex<Held>

    /// `verb` such as `sending`.
    init(_ verb: String, quiet: Bool) {
        self.verb = verb
        isQuiet = quiet
        held = Mutex(Held(told: ProgressLine.clock()))
    }

    func tell(_ done: Int, of total: Int, _ what: String = "") {
        Terminal.trace("\(verb) \(done) of \(total)\(what.isEmpty ? "" : " \(what)")")
        guard !isQuiet, total > 0 else { return }
        let interactive = Terminal.isInteractive
        held.withLock { held in
            let now = ProgressLine.clock()
            guard now - held.told >= (interactive ? 0.1 : 5) else { return }
            held.told = now
            held.wasShown = true
            let rate = Double(done) / max(now - started, 0.001)
            let left = rate > 0 ? Int(Double(total - done) / rate) : 0
            let words = "\(verb) \(PlanText.grouped(done)) of \(PlanText.grouped(total)), \(Int(rate))/s, \(left) s left\(what.isEmpty ? "" : "  \(what)")"
            guard interactive else { return Terminal.talk(words) }
            let filled = min(20, done * 20 / total)
            Terminal.talkOver("[\(String(repeating: "#", count: filled))\(String(repeating: ".", count: 20 - filled))] \(words)")
        }
    }

    /// Clears the line, so that what follows starts clean.
    func finish() { if held.withLock({ $0.wasShown }), Terminal.isInteractive { Terminal.talkOver("") } }

    /// Seconds that only go forward.
    private static func clock() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
