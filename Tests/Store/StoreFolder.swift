import Foundation
import HeraldModel

/// A folder of one test, removed with it.
final class StoreFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("herald-store-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)"))) }

    func write(_ bytes: [UInt8], _ name: String) throws { try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)")) }

    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
}

enum Samples {
    static let now = Instant(seconds: 1_800_000_000)

    static func document(serial: Int = 1) -> StateDocument {
        StateDocument(lineage: "l-1", serial: serial, workspace: "acme", environment: nil, keyFingerprint: "f00d")
    }

    /// One of everything that a state can hold.
    static func everything() -> StateDocument {
        var document = document(serial: 7)
        document.environment = "prod"
        document.accounts = ["local": "7f3a", "mailchimp": "us1-\"x\"\\"]
        document.codes = ["spring27": Address(.campaign, "spring"), "spring26": Address(.campaign, "spring")]
        document.intents = [
            Intent(
                address: Address(.email, "teaser"), operation: "send", settling: .once, provider: "local", mark: "m2", sendKey: "k",
                plan: "sha256:ab@3"),
            Intent(address: Address(.list, "vip"), operation: "create", settling: .findable, provider: "local", mark: "m1", plan: "sha256:ab@3"),
        ]
        document.spent = [
            SpentPlan(digest: "sha256:ab", madeAgainst: 3, at: now, expires: now.adding(seconds: 604_800), finished: false),
            SpentPlan(digest: "sha256:cd", madeAgainst: 4, at: now, expires: now.adding(seconds: 604_800), finished: true),
        ]
        var list = ObjectState(
            provider: "local", remote: RemoteID("list-1"), mark: "m1", name: "VIP „Kunden“ \u{1F600}\n<b>",
            fields: ["name": FieldDigests(sent: 1, seen: 1), "columns": FieldDigests(sent: .max, seen: 0)])
        list.condition = "c0ffee"
        list.members = MemberDigests(
            count: 12, seen: "abc", basis: MemberBasis(condition: "c", reading: "r", data: "d", at: Instant(seconds: 1_800_000_000)))
        document.objects[Address(.list, "vip")] = list
        var email = ObjectState(provider: "local", remote: RemoteID("email-1"), mark: "m2", name: "teaser")
        email.send = SendState(
            phase: .sending, document: "d",
            envelope: Envelope(content: "c", audience: "a", count: 3, atMost: 10, change: 10, frozen: true, at: now), key: "k", audience: "a2",
            report: SendReport(sent: 1, failed: 2, unknown: 3, waiting: 4))
        document.objects[Address(.email, "teaser")] = email
        document.objects[Address(.campaign, "spring")] = ObjectState(provider: nil, remote: nil, mark: "m3", name: "Spring")
        return document
    }
}
