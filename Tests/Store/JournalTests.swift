import HeraldContract
import HeraldModel
import HeraldStore
import Testing

@Suite("The journal")
struct JournalTests {
    let folder: StoreFolder
    let path: String

    init() throws {
        folder = try StoreFolder()
        path = "\(folder.path)/state.journal"
    }

    private func intent(_ id: String) -> Intent {
        Intent(address: Address(.list, id), operation: "members", settling: .repeatable, provider: "local", mark: "m-\(id)", plan: "sha256:1@2")
    }

    private func filled() throws -> JournalFile {
        let journal = JournalFile(path: path)
        try journal.intend([intent("a"), intent("b")])
        try journal.record(JournalResult(address: Address(.list, "a"), operation: "members", outcome: "done", remote: RemoteID("7")))
        try journal.record(JournalResult(address: Address(.list, "b"), operation: "members", outcome: "failed", remote: nil))
        return journal
    }

    @Test("What was written is what is read, by another one too")
    func roundTrip() throws {
        _ = try filled()
        let (intents, results) = try JournalFile(path: path).read()
        #expect(intents == [intent("a"), intent("b")])
        #expect(results.map(\.outcome) == ["done", "failed"])
        #expect(results.first?.remote == RemoteID("7"))
    }

    @Test("None is empty; clearing twice is fine; after that it begins anew")
    func clear() throws {
        let journal = try filled()
        try journal.clear()
        try journal.clear()
        #expect(try journal.read().intents.isEmpty)
        try journal.intend([intent("c")])
        #expect(try journal.read().intents == [intent("c")])
    }

    @Test("Cut off at any byte: what stands before the cut is read")
    func torn() throws {
        _ = try filled()
        let whole = try folder.bytes("state.journal")
        let ends = whole.indices.filter { whole[$0] == 0x0A }
        for length in 0...whole.count {
            try folder.write(Array(whole[..<length]), "state.journal")
            let (intents, results) = try JournalFile(path: path).read()
            let lines = ends.count { $0 < length } + (ends.contains(length) ? 1 : 0)
            #expect(intents.count + results.count == lines, "cut at \(length)")
        }
    }

    @Test("Damage in the middle is told, with the way out")
    func damaged() throws {
        _ = try filled()
        var bytes = try folder.bytes("state.journal")
        bytes[3] = 0
        try folder.write(bytes, "state.journal")
        let failure = #expect(throws: StoreFailure.self) { try JournalFile(path: path).read() }
        #expect(failure?.exit == .refused)
        #expect(failure?.message.contains("line 1") == true)
        #expect(failure?.message.contains("herald recover") == true)
    }

    @Test("A full disk is an error, and no intent")
    func fullDisk() {
        let journal = JournalFile(path: "/dev/full")
        let failure = #expect(throws: StoreFailure.self) { try journal.intend([intent("a")]) }
        #expect(failure?.message.contains("No space left") == true)
    }
}
