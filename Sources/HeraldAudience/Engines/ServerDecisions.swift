import HeraldModel

/// What conditions are decided with; nil in a source where nothing is to be decided.
package struct DecisionContext: Sendable {
    let schemas: Schemas
    let clock: Clock

    package init(_ schemas: Schemas, _ clock: Clock) {
        self.schemas = schemas
        self.clock = clock
    }
}

/// The part of a statement that decides: what is selected besides the columns, what the table is joined with, which rows are read.
struct ServerDecisions {
    let alias: String
    /// One for each question, in order.
    let questions: [Filter]
    /// Whether a row is wanted, where all are read for their identity; then the answers, each as a digit.
    let selected: [String]
    let marksCandidates: Bool
    let joins: [String]
    let condition: String?

    /// Nil where a question can no longer be decided.
    init?(_ request: TableRequest, _ context: DecisionContext?, _ dialect: any SQLDialect) {
        guard let context, !request.entity.isEmpty else {
            guard request.questions.isEmpty else { return nil }
            (alias, questions, selected, marksCandidates, joins, condition) = ("t0", [], [], false, [], nil)
            return
        }
        let sql = ConditionSQL(schemas: context.schemas, clock: context.clock, dialect: dialect)
        let scope = SQLScope(sql.names)
        let answers = request.questions.map { question in sql.verdict(question.filter, request.entity, scope).map { $0.code(tellsNo: question.tellsNo) } }
        guard !answers.contains(where: { $0 == nil }) else { return nil }
        var keep: String?
        if let wanted = request.wanted, !wanted.isEmpty {
            let known = wanted.map { sql.superset($0, request.entity, scope) }
            if !known.contains(where: { $0 == nil }) { keep = SQLVerdict.joined(known.compactMap { $0 }, "OR") }
        }
        alias = scope.alias
        questions = request.questions.map(\.filter)
        marksCandidates = keep != nil && !request.identity.isEmpty
        selected = (marksCandidates ? keep.map { ["CASE WHEN \($0) THEN 1 ELSE 0 END"] } ?? [] : []) + answers.compactMap { $0 }
        joins = scope.joins
        condition = marksCandidates ? nil : keep
    }

    /// The digit that a cell is.
    static func digit(_ bytes: CellBytes) -> UInt8 { bytes.count == 1 ? bytes[0] &- 48 : 0 }
}
