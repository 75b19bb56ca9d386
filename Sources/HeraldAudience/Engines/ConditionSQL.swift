import HeraldModel

/// Conditions as SQL that decides exactly as the evaluator does; nil where the engine's own rules might decide otherwise.
struct ConditionSQL {
    let schemas: Schemas
    let clock: Clock
    let dialect: any SQLDialect
    let names = SQLNames()

    /// Engines refuse what is nested too deeply.
    private static let deepest = 12

    /// The condition over the rows of `scope`; nil where it is not the engine's to decide.
    func verdict(_ filter: Filter, _ entity: String, _ scope: SQLScope, depth: Int = 0) -> SQLVerdict? {
        guard depth < ConditionSQL.deepest, let schema = schemas[entity], let found = clause(filter, schema, scope, depth) else { return nil }
        return found.holds.utf8.count < dialect.longest && found.surelyNot.utf8.count < dialect.longest ? found : nil
    }

    private func clause(_ filter: Filter, _ schema: EntitySchema, _ scope: SQLScope, _ depth: Int) -> SQLVerdict? {
        func inner(_ filters: [Filter]) -> [SQLVerdict]? {
            let found = filters.map { verdict($0, schema.id, scope, depth: depth + 1) }
            return found.contains { $0 == nil } ? nil : found.compactMap { $0 }
        }
        switch filter.clause {
        case .all(let parts): return inner(parts).map { .all($0, dialect) }
        case .any(let parts): return inner(parts).map { .any($0, dialect) }
        case .not(let part): return inner([part])?[0].opposite(dialect)
        case .filter(_, let part), .list(_, let part): return inner([part])?[0]
        case .column(let column, let test):
            guard let operand = dialect.column(column.name, as: column.type, of: schema, alias: scope.alias) else { return nil }
            let terms = test.terms.map { TestSQL(dialect, clock).verdict($0, operand, column.type) }
            return terms.contains { $0 == nil } ? nil : .all(terms.compactMap { $0 }, dialect)
        case .toOne(let relation, let part): return toOne(relation, schema, scope, depth, part)
        case .toMany(let relation, let rows, let aggregate): return toMany(relation, rows, aggregate, schema, scope, depth)
        }
    }

    // MARK: relations

    private func toOne(_ reference: RelationReference, _ schema: EntitySchema, _ scope: SQLScope, _ depth: Int, _ part: Filter) -> SQLVerdict? {
        guard let target = schemas[reference.to], dialect.hasUniqueKey(target), let by = schema.relations[reference.id]?.by.value,
            let own = column(by, schema, scope)
        else { return nil }
        /// Whether the row exists, and one of the answers about it is as asked.
        func exists(_ answer: (SQLVerdict) -> String) -> String? {
            let inside = SQLScope(names)
            guard let key = column(target.key, target, inside), let verdict = verdict(part, target.id, inside, depth: depth + 1) else { return nil }
            return query(target, inside, key, answer(verdict), having: nil).flatMap { dialect.isMember(own, of: $0, in: scope) }
        }
        let sample = SQLScope(names)
        guard let inner = verdict(part, target.id, sample, depth: depth + 1), let holds = exists(\.holds) else { return nil }
        if inner.isCertain { return SQLVerdict(certain: holds, opposite: dialect.opposite(holds)) }
        // Without a row it is surely not so.
        guard let surely = inner.surely == inner.holds ? holds : exists(\.surely), let open = exists({ dialect.opposite($0.surelyNot) }) else { return nil }
        return SQLVerdict(holds: holds, surely: surely, surelyNot: dialect.opposite(open))
    }

