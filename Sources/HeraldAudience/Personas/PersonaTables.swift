import HeraldModel

/// The tables of a test while they are filled.
struct PersonaTables {
    private let schemas: Schemas
    private let zone: Zone
    private let diagnostics: Diagnostics
    private var rows: [String: [[String: Value]]] = [:]
    /// By entity and key: the number of its row.
    private var keys: [String: [Value: Int]] = [:]
    private var fresh: Int64 = 0

    init(_ schemas: Schemas, zone: Zone, _ diagnostics: Diagnostics) {
        self.schemas = schemas
        self.zone = zone
        self.diagnostics = diagnostics
    }

    /// A key that nobody wrote: negative numbers, or words that do not occur in data.
    mutating func freshKey(_ entity: EntitySchema) -> Value {
        fresh += 1
        return entity.columns[entity.key]?.type == .integer ? .integer(-fresh) : .text(Text("‹\(fresh)›"))
    }

    /// Adds a row and returns its number. Several people may belong to one row, which then is written alike every time.
    mutating func add(_ entity: EntitySchema, _ cells: [String: Value], _ span: SourceSpan, isPerson: Bool) -> Int {
        let key = cells[entity.key] ?? .empty
        if let known = keys[entity.id]?[key] {
            if !isPerson, rows[entity.id]?[known] == cells { return known }
            diagnostics.report(
                .badPersona, "\(isPerson ? "two people" : "two different rows of \(entity.id)") have the key \(ValueText.plain(key))", at: span,
                suggestion: "give each its own `\(entity.key)`")
            return known
        }
        let row = rows[entity.id, default: []].count
        rows[entity.id, default: []].append(cells)
        keys[entity.id, default: [:]][key] = row
        return row
    }

    /// Adds a row to a table beside the entities.
    mutating func add(to table: String, _ cells: [String: Value]) { rows[table, default: []].append(cells) }

    /// A value as it is written for a column.
    func cell(_ node: Node, _ column: EntitySchema.Column) -> Value {
        guard node.kind != .null, !(node.isScalar && node.scalar.isEmpty) else { return .empty }
        if case .many(let separator) = column.type, node.kind == .list {
            let parts = node.elements.flatMap { Array($0.scalar.utf8).withUnsafeBufferPointer { CellSyntax.parts($0, separator: Array(separator.utf8)) } }
            return parts.isEmpty ? .empty : .many(parts)
        }
        guard var filler = filler(column) else { return .empty }
        if node.isScalar {
            if column.type == .datetime, let day = Day(parsing: node.scalar) { return .datetime(zone.start(of: day)) }
            do throws(CellProblem) {
                return try Array(node.scalar.utf8).withUnsafeBufferPointer { bytes throws(CellProblem) in try filler.convert(.text(bytes)) }
            } catch {
                diagnostics.report(.badPersona, "`\(column.name)` \(error.message(filler))", at: node.span)
                return .empty
            }
        }
        diagnostics.report(.badPersona, "`\(column.name)` is \(filler.expectation), and this is \(node.kindName)", at: node.span)
        return .empty
    }

    private func filler(_ column: EntitySchema.Column) -> ColumnFiller? {
        ColumnFiller(TableRequest.Column(name: column.name, type: column.type), zone: zone, diagnostics)
    }

    /// Everything that conditions may look into has a table, if only an empty one.
    consuming func finish() -> [String: Table] {
        var tables: [String: Table] = [:]
        for schema in schemas.all {
            let rows = self.rows[schema.id, default: []]
            let columns = schema.columnNames.compactMap { schema.columns[$0] }.compactMap { column -> Column? in
                var filler = filler(column)
                for row in rows { filler?.append(row[column.name] ?? .empty) }
                return filler?.finish()
            }
            tables[schema.id] = Table(name: schema.table, columns: columns, rowCount: rows.count)
        }
        return tables
    }
}
