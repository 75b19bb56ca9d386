import HeraldDatabase
import HeraldModel

/// Who is in which list.
extension DatabaseConnection {
    func members(of lists: [RemoteID]) throws -> [RemoteID: [MemberState]] {
        let known = Set(try all("SELECT id FROM object WHERE kind = 'list'") { $0.rawInteger(0) })
        var wanted: [Int64: RemoteID] = [:]
        for list in lists {
            guard let number = Int64(list.text), known.contains(number) else { throw ProviderFailure(.refused, "there is no list \(list)") }
            wanted[number] = list
        }
        var members = Dictionary(uniqueKeysWithValues: wanted.values.map { ($0, [MemberState]()) })
        // Thousands of lists are read in one pass, which takes half the time of asking for each.
        if wanted.count * 2 > known.count {
            var (number, current) = (Int64.min, [MemberState]())
            try rows("SELECT list, person, vals FROM member ORDER BY list, person") { row in
                let list = row.rawInteger(0)
                if list != number {
                    if let id = wanted[number] { members[id] = current }
                    (number, current) = (list, [])
                }
                current.append(try member(row, 1))
            }
            if let id = wanted[number] { members[id] = current }
        } else {
            for (number, id) in wanted {
                members[id] = try all("SELECT person, vals FROM member WHERE list = ? ORDER BY person", [.integer(number)]) { try member($0, 0) }
            }
        }
        return members
    }

    /// A person and their values, from a column on.
    private func member(_ row: borrowing DatabaseRow, _ column: Int) throws -> MemberState {
        guard let person = PersonDigest(stored: row.bytes(column)) else { throw DatabaseFailure("a list holds a person without a digest") }
        return MemberState(person: person, values: UInt64(bitPattern: row.rawInteger(column + 1)))
    }

    /// Adds people or renews their values, and takes others out. Returns how many there are afterwards.
    func change(_ list: RemoteID, adding: [Member], removing: [PersonDigest]) throws -> Int {
        let number = try object(list, .list).id
        for person in removing { try execute("DELETE FROM member WHERE list = ? AND person = ?", [.integer(number), .digest(person)]) }
        for member in adding {
            try execute(
                """
                INSERT INTO member VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (list, person)
                DO UPDATE SET record = excluded.record, vals = excluded.vals, address = excluded.address, fields = excluded.fields
                """,
                [
                    .integer(number), .digest(member.state.person), .digest(member.key), .integer(Int64(bitPattern: member.state.values)),
                    .text(member.address.reveal()), .text(json(member.fields.reveal())),
                ])
        }
        return try object(list, .list).object.memberCount
    }

    /// The values as a JSON object (RFC 8259) in their own order, for whoever queries the file.
    private func json(_ fields: [(name: String, text: String)]) -> String {
        "{" + fields.map { "\(quoted($0.name)):\(quoted($0.text))" }.joined(separator: ",") + "}"
    }

    private func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\0"..<" ": result += "\\u00" + hexadecimal([UInt8(scalar.value)])
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension SQLValue {
    static func digest(_ person: PersonDigest) -> SQLValue { .blob(person.bytes) }
}

extension PersonDigest {
    /// Sixteen bytes, whose order as bytes is that of digests.
    init?(stored bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 16 else { return nil }
        self.init(
            high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)), low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }
}
