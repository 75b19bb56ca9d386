import Foundation
import HeraldContract
import HeraldModel
import Testing

@testable import HeraldStore

@Suite("Files that survive")
struct DurableFileTests {
    let folder: StoreFolder

    init() throws { folder = try StoreFolder() }

    @Test("Replaces whole, makes the folders above, leaves nothing beside")
    func replaces() throws {
        let path = "\(folder.path)/a/b/file"
        try DurableFile.write([1, 2, 3], to: path)
        try DurableFile.write([4], to: path)
        #expect(try DurableFile.read(path) == [4])
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/a/b") == ["file"])
        #expect(try DurableFile.read(path + "-none") == nil)
    }

    @Test("Where it cannot be replaced, what was there stays, and nothing is left beside")
    func cannotReplace() throws {
        try FileManager.default.createDirectory(atPath: "\(folder.path)/taken", withIntermediateDirectories: false)
        try folder.write([9], "taken/inside")
        let failure = #expect(throws: StoreFailure.self) { try DurableFile.write([1], to: "\(folder.path)/taken") }
        #expect(failure?.message.contains("cannot replace") == true)
        #expect(try folder.names() == ["taken"])
        #expect(try folder.bytes("taken/inside") == [9])
    }

    @Test("A full disk is told as such")
    func fullDisk() throws {
        let descriptor = open("/dev/full", O_WRONLY)
        defer { close(descriptor) }
        let failure = #expect(throws: StoreFailure.self) { try DurableFile.put([1], descriptor, "file") }
        #expect(failure?.message == "cannot write file: No space left on device")
    }

    @Test("Readers see one of the contents whole while writers replace it")
    func neverTorn() async throws {
        let path = "\(folder.path)/file"
        try DurableFile.write([UInt8](repeating: 0, count: 50_000), to: path)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 1...3 {
                group.addTask {
                    for _ in 0..<8 { try DurableFile.write([UInt8](repeating: UInt8(writer), count: 50_000), to: path) }
                }
            }
            group.addTask {
                for _ in 0..<100 {
                    let bytes = try DurableFile.read(path) ?? []
                    #expect(bytes.count == 50_000 && Set(bytes).count == 1)
                }
            }
            try await group.waitForAll()
        }
        #expect(try folder.names() == ["file"])
    }

    @Test("Something that is no file is not read", arguments: ["/dev/zero", "/tmp"])
    func noFile(_ path: String) { #expect(throws: StoreFailure.self) { try DurableFile.read(path) } }
}

@Suite("Audiences beside a plan")
struct AudienceFileTests {
    private let people = (1...1000).map { PersonDigest(high: UInt64($0 / 10), low: UInt64($0) << 40) }

    @Test("What was written is what is read")
    func roundTrip() {
        #expect(AudienceFile.decode(AudienceFile.encode(people)) == people)
        #expect(AudienceFile.decode(AudienceFile.encode([])) == [])
    }

    @Test("Cut short, out of order, doubled, or something else: nothing")
    func damaged() {
        let bytes = AudienceFile.encode(people)
        #expect(AudienceFile.decode(Array(bytes.dropLast())) == nil)
        #expect(AudienceFile.decode(Array(bytes.dropFirst())) == nil)
        #expect(AudienceFile.decode(AudienceFile.encode(people.reversed())) == nil)
        #expect(AudienceFile.decode(AudienceFile.encode([people[0], people[0]])) == nil)
        #expect(AudienceFile.decode([]) == nil)
    }

    @Test("The state keeps an audience under its digest, and a damaged one is refused")
    func kept() throws {
        let folder = try StoreFolder()
        let store = LocalStateStore(folder: folder.path, environment: nil)
        #expect(try store.audience("d1") == nil)
        try store.keepAudience("d1", people)
        #expect(try store.audience("d1") == people)
        try store.keepAudience("d2", people)
        try folder.write([1, 2], "state.audiences/d1.digests")
        #expect(throws: StoreFailure.self) { try store.audience("d1") }
        try store.dropAudiences(except: ["d2"])
        try store.dropAudiences(except: ["d2"])
        #expect(try store.audience("d1") == nil)
        #expect(try store.audience("d2") == people)
    }
}
