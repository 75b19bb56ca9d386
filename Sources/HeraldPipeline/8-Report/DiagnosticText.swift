package import HeraldModel

/// Diagnostics for a terminal: where, what, the line itself with a mark under it, and what to do.
package struct DiagnosticText {
    private let files: SourceMap
    private let width: Int

    /// - Parameter width: columns of the terminal.
    package init(_ files: SourceMap, width: Int = 100) {
        self.files = files
        self.width = width
    }

    /// Ends with the number of errors and warnings; empty where there is nothing to tell.
    package func render(_ diagnostics: [Diagnostic]) -> String {
        guard !diagnostics.isEmpty else { return "" }
        return diagnostics.map(block).joined(separator: "\n") + "\n" + DiagnosticText.summary(diagnostics) + "\n"
    }

    private func block(_ diagnostic: Diagnostic) -> String {
        var lines = ["\(diagnostic.rule.severity.rawValue): \(DiagnosticMasking.show(diagnostic.message)) [\(diagnostic.rule.code)]"]
        var gutter = ""
        if let span = diagnostic.span {
            lines[0] = "\(DiagnosticMasking.show(files.path(of: span.file))):\(span.line):\(span.column): " + lines[0]
            if diagnostic.showsLine, let line = files.line(span.line, of: span.file) {
                let number = String(span.line)
                gutter = String(repeating: " ", count: number.count + 1)
                let shown = DiagnosticLine(line, at: span, width: width - gutter.count - 3)
                lines += [" \(number) | \(shown.text)", "\(gutter) | \(shown.mark)"]
            }
        }
        if let suggestion = diagnostic.suggestion { lines.append("\(gutter) = help: \(DiagnosticMasking.show(suggestion))") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// `2 errors, 1 warning`
    package static func summary(_ diagnostics: [Diagnostic]) -> String {
        [(Severity.error, "error"), (.warning, "warning"), (.note, "note")].compactMap { severity, word in
            let count = diagnostics.count { $0.rule.severity == severity }
            return count == 0 ? nil : "\(count) \(word)\(count == 1 ? "" : "s")"
        }.joined(separator: ", ")
    }
}
