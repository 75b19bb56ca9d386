import CCurl
import Glibc

/// The thread of one connection: takes a mail, waits until it may go, sends it, says what became of it.
enum SMTPThread {
    /// What a new thread is given.
    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    static func start(_ server: SMTPServer, _ desk: SMTPDesk) {
        let body = Unmanaged.passRetained(Body { run(server, desk) }).toOpaque()
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { body in
                if let body { Unmanaged<Body>.fromOpaque(body).takeRetainedValue().run() }
                return nil
            }, body)
        guard code == 0 else { preconditionFailure("the system has no thread left (\(code))") }
        pthread_detach(thread)
    }

    private static func run(_ server: SMTPServer, _ desk: SMTPDesk) {
        // A server that goes away must not end the process.
        var pipe = sigset_t()
        sigemptyset(&pipe)
        sigaddset(&pipe, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &pipe, nil)
        serve(server, desk)
        desk.leave()
    }

    /// Until the desk is closed. The session ends with it, politely.
    private static func serve(_ server: SMTPServer, _ desk: SMTPDesk) {
        let transfer = HTTPClient.isReady ? SMTPTransfer(server) : nil
        while let (batch, place) = desk.take() {
            guard let transfer else {
                batch.finish(place, .notBegun(SMTPFailure(.unavailable, "libcurl cannot be used")))
                continue
            }
            guard let mail = batch.mails[place] else {
                batch.finish(place, transfer.reach().map { .notBegun($0) } ?? .accepted)
                continue
            }
            guard mail.isSpeakable else {
                batch.finish(place, .refused(SMTPReply(code: 501, status: "5.1.3")))
                continue
            }
            SMTPPace.sleep(until: desk.reserve())
            batch.finish(place, transfer.send(mail))
        }
    }
}

/// So many mails a second, evenly.
struct SMTPPace {
    /// Nanoseconds between two.
    private let gap: Int64
    private var allowed: Int64 = 0

    init(rate: Int?) { gap = rate.map { 1_000_000_000 / Int64(max(1, $0)) } ?? 0 }

    /// When the next may go; it is counted as gone then.
    mutating func reserve() -> Int64 {
        guard gap > 0 else { return 0 }
        let start = max(allowed, SMTPPace.now)
        allowed = start + gap
        return start
    }

    static func sleep(until moment: Int64) {
        guard moment > 0 else { return }
        var due = timespec(tv_sec: Int(moment / 1_000_000_000), tv_nsec: Int(moment % 1_000_000_000))
        while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, nil) == EINTR {}
    }

    /// Nanoseconds of a clock that nobody sets.
    private static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
