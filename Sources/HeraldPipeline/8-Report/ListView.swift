import FoundationEssentials
import HeraldAudience
package import HeraldModel

/// Who is on a list, for people: counts after each step, reasons, masked examples, and the members themselves as CSV.
package struct ListView {
    private let list: ResolvedList
    private let audience: Audience
    private let evaluator: Evaluator
    private let zone: Zone
    /// Of those left out for each reason: how many are by what is kept in the records.
    private let kept: [LeaveReason: Int]
    /// Where it was asked for.
    private let clauses: ClauseReport?
    /// Groups smaller than this show no examples.
    private static let smallGroup = 5

    /// Nil where the list was not decided.
    ///
    /// - Parameter clausesAt: given where the condition is to be counted clause by clause, which takes data that was read whole: where a clause stands.
    package init?(_ list: ResolvedList, _ decided: Audiences, zone: Zone, clausesAt place: (@Sendable (SourceSpan) -> Place)? = nil) {
        guard let audience = decided.byList[list.definition.id.value] else { return nil }
        self.list = list
        evaluator = decided.evaluator
        kept = Dictionary(audience.reasons.indices.compactMap { row in decided.cause(row, in: audience) == nil ? nil : audience.reasons[row].map { ($0, 1) } }, uniquingKeysWith: +)
        self.audience = audience
        self.zone = zone
        clauses = list.filter.flatMap { filter in place.map { ClauseReport(decided.evaluator.counts(filter, entity: audience.people.schema.id), place: $0) } }
    }

    package var memberCount: Int { audience.members.count }

    package func text() -> String {
        let steps = audience.steps
        var lines = ["\(list.definition.address)   \(list.definition.name.value)", ""]
        for (name, count, words) in [
            ("match", steps.match, "satisfy the condition"), ("usable", steps.usable, "have a valid address"),
            ("unique", steps.unique, "after duplicates of one address"), ("mailable", steps.mailable, "may be mailed: the members"),
        ] {
            lines.append("  \(padded(name, 9)) \(padded(PlanText.grouped(count), 9, left: true))  \(words)")
        }
        lines += ["", "  left out, each for the first reason:"]
        for (reason, count) in audience.leftOut {
            let source = kept[reason].map { "   \(PlanText.grouped($0)) by the records" } ?? ""
            lines.append("  \(padded(reason.rawValue, 18)) \(padded(PlanText.grouped(count), 9, left: true))\(source)")
        }
        if audience.leftOut.isEmpty { lines.append("  nobody") }
        if audience.inByEmptiness > 0 { lines += ["", "  \(PlanText.grouped(audience.inByEmptiness)) are in only because a value is empty"] }
        if let clauses { lines += [""] + clauses.lines() }
        let samples = self.samples
        if !samples.isEmpty { lines += ["", "  examples: \(samples.joined(separator: "  "))"] }
        return lines.joined(separator: "\n") + "\n"
    }

    /// `{list, steps, reasons, samples}`, and `clauses` where they were asked for.
    package func json() throws -> String {
        struct Wire: Encodable {
            struct Steps: Encodable { let match, usable, unique, mailable: Int }
            let list: String
            let steps: Steps
            let reasons: [String: Int]
            /// Of these, those by what is kept in the records.
            let by_records: [String: Int]
            let in_by_emptiness: Int
            let samples: [String]
            let clauses: [ClauseReport.Wire]?
        }
        let steps = audience.steps
        let wire = Wire(
            list: list.definition.id.value,
            steps: Wire.Steps(match: steps.match, usable: steps.usable, unique: steps.unique, mailable: steps.mailable),
            reasons: Dictionary(uniqueKeysWithValues: audience.leftOut.map { ($0.reason.rawValue, $0.count) }),
            by_records: Dictionary(uniqueKeysWithValues: kept.map { ($0.key.rawValue, $0.value) }), in_by_emptiness: audience.inByEmptiness,
            samples: samples, clauses: clauses.map { [$0.wire] })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(wire), as: UTF8.self) + "\n"
    }

    private var samples: [String] {
        guard audience.members.count >= ListView.smallGroup else { return [] }
        return audience.members.prefix(3).compactMap { audience.people.address($0).map { ContactMask.mask($0.reveal()) } }
    }

    /// The members as CSV in UTF-8, the address first, in the order that the columns ask for. The only form in which herald hands out addresses.
    package func csv() -> [UInt8] {
        let schema = audience.people.schema
        let columns = list.columns.filter { $0.name != schema.addressColumn }
        let values = columns.map { evaluator.values(of: $0, entity: schema.id) }
        var bytes = Array(CSVText.row([schema.addressColumn ?? "address"] + columns.map(\.label)).utf8)
        for row in sorted() {
            let cells = [audience.people.address(row)?.reveal() ?? ""] + values.map { ValueText.local($0(row), zone) }
            bytes += CSVText.row(cells).utf8
        }
        return bytes
    }

    /// By the columns that say `sort`, then by key.
    private func sorted() -> [Int] {
        let orders = list.columns.filter { $0.sort != nil }.map { (value: evaluator.values(of: $0, entity: audience.people.schema.id), isDescending: $0.sort == .desc) }
        guard !orders.isEmpty else { return audience.members }
        let keyed = audience.members.enumerated().map { offset, row in (offset: offset, row: row, values: orders.map { $0.value(row) }) }
        return keyed.sorted { left, right in
            for (index, order) in orders.enumerated() {
                let comparison = ValueOrder.compare(left.values[index], right.values[index])
                if comparison != 0 { return order.isDescending ? comparison > 0 : comparison < 0 }
            }
            return left.offset < right.offset
        }.map(\.row)
    }
}

/// The order of values of one column in an export; empty ones come last, going up.
enum ValueOrder {
    /// −1, 0 or 1.
    static func compare(_ left: Value, _ right: Value) -> Int {
        if left.isEmpty || right.isEmpty { return left.isEmpty == right.isEmpty ? 0 : left.isEmpty ? 1 : -1 }
        if let a = left.number, let b = right.number { return Decimal.compare(a, b) }
        let (a, b) = (Text(ValueText.plain(left)), Text(ValueText.plain(right)))
        return a == b ? 0 : a < b ? -1 : 1
    }
}

/// CSV for spreadsheets.
enum CSVText {
    /// Ends with CRLF. A cell that a spreadsheet would run as a formula gets a `'` before it; numbers stay numbers.
    static func row(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") + "\r\n" }

    private static func cell(_ text: String) -> String {
        var text = text
        if let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first), Decimal(parsing: text) == nil { text = "'" + text }
        guard text.unicodeScalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}

/// Text in a column of a table, filled with spaces to `width`.
func padded(_ text: String, _ width: Int, left: Bool = false) -> String {
    let fill = String(repeating: " ", count: max(0, width - text.count))
    return left ? fill + text : text + fill
}
