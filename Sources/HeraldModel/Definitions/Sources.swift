/// A place where contact data comes from.
package struct SourceDefinition: Sendable {
    package enum Location: Hashable, Sendable {
        /// A folder of `.csv` files, relative to the workspace. `dateFormat` is a Unicode pattern such as `M/d/yyyy`.
        case csv(folder: String, delimiter: UInt8?, dateFormat: String?)
        case sqlite(path: String)
        case postgres(Secret)
        case clickhouse(Secret)
    }

    package let id: Located<String>
    package let location: Located<Location>
    /// The data is made up and says so: addresses outside reserved domains are allowed.
    package let synthetic: Bool

    package init(id: Located<String>, location: Located<Location>, synthetic: Bool = false) {
        self.id = id
        self.location = location
        self.synthetic = synthetic
    }
}

/// A table of a source: `crm.contacts`.
package struct TableName: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let source: String
    package let table: String

    package init(source: String, table: String) {
        self.source = source
        self.table = table
    }

    package static func < (left: TableName, right: TableName) -> Bool { (left.source, left.table) < (right.source, right.table) }

    package var description: String { "\(source).\(table)" }
}

/// One column as `herald source describe` found it.
package struct PinnedColumn: Hashable, Sendable {
    package let name: String
    package let type: ColumnType
    /// The Unicode pattern that its dates are written in, where it is not ISO 8601.
    package let format: String?
    /// Whether any row has it empty.
    package let mayBeEmpty: Bool
    /// What makes it ambiguous, or nil; a definition that uses such a column must give its type (and format) in the entity's `fields`.
    package let ambiguity: String?

    package init(name: String, type: ColumnType, format: String? = nil, mayBeEmpty: Bool = true, ambiguity: String? = nil) {
        self.name = name
        self.type = type
        self.format = format
        self.mayBeEmpty = mayBeEmpty
        self.ambiguity = ambiguity
    }
}

/// `herald.columns.yaml`: the columns of every table of every source, in the source's order.
package struct PinnedColumns: Hashable, Sendable {
    package var tables: [TableName: [PinnedColumn]]

    package init(tables: [TableName: [PinnedColumn]] = [:]) { self.tables = tables }
}

/// A record type of the team's data: contacts, orders.
package struct EntityDefinition: Sendable {
    package let id: Located<String>
    package var from: Located<TableName>
    package var key: Located<String>
    package var email: Located<String>?
    package var phone: Located<String>?
    package var timezone: Located<String>?
    package var language: Located<String>?
    package var consent: Located<ConsentDefinition>?
    package var fields: [FieldDefinition] = []
    package var relations: [RelationDefinition] = []
    package var changes: ChangesDefinition?

    package init(id: Located<String>, from: Located<TableName>, key: Located<String>) {
        self.id = id
        self.from = from
        self.key = key
    }
}

package enum ConsentDefinition: Sendable {
    case column(Located<String>, at: Located<String>?, evidence: Located<String>?)
    /// Nobody recorded consent; the reason why mailing is allowed all the same.
    case assumed(String)
}

/// `fields: {birthday: date}`: a type that is given, not inferred.
package struct FieldDefinition: Sendable {
    package let name: Located<String>
    /// Nil where only `many`, `split` or `format` is given and the rest is inferred.
    package let type: Located<ColumnType>?
    package let format: String?

    package init(name: Located<String>, type: Located<ColumnType>?, format: String?) {
        self.name = name
        self.type = type
        self.format = format
    }
}

package struct RelationDefinition: Sendable {
    package enum Kind: Sendable { case one, many }

    package let id: Located<String>
    package let kind: Kind
    package let entity: Located<String>
    /// `one`: a column here that holds the other's key. `many`: a column there that holds ours.
    package let by: Located<String>

    package init(id: Located<String>, kind: Kind, entity: Located<String>, by: Located<String>) {
        self.id = id
        self.kind = kind
        self.entity = entity
        self.by = by
    }
}

/// An audit table of field changes.
package struct ChangesDefinition: Sendable {
    package let from: Located<TableName>
    package let key: Located<String>
    package let field: Located<String>
    package let old: Located<String>?
    package let new: Located<String>?
    package let at: Located<String>

    package init(
        from: Located<TableName>, key: Located<String>, field: Located<String>, old: Located<String>?,
        new: Located<String>?, at: Located<String>
    ) {
        self.from = from
        self.key = key
        self.field = field
        self.old = old
        self.new = new
        self.at = at
    }
}
