import HeraldContract
import HeraldStore

import Glibc

/// A folder in which mails end as files, instead of leaving. A file is the witness that its mail was sent: its name follows from the send and the person, and
/// it appears whole or not at all.
///
/// Sending over SMTP will stand beside it. A server keeps no witness that could be looked at, so what it was given and did not answer is unknown.
struct Outbox: Sendable {
    let folder: String

    func prepare() throws(StoreFailure) { try DurableFile.makeFolder(folder) }

    /// All of them durable when it returns.
    func put(_ mails: [(name: String, bytes: [UInt8])]) throws(StoreFailure) {
        try DurableFile.write(mails.map { (path($0.name), $0.bytes) })
    }

    func holds(_ name: String) -> Bool { access(path(name), F_OK) == 0 }

    /// Nothing happens where they are gone.
    func remove(_ names: [String]) throws(StoreFailure) { for name in names { try DurableFile.remove(path(name)) } }

    static func name(email: String, message: String) -> String { "\(email).\(message).eml" }

    private func path(_ name: String) -> String { "\(folder)/\(name)" }
}
