import Foundation
import HeraldContract
import HeraldModel
import Testing

@testable import HeraldStore

@Suite("Records in a folder")
struct RecordsFileTests {
    let folder: StoreFolder
    let store: LocalRecordsStore

    init() throws {
        folder = try StoreFolder()
        store = LocalRecordsStore(folder: folder.path, environment: nil)
    }

    private let head = RecordsHead(id: "0011", workspace: "acme", environment: "prod", key: "f00d")

    private func fact(_ number: Int) -> PersonFact {
        let kinds: [PersonFact.Kind] = ConsentStatus.allCases.map { .consent($0) } + [.removed(list: "m1"), .restored(list: "m2")]
        return PersonFact(
            kind: kinds[number % kinds.count], person: number % 3 == 0 ? nil : PersonDigest(high: UInt64(number), low: 1),
            record: number % 5 == 0 ? nil : PersonDigest(high: .max, low: UInt64(number)), at: Instant(seconds: Int64(number) * 1_000), recorded: Samples.now,
            source: number % 2 == 0 ? "operator" : "local", reason: number % 4 == 0 ? "" : "„reason“ \(number)")
    }

    /// Records with facts added one, then two, then three at a time.
    private func filled() throws -> (records: Records, positions: [RecordsPosition]) {
        var records = try store.create(head)
        var positions = [records.position]
        var next = 0
        for size in [1, 2, 3, 1, 20] {
            records = try store.append((0..<size).map { fact(next + $0) }, to: records)
            next += size
            positions.append(records.position)
        }
        return (records, positions)
    }

    @Test("What was added is what is read, from wherever the state stands")
    func roundTrip() throws {
        let (records, positions) = try filled()
        #expect(records.facts == (0..<27).map(fact))
        for known in positions {
            let read = try #require(try store.load(from: known))
            #expect(read.facts == records.facts)
            #expect(read.position == records.position)
            #expect(read.head == head)
        }
        #expect(try LocalRecordsStore(folder: folder.path, environment: "prod").load(from: nil) == nil)
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/records.facts")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test("Missing, older or other records are refused")
    func others() throws {
        #expect(throws: StoreFailure.self) { try store.load(from: RecordsPosition(id: "0011", count: 0, chain: "")) }
        let (records, positions) = try filled()
        let whole = try folder.bytes("records.facts")
        let older = try #require(try store.load(from: positions[3]))
        try folder.write(Array(whole[..<older.end]), "records.facts")
        // Cut off where a frame ends, it is older.
        var ends: [Int] = []
        for length in whole.indices {
            if let read = try? RecordsWire.decode(Array(whole[..<length]), from: nil), read.end == length { ends.append(length) }
        }
        #expect(ends.count == 5)
        for end in ends {
            try folder.write(Array(whole[..<end]), "records.facts")
            let failure = #expect(throws: StoreFailure.self) { try store.load(from: records.position) }
            #expect(failure?.exit == .refused)
            #expect(failure?.message.contains("older than the state") == true)
        }
        // The same head and other facts.
        try FileManager.default.removeItem(atPath: "\(folder.path)/records.facts")
        let other = try store.append((30..<60).map(fact), to: store.create(head))
        #expect(throws: StoreFailure.self) { try store.load(from: records.position) }
        #expect(throws: Never.self) { try store.load(from: other.position) }
        try FileManager.default.removeItem(atPath: "\(folder.path)/records.facts")
        var elsewhere = head
        elsewhere.id = "2233"
        _ = try store.create(elsewhere)
        #expect(throws: StoreFailure.self) { try store.load(from: RecordsPosition(id: "0011", count: 0, chain: "")) }
    }

    @Test("A last frame that a crash cut short was never acknowledged, and is dropped")
    func torn() throws {
        let (records, positions) = try filled()
        let whole = try folder.bytes("records.facts")
        let before = positions[positions.count - 2]
        var firstEnd = whole.count
        for length in (0..<whole.count).reversed() {
            guard let read = try? RecordsWire.decode(Array(whole[..<length]), from: before) else { break }
            #expect(read.facts == (0..<7).map(fact))
            firstEnd = min(firstEnd, read.end)
        }
        // The same in a file that has its length and not its content.
        for kept in [firstEnd, firstEnd + 4, firstEnd + 9, whole.count - 3] {
            try folder.write(Array(whole[..<kept]) + [UInt8](repeating: 0, count: whole.count - kept), "records.facts")
            let read = try #require(try store.load(from: before))
            #expect(read.facts.count == 7)
            #expect(throws: StoreFailure.self) { try store.load(from: records.position) }
        }
        // Adding goes on where the last whole frame ends.
        let read = try #require(try store.load(from: before))
        let after = try store.append([fact(50)], to: read)
        #expect(try store.load(from: before)?.facts == (0..<7).map(fact) + [fact(50)])
        #expect(try folder.bytes("records.facts").count == after.end)
    }

    @Test("Any one byte changed, left out or put in: refused, or every fact that the state knows is there")
    func mutated() throws {
        let (records, positions) = try filled()
        let whole = try folder.bytes("records.facts")
        for known in positions {
            for index in whole.indices {
                var changed: [[UInt8]] = ([0x01, 0x80, 0xFF] as [UInt8]).map { bit in
                    var bytes = whole
                    bytes[index] ^= bit
                    return bytes
                }
                changed.append(Array(whole[..<index] + whole[(index + 1)...]))
                changed.append(Array(whole[..<index] + [whole[index]] + whole[index...]))
                for bytes in changed {
                    guard let read = try? RecordsWire.decode(bytes, from: known) else { continue }
                    let isPrefix = read.facts.count >= known.count && read.facts.elementsEqual(records.facts.prefix(read.facts.count))
                    #expect(isPrefix, "byte \(index)")
                }
            }
        }
    }

    @Test("Two who add at once: one of them is told that it has to look again")
    func concurrent() throws {
        let records = try store.create(head)
        _ = try store.append([fact(1)], to: records)
        #expect(throws: StoreFailure.moved) { try store.append([fact(2)], to: records) }
        #expect(throws: StoreFailure.moved) { try store.replace(records, key: "beef", with: []) }
        #expect(throws: StoreFailure.moved) { try store.create(head) }
        #expect(try store.load(from: records.position)?.facts == [fact(1)])
    }

    @Test("A rotation puts the same facts under another key, and says where it began")
    func replace() throws {
        let (records, _) = try filled()
        let moved = try store.replace(records, key: "beef", with: records.facts.reversed())
        let read = try #require(try store.load(from: moved.position))
        #expect(read.head.key == "beef")
        #expect(read.head.formerly == records.position)
        #expect(read.facts == records.facts.reversed())
        #expect(throws: StoreFailure.self) { try store.load(from: records.position) }
    }

    @Test("Records of a newer herald are not read")
    func newer() throws {
        _ = try filled()
        var bytes = try folder.bytes("records.facts")
        bytes.replaceSubrange(15..<16, with: [UInt8(ascii: "2")])
        try folder.write(bytes, "records.facts")
        #expect(throws: StoreFailure.self) { try store.load(from: nil) }
    }
}
