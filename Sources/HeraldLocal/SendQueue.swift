/// How long a send waits for a server that says "not now". Decision 30 says why these.
package struct SendPatience: Sendable {
    /// For one recipient, from the server's first "not now".
    package var recipient = Duration.seconds(30 * 60)
    package var firstWait = Duration.seconds(5)
    package var longestWait = Duration.seconds(5 * 60)
    /// For the server, from the first group of which it neither took nor refused anything.
    package var server = Duration.seconds(5 * 60)
    package var firstPause = Duration.seconds(1)
    package var longestPause = Duration.seconds(60)

    package init() {}
}

/// Whose turn it is: everybody in their order, and those again to whom the server said "not now". Holds a few numbers for each of these, and no mail.
struct SendQueue {
    struct Turn: Hashable {
        /// The place in the order.
        let place: Int
        fileprivate(set) var tries = 0
        /// When the server first said "not now".
        fileprivate var since: ContinuousClock.Instant?

        init(place: Int) { self.place = place }
    }

    private let count: Int
    private let patience: SendPatience
    private var next = 0
    private var first: [Turn] = []
    /// By when they are due, the latest first.
    private var later: [(due: ContinuousClock.Instant, turn: Turn)] = []

    init(count: Int, _ patience: SendPatience) {
        self.count = count
        self.patience = patience
    }

    /// Those whose turn has come: first who was put back, then who was told to come again, then who was not tried yet.
    mutating func take(_ most: Int, at now: ContinuousClock.Instant) -> [Turn] {
        var turns = Array(first.prefix(most))
        first.removeFirst(turns.count)
        while turns.count < most, let last = later.last, last.due <= now {
            turns.append(last.turn)
            later.removeLast()
        }
        let fresh = min(most - turns.count, count - next)
        turns += (next..<next + fresh).map(Turn.init)
        next += fresh
        return turns
    }

    /// When the next turn comes; nil where nobody waits for one.
    func due(at now: ContinuousClock.Instant) -> ContinuousClock.Instant? { next < count || !first.isEmpty ? now : later.last?.due }

    /// They were not tried.
    mutating func putBack(_ turns: [Turn]) { first = turns + first }

    /// Tried in vain: longer from time to time, and not all at the same moment. False where this recipient's time is over.
    mutating func postpone(_ turn: Turn, at now: ContinuousClock.Instant) -> Bool {
        var turn = turn
        let since = turn.since ?? now
        let wait = SendQueue.wait(patience.firstWait, patience.longestWait, turn.tries)
        guard now + wait - since <= patience.recipient else { return false }
        (turn.since, turn.tries) = (since, turn.tries + 1)
        let due = now + wait
        var (low, high) = (0, later.count)
        while low < high {
            let middle = (low + high) / 2
            if later[middle].due > due { low = middle + 1 } else { high = middle }
        }
        later.insert((due, turn), at: low)
        return true
    }

    /// Doubled from try to try, with a quarter more or less by chance.
    static func wait(_ first: Duration, _ longest: Duration, _ tries: Int) -> Duration {
        min(first * (1 << min(tries, 20)), longest) * Double.random(in: 0.75...1.25)
    }
}
