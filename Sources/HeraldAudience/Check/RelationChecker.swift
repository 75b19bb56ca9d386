import HeraldModel

extension FilterChecker {
    static let aggregateKeys = ["where", "none", "count", "sum", "avg", "min", "max"]

    func relation(_ relation: EntitySchema.Relation, _ key: Node, _ value: Node, _ entity: EntitySchema) -> Filter? {
        if entity.columns[relation.id] != nil { return nil }  // The clash is reported with the entity.
        guard let other = schemas[relation.entity] else { return nil }  // Reported with the entity, or not known here.
        let reference = RelationReference(id: relation.id, from: entity.id, to: other.id)
        if !relation.isMany {
            if value.kind == .map, value.entries.isEmpty {
                return fail(.badCondition, "an empty condition says nothing", value, "write `{\(other.key): {empty: false}}` to ask that there is one")
            }
            return condition(value, other).map { Filter(.toOne(reference, $0), key.span) }
        }
        guard let (rows, aggregate) = many(value, other) else { return nil }
        return Filter(.toMany(reference, where: rows, aggregate), key.span)
    }

    /// The body of a to-many relation: `where`, and at most one question about the rows that satisfy it.
    func many(_ value: Node, _ other: EntitySchema) -> (Filter?, Aggregate)? {
        guard value.kind == .map else {
            _ = fail(.badCondition, "a relation to many rows is a map, and this is \(value.kindName)", value, "write `{where: {…}}`, or `{}` for at least one row")
            return nil
        }
        var rows: Filter?
        var aggregate: Aggregate?
        var isFine = true
        for (key, body) in value.entries {
            let name = key.scalar
            guard FilterChecker.aggregateKeys.contains(name) else {
                let isColumn = other.columns[name] != nil || other.relations[name] != nil
                _ = fail(
                    .unknownName, "a relation to many rows has no key `\(name)`", key,
                    isColumn
                        ? "put it under `where`: `{where: {\(name): …}}`"
                        : nearest(to: name, among: FilterChecker.aggregateKeys).map { "did you mean `\($0)`?" })
                isFine = false
                continue
            }
            if name == "where" {
                rows = condition(body, other)
                isFine = isFine && rows != nil
                continue
            }
            if aggregate != nil {
                _ = fail(.badCondition, "only one of none, count, sum, avg, min, max may stand here", key, "use `all:` with one condition for each")
                isFine = false
                continue
            }
            aggregate = self.aggregate(key, body, other)
            isFine = isFine && aggregate != nil
        }
        return isFine ? (rows, aggregate ?? .some) : nil
    }

    private func aggregate(_ key: Node, _ body: Node, _ other: EntitySchema) -> Aggregate? {
        switch key.scalar {
        case "none":
            guard body.kind == .boolean, body.scalar.lowercased() == "true" else {
                _ = fail(.badLiteral, "`none` takes only `true`", body, "write `none: true`, or leave it out for at least one row")
                return nil
            }
            return Aggregate.none
        case "count":
            return TestChecker(checker: self, type: .integer, name: "count", neverEmpty: true).check(body).map { .count($0) }
        default:
            guard let function = Aggregate.Function(rawValue: key.scalar) else { return nil }
            guard body.kind == .map, body.entries.count == 1, let (column, test) = body.entries.first else {
                _ = fail(.badCondition, "`\(key.scalar)` takes one column and what is asked of it", body, "write `\(key.scalar): {total: {gte: 500}}`")
                return nil
            }
            guard let reference = aggregated(function, column.located, other) else { return nil }
            let type: ColumnType = function == .avg || function == .sum ? .decimal : reference.type
            let checker = TestChecker(checker: self, type: type, name: "\(key.scalar) of \(reference.name)", neverEmpty: function == .sum)
            return checker.check(test).map { .of(function, reference, $0) }
        }
    }

    /// The column of an aggregate: numbers for sum and avg, numbers and times for min and max.
    func aggregated(_ function: Aggregate.Function, _ name: Located<String>, _ other: EntitySchema) -> ColumnReference? {
        guard let column = other.column(name, diagnostics) else { return nil }
        let fits = column.type.isNumber || ((function == .min || function == .max) && column.type.isTime)
        guard fits else {
            diagnostics.report(
                .typeMismatch, "`\(function.rawValue)` is for numbers\(function == .min || function == .max ? " and dates" : ""), and `\(column.name)` is \(column.type.name)",
                at: name.span)
            return nil
        }
        return ColumnReference(name: column.name, type: column.type)
    }
}
