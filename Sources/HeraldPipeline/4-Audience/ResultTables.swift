import HeraldAudience
import HeraldDigest
package import HeraldModel

/// What happened to one entity's people, as rows that conditions run over. A row stands for each record that a result is about: the one with the record's key, and those
/// with the address, so that neither a changed address nor a second record hides that somebody had a mail.
struct ResultTables {
    /// A result, and a row of the entity's table that it is about.
    private struct Match {
        let row: Int32
        let event: Int32
    }

    private let people: EntityPeople
    private let results: Results
    private var matches: [Match] = []

    init(_ index: PersonIndex, _ results: Results) {
        people = index.people
        self.results = results
        guard !results.events.isEmpty else { return }
        let byPerson = ResultTables.ordered(results.events, \.person)
        let byRecord = ResultTables.ordered(results.events, \.record)
        for row in 0..<people.table.rowCount where people.table.candidates?[row] ?? true {
            let start = matches.count
            if let person = index.digest(row) { collect(person, byPerson, row) }
            let found = matches.count
            collect(index.record(row), byRecord, row)
            // Most results are about address and record alike.
            guard found > start, matches.count > found else { continue }
            let known = Set(matches[start..<found].map(\.event))
            matches.removeSubrange(found...)
            collect(index.record(row), byRecord, row, except: known)
        }
    }

    private typealias Ordered = [(digest: PersonDigest, event: Int32)]

    private static func ordered(_ events: [ResultEvent], _ digest: (ResultEvent) -> PersonDigest?) -> Ordered {
        var ordered: Ordered = []
        ordered.reserveCapacity(events.count)
        for (number, event) in events.enumerated() { if let digest = digest(event) { ordered.append((digest, Int32(number))) } }
        ordered.sort { ($0.digest, $0.event) < ($1.digest, $1.event) }
        return ordered
    }

    private mutating func collect(_ digest: PersonDigest, _ events: Ordered, _ row: Int, except known: Set<Int32> = []) {
        for entry in events[events.lowerBound { $0.digest < digest }...].prefix(while: { $0.digest == digest }) where !known.contains(entry.event) {
            matches.append(Match(row: Int32(row), event: entry.event))
        }
    }

    /// The rows as a table.
    func table(_ schema: EntitySchema) -> Table {
        let events = matches.map { results.events[Int($0.event)] }
        func mail(_ text: (ResultMail) -> String?) -> [String?] { events.map { $0.mail < 0 ? nil : text(results.mails[Int($0.mail)]) } }
        var filled: [ResultColumn: Column.Storage] = [
            .kind: .texts(events.map(\.kind.rawValue)), .email: .texts(mail(\.email)), .list: .texts(mail(\.list)), .campaign: .texts(mail(\.campaign)),
            .at: .datetime(Cells(events.map(\.at.microseconds))),
        ]
        filled[.of] = people.keys(of: matches.map { Int($0.row) })
        return Table(schema, filled: Dictionary(uniqueKeysWithValues: filled.map { ($0.key.rawValue, $0.value) }), rowCount: matches.count)
    }

    /// By row, what emails of a list a record was sent, also to an address that it had before.
    func contacts(of list: String) -> [Int: Contacts] {
        var contacts: [Int: Contacts] = [:]
        for match in matches {
            let event = results.events[Int(match.event)]
            guard event.kind == .sent, event.mail >= 0, results.mails[Int(event.mail)].list == list else { continue }
            let held = contacts[Int(match.row)]
            contacts[Int(match.row)] = Contacts(times: (held?.times ?? 0) + 1, last: max(held?.last ?? event.at, event.at))
        }
        return contacts
    }

    /// The records that an email of this list was ever sent to, by their rows: those with the record's key, since another record with the address is another member.
    func sent(to list: String, _ index: PersonIndex) -> Set<Int> {
        var rows: Set<Int> = []
        for match in matches {
            let event = results.events[Int(match.event)]
            guard event.kind == .sent, event.mail >= 0, results.mails[Int(event.mail)].list == list else { continue }
            if let record = event.record, record != index.record(Int(match.row)) { continue }
            rows.insert(Int(match.row))
        }
        return rows
    }
}

/// How often a record was sent emails of one list, and when last.
package struct Contacts: Hashable, Sendable {
    package let times: Int
    package let last: Instant
}

extension Column.Storage {
    /// Each text once; nil is empty.
    static func texts(_ texts: [String?]) -> Column.Storage {
        var (pool, numbers): ([Text], [Text: Int32]) = ([], [:])
        let codes = texts.map { text -> Int32 in
            guard let text = text.map(Text.init) else { return -1 }
            if let known = numbers[text] { return known }
            numbers[text] = Int32(pool.count)
            pool.append(text)
            return Int32(pool.count - 1)
        }
        return .text(codes: Cells(codes), pool: TextTable(pool))
    }
}
