package import HeraldModel

extension Rule {
    static let badConsent = Rule("bad-consent")
}

/// The people behind an entity's records: one normal form of each address, and what all its records together say about being mailed. Made once, for all lists.
package final class EntityPeople: Sendable {
    package let schema: EntitySchema
    package let table: Table
    let addresses: AddressBook
    /// What all records of each address say.
    let consent: [ConsentMerge]
    private let keyColumn: Int

    /// Nil after reporting what cannot be read. `assumed` consent counts everybody as subscribed.
    package init?(_ schema: EntitySchema, _ table: Table, _ clock: Clock, _ diagnostics: Diagnostics) {
        guard let keyColumn = table.column(named: schema.key) else { return nil }
        self.schema = schema
        self.table = table
        self.keyColumn = keyColumn
        let column = schema.addressColumn.flatMap { table.column(named: $0) }
        addresses = AddressBook(column.map { table.columns[$0] }, rows: table.rowCount, hasEmail: schema.hasEmail)
        guard let said = EntityPeople.consent(of: table, schema, clock, diagnostics) else { return nil }
        var consent = [ConsentMerge](repeating: ConsentMerge(), count: addresses.count)
        let ofRow = addresses.ofRow.buffer
        consent.withUnsafeMutableBufferPointer { consent in
            for row in ofRow.indices where ofRow[row] >= 0 { consent[Int(ofRow[row])].add(said(row)) }
        }
        self.consent = consent
    }

    private static func consent(
        of table: Table, _ schema: EntitySchema, _ clock: Clock, _ diagnostics: Diagnostics
    ) -> ((Int) -> ConsentRecord)? {
        guard case .column(let name, let at, _)? = schema.definition.consent?.value else {
            // Assumed, or not mailed at all: then nobody asks.
            return { _ in ConsentRecord(status: .subscribed, at: nil) }
        }
        guard let index = table.column(named: name.value) else { return { _ in ConsentRecord(status: .pending, at: nil) } }
        let said = table.columns[index].lookup(status)
        // Texts are few, and rows are many.
        var mayBeWrong = true
        if case .text(_, let pool) = table.columns[index].storage { mayBeWrong = pool.contains { status(.text($0)) == nil } }
        let wrong = mayBeWrong ? (0..<table.rowCount).filter { said($0) == nil } : []
        if let first = wrong.first {
            let place = first < table.lines.count ? "line \(table.lines[first])" : "row \(first + 1)"
            let count = wrong.count == 1 ? "" : ", and \(wrong.count - 1) more"
            diagnostics.report(
                .badConsent, "`\(name.value)` on \(place) of \(table.name)\(count) is neither a boolean nor subscribed, pending or unsubscribed",
                at: name.span, suggestion: "mend the data, or name another column")
            return nil
        }
        let zone = clock.zone
        let time = at.flatMap { table.column(named: $0.value) }.map { column -> @Sendable (Int) -> Instant? in
            guard case .datetime(let ticks) = table.columns[column].storage else { return table.columns[column].lookup { instant($0, zone) } }
            return { ticks[$0] == .min ? nil : Instant(microseconds: ticks[$0]) }
        }
        return { ConsentRecord(status: said($0) ?? .pending, at: time?($0) ?? nil) }
    }

    /// A day counts from its start.
    private static func instant(_ value: Value, _ zone: Zone) -> Instant? {
        switch value {
        case .date(let day): zone.start(of: day)
        case .datetime(let instant): instant
        default: nil
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

    /// The keys of these rows as a column.
    package func keys(of rows: [Int]) -> Column.Storage {
        switch table.columns[keyColumn].storage {
        case .integer(let values, let empty): .integer(Cells(rows.map { values[$0] }), empty: empty.map { empty in Cells(rows.map { empty[$0] }) })
        case .text(let codes, let pool): .text(codes: Cells(rows.map { codes[$0] }), pool: pool)
        case let other: other  // Keys are integers or texts (`Schemas.check`).
        }
    }

    /// The normal form of a row's address, or nil.
    package func address(_ row: Int) -> Personal<String>? {
        addresses.ofRow[row] < 0 ? nil : Personal(addresses[addresses.ofRow[row]])
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
