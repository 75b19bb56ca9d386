package import HeraldModel

/// A column of a list: a field of the record, or an aggregate over a relation.
package enum ListValue: Hashable, Sendable {
    case field(ColumnReference)
    case aggregate(RelationReference, where: Filter?, Aggregate.Function?, ColumnReference?)
}

/// A column of a list, typed.
package struct TypedColumn: Hashable, Sendable {
    package let name: String
    package let label: String
    package let value: ListValue
    package let type: ColumnType
    package let mayBeEmpty: Bool
    package let sort: ListColumn.Sort?

    package init(name: String, label: String, value: ListValue, type: ColumnType, mayBeEmpty: Bool, sort: ListColumn.Sort?) {
        self.name = name
        self.label = label
        self.value = value
        self.type = type
        self.mayBeEmpty = mayBeEmpty
        self.sort = sort
    }
}

extension FilterChecker {
    /// The columns of a list, typed; those that do not fit are reported and left out.
    package func columns(_ columns: [ListColumn], entity: EntitySchema) -> [TypedColumn] {
        columns.compactMap { column in
            let label = column.label?.value ?? column.name.value
            switch column.content {
            case .field(let name):
                guard let field = entity.column(name, diagnostics) else { return nil }
                return TypedColumn(
                    name: column.name.value, label: label, value: .field(ColumnReference(name: field.name, type: field.type)), type: field.type,
                    mayBeEmpty: field.mayBeEmpty, sort: column.sort)
            case .computed(let relation, let body): return computed(column, label, relation, body, entity)
            }
        }
    }

    private func computed(_ column: ListColumn, _ label: String, _ name: Located<String>, _ body: Node, _ entity: EntitySchema) -> TypedColumn? {
        guard let relation = entity.relations[name.value], relation.isMany else {
            diagnostics.report(
                .unknownName, "\(entity.id) has no relation to many rows called `\(name.value)`", at: name.span,
                suggestion: nearest(to: name.value, among: entity.relations.values.filter(\.isMany).map(\.id)).map { "did you mean `\($0)`?" })
            return nil
        }
        guard let other = schemas[relation.entity] else { return nil }
        guard body.kind == .map else {
            _ = fail(.badCondition, "a computed column is a map, and this is \(body.kindName)", body, "write `\(name.value): {sum: total}`")
            return nil
        }
        let reference = RelationReference(id: relation.id, from: entity.id, to: other.id)
        var rows: Filter?
        var found: TypedColumn?
        for (key, value) in body.entries {
            switch key.scalar {
            case "where":
                rows = condition(value, other)
                if rows == nil { return nil }
            case "count" where found == nil:
                guard value.kind == .boolean, value.scalar.lowercased() == "true" else {
                    _ = fail(.badLiteral, "`count` of a column takes only `true`", value, "write `count: true`")
                    return nil
                }
                found = TypedColumn(
                    name: column.name.value, label: label, value: .aggregate(reference, where: nil, nil, nil), type: .integer, mayBeEmpty: false,
                    sort: column.sort)
            default:
                guard found == nil, let function = Aggregate.Function(rawValue: key.scalar) else {
                    _ = fail(.unknownName, "a computed column takes `where` and one of count, sum, avg, min, max", key)
                    return nil
                }
                guard let of = aggregated(function, value.located, other) else { return nil }
                found = TypedColumn(
                    name: column.name.value, label: label, value: .aggregate(reference, where: nil, function, of),
                    type: function == .sum || function == .avg ? .decimal : of.type, mayBeEmpty: function != .sum, sort: column.sort)
            }
        }
        guard let found, case .aggregate(_, _, let function, let of) = found.value else {
            _ = fail(.badCondition, "a computed column takes one of count, sum, avg, min, max", body, "write `{sum: total}`")
            return nil
        }
        return TypedColumn(
            name: found.name, label: found.label, value: .aggregate(reference, where: rows, function, of), type: found.type,
            mayBeEmpty: found.mayBeEmpty, sort: found.sort)
    }
}

extension Evaluator {
    /// A function that gives a column's value for each row. Averages are rounded for people to read.
    package func values(of column: TypedColumn, entity: String) -> @Sendable (Int) -> Value {
        switch column.value {
        case .field(let reference):
            guard let table = dataset.table(entity), let index = table.column(named: reference.name) else { return { _ in .empty } }
            let content = table.columns[index]
            return { content.value(at: $0) }
        case .aggregate(let relation, let rows, let function, let of):
            let related = self.related(relation, rows)
            guard let function, let of else { return { .integer(related.count(of: $0)) } }
            let fold = self.fold(function, of, relation, related, nil)
            return { row in
                switch fold(row) {
                case .value(let value): value
                case .quotient(let number): .decimal(number.rounded)
                case .overflow: .empty
                }
            }
        }
    }
}
