import FoundationEssentials
package import HeraldModel

/// Diagnostics as JSON, `herald.diagnostics/1`: a public contract that only grows.
package struct DiagnosticJSON {
    private struct Report: Encodable {
        let format = "herald.diagnostics/1"
        let errors: Int
        let warnings: Int
        let diagnostics: [Entry]
    }

    private struct Entry: Encodable {
        let code: String
        let severity: String
        let message: String
        let file: String?
        let line: UInt32?
        let column: UInt32?
        let width: UInt32?
        let suggestion: String?
    }

    private let files: SourceMap

    package init(_ files: SourceMap) { self.files = files }

    package func render(_ diagnostics: [Diagnostic]) throws -> String {
        let report = Report(
            errors: diagnostics.count { $0.rule.severity == .error }, warnings: diagnostics.count { $0.rule.severity == .warning },
            diagnostics: diagnostics.map(entry))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(report), as: UTF8.self) + "\n"
    }

    private func entry(_ diagnostic: Diagnostic) -> Entry {
        let span = diagnostic.span
        return Entry(
            code: diagnostic.rule.code, severity: diagnostic.rule.severity.rawValue, message: DiagnosticMasking.show(diagnostic.message),
            file: span.map { files.path(of: $0.file) }, line: span?.line, column: span?.column, width: span?.width,
            suggestion: diagnostic.suggestion.map(DiagnosticMasking.show))
    }
}
