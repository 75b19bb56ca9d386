import Synchronization

/// The one sink of a run. Checks report here and go on; the exit code derives from what it holds, and from nothing else.
package final class Diagnostics: Sendable {
    private let found = Mutex<[Diagnostic]>([])

    package init() {}

    package func report(_ diagnostic: Diagnostic) { found.withLock { $0.append(diagnostic) } }

    package func report(_ diagnostics: [Diagnostic]) { found.withLock { $0.append(contentsOf: diagnostics) } }

    package func report(
        _ rule: Rule, _ message: String, at span: SourceSpan? = nil, suggestion: String? = nil, showsLine: Bool = true
    ) {
        report(Diagnostic(rule, message, at: span, suggestion: suggestion, showsLine: showsLine))
    }

    package var hasErrors: Bool { found.withLock { $0.contains { $0.rule.severity == .error } } }

    /// The gravest exit code among the errors, or `done`.
    package var exitCode: ExitCode {
        found.withLock { ExitCode.gravest($0.lazy.filter { $0.rule.severity == .error }.map(\.rule.exit)) }
    }

    /// Everything reported, each finding once, in the order of files, lines and columns; findings without a place come first.
    package var sorted: [Diagnostic] {
        let all = found.withLock { $0 }
        var seen = Set<Diagnostic>()
        return all.filter { seen.insert($0).inserted }
            .enumerated()
            .sorted { left, right in
                let (a, b) = (Diagnostics.order(left.element), Diagnostics.order(right.element))
                return a == b ? left.offset < right.offset : a < b
            }
            .map(\.element)
    }

    private static func order(_ diagnostic: Diagnostic) -> (Int64, UInt32, UInt32) {
        guard let span = diagnostic.span else { return (-1, 0, 0) }
        return (Int64(span.file.index), span.line, span.column)
    }
}
