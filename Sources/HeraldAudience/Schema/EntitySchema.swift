package import HeraldModel

/// What is known of an entity's columns and relations: the definition with the pinned columns and the types that it gives itself.
///
/// A reference, because every condition and every list holds one.
package final class EntitySchema: Sendable {
    package struct Column: Hashable, Sendable {
        package let name: String
        package let type: ColumnType
        package let format: String?
        package let mayBeEmpty: Bool
        package let ambiguity: String?
    }

    package struct Relation: Sendable {
        package let id: String
        package let isMany: Bool
        package let entity: String
        package let by: Located<String>
    }

    package let id: String
    package let definition: EntityDefinition
    package let table: TableName
    package let columns: [String: Column]
    /// In the order of the source.
    package let columnNames: [String]
    package let relations: [String: Relation]

    package init(_ definition: EntityDefinition, pinned: [PinnedColumn]) {
        id = definition.id.value
        self.definition = definition
        table = definition.from.value
        let fields = Dictionary(definition.fields.map { ($0.name.value, $0) }, uniquingKeysWith: { first, _ in first })
        var columns: [String: Column] = [:]
        for column in pinned {
            let field = fields[column.name]
            let type = field?.type?.value ?? column.type
            // Cells of separators alone are empty where a column is many-valued.
            let isMany = if case .many = type { true } else { false }
            columns[column.name] = Column(
                name: column.name, type: type, format: field?.format ?? (type == column.type ? column.format : nil), mayBeEmpty: column.mayBeEmpty || isMany,
                ambiguity: field?.type == nil ? column.ambiguity : nil)
        }
        self.columns = columns
        columnNames = pinned.map(\.name)
        relations = Dictionary(
            definition.relations.map {
                ($0.id.value, Relation(id: $0.id.value, isMany: $0.kind == .many, entity: $0.entity.value, by: $0.by))
            }, uniquingKeysWith: { first, _ in first })
    }

    package var key: String { definition.key.value }
    /// The column whose text is the person's address.
    package var addressColumn: String? { (definition.email ?? definition.phone)?.value }
    package var hasEmail: Bool { definition.email != nil }
}

/// The entities of a workspace.
package struct Schemas: Sendable {
    package let entities: [String: EntitySchema]
    package let settings: WorkspaceSettings

    /// Entities whose table is not known (no pinned columns, no data at hand) are left out.
    package init(_ settings: WorkspaceSettings, columns: PinnedColumns) {
        self.settings = settings
        entities = Dictionary(
            settings.entities.compactMap { entity in
                columns.tables[entity.from.value].map { (entity.id.value, EntitySchema(entity, pinned: $0)) }
            }, uniquingKeysWith: { first, _ in first })
    }

    package subscript(_ id: String) -> EntitySchema? { entities[id] }

    package var fiscalMonth: Int { settings.defaults.fiscalYearStarts?.value ?? 1 }
}
