import HeraldModel

/// What is told where a table is not there.
enum ServerTables {
    static func reportNoneNamed(_ source: String, known: [String], at span: SourceSpan, _ diagnostics: Diagnostics) {
        let more = known.count > 12 ? " and \(known.count - 12) more" : ""
        diagnostics.report(
            .unknownTable, "no entity names a table of source \(source), so there is nothing to describe", at: span,
            suggestion: known.isEmpty ? "it has no tables that its role sees" : "it has \(known.prefix(12).joined(separator: ", "))\(more)")
    }

    static func reportUnknown(_ table: String, of source: String, known: [String], at span: SourceSpan, _ diagnostics: Diagnostics) {
        diagnostics.report(
            .unknownTable, "source \(source) has no table \(table) that its role sees", at: span,
            suggestion: nearest(to: table, among: known).map { "did you mean \(source).\($0)?" })
    }
}
