import HeraldModel

/// Reads what a test expects of a persona.
struct ExpectationReader {
    let diagnostics: Diagnostics

    /// `in`, `out` or `{out: reason}`.
    func membership(_ node: Node) -> PersonaExpectation? {
        if node.scalar == "in" { return .isIn }
        if node.scalar == "out" { return .isOut(nil) }
        guard node.entries.count == 1, let (key, value) = node.entries.first, key.scalar == "out" else {
            diagnostics.report(.badPersona, "a person is expected `in`, or `{out: reason}`", at: node.span)
            return nil
        }
        if let reason = LeaveReason(rawValue: value.scalar) { return .isOut(reason) }
        let reasons = LeaveReason.allCases.map(\.rawValue)
        diagnostics.report(
            .badPersona, "people are left out for one of \(reasons.joined(separator: ", "))", at: value.span,
            suggestion: nearest(to: value.scalar, among: reasons).map { "did you mean `\($0)`?" })
        return nil
    }

    /// `{subject: …, html_has: […]}`
    func mail(_ node: Node) -> PersonaExpectation? {
        guard node.kind == .map else {
            diagnostics.report(
                .badPersona, "what a mail must say is a map, and this is \(node.kindName)", at: node.span, suggestion: "write `{subject: …, html_has: […]}`")
            return nil
        }
        var lines: [MailExpectation] = []
        for (key, value) in node.entries {
            guard let kind = MailExpectation.Kind(rawValue: key.scalar) else {
                let kinds = MailExpectation.Kind.allCases.map(\.rawValue)
                diagnostics.report(
                    .badPersona, "a mail has no `\(key.scalar)`", at: key.span,
                    suggestion: nearest(to: key.scalar, among: kinds).map { "did you mean `\($0)`?" } ?? "it has \(kinds.joined(separator: ", "))")
                continue
            }
            for text in value.kind == .list ? value.elements : [value] {
                guard text.isScalar else {
                    diagnostics.report(.badPersona, "`\(key.scalar)` is text, or a list of texts, and this is \(text.kindName)", at: text.span)
                    continue
                }
                lines.append(MailExpectation(kind: kind, text: text.scalar, span: text.span))
            }
        }
        return .mail(lines)
    }
}
