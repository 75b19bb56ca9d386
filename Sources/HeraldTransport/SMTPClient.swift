import Dispatch
import Synchronization

/// Gives mails to a server over several connections at once, each kept from mail to mail. Each connection has a thread of its own; callers only wait.
///
/// A thread for each, and not one for all: libcurl waits for the reply to a whole mail without letting go of its thread, so that on one thread the mails of all
/// connections would wait for each other. It never tries a mail a second time: what is safe to try again is said in the result, and left to the caller.
package final class SMTPClient: Sendable {
    private let desk: SMTPDesk

    package init(_ server: SMTPServer) { desk = SMTPDesk(server) }

    deinit { desk.close {} }

    /// Reaches the server and logs in; nil where that works. The connection is kept for the first mail.
    package func check() async -> SMTPFailure? {
        guard case .notBegun(let failure)? = await hand([nil]).first else { return nil }
        return failure
    }

    /// One result for each mail, in their order, once all of them have one.
    package func deliver(_ mails: [SMTPMail]) async -> [SMTPResult] { mails.isEmpty ? [] : await hand(mails) }

    /// Ends the sessions. Nothing can be delivered afterwards.
    package func close() async {
        await withCheckedContinuation { continuation in desk.close { continuation.resume() } }
    }

    private func hand(_ mails: [SMTPMail?]) async -> [SMTPResult] {
        await withCheckedContinuation { continuation in desk.hand(SMTPBatch(mails) { continuation.resume(returning: $0) }) }
    }
}

/// Mails that were asked for together, and what became of them. One that is nil only asks for the server.
final class SMTPBatch: Sendable {
    let mails: [SMTPMail?]
    private let results: Mutex<(all: [SMTPResult?], left: Int)>
    private let done: @Sendable ([SMTPResult]) -> Void

    init(_ mails: [SMTPMail?], done: @escaping @Sendable ([SMTPResult]) -> Void) {
        self.mails = mails
        self.done = done
        results = Mutex((Array(repeating: nil, count: mails.count), mails.count))
    }

    /// Each place once.
    func finish(_ place: Int, _ result: SMTPResult) {
        let all: [SMTPResult]? = results.withLock { results in
            results.all[place] = result
            results.left -= 1
            return results.left == 0 ? results.all.compactMap { $0 } : nil
        }
        if let all { done(all) }
    }
}

/// Where callers leave mails, and the threads take them.
final class SMTPDesk: Sendable {
    private struct State {
        var queue: [(batch: SMTPBatch, place: Int)] = []
        /// The first of the queue that was not taken.
        var next = 0
        var threads = 0
        var isClosed = false
        var ended: [@Sendable () -> Void] = []
        var pace: SMTPPace
    }

    private let server: SMTPServer
    private let state: Mutex<State>
    /// Counts what waits in the queue; and once the desk is closed, the threads that have to learn of it.
    private let waiting = DispatchSemaphore(value: 0)

    init(_ server: SMTPServer) {
        self.server = server
        state = Mutex(State(pace: SMTPPace(rate: server.rate)))
    }

    func hand(_ batch: SMTPBatch) {
        let (isOpen, missing) = state.withLock { state in
            guard !state.isClosed else { return (false, 0) }
            if state.next == state.queue.count { (state.queue, state.next) = ([], 0) }
            for place in batch.mails.indices { state.queue.append((batch, place)) }
            let missing = max(0, min(server.connections, state.queue.count - state.next) - state.threads)
            state.threads += missing
            return (true, missing)
        }
        guard isOpen else {
            for place in batch.mails.indices { batch.finish(place, .notBegun(SMTPFailure(.unavailable, "the sessions with \(server.name) have ended"))) }
            return
        }
        for _ in 0..<missing { SMTPThread.start(server, self) }
        for _ in batch.mails { waiting.signal() }
    }

    /// `then` is called once all sessions have ended.
    func close(then: @escaping @Sendable () -> Void) {
        let threads = state.withLock { state in
            let threads = state.isClosed ? 0 : state.threads
            state.isClosed = true
            if state.threads > 0 { state.ended.append(then) } else { then() }
            return threads
        }
        for _ in 0..<threads { waiting.signal() }
    }

    /// Waits for a mail; nil once the desk is closed and nothing is left.
    func take() -> (batch: SMTPBatch, place: Int)? {
        waiting.wait()
        return state.withLock { state in
            guard state.next < state.queue.count else { return nil }
            state.next += 1
            return state.queue[state.next - 1]
        }
    }

    /// When the next mail may go, in nanoseconds of `SMTPPace.now`.
    func reserve() -> Int64 { state.withLock { $0.pace.reserve() } }

    /// A thread has ended its session.
    func leave() {
        let ended = state.withLock { state in
            state.threads -= 1
            defer { if state.threads == 0 { state.ended = [] } }
            return state.threads == 0 ? state.ended : []
        }
        for one in ended { one() }
    }
}
