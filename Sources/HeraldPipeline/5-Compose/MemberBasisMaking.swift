import Glibc
import HeraldAudience
import HeraldDigest
import HeraldModel

/// Takes down what the members of lists are made of, and looks back at the time when they were last written.
struct MemberBasisMaker {
    private let resolved: Resolved
    private let stage: AudienceStage
    private let now: Instant
    /// Digest of how the data is read.
    private let reading: String

    init(_ resolved: Resolved, _ stage: AudienceStage, now: Instant) {
        (self.resolved, self.stage, self.now) = (resolved, stage, now)
        var bytes: [UInt8] = []
        if let settings = resolved.workspace.settingsDocument {
            for (key, value) in settings.entries where ["sources", "entities", "timezone", "defaults"].contains(key.scalar) {
                CanonicalForm.append(key.scalar, to: &bytes)
                CanonicalForm.append(value, to: &bytes)
            }
        }
        for entity in resolved.workspace.settings.entities.map(\.id.value).sorted() {
            guard let schema = resolved.schemas[entity] else { continue }
            for column in schema.columnNames { CanonicalForm.append("\(entity) \(column) \(schema.columns[column].map { "\($0.type) \($0.format ?? "")" } ?? "")", to: &bytes) }
        }
        reading = String(SHA256.hexadecimal(bytes).prefix(32))
    }

    /// When the members of these lists were last written, for those that may have been others then because of the clock alone.
    static func times(_ lists: [ResolvedList], _ state: StateDocument) -> [Address: Instant] {
        var times: [Address: Instant] = [:]
        for list in lists where list.filter?.dependsOnClock == true { times[list.definition.address] = state.objects[list.definition.address]?.members?.basis?.at }
        return times
    }

    /// Adds to each list what it is made of and what can be asked about earlier.
    ///
    /// The content of the tables is looked at only where some list is not what its provider holds, for these lists.
    func complete(_ lists: inout [DesiredList], _ data: ContactData, _ audiences: Audiences, _ state: StateDocument, _ readings: [String: ProviderReading]) {
        var contents: [TableName: String?] = [:]
        for index in lists.indices {
            let list = lists[index]
            guard let definition = resolved.lists[list.address.id], let filter = definition.filter, let schema = definition.schema else { continue }
            let known = state.objects[list.address]
            guard known == nil || isChanged(list, known, readings) else { continue }
            lists[index].basis = MemberBasis(
                condition: list.condition, reading: reading, data: content(filter, schema.id, definition.definition, &contents), at: now)
            if let at = known?.members?.basis?.at { lists[index].earlier = earlier(definition, filter, at, data, audiences, list.members) }
        }
    }

    private func isChanged(_ list: DesiredList, _ known: ObjectState?, _ readings: [String: ProviderReading]) -> Bool {
        guard let remote = known?.remote, known?.condition == list.condition, case .success(let inventory)? = readings[list.provider]?.inventory,
            let members = inventory.members[remote]
        else { return true }
        return members != list.members.members
    }

    // MARK: Looking back

    private func earlier(
        _ list: ResolvedList, _ filter: Filter, _ at: Instant, _ data: ContactData, _ audiences: Audiences, _ members: DesiredMembers
    ) -> EarlierMembers? {
        // Where something else than data decides, such as what was sent, the past cannot be asked.
        guard let schema = list.schema, let index = audiences.indexes[schema.id],
            !filter.entities(from: schema.id).contains(where: { resolved.schemas[$0]?.origin == .results })
        else { return nil }
        let then = filter.dependsOnClock ? Once { stage.lookingBack(list, data, at: at) } : nil
        let ledger = stage.ledger
        return EarlierMembers(
            wouldBeIn: { person in
                guard let then else { return MemberSearch.index(of: person, in: members.members) != nil }
                return then.value.map { audience in index.rows(of: person).contains { audience.reasons[$0] == nil } }
            },
            spoke: { person in
                let records = index.rows(of: person).map(index.record)
                return ledger?.facts(person: person, records: records).contains { $0.at > at } ?? false
            },
            isThere: { !index.rows(of: $0).isEmpty })
    }

    // MARK: The content of tables

    /// Nil where some table's content cannot be told.
    private func content(_ filter: Filter, _ entity: String, _ list: ListDefinition, _ known: inout [TableName: String?]) -> String? {
        guard list.kind == .dynamic, list.keepContacted?.value != true else { return nil }
        var bytes: [UInt8] = []
        for table in Set(filter.entities(from: entity).compactMap { resolved.schemas[$0]?.table }).sorted() {
            let digest = known[table] ?? stage.files(of: table).flatMap(MemberBasisMaker.digest)
            known[table] = .some(digest)
            guard let digest else { return nil }
            CanonicalForm.append("\(table)", to: &bytes)
            CanonicalForm.append(digest, to: &bytes)
        }
        return String(SHA256.hexadecimal(bytes).prefix(32))
    }

    /// SHA-256 of these files, one after the other; nil where one cannot be read.
    private static func digest(_ paths: [String]) -> String? {
        let hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        for path in paths {
            let file = open(path, O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { return nil }
            defer { close(file) }
            while true {
                let count = read(file, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { return nil }
                if count == 0 { break }
                if count == buffer.count { hash.update(buffer) } else { hash.update(buffer.prefix(count)) }
            }
            hash.update([0])
        }
        return hash.finish()
    }
}