    private func toMany(
        _ reference: RelationReference, _ rows: Filter?, _ aggregate: Aggregate, _ schema: EntitySchema, _ scope: SQLScope, _ depth: Int
    ) -> SQLVerdict? {
        guard let target = schemas[reference.to], let by = schema.relations[reference.id]?.by.value, let own = column(schema.key, schema, scope) else {
            return nil
        }
        /// Whether there are rows, and the condition that `having` makes holds for them together; nil asks for one row.
        func exists(_ having: ((SQLScope) -> String?)?) -> String? {
            let inside = SQLScope(names)
            guard let foreign = column(by, target, inside) else { return nil }
            var condition: String?
            if let rows {
                guard let verdict = verdict(rows, target.id, inside, depth: depth + 1) else { return nil }
                condition = verdict.holds
            }
            var group: String?
            if let having {
                guard let made = having(inside) else { return nil }
                group = made
            }
            return query(target, inside, foreign, condition, having: group).flatMap { dialect.isMember(own, of: $0, in: scope) }
        }
        func certain(_ condition: String?) -> SQLVerdict? { condition.map { SQLVerdict(certain: $0, opposite: dialect.opposite($0)) } }
        let tests = TestSQL(dialect, clock)
        switch aggregate {
        case .some: return certain(exists(nil))
        case .none: return certain(exists(nil))?.opposite(dialect)
        case .count(let test):
            // Nothing counts 0, of which no group tells.
            let nothing = CompiledTest(test, type: .integer, clock).verdict(.integer(0)).holds
            let holds = exists { _ in tests.condition(test, SQLOperand(sql: dialect.count(), kind: .integer, emptiness: nil), .integer).map { nothing ? dialect.opposite($0) : $0 }
            }
            return nothing ? certain(holds)?.opposite(dialect) : certain(holds)
        case .of(let function, let column, let test):
            let type: ColumnType = function == .sum || function == .avg ? .decimal : column.type
            let compiled = CompiledTest(test, type: type, clock)
            let nothing = compiled.verdict(function == .sum ? .decimal(Decimal(0)) : .empty)
            /// Whether there is something to aggregate of which `test` says what is asked for.
            func group(_ isSo: Bool) -> String? {
                exists { inside in
                    guard let value = dialect.column(column.name, as: column.type, of: target, alias: inside.alias) else { return nil }
                    let holds: String?
                    if function == .avg {
                        holds = tests.average(test, value)
                    } else {
                        holds = dialect.aggregate(function, value).flatMap { tests.condition(test, $0, type) }
                    }
                    guard let holds else { return nil }
                    let asked = isSo ? holds : dialect.opposite(holds)
                    return function == .sum ? asked : "(\(dialect.count(value)) > 0 AND \(asked))"
                }
            }
            /// For groups that say it, and for all without one where nothing says it too.
            func answer(_ ofNothing: Bool, _ isSo: Bool) -> String? { ofNothing ? group(!isSo).map(dialect.opposite) : group(isSo) }
            guard let holds = answer(nothing.holds, true) else { return nil }
            if nothing.holds == nothing.surely, nothing.surelyNot != nothing.holds { return SQLVerdict(certain: holds, opposite: dialect.opposite(holds)) }
            guard let surely = answer(nothing.surely, true), let surelyNot = answer(nothing.surelyNot, false) else { return nil }
            return SQLVerdict(holds: holds, surely: surely, surelyNot: surelyNot)
        }
    }

    /// A key, or a column that holds one: an integer or a text.
    private func column(_ name: String, _ schema: EntitySchema, _ scope: SQLScope) -> SQLOperand? {
        guard let column = schema.columns[name], let operand = dialect.column(name, as: column.type, of: schema, alias: scope.alias) else { return nil }
        return operand.kind == .integer || operand.kind == .text ? operand : nil
    }

    private func query(_ schema: EntitySchema, _ scope: SQLScope, _ operand: SQLOperand, _ condition: String?, having: String?) -> SQLQuery? {
        guard let table = dialect.table(schema, alias: scope.alias) else { return nil }
        let conditions = [operand.emptiness.map(dialect.opposite), condition].compactMap { $0 }
        return SQLQuery(
            operand: operand, from: ([table] + scope.joins).joined(separator: " "), condition: conditions.isEmpty ? "" : conditions.joined(separator: " AND "), having: having)
    }

    // MARK: more than what holds

    /// A condition that every row satisfies of which `filter` holds, and perhaps others; nil where nothing can be said.
    func superset(_ filter: Filter, _ entity: String, _ scope: SQLScope) -> String? {
        if let decided = verdict(filter, entity, scope) { return decided.holds }
        switch filter.clause {
        case .all(let parts):
            let known = parts.compactMap { superset($0, entity, scope) }
            return known.isEmpty ? nil : SQLVerdict.joined(known, "AND")
        case .any(let parts):
            let known = parts.map { superset($0, entity, scope) }
            return known.contains { $0 == nil } ? nil : SQLVerdict.joined(known.compactMap { $0 }, "OR")
        case .filter(_, let part), .list(_, let part): return superset(part, entity, scope)
        case .column(let column, let test):
            guard let schema = schemas[entity], let operand = dialect.column(column.name, as: column.type, of: schema, alias: scope.alias) else { return nil }
            let known = test.terms.compactMap { TestSQL(dialect, clock).verdict($0, operand, column.type)?.holds }
            return known.isEmpty ? nil : SQLVerdict.joined(known, "AND")
        case .not, .toOne, .toMany: return nil
        }
    }
}
