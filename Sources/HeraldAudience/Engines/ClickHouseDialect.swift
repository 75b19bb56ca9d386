import HeraldModel

/// Conditions in ClickHouse's SQL, as 18.16 and current versions read it alike. Nothing is NULL here: what may be stands beside a test of that.
final class ClickHouseDialect: SQLDialect {
    private let source: String
    /// By table; nil where there is none.
    private let schema: (String) -> ClickHouseSchema?
    /// Whether no two rows of a table have one key.
    private let isUnique: (ClickHouseSchema, String) -> Bool

    init(source: String, schema: @escaping (String) -> ClickHouseSchema?, isUnique: @escaping (ClickHouseSchema, String) -> Bool) {
        self.source = source
        self.schema = schema
        self.isUnique = isUnique
    }

    /// A query has at most 256 kB.
    let longest = 2_500

    func table(_ entity: EntitySchema, alias: String) -> String? { found(entity)?.sql }

    func hasUniqueKey(_ entity: EntitySchema) -> Bool { found(entity).map { isUnique($0, entity.key) } ?? false }

    private func found(_ entity: EntitySchema) -> ClickHouseSchema? { entity.table.source == source ? schema(entity.table.table) : nil }

    /// Queries stand in each other only as sets, so columns need no alias.
    func column(_ name: String, as type: ColumnType, of entity: EntitySchema, alias: String) -> SQLOperand? {
        guard let column = found(entity)?.column(name), entity.columns[name]?.format == nil else { return nil }
        let bare = column.quoted
        func operand(_ kind: SQLOperand.Kind, scale: Int = 0) -> SQLOperand {
            SQLOperand(sql: column.isNullable ? "assumeNotNull(\(bare))" : bare, kind: kind, emptiness: column.isNullable ? "isNull(\(bare))" : nil, scale: scale)
        }
        switch (type, column.kind) {
        case (.text, .text), (.enum, .text), (.text, .fixedText), (.enum, .fixedText):
            // ClickHouse 18 fails to write an enum (and the like) as text where it is NULL.
            if column.isNullable, column.kind == .text, column.type != "String" { return nil }
            let plain =
                column.kind == .fixedText
                ? "toStringCutToZero(\(bare))"
                : column.isLowCardinality ? "CAST(\(bare) AS \(column.isNullable ? "Nullable(String)" : "String"))" : column.type == "String" ? bare : "toString(\(bare))"
            let text = column.isNullable ? "ifNull(\(plain), '')" : plain
            return SQLOperand(sql: text, kind: .text, emptiness: column.mayBeBlank || column.isNullable ? "\(text) = ''" : nil)
        case (.integer, .integer), (.decimal, .integer):
            return column.type.hasSuffix("128") || column.type.hasSuffix("256") ? nil : operand(.integer, scale: column.type.hasSuffix("64") ? 1 : 0)
        case (.decimal, .decimal(let scale)): return column.type.hasSuffix("256") ? nil : operand(.decimal, scale: scale)
        case (.boolean, .boolean): return operand(.boolean)
        case (.boolean, .integer) where column.type == "UInt8": return operand(.boolean)
        case (.date, .day) where column.type == "Date": return operand(.day)
        case (.datetime, .time) where !column.type.hasPrefix("DateTime64"): return operand(.instant)
        default: return nil
        }
    }

    func count() -> String { "toInt64(count())" }
    func count(_ operand: SQLOperand) -> String { operand.emptiness.map { "toInt64(countIf(NOT (\($0))))" } ?? count() }

    func aggregate(_ function: Aggregate.Function, _ operand: SQLOperand) -> SQLOperand? {
        switch (function, operand.kind) {
        case (.sum, .integer), (.sum, .decimal): return sum(operand)
        case (.min, .integer), (.min, .decimal), (.min, .day), (.min, .instant), (.max, .integer), (.max, .decimal), (.max, .day), (.max, .instant):
            let sql = operand.emptiness.map { "\(function.rawValue)If(\(operand.sql), NOT (\($0)))" } ?? "\(function.rawValue)(\(operand.sql))"
            return SQLOperand(sql: sql, kind: operand.kind, emptiness: nil, scale: operand.scale)
        default: return nil
        }
    }

    /// ClickHouse adds integers in 64 bits, and does not say where they were not enough.
    private func sum(_ operand: SQLOperand) -> SQLOperand {
        let isWide = operand.kind == .integer && operand.scale == 1
        let value = isWide ? "toDecimal128(\(operand.sql), 0)" : operand.sql
        let sql = operand.emptiness.map { "sumIf(\(value), NOT (\($0)))" } ?? "sum(\(value))"
        return SQLOperand(sql: sql, kind: isWide ? .decimal : operand.kind, emptiness: nil, scale: isWide ? 0 : operand.scale)
    }

    func opposite(_ condition: String) -> String { "NOT (\(condition))" }

    /// Not where it is empty.
    private func filled(_ condition: String, _ operand: SQLOperand) -> String {
        operand.kind == .text ? condition : operand.emptiness.map { "(NOT (\($0)) AND \(condition))" } ?? condition
    }

    func isOne(of texts: [String], _ operand: SQLOperand) -> String? {
        texts.isEmpty ? "1 = 0" : "\(operand.sql) IN (\(texts.map(ClickHouseText.literal).joined(separator: ", ")))"
    }

