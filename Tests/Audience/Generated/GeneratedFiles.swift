import HeraldDatabase

/// Generated data as files, written in every way that people and databases write it.
extension GeneratedData {
    // MARK: CSV

    func csv(_ entity: String, _ random: inout Random, _ moment: Moment) -> String {
        let columns = Shop.columns[entity, default: []]
        let end = random.pick(["\n", "\r\n", "\r"])
        var lines = [columns.map(\.name).joined(separator: ",")]
        for row in rows[entity, default: []] {
            lines.append(zip(row, columns).map { Self.csv($0, $1.kind, &random, moment) }.joined(separator: ","))
            if random.chance(5) { lines.append("") }
        }
        return (random.chance(20) ? "\u{FEFF}" : "") + lines.joined(separator: end) + (random.chance(80) ? end : "")
    }

    private static func csv(_ cell: Cell, _ kind: Kind, _ random: inout Random, _ moment: Moment) -> String {
        let text = written(cell, kind, &random, moment)
        let mustQuote = text.unicodeScalars.contains { "\",\n\r".unicodeScalars.contains($0) }
        return mustQuote || random.chance(20) ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }

    /// A cell as text.
    private static func written(_ cell: Cell, _ kind: Kind, _ random: inout Random, _ moment: Moment) -> String {
        switch cell {
        case .empty: return kind == .many ? random.pick(["", " ", ";", " ; "]) : ""
        case .text(let text): return text
        case .number(let number): return decimal(number) + (kind == .decimal ? zeros(number, &random) : "")
        case .flag(let flag): return flag ? random.pick(["true", "TRUE", "1"]) : random.pick(["false", "False", "0"])
        case .day(let day): return day.text + random.pick(["", "", " 00:00:00"])
        case .time(let instant): return time(instant, &random, moment)
        case .many(let parts): return parts.map { random.pick(["", " ", "\t"]) + $0 + random.pick(["", " "]) }.joined(separator: random.pick([";", "; ;"]))
        }
    }

    /// The shortest form of a number of hundred-thousandths.
    static func decimal(_ number: Int) -> String {
        var text = String(number.magnitude)
        text = String(repeating: "0", count: max(0, 6 - text.count)) + text
        let (whole, fraction) = (text.dropLast(5), text.suffix(5))
        var trimmed = String(fraction)
        while trimmed.last == "0" { trimmed.removeLast() }
        return (number < 0 ? "-" : "") + whole + (trimmed.isEmpty ? "" : "." + trimmed)
    }

    private static func zeros(_ number: Int, _ random: inout Random) -> String {
        let zeros = String(repeating: "0", count: random.number(0...2))
        return number % Shop.one == 0 ? (zeros.isEmpty ? "" : "." + zeros) : zeros
    }

    /// On the clock of UTC, of another place, or, where that can mean only this, of the workspace.
    private static func time(_ instant: Int, _ random: inout Random, _ moment: Moment) -> String {
        let zones = [(0, "Z"), (19_800, "+05:30"), (-18_000, "-05:00"), (3_600, " +0100"), (-10_800, "-03")]
        var (local, suffix) = (instant, "Z")
        if random.chance(50) {
            let (offset, written) = random.pick(zones)
            (local, suffix) = (instant + offset * 1_000_000, written)
        } else if moment.zone.instant(moment.zone.local(instant)) == instant {
            (local, suffix) = (moment.zone.local(instant), "")
        }
        let days = local / PlainZone.daily - (local % PlainZone.daily < 0 ? 1 : 0)
        let (second, micro) = ((local - days * PlainZone.daily) / 1_000_000, (local - days * PlainZone.daily) % 1_000_000)
        let clock = [second / 3600, second / 60 % 60, second % 60].map { PlainDay.padded($0, 2) }
        let fraction = micro == 0 ? "" : "." + PlainDay.padded(micro, 6)
        let shown = micro == 0 && second % 60 == 0 && random.chance(50) ? clock.prefix(2) : clock[...]
        return PlainDay(number: days).text + random.pick([" ", "T"]) + shown.joined(separator: ":") + fraction + suffix
    }

    // MARK: SQLite

    /// The statements that make a table, in one of the ways in which databases declare what is in it.
    func sqlite(_ entity: String, _ random: inout Random, _ moment: Moment) -> [(sql: String, values: [SQLValue])] {
        let (table, key) = (Shop.tables[entity] ?? "", Shop.keys[entity] ?? "")
        let columns = Shop.columns[entity, default: []]
        let isKeyed = random.chance(70)
        let declared = columns.map { column -> String in
            let type =
                switch column.kind {
                case .text, .word, .many: random.pick(["TEXT", "NVARCHAR(40)", ""])
                case .integer: random.pick(["INTEGER", "BIGINT"])
                case .decimal: random.pick(["DECIMAL(20,5)", "NUMERIC", "TEXT"])
                case .flag: random.pick(["BOOLEAN", ""])
                case .day: random.pick(["DATE", "TEXT"])
                case .time: random.pick(["DATETIME", "TEXT"])
                }
            guard column.name == key, isKeyed else { return "\"\(column.name)\" \(type)" }
            return "\"\(column.name)\" \(column.kind == .integer ? "INTEGER" : "TEXT") PRIMARY KEY"
        }
        let options = isKeyed && random.chance(30) ? " WITHOUT ROWID" : ""
        var statements: [(sql: String, values: [SQLValue])] = [("CREATE TABLE \"\(table)\" (\(declared.joined(separator: ", ")))\(options)", [])]
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        for row in rows[entity, default: []] {
            let values = zip(zip(row, columns), declared).map { Self.sqlite($0.0, $0.1.kind, takesFractions: !$1.contains("TEXT"), &random, moment) }
            statements.append(("INSERT INTO \"\(table)\" VALUES (\(marks))", values))
        }
        return statements
    }

    private static func sqlite(_ cell: Cell, _ kind: Kind, takesFractions: Bool, _ random: inout Random, _ moment: Moment) -> SQLValue {
        switch cell {
        case .empty: random.chance(60) ? .null : .text(written(cell, kind, &random, moment))
        case .number(let number) where kind == .integer: .integer(Int64(number / Shop.one))
        case .number(let number) where takesFractions && random.chance(60): .real(Double(number) / Double(Shop.one))
        case .flag(let flag) where random.chance(60): .integer(flag ? 1 : 0)
        case .text, .number, .flag, .day, .time, .many: .text(written(cell, kind, &random, moment))
        }
    }
}
