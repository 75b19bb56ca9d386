import Glibc
import Synchronization

/// Gives mails to a server over several connections at once, each kept from mail to mail. A thread of its own does all of it; callers only wait.
///
/// It never tries a mail a second time: what is safe to try again is said in the result, and left to the caller.
package final class SMTPClient: Sendable {
    private let desk: SMTPDesk
    private let server: SMTPServer

    package init(_ server: SMTPServer) {
        self.server = server
        desk = SMTPDesk()
        SMTPThread.start(server, desk)
    }

    deinit { desk.close() }

    /// Reaches the server and logs in; nil where that works. The connection is kept for the first mail.
    package func check() async -> SMTPFailure? {
        guard case .notBegun(let failure)? = await hand(nil).first else { return nil }
        return failure
    }

    /// One result for each mail, in their order, once all of them have one.
    package func deliver(_ mails: [SMTPMail]) async -> [SMTPResult] { mails.isEmpty ? [] : await hand(mails) }

    /// Ends the sessions. Nothing may be delivered afterwards.
    package func close() async {
        await withCheckedContinuation { continuation in desk.close { continuation.resume() } }
    }

    private func hand(_ mails: [SMTPMail]?) async -> [SMTPResult] {
        await withCheckedContinuation { continuation in
            let isOpen = desk.hand(SMTPBatch(mails) { continuation.resume(returning: $0) })
            if !isOpen {
                continuation.resume(returning: Array(repeating: .notBegun(SMTPFailure(.unavailable, "libcurl cannot be used")), count: mails?.count ?? 1))
            }
        }
    }
}

/// Mails that were asked for together. Nil mails: only the server is asked for.
struct SMTPBatch: Sendable {
    let mails: [SMTPMail]?
    let done: @Sendable ([SMTPResult]) -> Void

    init(_ mails: [SMTPMail]?, done: @escaping @Sendable ([SMTPResult]) -> Void) {
        self.mails = mails
        self.done = done
    }
}

/// Where callers leave their batches for the thread.
final class SMTPDesk: Sendable {
    private struct State {
        var batches: [SMTPBatch] = []
        var waker: CurlMulti.Waker?
        var isClosed = false
        var hasEnded = false
        var ended: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    /// Whether it will be done; not once the thread has ended.
    func hand(_ batch: SMTPBatch) -> Bool {
        state.withLock { state in
            guard !state.hasEnded, !state.isClosed else { return false }
            state.batches.append(batch)
            state.waker?.wake()
            return true
        }
    }

    /// `then` is called once the sessions have ended.
    func close(then: @escaping @Sendable () -> Void = {}) {
        let isOver = state.withLock { state in
            state.isClosed = true
            state.waker?.wake()
            if !state.hasEnded { state.ended.append(then) }
            return state.hasEnded
        }
        if isOver { then() }
    }

    // MARK: for the thread

    func open(_ waker: CurlMulti.Waker) { state.withLock { $0.waker = waker } }

    func take() -> (batches: [SMTPBatch], isClosed: Bool) {
        state.withLock { state in
            defer { state.batches = [] }
            return (state.batches, state.isClosed)
        }
    }

    /// Before the multi handle goes: nobody wakes it any more.
    func forgetWaker() { state.withLock { $0.waker = nil } }

    /// What was left meanwhile is handed back.
    func end() -> [SMTPBatch] {
        let (left, ended) = state.withLock { state in
            (state.hasEnded, state.waker) = (true, nil)
            defer { (state.batches, state.ended) = ([], []) }
            return (state.batches, state.ended)
        }
        for one in ended { one() }
        return left
    }
}
