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
        self.message = Diagnostic.shown(message)
        self.span = span
        self.suggestion = suggestion.map(Diagnostic.shown)
        self.showsLine = showsLine
    }

    /// The same without its line, for lines that turned out to hold a secret.
    package var withoutLine: Diagnostic { Diagnostic(rule, message, at: span, suggestion: suggestion, showsLine: false) }

    private static let longest = 600

    /// Messages quote what people wrote: a megabyte of it is cut, and what would move the cursor or turn the text is written as an escape.
    private static func shown(_ text: String) -> String {
        if text.utf8.count <= longest, text.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) { return text }
        var result = ""
        for scalar in text.unicodeScalars.prefix(longest) {
            switch scalar.value {
            case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069:
                result += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return text.unicodeScalars.count > longest ? result + "…" : result
    }
}
