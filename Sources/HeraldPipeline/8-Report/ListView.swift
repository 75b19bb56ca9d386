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
    /// By row, what emails of the list people were sent; nil where there is no state, and so nothing was sent.
    private let contacts: [Int: Contacts]?
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
        contacts = decided.contacts(of: list)
        self.zone = zone
        clauses = list.filter.flatMap { filter in place.map { ClauseReport(decided.evaluator.counts(filter, entity: audience.people.schema.id), place: $0) } }
    }

    package var memberCount: Int { audience.members.count }

    package func text() -> String {
        let steps = audience.steps
        var lines = ["\(list.definition.address)   \(list.definition.name.value)", ""]
        for (name, count, words) in [
            ("match", steps.match, found), ("kept", steps.kept, "do not, and stay because an email of the list was sent to them"),
            ("usable", steps.usable, "have a valid address"), ("unique", steps.unique, "after duplicates of one address"),
            ("mailable", steps.mailable, "may be mailed: the members"),
        ] where name != "kept" || list.keepsContacted {
            lines.append("  \(padded(name, 9)) \(padded(PlanText.grouped(count), 9, left: true))  \(words)")
        }
        lines += ["", "  left out, each for the first reason:"]
        for (reason, count) in audience.leftOut {
            let source = kept[reason].map { "   \(PlanText.grouped($0)) by the records" } ?? ""
            lines.append("  \(padded(reason.rawValue, 18)) \(padded(PlanText.grouped(count), 9, left: true))\(source)")
        }
        if audience.leftOut.isEmpty { lines.append("  nobody") }
        if strays > 0 {
            let table = list.definition.rows?.value.description ?? "its rows"
            lines += ["", "  \(PlanText.count(strays, "row")) of \(table) \(strays == 1 ? "names" : "name") nobody in \(list.definition.entity.value)"]
        }
        if audience.inByEmptiness > 0 { lines += ["", "  \(PlanText.grouped(audience.inByEmptiness)) are in only because a value is empty"] }
        if let (count, last) = contacted {
            lines += ["", "  \(PlanText.grouped(count)) were sent an email of this list before, last at \(zone.local(last))"]
        }
        if let clauses { lines += [""] + clauses.lines() }
        let samples = self.samples
        if !samples.isEmpty { lines += ["", "  examples: \(samples.joined(separator: "  "))"] }
        return lines.joined(separator: "\n") + "\n"
    }

    /// How many of the members were sent an email of the list, and when the last of these was; nil where none was.
    private var contacted: (count: Int, last: Instant)? {
        let found = audience.members.compactMap { contacts?[$0] }
        return found.map(\.last).max().map { (found.count, $0) }
    }

    private var strays: Int {
        list.definition.kind == .manual ? evaluator.strays(ofManual: list.definition.id.value, entity: audience.people.schema.id) : 0
    }

    /// How the first step found people.
    private var found: String {
        switch list.definition.kind {
        case .dynamic: "satisfy the condition"
        case .onDemand: "were found by the last refresh"
        case .manual: "stand in its rows"
        }
    }

    /// `{list, steps, reasons, samples}`, and `clauses` where they were asked for.
    package func json() throws -> String {
        struct Wire: Encodable {
            struct Steps: Encodable {
                let match: Int
                let kept: Int?
                let usable, unique, mailable: Int
            }
            let list: String
            let steps: Steps
            let reasons: [String: Int]
            /// Of these, those by what is kept in the records.
            let by_records: [String: Int]
            let in_by_emptiness: Int
            let contacted: Int?
            let last_contacted: String?
            let samples: [String]
            let clauses: [ClauseReport.Wire]?
        }
        let steps = audience.steps
        let wire = Wire(
            list: list.definition.id.value,
            steps: Wire.Steps(match: steps.match, kept: list.keepsContacted ? steps.kept : nil, usable: steps.usable, unique: steps.unique, mailable: steps.mailable),
            reasons: Dictionary(uniqueKeysWithValues: audience.leftOut.map { ($0.reason.rawValue, $0.count) }),
            by_records: Dictionary(uniqueKeysWithValues: kept.map { ($0.key.rawValue, $0.value) }), in_by_emptiness: audience.inByEmptiness,
            contacted: contacts == nil ? nil : contacted?.count ?? 0, last_contacted: contacted?.last.description, samples: samples, clauses: clauses.map { [$0.wire] })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(wire), as: UTF8.self) + "\n"
    }

    private var samples: [String] {
        guard audience.members.count >= ListView.smallGroup else { return [] }
        return audience.members.prefix(3).compactMap { audience.people.address($0).map { ContactMask.mask($0.reveal()) } }
    }

    /// The members as CSV in UTF-8, the address first, in the order that the columns ask for, and last how often and when they were sent an email of the list. The only form in which herald hands out addresses.
    package func csv() -> [UInt8] {
        let schema = audience.people.schema
        let columns = list.columns.filter { $0.name != schema.addressColumn }
        let values = columns.map { evaluator.values(of: $0, entity: schema.id) }
        let history = contacts == nil ? [] : ["contacted_times", "last_contacted"]
        var bytes = Array(CSVText.row([schema.addressColumn ?? "address"] + columns.map(\.label) + history).utf8)
        for row in sorted() {
            var cells = [audience.people.address(row)?.reveal() ?? ""] + values.map { ValueText.local($0(row), zone) }
            if let contacts { cells += [String(contacts[row]?.times ?? 0), contacts[row].map { zone.local($0.last).description } ?? ""] }
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
