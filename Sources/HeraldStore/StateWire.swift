import FoundationEssentials
import HeraldContract
import HeraldModel

/// The state as a file. Version 1; a later version adds a step to `migrations`, and the file as it was is kept beside.
enum StateWire {
    static let version = 1

    private struct Head: Codable {
        let herald_state: Int
        let serial: Int
    }

    private struct Document: Codable {
        var herald_state: Int
        var lineage: String
        var serial: Int
        var workspace: String
        var environment: String?
        var key_fingerprint: String
        var objects: [String: Object]
        var codes: [String: String]
        var intents: [IntentEntry]
        var spent: [Spent]
    }

    private struct Object: Codable {
        var provider: String?
        var remote: String?
        var mark: String
        var name: String
        /// `sent`, or `sent/seen` where the vendor rewrote it.
        var fields: [String: String]
        var condition: String?
        var members: Members?
        var send: Send?
    }

    private struct Members: Codable {
        var count: Int
        var seen: String
    }

    private struct Send: Codable {
        var phase: String
        var document: String
        var envelope: Covers?
        var key: String?
        var report: [Int]?
    }

    private struct Covers: Codable {
        var content: String
        var audience: String
        var count: Int
        var at_most: Int?
        var change: Int
        var frozen: Bool
        var at: String
    }

    struct IntentEntry: Codable {
        var address: String
        var operation: String
        var settling: String
        var provider: String
        var mark: String
        var send_key: String?
        var plan: String
    }

    private struct Spent: Codable {
        var digest: String
        var made_against: Int
        var at: String
        var finished: Bool
    }

