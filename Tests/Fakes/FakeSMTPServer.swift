import Glibc
import Synchronization

/// A mail server on loopback that does what a test says, at the step that it says, and keeps what it took.
package final class FakeSMTPServer: Sendable {
    package enum Step: String, Sendable, CaseIterable {
        case connect, ehlo, auth, mail, rcpt, data
        /// Some of the mail was read, and not its end.
        case body
        /// The final dot was read, and not answered.
        case message
        /// It was answered.
        case replied
        case noop, quit
    }

    /// What a client has done so far.
    package struct Moment: Sendable {
        package let step: Step
        /// From 1.
        package let connection: Int
        /// The mail of this connection, from 1.
        package let mail: Int
        /// Of the mail, once it was named.
        package let recipient: String
        /// How often this step was reached over all connections, this time included.
        package let times: Int
    }

    package enum Action: Sendable {
        case usual
        /// Instead of the usual one. After a no, the mail is not taken.
        case reply(String)
        case replyAndDrop(String)
        case drop
        /// Keeps the mail, and goes without a word.
        case takeAndDrop
        case replyAfter(seconds: UInt32, String)
        /// Never answers again.
        case hang
    }

    package struct Mail: Sendable {
        package let sender: String
        package let recipient: String
        /// Without the dots that were stuffed.
        package let text: String
    }

    private struct State {
        var mails: [Mail] = []
        var connections = 0
        var open = 0
        var most = 0
        var times: [Step: Int] = [:]
        var lines: [String] = []
    }

    package let port: Int
    private let socket: Int32
    private let extensions: [String]
    private let act: @Sendable (Moment) -> Action
    private let state = Mutex(State())

    /// Listens at once. `extensions` are what EHLO announces.
    package init(extensions: [String] = ["8BITMIME", "ENHANCEDSTATUSCODES", "AUTH PLAIN LOGIN"], act: @escaping @Sendable (Moment) -> Action = { _ in .usual }) {
        self.extensions = extensions
        self.act = act
        (socket, port) = Loopback.listen()
        Detached.run { [self] in accept() }
    }

    /// Takes no connection any more; those that are open go on.
    package func stop() {
        // Closed by the thread that accepts: its number may be another's as soon as it is closed.
        shutdown(socket, Int32(SHUT_RDWR))
    }

    package var mails: [Mail] { state.withLock { $0.mails } }
    package var connections: Int { state.withLock { $0.connections } }
    /// How many connections were open at once, at most.
    package var mostConnections: Int { state.withLock { $0.most } }
    /// What clients said, without the texts of mails.
    package var lines: [String] { state.withLock { $0.lines } }
    /// How many mails each recipient has.
    package var counts: [String: Int] { mails.reduce(into: [:]) { $0[$1.recipient, default: 0] += 1 } }

    private func accept() {
        defer { close(socket) }
        while true {
            let descriptor = Glibc.accept(socket, nil, nil)
            guard descriptor >= 0 else { return }
            let number = state.withLock { state in
                state.connections += 1
                state.open += 1
                state.most = max(state.most, state.open)
                return state.connections
            }
            Detached.run { [self] in
                Session(line: LineSocket(descriptor), number: number, server: self).serve()
                state.withLock { $0.open -= 1 }
            }
        }
    }

    /// One connection, served on a thread of its own.
    private struct Session {
        var line: LineSocket
        let number: Int
        let server: FakeSMTPServer
        var mail = 1
        var sender = ""
        var recipient = ""

        init(line: LineSocket, number: Int, server: FakeSMTPServer) {
            (self.line, self.number, self.server) = (line, number, server)
        }

        /// Whether the session goes on.
        private func answer(_ step: Step, _ usual: String) -> (goesOn: Bool, isYes: Bool) {
            switch asked(step) {
            case .usual:
                line.say(usual)
                return (true, true)
            case .reply(let text):
                line.say(text)
                return (true, text.first == "2" || text.first == "3")
            case .replyAfter(let seconds, let text):
                sleep(seconds)
                line.say(text)
                return (true, text.first == "2" || text.first == "3")
            case .replyAndDrop(let text):
                line.say(text)
                return (false, false)
            case .drop, .takeAndDrop: return (false, false)
            case .hang:
                while line.next() != nil {}
                return (false, false)
            }
        }

        private func asked(_ step: Step) -> Action {
            let times = server.state.withLock { state in
                state.times[step, default: 0] += 1
                return state.times[step, default: 0]
            }
            return server.act(Moment(step: step, connection: number, mail: mail, recipient: recipient, times: times))
        }

        consuming func serve() {
            var session = self
            defer { session.line.end() }
            guard session.answer(.connect, "220 fake.example ESMTP").goesOn else { return }
            while let text = session.line.next(), session.serve(text) {}
        }

        private mutating func serve(_ text: String) -> Bool {
            server.state.withLock { $0.lines.append(text) }
            let word = text.prefix { $0 != " " && $0 != ":" }.uppercased()
            switch word {
            case "EHLO", "HELO":
                let all = ["fake.example"] + server.extensions
                let reply = all.enumerated().map { "250\($0.offset == all.count - 1 ? " " : "-")\($0.element)" }.joined(separator: "\r\n")
                return answer(.ehlo, reply).goesOn
            case "AUTH":
                if text.uppercased().hasPrefix("AUTH LOGIN") || text.split(separator: " ").count == 2 {
                    line.say("334 ")
                    guard line.next() != nil else { return false }
                }
                return answer(.auth, "235 2.7.0 yes").goesOn
            case "MAIL":
                sender = Session.address(text)
                return answer(.mail, "250 2.1.0 yes").goesOn
            case "RCPT":
                recipient = Session.address(text)
                return answer(.rcpt, "250 2.1.5 yes").goesOn
            case "DATA":
                let (goesOn, isYes) = answer(.data, "354 go on")
                return goesOn && (!isYes || take())
            case "RSET", "NOOP": return answer(.noop, "250 2.0.0 yes").goesOn
            case "QUIT":
                _ = answer(.quit, "221 2.0.0 bye")
                return false
            default:
                line.say("502 5.5.2 what?")
                return true
            }
        }

        private mutating func take() -> Bool {
            var text: [String] = []
            while let one = line.next() {
                if one == "." {
                    let action = asked(.message)
                    let took = Mail(sender: sender, recipient: recipient, text: text.map { $0 + "\r\n" }.joined())
                    let reply: (text: String, goesOn: Bool)
                    switch action {
                    case .usual: reply = ("250 2.0.0 taken", true)
                    case .reply(let text): reply = (text, true)
                    case .replyAfter(let seconds, let text):
                        sleep(seconds)
                        reply = (text, true)
                    case .replyAndDrop(let text): reply = (text, false)
                    case .drop: return false
                    case .takeAndDrop:
                        server.state.withLock { $0.mails.append(took) }
                        return false
                    case .hang:
                        while line.next() != nil {}
                        return false
                    }
                    if reply.text.first == "2" { server.state.withLock { $0.mails.append(took) } }
                    line.say(reply.text)
                    if case .usual = asked(.replied) {} else { return false }
                    mail += 1
                    return reply.goesOn
                }
                if text.isEmpty {
                    switch asked(.body) {
                    case .usual: break
                    case .reply(let words), .replyAfter(_, let words): line.say(words)
                    case .replyAndDrop(let words):
                        line.say(words)
                        return false
                    case .drop, .takeAndDrop: return false
                    case .hang:
                        while line.next() != nil {}
                        return false
                    }
                }
                text.append(one.hasPrefix(".") ? String(one.dropFirst()) : one)
            }
            return false
        }

        private static func address(_ text: String) -> String { String(text.drop { $0 != "<" }.dropFirst().prefix { $0 != ">" }) }
    }
}
