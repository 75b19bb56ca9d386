import HeraldModel

extension Rule {
    static let moreProblems = Rule("more-problems")
}

/// Reports what is wrong with one table: the first twenty findings, then how many more there are. Never content.
struct DataProblems {
    static let limit = 20

    /// Rows are told by their line in a file, or by their number in a table.
    enum Site {
        case file(FileID)
        case table(TableName)
        /// Rows are told by their key, where that is a number; other keys may be addresses.
        case keyed(TableName, column: String)
    }

    /// The place of a row of a keyed table, by the cell of its key.
    static func place(of key: Cell) -> Int64 {
        switch key {
        case .integer(let number): number
        case .text(let bytes): CellSyntax.integer(bytes) ?? nowhere
        default: nowhere
        }
    }

    /// The place of a row that has no name.
    static let nowhere = Int64.min

    private let site: Site
    private let diagnostics: Diagnostics
    private(set) var count = 0
    private var lastPlace: Int64?

    init(_ site: Site, _ diagnostics: Diagnostics) {
        self.site = site
        self.diagnostics = diagnostics
    }

    /// `place` is the row: a line, or a row's number; nil for the table as a whole.
    mutating func report(_ rule: Rule, at place: Int64?, _ message: String, suggestion: String? = nil) {
        if rule.severity == .error { count += 1 }
        guard count <= DataProblems.limit else { return }
        lastPlace = place
        switch site {
        case .file(let file):
            diagnostics.report(rule, message, at: span(file, place), suggestion: suggestion)
        case .table(let name):
            let row = place.map { "row \($0) of table \(name)" } ?? "table \(name)"
            diagnostics.report(rule, "\(row): \(message)", suggestion: suggestion)
        case .keyed(let name, let column):
            let row = place.map { $0 == DataProblems.nowhere ? "a row of table \(name)" : "the row with \(column) \($0) of table \(name)" } ?? "table \(name)"
            diagnostics.report(rule, "\(row): \(message)", suggestion: suggestion)
        }
    }

    private func span(_ file: FileID, _ place: Int64?) -> SourceSpan { SourceSpan(file: file, line: UInt32(clamping: place ?? 1), column: 1) }

    /// How a place is named in a message about another one.
    func name(of place: Int64) -> String {
        switch site {
        case .file: "line \(place)"
        case .table: "row \(place)"
        case .keyed: "another row"
        }
    }

    /// Tells how many were not told. Called once, at the end.
    func finish() {
        guard count > DataProblems.limit else { return }
        let rest = count - DataProblems.limit
        let message = "and \(rest) more \(rest == 1 ? "problem" : "problems")"
        switch site {
        case .file(let file): diagnostics.report(.moreProblems, message + " in this file", at: span(file, lastPlace))
        case .table(let name), .keyed(let name, _): diagnostics.report(.moreProblems, "table \(name): " + message)
        }
    }
}
