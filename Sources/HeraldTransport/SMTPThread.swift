import CCurl
import Glibc

/// The thread that owns libcurl's handles: starts a mail on whichever connection is free, at the allowed rate, and hands back what became of it.
struct SMTPThread {
    private struct Work {
        let batch: Int
        /// Nil: only the server is asked for.
        let mail: SMTPMail?
        let place: Int
    }

    private struct Open {
        let batch: SMTPBatch
        var results: [SMTPResult?]
        var left: Int
    }

    private let server: SMTPServer
    private let desk: SMTPDesk
    private var queue: [Work] = []
    /// The first of the queue that was not begun.
    private var next = 0
    private var open: [Int: Open] = [:]
    private var batches = 0
    private var idle: [SMTPTransfer] = []
    private var running: [UnsafeMutableRawPointer: (transfer: SMTPTransfer, work: Work)] = [:]
    private var pace: SMTPPace

    private init(_ server: SMTPServer, _ desk: SMTPDesk) {
        self.server = server
        self.desk = desk
        pace = SMTPPace(rate: server.rate)
    }

    static func start(_ server: SMTPServer, _ desk: SMTPDesk) {
        final class Start {
            let (server, desk): (SMTPServer, SMTPDesk)
            init(_ server: SMTPServer, _ desk: SMTPDesk) { (self.server, self.desk) = (server, desk) }
        }
        let start = Unmanaged.passRetained(Start(server, desk))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { start in
                if let start {
                    let start = Unmanaged<Start>.fromOpaque(start).takeRetainedValue()
                    var thread = SMTPThread(start.server, start.desk)
                    thread.run()
                }
                return nil
            }, start.toOpaque())
        if code == 0 {
            pthread_detach(thread)
        } else {
            start.release()
            for batch in desk.end() { SMTPThread.giveBack(batch) }
        }
    }

    private static func giveBack(_ batch: SMTPBatch) {
        batch.done(Array(repeating: .notBegun(SMTPFailure(.unavailable, "libcurl cannot be used")), count: batch.mails?.count ?? 1))
    }

    private mutating func run() {
        // A server that goes away must not end the process.
        var pipe = sigset_t()
        sigemptyset(&pipe)
        sigaddset(&pipe, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &pipe, nil)
        if let multi = CurlMulti(connections: server.connections) {
            desk.open(multi.waker)
            work(multi)
        }
        for batch in desk.end() { SMTPThread.giveBack(batch) }
    }

    /// Until the desk is closed and nothing is left to do. The multi handle ends with it.
    private mutating func work(_ multi: consuming CurlMulti) {
        while true {
            let (batches, isClosed) = desk.take()
            for batch in batches { take(batch) }
            startWhatMay(multi)
            multi.perform()
            while let (easy, code) = multi.nextEnded() { end(easy, code, multi) }
            if running.isEmpty, next == queue.count, isClosed { break }
            // A connection is free again, and a mail waits for it.
            if next < queue.count, running.count < server.connections, pace.wait == 0 { continue }
            multi.wait(milliseconds: next < queue.count && running.count < server.connections ? pace.wait : 1_000)
        }
        // In this order: nobody wakes a handle that is gone, and transfers go before the handle that they belong to.
        desk.forgetWaker()
        idle = []
    }

    private mutating func take(_ batch: SMTPBatch) {
        if next == queue.count { (queue, next) = ([], 0) }
        let count = batch.mails?.count ?? 1
        open[batches] = Open(batch: batch, results: Array(repeating: nil, count: count), left: count)
        for place in 0..<count { queue.append(Work(batch: batches, mail: batch.mails?[place], place: place)) }
        batches += 1
    }

    private mutating func startWhatMay(_ multi: borrowing CurlMulti) {
        while next < queue.count, running.count < server.connections {
            let work = queue[next]
            if work.mail != nil, pace.wait > 0 { return }
            next += 1
            if let mail = work.mail, !mail.isSpeakable {
                finish(work, .refused(SMTPReply(code: 501, status: "5.1.3")))
                continue
            }
            // Who only looks, looks with a handle of its own; its connection stays.
            guard let transfer = work.mail == nil ? SMTPTransfer(server) : idle.popLast() ?? SMTPTransfer(server) else {
                finish(work, .notBegun(SMTPFailure(.unavailable, "libcurl cannot be used")))
                continue
            }
            if let mail = work.mail {
                pace.count()
                transfer.load(mail)
            } else {
                transfer.loadNothing()
            }
            guard multi.add(transfer.handle) else {
                finish(work, .notBegun(SMTPFailure(.unavailable, "libcurl cannot be used")))
                continue
            }
            running[transfer.handle] = (transfer, work)
        }
    }

    private mutating func end(_ easy: UnsafeMutableRawPointer, _ code: CURLcode, _ multi: borrowing CurlMulti) {
        multi.remove(easy)
        guard let (transfer, work) = running.removeValue(forKey: easy) else { return }
        if work.mail == nil {
            finish(work, code == CURLE_OK ? .accepted : .notBegun(transfer.progress.failure(code, server)))
        } else {
            idle.append(transfer)
            finish(work, transfer.progress.result(code, server))
        }
    }

    private mutating func finish(_ work: Work, _ result: SMTPResult) {
        guard var batch = open.removeValue(forKey: work.batch) else { return }
        batch.results[work.place] = result
        batch.left -= 1
        if batch.left == 0 { batch.batch.done(batch.results.compactMap { $0 }) } else { open[work.batch] = batch }
    }
}

/// So many mails a second, evenly.
private struct SMTPPace {
    /// Nanoseconds between two.
    private let gap: Int64
    private var allowed: Int64 = 0

    init(rate: Int?) { gap = rate.map { 1_000_000_000 / Int64(max(1, $0)) } ?? 0 }

    /// Milliseconds until the next may go.
    var wait: Int32 { gap == 0 ? 0 : Int32(clamping: max(0, (allowed - SMTPPace.now + 999_999) / 1_000_000)) }

    /// One goes now.
    mutating func count() { if gap > 0 { allowed = max(allowed, SMTPPace.now) + gap } }

    private static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
