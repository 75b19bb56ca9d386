@testable import HeraldAudience
import HeraldModel
import Testing

/// Consent and the fixed order, against a restatement of semantics 1 and 2 that goes through everything again for each record.
@Suite struct AudiencePropertyTests {
    /// Semantics 1, said again: of all records of one address.
    private static func merged(_ records: [ConsentRecord]) -> ConsentStatus {
        let worse = records.filter { $0.status != .subscribed }
        let worst = ConsentStatus.allCases.first { status in records.contains { $0.status == status } } ?? .subscribed
        let wins = records.contains { record in
            guard record.status == .subscribed, let at = record.at else { return false }
            return worse.allSatisfy { other in
                guard other.status != .erased, other.status != .complained, let otherAt = other.at else { return false }
                return otherAt < at
            }
        }
        return wins ? .subscribed : worst
    }

    private static func record(_ random: inout Random) -> ConsentRecord {
        let status = random.chance(50) ? ConsentStatus.subscribed : random.pick(ConsentStatus.allCases)
        return ConsentRecord(status: status, at: random.chance(25) ? nil : Instant(seconds: Int64(random.number(-2...3))))
    }

    @Test func mergingIsThatOfTheRestatementInAnyOrderAndHoweverOften() {
        var random = Random(seed: 1)
        for _ in 0..<4_000 {
            let records = random.some(0...5, Self.record)
            let expected = Self.merged(records)
            for order in [records, records.shuffled(using: &random), records + records, records + records.prefix(1)] {
                var merge = ConsentMerge()
                for record in order { merge.add(record) }
                guard merge.status == expected else {
                    Issue.record("\(order.map { "\($0.status) \($0.at?.microseconds ?? -1)" }): \(merge.status), not \(expected)")
                    return
                }
            }
        }
    }

    @Test(arguments: 1...300)
    func everyRecordHasTheFirstReasonOfTheFixedOrder(seed: Int) throws {
        var random = Random(seed: UInt64(seed))
        let people = GeneratedPeople(&random)
        let facts = Dictionary(people.rows.compactMap(\.normal).map { ($0, random.chance(25) ? [Self.record(&random)] : []) }, uniquingKeysWith: { first, _ in first })
        let (left, removed) = (Set(people.rows.indices.filter { _ in random.chance(15) }), Set(people.rows.indices.filter { _ in random.chance(15) }))
        let byKey: @Sendable (Value) -> Int = { [rows = people.rows] value in rows.firstIndex { $0.key == value } ?? -1 }
        let ledger = LedgerFacts(
            consent: { address, _ in facts[address] ?? [] }, unsubscribedFromList: { left.contains(byKey($1)) }, removedFromList: { removed.contains(byKey($1)) })
        let audience = Audience(try people.entityPeople(), matches: (people.rows.map(\.matches), people.rows.map(\.byEmptiness)), ledger: ledger)

        let expected = people.rows.indices.map { index -> LeaveReason? in
            let row = people.rows[index]
            guard row.matches else { return .where }
            guard let address = row.normal else { return .noAddress }
            if people.rows.contains(where: { $0.matches && $0.normal == address && GeneratedPeople.isLess($0.key, row.key) }) { return .duplicate }
            let records = people.rows.filter { $0.normal == address }.map(\.consent) + (facts[address] ?? [])
            switch Self.merged(records) {
            case .erased: return .erased
            case .complained: return .complained
            case .bounced: return .bounced
            case .blocked: return .blocked
            case .unsubscribed: return .unsubscribed
            case .pending: return left.contains(index) ? .unsubscribedList : .pending
            case .subscribed: return left.contains(index) ? .unsubscribedList : removed.contains(index) ? .removed : nil
            }
        }
        try #require(audience.reasons == expected, "seed \(seed): \(people.rows)")
        let members = people.rows.indices.filter { expected[$0] == nil }.sorted { GeneratedPeople.isLess(people.rows[$0].key, people.rows[$1].key) }
        #expect(audience.members == members)
        #expect(audience.inByEmptiness == members.filter { people.rows[$0].byEmptiness }.count)
        let counts = { (reasons: Set<LeaveReason>) in expected.filter { $0.map { !reasons.contains($0) } ?? true }.count }
        #expect(
            audience.steps
                == Audience.Steps(match: counts([.where]), usable: counts([.where, .noAddress]), unique: counts([.where, .noAddress, .duplicate]), mailable: members.count))
        #expect(audience.leftOut.map(\.reason) == LeaveReason.allCases.filter { expected.contains($0) })
        #expect(audience.leftOut.map(\.count).reduce(0, +) + members.count == people.rows.count)
    }
}