    func matches(_ pattern: String, _ operand: SQLOperand) -> String? {
        operand.kind == .text ? "match(\(operand.sql), \(ClickHouseText.literal(pattern)))" : nil
    }

    func isTrue(_ operand: SQLOperand, _ flag: Bool) -> String? { operand.kind == .boolean ? filled("\(operand.sql) = \(flag ? 1 : 0)", operand) : nil }

    func compare(_ operand: SQLOperand, _ comparison: SQLComparison, _ literal: Decimal) -> String? {
        guard operand.kind == .integer || operand.kind == .decimal else { return nil }
        // A literal that lies between two values of the column stands for one of them.
        let scale = operand.kind == .integer ? 0 : operand.scale
        guard let (below, isExact) = ClickHouseDialect.scaled(literal, scale) else { return nil }
        let number: Int128
        switch comparison {
        case .equal: if isExact { number = below } else { return "1 = 0" }
        case .greater, .lessOrEqual: number = below
        case .greaterOrEqual, .less: number = isExact ? below : below + 1
        }
        if operand.kind == .integer {
            guard let whole = Int64(exactly: number) else { return nil }
            return filled("\(operand.sql) \(comparison.rawValue) \(whole)", operand)
        }
        return filled("\(operand.sql) \(comparison.rawValue) \(ClickHouseDialect.decimal(number, scale))", operand)
    }

    func compareAverage(_ operand: SQLOperand, _ comparison: SQLComparison, _ literal: Decimal) -> String? {
        guard operand.kind == .integer || operand.kind == .decimal, literal.scale <= 6, literal.coefficient.magnitude < 1_000_000_000_000 else { return nil }
        let total = sum(operand)
        let exact = total.kind == .integer ? "toDecimal128(\(total.sql), 0)" : total.sql
        return "\(exact) \(comparison.rawValue) \(ClickHouseDialect.decimal(literal.coefficient, Int(literal.scale))) * \(count(operand))"
    }

    /// The largest number of so many digits after the point that is not above the literal; nil where it has too many digits.
    private static func scaled(_ literal: Decimal, _ scale: Int) -> (below: Int128, isExact: Bool)? {
        let shift = scale - Int(literal.scale)
        if shift >= 0 {
            guard shift <= 37 else { return nil }
            let (product, isOver) = literal.coefficient.multipliedReportingOverflow(by: Decimal.powerOfTen(UInt8(shift)))
            return isOver || product.magnitude >= Decimal.powerOfTen(37).magnitude ? nil : (product, true)
        }
        let (quotient, rest) = literal.coefficient.quotientAndRemainder(dividingBy: Decimal.powerOfTen(UInt8(-shift)))
        return (rest < 0 ? quotient - 1 : quotient, rest == 0)
    }

    private static func decimal(_ coefficient: Int128, _ scale: Int) -> String {
        "toDecimal128('\(Decimal(coefficient: coefficient, scale: UInt8(scale)))', \(scale))"
    }

    func isWithin(_ range: ClosedRange<Int64>, _ operand: SQLOperand) -> String? {
        let (low, high, write): (Int64, Int64, (Int64) -> String)
        switch operand.kind {
        case .day: (low, high, write) = (range.lowerBound, range.upperBound, { "toDate(\($0))" })
        case .instant:
            // Whole seconds.
            (low, high) = (
                range.lowerBound == .min ? .min : ClickHouseDialect.seconds(range.lowerBound, up: true),
                range.upperBound == .max ? .max : ClickHouseDialect.seconds(range.upperBound, up: false)
            )
            write = { "toDateTime(\($0))" }
        case .text, .integer, .decimal, .boolean, .local: return nil
        }
        let last: Int64 = operand.kind == .day ? 65_535 : 4_294_967_295
        if low > high || high < 0 || low > last { return "1 = 0" }
        let parts = [low > 0 ? "\(operand.sql) >= \(write(low))" : nil, high < last ? "\(operand.sql) <= \(write(high))" : nil].compactMap { $0 }
        return filled(parts.isEmpty ? "1 = 1" : SQLVerdict.joined(parts, "AND"), operand)
    }

    private static func seconds(_ microseconds: Int64, up: Bool) -> Int64 {
        let (quotient, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        return quotient + (up && rest > 0 ? 1 : !up && rest < 0 ? -1 : 0)
    }

    func part(_ part: DatePart, _ operand: SQLOperand) -> String? {
        let function =
            switch part {
            case .month: "toMonth"
            case .day: "toDayOfMonth"
            case .dayOfYear: "toDayOfYear"
            case .weekday: "toDayOfWeek"
            case .week: "toISOWeek"
            case .year: "toYear"
            case .quarter: "toQuarter"
            }
        return operand.kind == .day ? "\(function)(\(operand.sql))" : nil
    }

    /// `GLOBAL` is for distributed tables, and means nothing for others.
    func isMember(_ operand: SQLOperand, of query: SQLQuery, in scope: SQLScope) -> String? {
        guard operand.kind == query.operand.kind else { return nil }
        // Both sides of one type.
        func key(_ operand: SQLOperand) -> String { operand.kind == .integer ? "toInt64(\(operand.sql))" : operand.sql }
        var sql = "SELECT \(key(query.operand)) FROM \(query.from)"
        if !query.condition.isEmpty { sql += " WHERE \(query.condition)" }
        if let having = query.having { sql += " GROUP BY \(key(query.operand)) HAVING \(having)" }
        return filled("\(key(operand)) GLOBAL IN (\(sql))", operand)
    }
}
