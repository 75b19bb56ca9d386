import Foundation
import HeraldContract
import HeraldDigest
import HeraldModel
import Testing

@testable import HeraldLocal

@Suite struct LocalForgettingTests {
    private func filled() async throws -> (LocalRoom, RemoteID, RemoteID) {
        let room = try LocalRoom()
        let list = try await room.writer().create(ObjectSpec(kind: .list, name: "L", mark: "l", fields: [:])).get().id
        let email = try await room.writer().create(Sample.email()).get().id
        _ = try await room.writer().change(list, adding: try (1...4).map { try Sample.member($0, [("name", "Kanarius-\($0)")]) }, removing: []).get()
        _ = try await room.writer().send(Sample.order(email, to: Sample.recipients(1...4))) { _ in }.get()
        return (room, list, email)
    }

    private func holds(_ room: LocalRoom, _ text: String) throws -> Bool {
        let files = FileManager.default.enumerator(atPath: room.root)?.compactMap { $0 as? String } ?? []
        return files.contains { file in
            FileManager.default.contents(atPath: room.root + "/" + file)?.range(of: Data(text.utf8)) != nil
        }
    }

    @Test func whatNamesAPersonIsGoneFromEveryByteAndCountsStay() async throws {
        let (room, list, _) = try await filled()
        #expect(try holds(room, "person2@") && holds(room, "Kanarius-3"))
        // One by the address, one by the record under which it was found.
        #expect(try await room.writer().forget([Sample.person(2)], records: [Sample.key(3)]).get() == [list])
        for text in ["person2@", "Kanarius-2", "person3@", "Kanarius-3"] { #expect(try !holds(room, text), "\(text)") }
        #expect(try holds(room, "person1@") && holds(room, "Kanarius-4"))
        #expect(try room.files().count == 2)
        #expect(try await room.writer().members(of: [list])[list]?.map(\.person).sorted() == [Sample.person(1), Sample.person(4)].sorted())
        let report = try await room.writer().send(key: "k")
        #expect(report?.sent == 4)
        #expect(try await room.writer().forget([Sample.person(2)], records: [Sample.key(3)]).get() == [])
    }

    @Test func whoIsErasedGetsNoSecondMailAndNoFirst() async throws {
        let (room, _, email) = try await filled()
        _ = try await room.writer().forget([Sample.person(1)], records: []).get()
        _ = try await room.writer().send(Sample.order(email, key: "k2", to: Sample.recipients(1...4))) { _ in }.get()
        #expect(try room.files().count == 3)
        // One who waited, in a send that was interrupted.
        let other = try await room.writer().create(Sample.email(mark: "m2")).get().id
        _ = try await room.writer().send(Sample.order(other, key: "k3", to: Sample.recipients([9]))) { _ in }.get()
        try room.meddle("UPDATE recipient SET state = 'waiting' WHERE send = (SELECT id FROM send WHERE key = 'k3')")
        _ = try await room.writer().forget([Sample.person(9)], records: []).get()
        let report = try await room.writer().send(key: "k3")
        #expect(report?.failed == 1)
        #expect(report?.waiting == 0)
    }

    @Test func digestsMoveOnToANewKeyOnce() async throws {
        let (room, list, email) = try await filled()
        let old = try #require(WorkspaceKey(base64: LocalRoom.key))
        let new = try #require(WorkspaceKey(base64: Data(String(repeating: "n", count: 32).utf8).base64EncodedString() + "," + LocalRoom.key))
        let change = try #require(new.change(from: old.fingerprint))
        let before = try #require(try await room.writer().members(of: [list])[list])
        let tokens = try room.text("SELECT token FROM recipient ORDER BY token")
        for _ in 1...2 { try await room.writer().rekey(change).get() }
        let expected = before.map { MemberState(person: change.person($0.person), values: change.values($0.values)) }.sorted()
        #expect(try await room.writer().members(of: [list])[list] == expected)
        #expect(try room.text("SELECT token FROM recipient ORDER BY token") == tokens)
        // Under its own digests everybody is known as one who got it; under another key the database is refused.
        let again = try Sample.recipients(1...4).map { Recipient(person: change.person($0.person), key: change.person($0.key), address: $0.address, row: $0.row) }
        _ = try await room.writer().send(Sample.order(email, key: "k2", to: again)) { _ in }.get()
        #expect(try room.files().count == 4)
        await #expect(throws: ProviderFailure.self) { try await room.provider.reader().account() }
        let elsewhere = KeyChange(from: "00", to: "11", person: { $0 }, values: { $0 })
        #expect(try await room.writer().rekey(elsewhere).refusal != nil)
    }

    @Test func aDigestOfALongerKeyIsThatOfTheShorterMovedOn() throws {
        let keys = ["a", "b", "c"].map { Data(String(repeating: $0, count: 32).utf8).base64EncodedString() }
        let made = try (1...3).map { count in try #require(WorkspaceKey(base64: keys.prefix(count).reversed().joined(separator: ","))) }
        for (older, newer) in [(0, 1), (0, 2), (1, 2)] {
            let change = try #require(made[newer].change(from: made[older].fingerprint))
            #expect(change.person(made[older].person("a@example.org")) == made[newer].person("a@example.org"))
            #expect(change.person(made[older].record(entity: "contact", key: "1")) == made[newer].record(entity: "contact", key: "1"))
            #expect(change.values(made[older].values([("a", "b"), ("", "")])) == made[newer].values([("a", "b"), ("", "")]))
            #expect(made[older].change(from: made[newer].fingerprint) == nil)
        }
        #expect(made[2].change(from: made[2].fingerprint) == nil)
    }
}