/// Records with keys, addresses written in several ways, consent, and whether they match a list.
private struct GeneratedPeople {
    struct Row {
        let key: Value
        let email: String
        let normal: String?
        let consent: ConsentRecord
        let matches: Bool
        let byEmptiness: Bool
    }

    let rows: [Row]
    private let hasTextKeys: Bool

    init(_ random: inout Random) {
        hasTextKeys = random.chance(50)
        let texts = ["b9", "b10", "B", "é", "e\u{301}", "z", "𝒳", "\u{FFFD}", "10", "9", "0", " "]
        var keys: [Value] = hasTextKeys ? texts.map { .text(Text($0)) } : (-5...6).map { .integer(Int64($0) * 7 % 12) }
        keys.shuffle(using: &random)
        let written: [(String, String?)] = [
            ("a@example.org", "a@example.org"), (" A@Example.org", "a@example.org"), ("b@example.org", "b@example.org"), ("B@EXAMPLE.ORG\t", "b@example.org"),
            ("c+x@example.org", "c+x@example.org"), ("", nil), ("nobody", nil), (" ", nil),
        ]
        let count = random.number(0...keys.count)
        var rows: [Row] = []
        for key in keys.prefix(count) {
            let (email, normal) = random.pick(written)
            let status = random.pick([ConsentStatus.subscribed, .subscribed, .pending, .unsubscribed])
            let record = ConsentRecord(status: status, at: random.chance(25) ? nil : Instant(seconds: Int64(random.number(0...4))))
            let matches = random.chance(75)
            rows.append(Row(key: key, email: email, normal: normal, consent: record, matches: matches, byEmptiness: matches && random.chance(30)))
        }
        self.rows = rows
    }

    static func isLess(_ a: Value, _ b: Value) -> Bool {
        switch (a, b) {
        case (.integer(let a), .integer(let b)): a < b
        case (.text(let a), .text(let b)): a.string.unicodeScalars.lexicographicallyPrecedes(b.string.unicodeScalars)
        default: false
        }
    }

    func entityPeople() throws -> EntityPeople {
        let span = SourceSpan(file: FileID(0), line: 1, column: 1)
        func at<T>(_ value: T) -> Located<T> { Located(value, span) }
        var definition = EntityDefinition(id: at("contact"), from: at(TableName(source: "crm", table: "contacts")), key: at("key"))
        definition.email = at("email")
        definition.consent = at(.column(at("consent"), at: at("at"), evidence: nil))
        let types: [(String, ColumnType)] = [("key", hasTextKeys ? .text : .integer), ("email", .text), ("consent", .text), ("at", .datetime)]
        let schema = EntitySchema(definition, pinned: types.map { PinnedColumn(name: $0.0, type: $0.1) })
        let columns = try types.map { name, type in
            var filler = try #require(ColumnFiller(TableRequest.Column(name: name, type: type), zone: .utc, Diagnostics()))
            for row in rows {
                switch name {
                case "key": filler.append(row.key)
                case "email": filler.append(row.email.isEmpty ? .empty : .text(Text(row.email)))
                case "consent": filler.append(.text(Text(row.consent.status.rawValue)))
                default: filler.append(row.consent.at.map { .datetime($0) } ?? .empty)
                }
            }
            return filler.finish()
        }
        let table = Table(name: definition.from.value, columns: columns, rowCount: rows.count)
        return try #require(EntityPeople(schema, table, Clock(now: Instant(seconds: 0), zone: .utc), Diagnostics()))
    }
}
