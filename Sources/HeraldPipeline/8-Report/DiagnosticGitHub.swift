package import HeraldModel

/// Diagnostics as workflow commands of GitHub Actions, which shows them beside the changed lines.
package struct DiagnosticGitHub {
    private let files: SourceMap
    private let prefix: String

    /// - Parameter prefix: the workspace's folder inside the repository, with `/` at its end, or empty.
    package init(_ files: SourceMap, prefix: String = "") {
        self.files = files
        self.prefix = prefix
    }

    package func render(_ diagnostics: [Diagnostic]) -> String { diagnostics.map { line($0) + "\n" }.joined() }

    private func line(_ diagnostic: Diagnostic) -> String {
        var properties: [String] = []
        if let span = diagnostic.span {
            properties += [
                "file=\(DiagnosticGitHub.escaped(prefix + files.path(of: span.file), ":,"))", "line=\(span.line)", "col=\(span.column)",
                "endColumn=\(span.column + span.width)",
            ]
        }
        properties.append("title=\(DiagnosticGitHub.escaped(diagnostic.rule.code, ":,"))")
        let level =
            switch diagnostic.rule.severity {
            case .error: "error"
            case .warning: "warning"
            case .note: "notice"
            }
        let text = DiagnosticMasking.show(diagnostic.message) + (diagnostic.suggestion.map { "\n\(DiagnosticMasking.show($0))" } ?? "")
        return "::\(level) \(properties.joined(separator: ","))::\(DiagnosticGitHub.escaped(text, ""))"
    }

    /// GitHub: toolkit, `command.ts`: %, CR and LF in data; also `:` and `,` in properties.
    private static func escaped(_ text: String, _ more: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "%": "%25"
            case "\r": "%0D"
            case "\n": "%0A"
            case ":" where more.contains(":"): "%3A"
            case "," where more.contains(","): "%2C"
            default: String(scalar)
            }
        }.joined()
    }
}
