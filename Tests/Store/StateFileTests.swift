import Foundation
import HeraldContract
import HeraldModel
import Testing

@testable import HeraldStore

@Suite("The state in a folder")
struct StateFileTests {
    let folder: StoreFolder
    let store: LocalStateStore

    init() throws {
        folder = try StoreFolder()
        store = LocalStateStore(folder: folder.path, environment: nil)
    }

    @Test("What was saved is what is loaded, whatever stands in it")
    func roundTrip() throws {
        #expect(try store.load() == nil)
        try store.save(Samples.everything(), expecting: nil)
        #expect(try store.load() == Samples.everything())
    }

    @Test("One line for each object, so that a difference shows what changed")
    func lines() throws {
        try store.save(Samples.everything(), expecting: nil)
        let lines = String(decoding: try folder.bytes("state.json"), as: UTF8.self).split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("\"list.vip\":{") }.count == 1)
        #expect(lines.filter { $0.hasPrefix("\"email.teaser\":{") }.count == 1)
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(try folder.bytes("state.json"))) }
    }

    @Test("Equal states are equal bytes")
    func sameBytes() { #expect(StateWire.encode(Samples.everything()) == StateWire.encode(Samples.everything())) }

    @Test("Each environment has a state of its own")
    func environments() throws {
        try store.save(Samples.document(), expecting: nil)
        #expect(try LocalStateStore(folder: folder.path, environment: "prod").load() == nil)
    }

    @Test("Whoever wrote in between is noticed, and nothing is written over it")
    func compareAndSwap() throws {
        try store.save(Samples.document(serial: 1), expecting: nil)
        #expect(throws: StoreFailure.moved) { try store.save(Samples.document(serial: 1), expecting: nil) }
        try store.save(Samples.document(serial: 2), expecting: 1)
        #expect(throws: StoreFailure.moved) { try store.save(Samples.document(serial: 2), expecting: 1) }
        #expect(try store.load()?.serial == 2)
    }

    @Test("Four writers at once: every write counts once")
    func concurrentWriters() async throws {
        try store.save(Samples.document(serial: 0), expecting: nil)
        let store = store
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    for turn in 0..<10 {
                        while true {
                            guard var next = try store.load() else { throw StoreFailure.other("gone") }
                            let old = next.serial
                            next.serial += 1
                            next.codes["w\(writer)t\(turn)"] = Address(.campaign, "c")
                            do {
                                try store.save(next, expecting: old)
                                break
                            } catch StoreFailure.moved {}
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        let end = try #require(try store.load())
        #expect(end.serial == 40)
        #expect(end.codes.count == 40)
        #expect(try folder.names() == ["state.guard", "state.json"])
    }

    @Test("A file cut off anywhere is refused, and stays as it is")
    func truncated() throws {
        let whole = StateWire.encode(Samples.everything())
        for length in 0..<whole.count - 1 {
            #expect(throws: StoreFailure.self, "cut at \(length)") { try StateWire.decode(Array(whole[..<length]), from: "state.json") }
        }
        try folder.write(Array(whole[..<(whole.count / 2)]), "state.json")
        let failure = #expect(throws: StoreFailure.self) { try store.load() }
        #expect(failure?.exit == .refused)
        #expect(failure?.message.contains("damaged") == true)
    }

    @Test("Any one byte changed: refused or read, never a crash")
    func mutated() {
        let whole = StateWire.encode(Samples.everything())
        for index in whole.indices {
            for change in [UInt8(0x01), 0x80, 0x22] {
                var bytes = whole
                bytes[index] ^= change
                _ = try? StateWire.decode(bytes, from: "state.json")
            }
        }
    }

    @Test("A state of a newer herald is neither read nor written over", arguments: ["load", "save"])
    func newer(_ way: String) throws {
        let bytes = Array(#"{"herald_state":99,"serial":1}"#.utf8)
        try folder.write(bytes, "state.json")
        let failure = #expect(throws: StoreFailure.self) {
            if way == "load" { _ = try store.load() } else { try store.save(Samples.document(serial: 2), expecting: 1) }
        }
        #expect(failure?.exit == .refused)
        #expect(failure?.message.contains("newer herald") == true)
        #expect(try folder.bytes("state.json") == bytes)
    }

    @Test("An older state is led on step by step, and kept as it was before it is written over")
    func migration() throws {
        // Version 1 as only this test knows it: it called the workspace `name`.
        var old = String(decoding: StateWire.encode(Samples.everything()), as: UTF8.self)
        old = old.replacing("\"herald_state\":2", with: "\"herald_state\":1").replacing("\"workspace\":", with: "\"name\":")
        try folder.write(Array(old.utf8), "state.json")
        #expect(throws: StoreFailure.self) { try store.load() }
        let led = LocalStateStore(
            folder: folder.path, environment: nil,
            migrations: [
                1: { tree throws(JSONText.Unexpected) in .object(try tree.members().map { ($0.key == "name" ? "workspace" : $0.key, $0.value) }) }
            ])
        var document = try #require(try led.load())
        #expect(document == Samples.everything())
        #expect(try folder.names() == ["state.json"])
        document.serial += 1
        try led.save(document, expecting: document.serial - 1)
        #expect(String(decoding: try folder.bytes("state.v1.backup.json"), as: UTF8.self) == old)
        #expect(try led.load() == document)
    }

    @Test("A folder in the place of the state is an error, and no state")
    func notAFile() throws {
        try FileManager.default.createDirectory(atPath: "\(folder.path)/state.json", withIntermediateDirectories: false)
        #expect(throws: StoreFailure.self) { try store.load() }
    }

    @Test("Nobody but the owner can read it")
    func mode() throws {
        try store.save(Samples.document(), expecting: nil)
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/state.json")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }
}
