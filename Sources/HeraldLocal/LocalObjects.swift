import HeraldDatabase
import HeraldModel

/// Lists and emails in the database.
extension DatabaseConnection {
    /// Fingerprint of the key that the digests were made with; nil where nobody wrote it down.
    func key() throws -> String? {
        guard try account(has: "key"), case .text(let key) = try scalar("SELECT key FROM account") else { return nil }
        return key
    }

    /// How many changes were committed.
    func sequence() throws -> Int {
        guard try account(has: "sequence"), case .integer(let sequence) = try scalar("SELECT sequence FROM account") else { return 0 }
        return Int(sequence)
    }

    /// A database that no writer of this version opened yet lacks what later versions added.
    private func account(has column: String) throws -> Bool { try all("SELECT name FROM pragma_table_info('account')") { try $0.text(0) }.contains(column) }

    /// All of them, in the order in which they were made; or one.
    func objects(_ only: Int64? = nil) throws -> [RemoteObject] {
        let one: [SQLValue] = only.map { [.integer($0)] } ?? []
        var fields: [Int64: [String: String]] = [:]
        try rows("SELECT object, name, text FROM field" + (only == nil ? "" : " WHERE object = ?"), one) { row in
            fields[row.rawInteger(0), default: [:]][try row.text(1) ?? ""] = try row.text(2)
        }
        return try all("SELECT id, kind, name, mark, phase, members FROM object" + (only == nil ? " ORDER BY id" : " WHERE id = ?"), one) { row in
            let id = row.rawInteger(0)
            guard let kind = RemoteKind(rawValue: try row.text(1) ?? "") else { throw DatabaseFailure("object \(id) is of no known kind") }
            return RemoteObject(
                id: RemoteID(String(id)), kind: kind, name: try row.text(2) ?? "", mark: try row.text(3), fields: fields[id] ?? [:],
                memberCount: Int(row.rawInteger(5)), phase: try row.text(4).flatMap(SendPhase.init))
        }
    }

    func object(_ id: RemoteID, _ kind: RemoteKind) throws -> (id: Int64, object: RemoteObject) {
        guard let number = Int64(id.text), let object = try objects(number).first, object.kind == kind else {
            throw ProviderFailure(.refused, "there is no \(kind.rawValue) \(id)")
        }
        return (number, object)
    }

    /// Makes the object, or brings the one that has its mark to the same content: the same call again finds what the first one made.
    func create(_ spec: ObjectSpec) throws -> RemoteObject {
        if case .integer(let id) = try scalar("SELECT id FROM object WHERE kind = ? AND mark = ?", [.text(spec.kind.rawValue), .text(spec.mark)]) {
            return try update(RemoteID(String(id)), to: spec)
        }
        try execute(
            "INSERT INTO object (kind, name, mark, phase) VALUES (?, ?, ?, ?)",
            [.text(spec.kind.rawValue), .text(spec.name), .text(spec.mark), spec.kind == .email ? .text(SendPhase.draft.rawValue) : .null])
        return try write(spec.fields, of: lastInsertedID)
    }

    func update(_ id: RemoteID, to spec: ObjectSpec) throws -> RemoteObject {
        let (number, there) = try object(id, spec.kind)
        if there.phase?.hasLeft == true, there.fields != spec.fields {
            throw ProviderFailure(.refused, "email \(id) was sent, and what was sent stays as it is")
        }
        let others = try scalar("SELECT id FROM object WHERE kind = ? AND mark = ? AND id <> ?", [.text(spec.kind.rawValue), .text(spec.mark), .integer(number)])
        guard others == nil else { throw ProviderFailure(.refused, "another \(spec.kind.rawValue) has the mark of \(id) already") }
        try execute("UPDATE object SET name = ?, mark = ? WHERE id = ?", [.text(spec.name), .text(spec.mark), .integer(number)])
        return try write(spec.fields, of: number)
    }

    /// Nothing happens where it is gone.
    func delete(_ id: RemoteID) throws {
        guard let number = Int64(id.text) else { return }
        guard try scalar("SELECT id FROM send WHERE object = ?", [.integer(number)]) == nil else {
            throw ProviderFailure(.refused, "email \(id) was sent, and what was sent is kept")
        }
        try execute("DELETE FROM object WHERE id = ?", [.integer(number)])
    }

    private func write(_ fields: [String: String], of object: Int64) throws -> RemoteObject {
        try execute("DELETE FROM field WHERE object = ?", [.integer(object)])
        for (name, text) in fields.sorted(by: { $0.key < $1.key }) {
            try execute("INSERT INTO field VALUES (?, ?, ?)", [.integer(object), .text(name), .text(text)])
        }
        guard let written = try objects(object).first else { throw DatabaseFailure("object \(object) is gone") }
        return written
    }
}

extension Database {
    /// One transaction, which is counted, so that an older copy of the database is told from this one.
    func change<T>(_ body: (DatabaseConnection) throws -> T) throws -> T {
        try write { connection in
            let result = try body(connection)
            try connection.execute("UPDATE account SET sequence = sequence + 1")
            return result
        }
    }
}
