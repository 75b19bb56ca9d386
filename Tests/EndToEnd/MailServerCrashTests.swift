import Foundation
import HeraldFakes
import Synchronization
import Testing

/// herald killed while it talks to a mail server, at every step of the talk: nobody gets two mails, and nobody is missing but those who are told as unknown.
@Suite("Killed at every step of SMTP") struct MailServerCrashTests {
    /// Ends a process by the id that it wrote into a file.
    private final class Killer: Sendable {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("herald-pid-\(UUID().uuidString)").path
        private let armed = Mutex(false)

        deinit { try? FileManager.default.removeItem(atPath: file) }

        func arm() { armed.withLock { $0 = true } }

        /// Once, when armed.
        func strike() {
            let isOurs = armed.withLock { armed in
                defer { armed = false }
                return armed
            }
            guard isOurs, let text = try? String(contentsOfFile: file, encoding: .utf8), let process = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)) else { return }
            kill(process, SIGKILL)
        }
    }

    /// The first time, in the middle of a group, in another group, and near the end. The last of them leave the mail with the server.
    static let cases: [(FakeSMTPServer.Step, Int)] =
        [(.connect, 1), (.ehlo, 1), (.noop, 1)] + [.mail, .rcpt, .data, .body, .message, .replied].flatMap { step in [1, 17, 32, 33, 70].map { (step, $0) } }

    @Test("nobody gets two mails", arguments: cases) func killed(_ step: FakeSMTPServer.Step, _ times: Int) throws {
        let killer = Killer()
        let server = FakeSMTPServer { moment in
            if moment.step == step, moment.times == times {
                killer.strike()
                // As bad as it can be: the mail is taken, and nobody is there to hear of it.
                if step == .message { return .takeAndDrop }
            }
            return .usual
        }
        let shop = try HeraldWorkspace.mailing(server, people: 70)
        try shop.prepareSend()
        killer.arm()
        let words = HeraldWorkspace.sending.split(separator: " ").map(String.init)
        let killed = try shop.run(
            arguments: ["-c", "echo $$ > \"$0\"; exec \"$@\"", killer.file, HeraldWorkspace.program] + words, program: "/bin/sh")
        #expect(killed.code == -9, "\(killed.all)")
        let recover = try shop.herald("recover")
        #expect([0, 8].contains(recover.code), "\(recover.all)")
        if recover.out.contains("was not sent") {
            try shop.herald("plan")
            #expect(try shop.herald(HeraldWorkspace.sending).code == 0)
        }
        #expect(server.counts.values.allSatisfy { $0 == 1 })
        let unknown = recover.out.firstMatch(of: /(\d+) (people|person) may or may not have got it/).flatMap { Int($0.1) } ?? 0
        #expect(unknown <= 32)
        #expect(70 - server.counts.count <= unknown, "\(server.counts.count) mails, \(unknown) unknown: \(recover.all)")
        let before = server.mails.count
        // Whatever is tried next, nobody is sent to again.
        #expect(try [0, 8].contains(shop.herald("recover").code))
        try shop.herald("plan")
        try shop.herald(HeraldWorkspace.sending)
        try shop.herald("run")
        #expect(server.mails.count == before)
    }

    @Test(
        "a disk that is full or fails in the middle: at most one group is unknown, and nobody gets two",
        .enabled(if: CrashShim.library != nil, "needs a C compiler"), arguments: ["FULL", "EIO", "KILL"])
    func disk(_ fault: String) throws {
        let server = FakeSMTPServer()
        let shop = try HeraldWorkspace.mailing(server, people: 70)
        try shop.prepareSend()
        for number in stride(from: 1, through: 24, by: 1) {
            let copy = try shop.copied()
            let before = server.mails.count
            let run = try copy.herald(HeraldWorkspace.sending, with: CrashShim.variables(fault, "\(number)"))
            #expect(fault == "KILL" || run.code >= 0, "\(fault) \(number): \(run.all)")
            let recover = try copy.herald("recover")
            #expect([0, 8].contains(recover.code), "\(fault) \(number): \(recover.all)")
            if try copy.herald("status").out.contains("sent: ") == false {
                try copy.herald("plan")
                try copy.herald(HeraldWorkspace.sending)
            }
            let mails = server.mails[before...].reduce(into: [String: Int]()) { $0[$1.recipient, default: 0] += 1 }
            #expect(mails.values.allSatisfy { $0 == 1 }, "\(fault) \(number)")
            let unknown = recover.out.firstMatch(of: /(\d+) (people|person) may or may not have got it/).flatMap { Int($0.1) } ?? 0
            #expect(unknown <= 32 && 70 - mails.count <= unknown, "\(fault) \(number): \(mails.count) mails, \(unknown) unknown: \(run.all) \(recover.all)")
        }
    }
}
