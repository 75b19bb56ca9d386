import HeraldContract
import HeraldModel

/// The state as a file: one line for each object, in the order of their addresses.
enum StateWire {
    static let version = 2

    /// Leads a file of an older version one version on. The key is the version that it starts from.
    typealias Migrations = [Int: @Sendable (JSONText) throws(JSONText.Unexpected) -> JSONText]

    /// Keys of an older file that a new version needs are made here; nothing else knows of older versions. Version 1 knew no records, which are optional.
    static let migrations: Migrations = [1: { tree throws(JSONText.Unexpected) in tree }]

    static func encode(_ document: StateDocument) -> [UInt8] {
        let text = JSONText.object(
            [
                // These two stand first: a compare-and-swap reads no further.
                ("herald_state", .number(version)), ("serial", .number(document.serial)), ("lineage", .string(document.lineage)),
                ("workspace", .string(document.workspace)), ("environment", document.environment.map(JSONText.string) ?? .null),
                ("key_fingerprint", .string(document.keyFingerprint)), ("records", document.records.map(tree) ?? .null),
                ("hold", document.hold.map { .object([("reason", .string($0.reason)), ("since", .string($0.since.description))]) } ?? .null),
                ("accounts", .object(document.accounts.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
                ("sequences", .object(document.sequences.sorted { $0.key < $1.key }.map { ($0.key, .number($0.value)) })),
                ("memberships", .object(document.memberships.sorted { $0.key < $1.key }.map { ($0.key, tree($0.value)) })),
                ("codes", .object(document.codes.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value.description)) })),
                ("spent", .array(document.spent.map(tree))), ("intents", .array(document.intents.map(tree))),
                ("objects", .object(document.objects.sorted { $0.key < $1.key }.map { ($0.key.description, tree($0.value)) })),
            ])
        return text.bytes(lines: 2) + [0x0A]
    }

    static func decode(_ bytes: [UInt8], from file: String, migrations: Migrations = migrations) throws(StoreFailure) -> StateDocument {
        var (found, _) = try head(of: bytes, from: file)
        do {
            var tree = try JSONText(bytes)
            while found < version {
                guard let step = migrations[found] else { throw JSONText.Unexpected() }
                tree = try step(tree)
                found += 1
            }
            return try document(tree)
        } catch { throw damage(file) }
    }

    /// Version and serial of a state file; refuses what is newer than this program.
    static func head(of bytes: [UInt8], from file: String) throws(StoreFailure) -> (version: Int, serial: Int) {
        let head = bytes.withUnsafeBufferPointer { buffer -> [String: Int] in
            var reader = JSONReader(buffer)
            return (try? reader.numbers(["herald_state", "serial"])) ?? [:]
        }
        guard let found = head["herald_state"], let serial = head["serial"] else { throw damage(file) }
        guard found <= version else {
            throw .damaged("\(file) was written by a newer herald (state version \(found)); this one reads up to \(version)")
        }
        return (found, serial)
    }

    private static func damage(_ file: String) -> StoreFailure {
        .damaged("\(file) is damaged and cannot be read; put back a backup of it")
    }

    private static func document(_ tree: JSONText) throws(JSONText.Unexpected) -> StateDocument {
        var document = StateDocument(
            lineage: try tree.required("lineage").string(), serial: try tree.required("serial").number(),
            workspace: try tree.required("workspace").string(), environment: try tree.member("environment")?.string(),
            keyFingerprint: try tree.required("key_fingerprint").string())
        if let records = tree.member("records") { document.records = try position(records) }
        if let hold = tree.member("hold") {
            document.hold = SendHold(reason: try hold.required("reason").string(), since: try instant(hold.required("since")))
        }
        for (provider, account) in try tree.required("accounts").members() { document.accounts[provider] = try account.string() }
        for (provider, sequence) in try tree.member("sequences")?.members() ?? [] { document.sequences[provider] = try sequence.number() }
        for (list, membership) in try tree.member("memberships")?.members() ?? [] { document.memberships[list] = try self.membership(membership) }
        for (code, owner) in try tree.required("codes").members() { document.codes[code] = try address(owner) }
        for item in try tree.required("spent").items() { document.spent.append(try spent(item)) }
        for item in try tree.required("intents").items() { document.intents.append(try intent(item)) }
        let objects = try tree.required("objects").members()
        document.objects.reserveCapacity(objects.count)
        for (key, value) in objects { document.objects[try address(.string(key))] = try object(value) }
        guard document.objects.count == objects.count else { throw JSONText.Unexpected() }
        return document
    }

    static func tree(_ position: RecordsPosition) -> JSONText {
        .object([("id", .string(position.id)), ("count", .number(position.count)), ("chain", .string(position.chain))])
    }

    static func position(_ tree: JSONText) throws(JSONText.Unexpected) -> RecordsPosition {
        RecordsPosition(id: try tree.required("id").string(), count: try tree.required("count").number(), chain: try tree.required("chain").string())
    }

    static func address(_ tree: JSONText) throws(JSONText.Unexpected) -> Address {
        guard let address = Address(parsing: try tree.string()) else { throw JSONText.Unexpected() }
        return address
    }

    static func instant(_ tree: JSONText) throws(JSONText.Unexpected) -> Instant {
        guard let instant = Instant(rfc3339: try tree.string()) else { throw JSONText.Unexpected() }
        return instant
    }

    static func word<Word: RawRepresentable<String>>(_ tree: JSONText, _: Word.Type = Word.self) throws(JSONText.Unexpected) -> Word {
        guard let word = Word(rawValue: try tree.string()) else { throw JSONText.Unexpected() }
        return word
    }

    /// Only the members that are there.
    static func tree(_ members: [(String, JSONText?)]) -> JSONText { .object(members.compactMap { key, value in value.map { (key, $0) } }) }
}
