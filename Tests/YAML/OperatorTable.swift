import HeraldModel
import Testing

/// The operators of the language, each with an example that the checker has read.
enum OperatorTable {
    private struct Row {
        let operators: [String]
        let example: String
        let meaning: String

        init(_ operators: [String], _ example: String, _ meaning: String) {
            self.operators = operators
            self.example = example
            self.meaning = meaning
        }
    }

    /// A group of columns that have the same operators: an example of one, and what it is called.
    private struct Group {
        let title: String
        let columns: [String]
        let rows: [Row]
    }

    private static let any: [Row] = [
        Row(["is", "is_not"], "country: {is_not: DE}", "exactly this value; `country: DE` is short for `is`"),
        Row(["in", "not_in"], "country: {in: [DE, AT, NO]}", "one of these"),
        Row(["empty"], "city: {empty: true}", "has no value; `empty: false` has one"),
    ]

    private static let groups: [Group] = [
        Group(title: "boolean, enum", columns: ["vip", "size"], rows: any),
        Group(
            title: "text", columns: ["city"],
            rows: [
                Row(["contains", "not_contains"], "city: {contains: burg}", "holds this anywhere, whatever the case"),
                Row(["starts_with", "not_starts_with"], "city: {starts_with: Ber}", "begins with it"),
                Row(["ends_with", "not_ends_with"], "email: {ends_with: \"@example.org\"}", "ends with it"),
            ]),
        Group(
            title: "integer, decimal", columns: ["id", "spent"],
            rows: [
                Row(["gt", "gte", "lt", "lte"], "spent: {gte: 500}", "greater, greater or equal, less, less or equal"),
                Row(["between"], "spent: {between: [100, 500]}", "from the first to the second, both are in"),
            ]),
        Group(
            title: "several values", columns: ["tags"],
            rows: [
                Row(["has_any", "has_all", "has_none"], "tags: {has_any: [cats, dogs]}", "at least one of these, all of them, none of them"),
                Row(["empty"], "tags: {empty: true}", "holds no value"),
            ]),
        Group(
            title: "date, datetime", columns: ["birthday", "joined"],
            rows: [
                Row(["before", "after"], "joined: {after: 2026-12-31}", "before it begins, after it ends"),
                Row(["between", "not_between"], "joined: {between: [2026-01-01, 2026-12-31]}", "from the first day to the last, both are in"),
                Row(["within"], "joined: {within: 30 days}", "not longer ago than this, and not in the future; `within: next 30 days` looks ahead"),
                Row(["older_than"], "joined: {older_than: 18 months}", "longer ago than this"),
                Row(["anniversary"], "birthday: {anniversary: next 7 days}", "month and day come round in these days; `today` and `7 days` (just past) as well"),
                Row(["month", "day", "weekday"], "birthday: {month: May, weekday: {in: [Saturday, Sunday]}}", "a part of the date: a number, an English name, or `current`"),
                Row(
                    ["week", "day_of_year", "quarter", "year"], "joined: {year: current, quarter: {lte: 2}}",
                    "also with `is` `is_not` `in` `not_in` `gt` `gte` `lt` `lte` `between`"),
            ]),
    ]

    /// The table, after checking that it says neither less nor more than the checker.
    static var markdown: String {
        var lines = ["| for columns of type | operators | example | |", "|---|---|---|---|"]
        for group in groups {
            let isAny = group.rows.first?.operators == any.first?.operators
            let known = Set((group.title == "several values" || isAny ? [] : any.flatMap(\.operators)) + group.rows.flatMap(\.operators))
            for column in group.columns {
                let real = SampleShop.operators(of: column)
                #expect(Set(real) == known, "the operators of \(column)")
            }
            for row in group.rows {
                #expect(SampleShop.check(condition: row.example + "\n").map(\.told) == [], "\(row.example)")
                #expect(row.operators.contains { row.example.contains("{\($0):") || row.example.contains(", \($0):") }, "\(row.example)")
                let names = row.operators.map { "`\($0)`" }.joined(separator: " ")
                lines.append("| \(isAny ? "any but several values" : group.title) | \(names) | `\(row.example)` | \(row.meaning) |")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
