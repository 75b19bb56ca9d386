import HeraldDatabase
import HeraldModel

/// Makes a table out of the rows of a server, whose rows are told by their keys.
struct ServerReading {
    /// The columns to select, in their order.
    let wanted: [TableRequest.Column]
    private let key: Int?
    private var problems: DataProblems
    private var filler: TableFiller
    private let decisions: ServerDecisions
    private var answers: [[UInt8]]

    /// Nil after reporting a column that is not among `columns`, or a date format that is not valid.
    init?(_ request: TableRequest, columns: [String], _ decisions: ServerDecisions, zone: Zone, _ diagnostics: Diagnostics) {
        self.decisions = decisions
        answers = Array(repeating: [], count: decisions.questions.count)
        wanted = request.lookedAt
        problems = DataProblems(.keyed(request.table, column: request.key ?? "key"), diagnostics)
        for column in wanted where !columns.contains(where: { Text($0) == Text(column.name) }) {
            let near = nearest(to: column.name, among: columns)
            problems.report(.unknownColumn, at: nil, "there is no column \(column.name)", suggestion: near.map { "did you mean \($0)?" })
        }
        guard problems.count == 0, let filler = TableFiller(request, zone: zone, hasLines: false, marksCandidates: decisions.marksCandidates, diagnostics) else {
            problems.finish()
            return nil
        }
        self.filler = filler
        key = request.key.flatMap { [wanted] key in wanted.firstIndex { Text($0.name) == Text(key) } }
    }

    /// `decided`: the columns of `ServerDecisions.selected`, each a digit.
    mutating func add(_ cells: [Cell], decided: [UInt8]) {
        for (index, code) in decided.suffix(answers.count).enumerated() { answers[index].append(code) }
        filler.add(
            cells, at: key.map { DataProblems.place(of: cells[$0]) } ?? DataProblems.nowhere, isRuledOut: decisions.marksCandidates && decided.first == 0, &problems)
    }

    /// Nil where a cell could not be read; each was reported.
    consuming func finish() -> Table? {
        problems.finish()
        guard problems.count == 0 else { return nil }
        return filler.finish(answers: Dictionary(zip(decisions.questions, answers), uniquingKeysWith: { first, _ in first }))
    }
}

extension ServerFailure {
    /// Tells what could not be done: with a table, or with the source as a whole.
    func report(_ table: TableName?, of source: String, at span: SourceSpan, _ diagnostics: Diagnostics) {
        let what = table.map { "table \($0)" } ?? "source \(source)"
        switch kind {
        case .credentials:
            diagnostics.report(.sourceCredentials, "source \(source) cannot be read: \(message)", at: span, suggestion: "look at the user and the password in its secret")
        case .forbidden: diagnostics.report(.sourceCredentials, "\(what) cannot be read: \(message)", at: span, suggestion: "let its role SELECT from it")
        case .unreachable: diagnostics.report(.sourceUnavailable, "source \(source) cannot be reached: \(message)", at: span)
        case .timeout:
            diagnostics.report(
                .sourceUnavailable, "\(what) was not read to its end: \(message)", at: span, suggestion: "ask for less, or give its role more time for a statement")
        case .missing, .other: diagnostics.report(.sourceUnreadable, "\(what) cannot be read: \(message)", at: span)
        }
    }
}
