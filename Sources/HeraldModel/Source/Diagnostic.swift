/// How grave a diagnostic is. Only errors fail a command.
package enum Severity: String, Sendable, Comparable {
    case note, warning, error

    package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
    private var rank: Int { self == .note ? 0 : self == .warning ? 1 : 2 }
}

/// One kind of complaint. Each is a static member declared beside the check that makes it, so that its text and its code stand together.
package struct Rule: Hashable, Sendable {
    /// Stable and documented, such as `unknown-key`.
    package let code: String
    package let severity: Severity
    /// What a command that ends with this complaint exits with.
    package let exit: ExitCode

    package init(_ code: String, _ severity: Severity = .error, exit: ExitCode = .configuration) {
        self.code = code
        self.severity = severity
        self.exit = exit
    }
}

/// One finding, for a person to read: where, what is wrong, what was expected, and what to write instead.
///
/// It never holds a person's data: messages name files, lines and columns, not contents of data files.
package struct Diagnostic: Sendable, Hashable {
    package let rule: Rule
    /// One sentence without a full stop: what is wrong, and what was expected.
    package let message: String
    package let span: SourceSpan?
    /// What to do instead, or nil.
    package let suggestion: String?
    /// False where the line itself may hold a secret and must not be shown.
    package let showsLine: Bool

    package init(
        _ rule: Rule, _ message: String, at span: SourceSpan? = nil, suggestion: String? = nil, showsLine: Bool = true
    ) {
        self.rule = rule
        self.message = message
        self.span = span
        self.suggestion = suggestion
        self.showsLine = showsLine
    }
}
