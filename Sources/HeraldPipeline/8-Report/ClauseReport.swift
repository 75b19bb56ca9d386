import HeraldAudience
import HeraldModel

/// How many people each clause of a list's condition leaves: a tree in the order of the file.
struct ClauseReport {
    private let root: ClauseCount
    private let place: @Sendable (SourceSpan) -> Place

    init(_ root: ClauseCount, place: @escaping @Sendable (SourceSpan) -> Place) {
        self.root = root
        self.place = place
    }

    private typealias Row = (words: String, count: ClauseCount)

    private func rows(_ count: ClauseCount, depth: Int) -> [Row] {
        [(String(repeating: "  ", count: depth) + DiagnosticMasking.show(count.words), count)] + count.children.flatMap { rows($0, depth: depth + 1) }
    }

    /// A table, and a line that says what its columns count.
    func lines() -> [String] {
        let rows = rows(root, depth: 0)
        let hasEmpty = rows.contains { $0.count.byEmptiness > 0 }
        let title = "the condition, clause by clause"
        let width = min(60, rows.map(\.words.count).reduce(title.count, max))
        func line(_ words: String, _ numbers: [String]) -> String { "  \(padded(words, width))" + numbers.map { padded($0, 10, left: true) }.joined() }
        var lines = [line(title, ["alone", "left"] + (hasEmpty ? ["empty"] : []))]
        for (words, count) in rows {
            let empty = count.byEmptiness == 0 ? "" : PlanText.grouped(count.byEmptiness)
            let numbers = [PlanText.grouped(count.matches), count.left.map(PlanText.grouped) ?? ""] + (hasEmpty ? [empty] : [])
            lines.append("\(line(words, numbers))   \(place(count.span))")
        }
        lines += ["", "  alone: satisfy this clause, whatever the others say; left: satisfy it and those before it in its group"]
        if hasEmpty { lines.append("  empty: of those, the ones that satisfy it only because a value is empty") }
        return lines
    }

    /// A clause as JSON; `match` counts it alone, `left` is there only in an `all`.
    struct Wire: Encodable {
        let clause: String
        let file: String
        let line: Int
        let match: Int
        let left: Int?
        let in_by_emptiness: Int
        let clauses: [Wire]
    }

    var wire: Wire { wire(root) }

    private func wire(_ count: ClauseCount) -> Wire {
        let place = place(count.span)
        return Wire(
            clause: DiagnosticMasking.show(count.words), file: place.file, line: place.line, match: count.matches, left: count.left,
            in_by_emptiness: count.byEmptiness, clauses: count.children.map(wire))
    }
}
