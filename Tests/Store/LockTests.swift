import HeraldContract
import HeraldModel
import HeraldStore
import Synchronization
import Testing

@Suite("The lock")
struct LockTests {
    let folder: StoreFolder
    let store: LocalStateStore

    init() throws {
        folder = try StoreFolder()
        store = LocalStateStore(folder: folder.path, environment: "prod")
    }

    private func holder(_ id: String) -> LockHolder {
        LockHolder(id: id, operation: "apply", host: "ci-7", process: 4711, since: Samples.now)
    }

    @Test("One holds it; the others learn who")
    func held() throws {
        try store.lock(holder("a"))
        let failure = #expect(throws: StoreFailure.self) { try store.lock(holder("b")) }
        #expect(failure == .locked(holder("a")))
        #expect(failure?.exit == .locked)
        #expect(failure?.message == "apply has been running on ci-7 (process 4711) since 2027-01-15T08:00:00Z, lock a")
        #expect(try store.holder() == holder("a"))
    }

    @Test("Only its holder gives it back, and giving back twice does nothing")
    func unlock() throws {
        try store.lock(holder("a"))
        try store.unlock(id: "b")
        #expect(try store.holder() == holder("a"))
        try store.unlock(id: "a")
        try store.unlock(id: "a")
        #expect(try store.holder() == nil)
        try store.lock(holder("b"))
        #expect(try store.holder() == holder("b"))
    }

    @Test("Sixteen at once: one gets it, and no file of the others stays")
    func race() async throws {
        let store = store
        let won = await withTaskGroup(of: Bool.self) { group in
            for id in 0..<16 {
                group.addTask { (try? store.lock(LockHolder(id: "\(id)", operation: "apply", host: "h", process: id, since: Samples.now))) != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(won == 1)
        #expect(try folder.names() == ["state-prod.lock"])
    }

    @Test("A damaged lock says what to do")
    func damaged() throws {
        try folder.write([0x7B], "state-prod.lock")
        let failure = #expect(throws: StoreFailure.self) { try store.lock(holder("a")) }
        #expect(failure?.exit == .refused)
        #expect(failure?.message.contains("remove it when no herald is running") == true)
    }
}
