import Synchronization

/// The one sink of a run. Checks report here and go on; the exit code derives from what it holds, and from nothing else.
package final class Diagnostics: Sendable {
    /// More findings of one severity than anybody reads in one file. What comes behind is not kept, so that a hostile file cannot fill the memory.
    package static let mostOfOneFile = 1_000

    private struct Share: Hashable {
        let file: FileID
        let severity: Severity
    }

    private struct Found {
        var diagnostics: [Diagnostic] = []
        var shares: [Share: Int] = [:]
        /// Lines that hold a secret.
        var hidden: Set<Line> = []

        mutating func add(_ diagnostic: Diagnostic) {
            if let span = diagnostic.span {
                let share = Share(file: span.file, severity: diagnostic.rule.severity)
                let count = shares[share, default: 0]
                shares[share] = count + 1
                guard count < Diagnostics.mostOfOneFile else { return }
                if !diagnostic.showsLine { hidden.insert(Line(span)) }
            }
            diagnostics.append(diagnostic)
        }
    }

    private let found = Mutex(Found())

    package init() {}

    package func report(_ diagnostic: Diagnostic) { found.withLock { $0.add(diagnostic) } }

    package func report(_ diagnostics: [Diagnostic]) {
        found.withLock { found in
            for diagnostic in diagnostics { found.add(diagnostic) }
        }
    }

    package func report(
        _ rule: Rule, _ message: String, at span: SourceSpan? = nil, suggestion: String? = nil, showsLine: Bool = true
    ) {
        report(Diagnostic(rule, message, at: span, suggestion: suggestion, showsLine: showsLine))
    }

    /// Findings on the line of `span` are told without the line.
    package func hideLine(of span: SourceSpan) { found.withLock { _ = $0.hidden.insert(Line(span)) } }

    package var hasErrors: Bool { found.withLock { $0.diagnostics.contains { $0.rule.severity == .error } } }

    /// The gravest exit code among the errors, or `done`.
    package var exitCode: ExitCode {
        found.withLock { ExitCode.gravest($0.diagnostics.lazy.filter { $0.rule.severity == .error }.map(\.rule.exit)) }
    }

    /// Everything reported, each finding once, in the order of files, lines and columns; findings without a place come first.
    ///
    /// A line that holds a secret is shown by none of its findings, whoever made them.
    package var sorted: [Diagnostic] {
        let (all, secret) = found.withLock { ($0.diagnostics, $0.hidden) }
        var seen = Set<Diagnostic>()
        var unique: [Diagnostic] = []
        for diagnostic in all {
            let isSecret = diagnostic.span.map { secret.contains(Line($0)) } ?? false
            let shown = isSecret ? diagnostic.withoutLine : diagnostic
            if seen.insert(shown).inserted { unique.append(shown) }
        }
        return unique.enumerated()
            .sorted { left, right in
                let (a, b) = (Diagnostics.order(left.element), Diagnostics.order(right.element))
                return a == b ? left.offset < right.offset : a < b
            }
            .map(\.element)
    }

    private struct Line: Hashable {
        let file: FileID
        let number: UInt32

        init(_ span: SourceSpan) { (file, number) = (span.file, span.line) }
    }

    private static func order(_ diagnostic: Diagnostic) -> (Int64, UInt32, UInt32) {
        guard let span = diagnostic.span else { return (-1, 0, 0) }
        return (Int64(span.file.index), span.line, span.column)
    }
}
