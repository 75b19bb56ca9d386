package import HeraldModel

/// The tables that conditions look into without their being entities: what was sent to people and what they did, what changed in their records, who is on a manual
/// list. Each belongs to one entity, and a relation to many leads to it, so that a word of the language is a condition over rows like any other.
struct SideTables: Sendable {
    private(set) var tables: [String: EntitySchema] = [:]
    private(set) var relations: [RelationReference: EntitySchema.Relation] = [:]

    init(_ entities: [String: EntitySchema], _ columns: PinnedColumns, _ manual: [ListDefinition]) {
        for entity in entities.values {
            guard let key = entity.columns[entity.key] else { continue }
            addResults(of: entity, key)
            addChanges(of: entity, key, columns)
        }
        for list in manual {
            guard let entity = entities[list.entity.value], let key = entity.columns[entity.key], let rows = list.rows,
                let found = columns.tables[rows.value]?.first(where: { $0.name == entity.key })
            else { continue }
            let pinned = PinnedColumn(name: found.name, type: key.type, mayBeEmpty: found.mayBeEmpty)
            add(
                EntitySchema(
                    EntityDefinition(id: Located(SideTable.rows(of: list.id.value), list.id.span), from: rows, key: entity.definition.key), pinned: [pinned], origin: .rows),
                of: entity, by: entity.key, words: [SideTable.rowsRelation])
        }
    }

    private mutating func addResults(of entity: EntitySchema, _ key: EntitySchema.Column) {
        let id = SideTable.results(of: entity.id)
        let columns = ResultColumn.allCases.map { column in
            PinnedColumn(name: column.rawValue, type: column.type ?? key.type, mayBeEmpty: true)
        }
        add(
            EntitySchema(SideTable.definition(id, entity), pinned: columns, origin: .results), of: entity, by: ResultColumn.of.rawValue,
            words: Word.allCases.filter(\.isAboutResults).map(\.rawValue))
    }

    /// The audit table, where the entity names one; else what herald saw change.
    private mutating func addChanges(of entity: EntitySchema, _ key: EntitySchema.Column, _ columns: PinnedColumns) {
        let id = SideTable.changes(of: entity.id)
        guard let changes = entity.definition.changes else {
            let seen = [
                PinnedColumn(name: ChangeColumn.of, type: key.type), PinnedColumn(name: ChangeColumn.field, type: .text),
                PinnedColumn(name: ChangeColumn.new, type: .text), PinnedColumn(name: ChangeColumn.at, type: .datetime),
            ]
            return add(
                EntitySchema(SideTable.definition(id, entity), pinned: seen, origin: .results), of: entity, by: ChangeColumn.of, words: [Word.changed.rawValue])
        }
        guard let pinned = columns.tables[changes.from.value] else { return }
        let texts = [changes.field, changes.old, changes.new].compactMap { $0?.value }
        let typed = pinned.map { column in
            let type = column.name == changes.key.value ? key.type : texts.contains(column.name) ? .text : column.type
            return PinnedColumn(
                name: column.name, type: type, format: type == column.type ? column.format : nil, mayBeEmpty: column.mayBeEmpty,
                ambiguity: type == column.type ? column.ambiguity : nil)
        }
        add(
            EntitySchema(EntityDefinition(id: Located(id, changes.from.span), from: changes.from, key: changes.at), pinned: typed, origin: .rows), of: entity,
            by: changes.key.value, words: [Word.changed.rawValue])
    }

    private mutating func add(_ table: EntitySchema, of entity: EntitySchema, by column: String, words: [String]) {
        tables[table.id] = table
        for word in words {
            relations[RelationReference(id: word, from: entity.id, to: table.id)] = EntitySchema.Relation(
                id: word, isMany: true, entity: table.id, by: Located(column, table.definition.id.span))
        }
    }
}

/// What the tables beside the entities are called; with a space, so that no entity has the name.
package enum SideTable {
    package static func results(of entity: String) -> String { "results of \(entity)" }
    package static func changes(of entity: String) -> String { "changes of \(entity)" }
    package static func rows(of list: String) -> String { "rows of \(list)" }

    /// The relation from people to the rows of a manual list.
    package static let rowsRelation = "rows"

    /// Of a table that no source has. In explanations its rows are named by their time.
    fileprivate static func definition(_ id: String, _ entity: EntitySchema) -> EntityDefinition {
        let span = entity.definition.id.span
        return EntityDefinition(id: Located(id, span), from: Located(TableName(source: "", table: id), span), key: Located(ResultColumn.at.rawValue, span))
    }
}

/// The columns of what was sent and what people did: one row for each time that something happened to one record.
package enum ResultColumn: String, Sendable, CaseIterable {
    /// The key of the record.
    case of
    /// `sent`, `opened`, …: a `ResultKind`.
    case kind
    case email, campaign, list, site
    /// Of an event.
    case name
    case url
    case at
    /// The value of an event, as a number and as text.
    case number, text

    /// Nil: that of the entity's key.
    package var type: ColumnType? {
        switch self {
        case .of: nil
        case .at: .datetime
        case .number: .decimal
        case .kind, .email, .campaign, .list, .site, .name, .url, .text: .text
        }
    }
}

/// The columns of what herald saw change. `new` is the value as text, where anybody asks for it.
package enum ChangeColumn {
    package static let of = "of"
    package static let field = "field"
    package static let new = "new"
    package static let at = "at"
}

extension Table {
    /// The rows of a table that no source has. Columns that are not given are empty.
    package init(_ schema: EntitySchema, filled: [String: Column.Storage], rowCount: Int) {
        let columns = schema.columnNames.compactMap { schema.columns[$0] }.map { column in
            Column(name: column.name, type: column.type, storage: filled[column.name] ?? .empty(column.type, rowCount))
        }
        self.init(name: schema.table, columns: columns, rowCount: rowCount)
    }
}

extension Column.Storage {
    fileprivate static func empty(_ type: ColumnType, _ count: Int) -> Column.Storage {
        func repeated<Element: BitwiseCopyable & Sendable>(_ element: Element) -> Cells<Element> { Cells(repeatElement(element, count: count)) }
        return switch type {
        case .integer: .integer(repeated(0), empty: repeated(true))
        case .decimal: .decimal(repeated(Decimal(0)), empty: repeated(true))
        case .boolean: .boolean(repeated(2))
        case .date: .date(repeated(.min))
        case .datetime: .datetime(repeated(.min))
        case .text, .enum: .text(codes: repeated(-1), pool: TextTable([]))
        case .many: .many(codes: repeated(-1), pool: [])
        }
    }
}
