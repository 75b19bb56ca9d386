import HeraldContract
import HeraldModel
import HeraldStore

import Glibc

/// A folder in which mails end as files, instead of leaving. A file is the witness that its mail was sent: its name follows from the send and the person, and
/// it appears whole or not at all.
struct Outbox: Delivery {
    let folder: String
    let leavesWitness = true
    private let worker = Worker()

    init(folder: String) { self.folder = folder }

    func prepare() async throws(ProviderFailure) {
        let folder = folder
        try await worker.run { () throws(ProviderFailure) in try ProviderFailure.translating(folder) { try DurableFile.makeFolder(folder) } }
    }

    /// All of them durable when it returns.
    func deliver(_ mails: [OutgoingMail]) async -> Result<[Handover], ProviderFailure> {
        let folder = folder
        let files = mails.map { ("\(folder)/\($0.name).eml", $0.bytes) }
        do throws(ProviderFailure) {
            try await worker.run { () throws(ProviderFailure) in try ProviderFailure.translating(folder) { try DurableFile.write(files) } }
        } catch { return .failure(error) }
        return .success(mails.map { _ in .left })
    }

    func finish() async {}

    /// Nothing happens where they are gone.
    func remove(_ names: [String]) throws(StoreFailure) { for name in names { try DurableFile.remove("\(folder)/\(name).eml") } }

    /// Whether the mail of that name is there.
    func holds(_ name: String) -> Bool { access("\(folder)/\(name).eml", F_OK) == 0 }
}