    static func encode(_ document: StateDocument) throws(StoreFailure) -> [UInt8] {
        let wire = Document(
            herald_state: version, lineage: document.lineage, serial: document.serial, workspace: document.workspace,
            environment: document.environment, key_fingerprint: document.keyFingerprint,
            objects: Dictionary(uniqueKeysWithValues: document.objects.map { ($0.key.description, object($0.value)) }),
            codes: document.codes.mapValues(\.description), intents: document.intents.map(entry),
            spent: document.spent.map {
                Spent(digest: $0.digest, made_against: $0.madeAgainst, at: $0.at.description, finished: $0.finished)
            })
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return Array(try encoder.encode(wire)) + [0x0A]
        } catch { throw .other("cannot write the state as JSON: \(error)") }
    }

    static func decode(_ bytes: [UInt8], from file: String) throws(StoreFailure) -> StateDocument {
        _ = try serial(of: bytes, from: file)
        do {
            let wire = try JSONDecoder().decode(Document.self, from: Data(bytes))
            var document = StateDocument(
                lineage: wire.lineage, serial: wire.serial, workspace: wire.workspace, environment: wire.environment,
                keyFingerprint: wire.key_fingerprint)
            for (key, value) in wire.objects { document.objects[try address(key)] = try object(value) }
            for (code, owner) in wire.codes { document.codes[code] = try address(owner) }
            document.intents = try wire.intents.map(intent)
            document.spent = try wire.spent.map {
                SpentPlan(digest: $0.digest, madeAgainst: $0.made_against, at: try instant($0.at), finished: $0.finished)
            }
            return document
        } catch { throw .damaged("\(file) is damaged and cannot be read; restore it from a backup") }
    }

    /// The serial of a state file, nil where there is none; refuses what is newer than this program.
    static func serial(of bytes: [UInt8]?, from file: String) throws(StoreFailure) -> Int? {
        guard let bytes else { return nil }
        guard let head = try? JSONDecoder().decode(Head.self, from: Data(bytes)) else {
            throw .damaged("\(file) is damaged and cannot be read; restore it from a backup")
        }
        guard head.herald_state <= version else {
            throw .damaged("\(file) was written by a newer herald (state version \(head.herald_state)); this one reads up to \(version)")
        }
        return head.serial
    }

    private static func object(_ state: ObjectState) -> Object {
        Object(
            provider: state.provider, remote: state.remote?.text, mark: state.mark, name: state.name,
            fields: state.fields.mapValues { $0.sent == $0.seen ? $0.sent : "\($0.sent)/\($0.seen)" },
            condition: state.condition, members: state.members.map { Members(count: $0.count, seen: $0.seen) },
            send: state.send.map { send in
                Send(
                    phase: send.phase.rawValue, document: send.document, envelope: send.envelope.map(covers), key: send.key,
                    report: send.report.map { [$0.sent, $0.failed, $0.unknown, $0.waiting] })
            })
    }

    private static func object(_ wire: Object) throws -> ObjectState {
        var state = ObjectState(provider: wire.provider, remote: wire.remote.map(RemoteID.init), mark: wire.mark, name: wire.name)
        state.fields = wire.fields.mapValues { text in
            let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
            return FieldDigests(sent: parts.first ?? "", seen: parts.last ?? "")
        }
        state.condition = wire.condition
        state.members = wire.members.map { MemberDigests(count: $0.count, seen: $0.seen) }
        state.send = try wire.send.map { send in
            guard let phase = SendPhase(rawValue: send.phase), send.report.map({ $0.count == 4 }) ?? true else { throw Damage() }
            return SendState(
                phase: phase, document: send.document, envelope: try send.envelope.map(covers), key: send.key,
                report: send.report.map { SendReport(sent: $0[0], failed: $0[1], unknown: $0[2], waiting: $0[3]) })
        }
        return state
    }

    private static func covers(_ envelope: Envelope) -> Covers {
        Covers(
            content: envelope.content, audience: envelope.audience, count: envelope.count, at_most: envelope.atMost,
            change: envelope.change, frozen: envelope.frozen, at: envelope.at.description)
    }

    private static func covers(_ wire: Covers) throws -> Envelope {
        Envelope(
            content: wire.content, audience: wire.audience, count: wire.count, atMost: wire.at_most, change: wire.change,
            frozen: wire.frozen, at: try instant(wire.at))
    }

    static func entry(_ intent: Intent) -> IntentEntry {
        IntentEntry(
            address: intent.address.description, operation: intent.operation, settling: intent.settling.rawValue,
            provider: intent.provider, mark: intent.mark, send_key: intent.sendKey, plan: intent.plan)
    }

    static func intent(_ wire: IntentEntry) throws -> Intent {
        guard let settling = Settling(rawValue: wire.settling) else { throw Damage() }
        return Intent(
            address: try address(wire.address), operation: wire.operation, settling: settling, provider: wire.provider,
            mark: wire.mark, sendKey: wire.send_key, plan: wire.plan)
    }

    static func address(_ text: String) throws -> Address {
        guard let address = Address(parsing: text) else { throw Damage() }
        return address
    }

    private static func instant(_ text: String) throws -> Instant {
        guard let instant = Instant(rfc3339: text) else { throw Damage() }
        return instant
    }

    struct Damage: Error {}
}

/// The lock as a file.
enum LockWire {
    private struct Holder: Codable {
        let id, operation, host, since: String
        let process: Int
    }

    static func encode(_ holder: LockHolder) throws(StoreFailure) -> [UInt8] {
        let wire = Holder(
            id: holder.id, operation: holder.operation, host: holder.host, since: holder.since.description, process: holder.process)
        do { return Array(try JSONEncoder().encode(wire)) } catch { throw .other("cannot write the lock: \(error)") }
    }

    static func decode(_ bytes: [UInt8], from file: String) throws(StoreFailure) -> LockHolder {
        guard let wire = try? JSONDecoder().decode(Holder.self, from: Data(bytes)), let since = Instant(rfc3339: wire.since) else {
            throw .damaged("\(file) is damaged; remove it when no herald is running")
        }
        return LockHolder(id: wire.id, operation: wire.operation, host: wire.host, process: wire.process, since: since)
    }
}
