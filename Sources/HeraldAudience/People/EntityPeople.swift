package import HeraldModel

extension Rule {
    static let badConsent = Rule("bad-consent")
}

/// The people behind an entity's records: one normal form of each address, and what all its records together say about being mailed. Made once, for all lists.
package final class EntityPeople: Sendable {
    package let schema: EntitySchema
    package let table: Table
    /// Of each row: its address as a number, −1 where it is empty or invalid.
    let addressOfRow: [Int32]
    /// The normal form of each address.
    let addresses: [String]
    /// The merged consent of each address.
    let consent: [ConsentStatus]
    private let keyColumn: Int

    /// Nil after reporting what cannot be read. `assumed` consent counts everybody as subscribed.
    package init?(_ schema: EntitySchema, _ table: Table, _ clock: Clock, _ diagnostics: Diagnostics) {
        guard let keyColumn = table.column(named: schema.key) else { return nil }
        self.schema = schema
        self.table = table
        self.keyColumn = keyColumn
        var (ofRow, addresses): ([Int32], [String]) = ([], [])
        (ofRow, addresses) = EntityPeople.addresses(of: table, schema)
        var records = [[ConsentRecord]](repeating: [], count: addresses.count)
        guard let said = EntityPeople.consent(of: table, schema, clock, diagnostics) else { return nil }
        for (row, address) in ofRow.enumerated() where address >= 0 { records[Int(address)].append(said(row)) }
        addressOfRow = ofRow
        self.addresses = addresses
        consent = records.map(ConsentMerge.merge)
    }

    private static func addresses(of table: Table, _ schema: EntitySchema) -> ([Int32], [String]) {
        guard let name = schema.addressColumn, let index = table.column(named: name) else {
            return ([Int32](repeating: -1, count: table.rowCount), [])
        }
        var numbers: [Text: Int32] = [:]
        var addresses: [String] = []
        var known: [Text: Int32] = [:]
        let column = table.columns[index]
        let ofRow = (0..<table.rowCount).map { row -> Int32 in
            let source = Text(ValueText.plain(column.value(at: row)))
            if let number = known[source] { return number }
            let normal = schema.hasEmail ? EmailAddress(source.string)?.text : phone(source.string)
            var number: Int32 = -1
            if let normal {
                number = numbers[Text(normal)] ?? Int32(addresses.count)
                if Int(number) == addresses.count {
                    addresses.append(normal)
                    numbers[Text(normal)] = number
                }
            }
            known[source] = number
            return number
        }
        return (ofRow, addresses)
    }

    /// A phone number as written, without the spaces around it.
    private static func phone(_ text: String) -> String? {
        let words = text.split(whereSeparator: \.isWhitespace)
        return words.isEmpty ? nil : words.joined(separator: " ")
    }

    private static func consent(
        of table: Table, _ schema: EntitySchema, _ clock: Clock, _ diagnostics: Diagnostics
    ) -> ((Int) -> ConsentRecord)? {
        guard case .column(let name, let at, _)? = schema.definition.consent?.value, let index = table.column(named: name.value) else {
            // Assumed, or not mailed at all: then nobody asks.
            return { _ in ConsentRecord(status: .subscribed, at: nil) }
        }
        let time = at.flatMap { table.column(named: $0.value) }
        var wrong: [Int] = []
        for row in 0..<table.rowCount where status(table[row, index]) == nil { wrong.append(row) }
        if let first = wrong.first {
            let line = first < table.lines.count ? " on line \(table.lines[first])" : " in row \(first + 1)"
            diagnostics.report(
                .badConsent, "\(table.name)\(line): `\(name.value)` is neither a boolean nor subscribed, pending or unsubscribed (\(wrong.count) rows)",
                at: name.span, suggestion: "mend the data, or name another column")
            return nil
        }
        return { row in
            var said: Instant?
            if let time {
                switch table[row, time] {
                case .date(let day): said = clock.zone.start(of: day)
                case .datetime(let instant): said = instant
                default: break
                }
            }
            return ConsentRecord(status: status(table[row, index]) ?? .pending, at: said)
        }
    }

    private static func status(_ value: Value) -> ConsentStatus? {
        switch value {
        case .empty: .pending
        case .boolean(let yes): yes ? .subscribed : .unsubscribed
        case .text(let text): [.subscribed, .pending, .unsubscribed].first { Text($0.rawValue) == text }
        default: nil
        }
    }

    package func key(_ row: Int) -> Value { table[row, keyColumn] }

    /// The normal form of a row's address, or nil.
    package func address(_ row: Int) -> Personal<String>? {
        addressOfRow[row] < 0 ? nil : Personal(addresses[Int(addressOfRow[row])])
    }

    /// Integers by value, others by scalar.
    func isKey(_ a: Int, before b: Int) -> Bool {
        switch (key(a), key(b)) {
        case (.integer(let x), .integer(let y)): x < y
        case (.text(let x), .text(let y)): x < y
        default: a < b
        }
    }
}
