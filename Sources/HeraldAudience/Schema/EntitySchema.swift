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

    /// Where its rows come from.
    package enum Origin: Sendable {
        /// A table of the team's data, with a key of each row.
        case entity
        /// A table of the team's data whose rows are told apart by nothing: an audit table, the rows of a manual list.
        case rows
        /// What herald knows itself: what was sent, and what changed from one run to the next.
        case results
    }

    package let id: String
    package let origin: Origin
    package let definition: EntityDefinition
    package let table: TableName
    package let columns: [String: Column]
    /// In the order of the source.
    package let columnNames: [String]
    package let relations: [String: Relation]

    package init(_ definition: EntityDefinition, pinned: [PinnedColumn], origin: Origin = .entity) {
        id = definition.id.value
        self.origin = origin
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

/// The entities of a workspace, and the tables beside them that conditions look into.
package struct Schemas: Sendable {
    package let entities: [String: EntitySchema]
    package let settings: WorkspaceSettings
    private let beside: SideTables

    /// Entities whose table is not known (no pinned columns, no data at hand) are left out.
    /// - Parameter manual: the manual lists, whose rows are tables of their own.
    package init(_ settings: WorkspaceSettings, columns: PinnedColumns, manual: [ListDefinition] = []) {
        self.settings = settings
        let entities = Dictionary(
            settings.entities.compactMap { entity in
                columns.tables[entity.from.value].map { (entity.id.value, EntitySchema(entity, pinned: $0)) }
            }, uniquingKeysWith: { first, _ in first })
        self.entities = entities
        beside = SideTables(entities, columns, manual)
    }

    package subscript(_ id: String) -> EntitySchema? { entities[id] ?? beside.tables[id] }

    /// The entities and all that is beside them.
    var all: [EntitySchema] { Array(entities.values) + beside.tables.values }

    func relation(_ reference: RelationReference) -> EntitySchema.Relation? {
        entities[reference.from]?.relations[reference.id] ?? beside.relations[reference]
    }

    package var fiscalMonth: Int { settings.defaults.fiscalYearStarts?.value ?? 1 }
}
