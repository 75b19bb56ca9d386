import HeraldModel

/// Generated data as statements for servers, in the types that people give their columns there.
extension GeneratedData {
    private static func quoted(_ text: String, backslashes: Bool) -> String {
        "'" + (backslashes ? text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") : text.replacing("'", with: "''")) + "'"
    }

    // MARK: PostgreSQL

    func postgres(_ random: inout Random, _ moment: Moment) -> String {
        // The workspace's clock may stand for instants where it shows each of them once.
        let isLocal =
            random.chance(40) && rows.values.joined().joined().allSatisfy { if case .time(let time) = $0 { moment.zone.instant(moment.zone.local(time)) == time } else { true } }
        var statements = ["CREATE TYPE stage AS ENUM ('lead', 'Lead', 'customer');", "CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);"]
        for entity in Shop.entities {
            let (table, key) = (Shop.tables[entity] ?? "", Shop.keys[entity] ?? "")
            let columns = Shop.columns[entity, default: []]
            let types = columns.map { column in
                switch column.kind {
                case .text: random.pick(["text", "varchar(40)", "text COLLATE loose", "text COLLATE \"C\""])
                case .word: column.name == "stage" && random.chance(50) ? "stage" : "varchar(10)"
                case .many: random.chance(50) ? "text[]" : "text"
                case .integer: random.pick(["int", "bigint"])
                case .decimal: random.pick(["numeric", "numeric(20,5)"])
                case .flag: "boolean"
                case .day: "date"
                case .time: isLocal ? "timestamp" : "timestamptz"
                }
            }
            let isKeyed = random.chance(70)
            let declared = zip(columns, types).map { "\"\($0.name)\" \($0.name == key && $0.kind == .text ? "text" : $1)\(isKeyed && $0.name == key ? " PRIMARY KEY" : "")" }
            statements.append("CREATE TABLE \(table) (\(declared.joined(separator: ", ")));")
            for row in rows[entity, default: []] {
                let values = zip(zip(row, columns), types).map { Self.postgres($0.0, $0.1.kind, $1, &random, moment) }
                statements.append("INSERT INTO \(table) VALUES (\(values.joined(separator: ", ")));")
            }
        }
        return statements.joined(separator: "\n")
    }

    private static func postgres(_ cell: Cell, _ kind: Kind, _ type: String, _ random: inout Random, _ moment: Moment) -> String {
        switch cell {
        case .empty:
            if case .many = kind, type == "text[]" { return random.pick(["NULL", "'{}'", "ARRAY[' ', NULL]"]) }
            return type != "stage" && [.text, .many].contains(kind) || type == "varchar(10)" ? random.pick(["NULL", "''"]) : "NULL"
        case .text(let text): return quoted(text, backslashes: false)
        case .number(let number): return decimal(number)
        case .flag(let flag): return flag ? "true" : "false"
        case .day(let day): return "'\(day.text)'"
        case .time(let time): return type == "timestamp" ? "'\(clock(moment.zone.local(time)))'" : "'\(clock(time))+00'"
        case .many(let parts):
            if type == "text[]" { return "ARRAY[\(parts.map { quoted($0, backslashes: false) }.joined(separator: ", "))]::text[]" }
            return quoted(parts.joined(separator: "; "), backslashes: false)
        }
    }

    /// Microseconds of a clock, as databases read them.
    private static func clock(_ ticks: Int) -> String {
        let days = ticks / PlainZone.daily - (ticks % PlainZone.daily < 0 ? 1 : 0)
        let (second, micro) = ((ticks - days * PlainZone.daily) / 1_000_000, (ticks - days * PlainZone.daily) % 1_000_000)
        return PlainDay(number: days).text + " " + [second / 3600, second / 60 % 60, second % 60].map { PlainDay.padded($0, 2) }.joined(separator: ":")
            + (micro == 0 ? "" : "." + PlainDay.padded(micro, 6))
    }

    // MARK: ClickHouse

    /// The same, with dates and times that ClickHouse 18 holds: days from 1970 to 2105, and whole seconds.
    var heldByClickHouse: GeneratedData {
        var copy = self
        copy.rows = rows.mapValues { rows in
            rows.map { row in
                row.map { cell in
                    switch cell {
                    case .day(let day): .day(day.year < 1970 || day.year > 2104 ? day.within(1970, 2104) : day)
                    case .time(let time): .time(max(0, min(time, 4_294_000_000_000_000)) / 1_000_000 * 1_000_000)
                    default: cell
                    }
                }
            }
        }
        return copy
    }

    func clickHouse(_ random: inout Random) -> [String] {
        var statements: [String] = []
        for entity in Shop.entities {
            let (table, key) = (Shop.tables[entity] ?? "", Shop.keys[entity] ?? "")
            let columns = Shop.columns[entity, default: []]
            let types = columns.enumerated().map { index, column -> String in
                let hasEmpty = rows[entity, default: []].contains { $0[index] == .empty }
                let type =
                    switch column.kind {
                    case .text: "String"
                    case .word(let words):
                        random.chance(50) ? "String" : "Enum8(" + words.enumerated().map { "'\($1)' = \($0 + 1)" }.joined(separator: ", ") + ")"
                    case .many: random.chance(50) ? "Array(String)" : "String"
                    case .integer: random.pick(["Int32", "Int64"])
                    case .decimal: random.pick(["Decimal(18, 5)", "Decimal(38, 8)"])
                    case .flag: "UInt8"
                    case .day: "Date"
                    case .time: random.pick(["DateTime", "DateTime('Asia/Kathmandu')"])
                    }
                if type.hasPrefix("Array") || column.name == key { return type }
                return (type == "String" ? random.chance(40) : hasEmpty || random.chance(30)) ? "Nullable(\(type))" : type
            }
            statements.append(
                "CREATE TABLE \(table) (\(zip(columns, types).map { "`\($0.name)` \($1)" }.joined(separator: ", "))) ENGINE = \(random.chance(50) ? "Memory" : "MergeTree() ORDER BY `\(key)`")"
            )
            let all = rows[entity, default: []].map { row in
                "(" + zip(zip(row, columns), types).map { Self.clickHouse($0.0, $1, &random) }.joined(separator: ", ") + ")"
            }
            if !all.isEmpty { statements.append("INSERT INTO \(table) VALUES \(all.joined(separator: ", "))") }
        }
        return statements
    }

    private static func clickHouse(_ cell: Cell, _ type: String, _ random: inout Random) -> String {
        switch cell {
        case .empty:
            if type == "Array(String)" { return random.pick(["[]", "[' ']"]) }
            return type == "String" ? "''" : type == "Nullable(String)" ? random.pick(["NULL", "''"]) : "NULL"
        case .text(let text): return quoted(text, backslashes: true)
        case .number(let number): return decimal(number)
        case .flag(let flag): return flag ? "1" : "0"
        case .day(let day): return "'\(day.text)'"
        // As a number of seconds, so that no clock comes in.
        case .time(let time): return String(time / 1_000_000)
        case .many(let parts):
            if type == "Array(String)" { return "[\(parts.map { quoted($0, backslashes: true) }.joined(separator: ", "))]" }
            return quoted(parts.joined(separator: "; "), backslashes: true)
        }
    }
}
