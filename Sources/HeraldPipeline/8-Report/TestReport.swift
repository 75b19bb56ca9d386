import FoundationEssentials
import HeraldAudience
package import HeraldModel

/// Results of tests, for a terminal and as JSON. The people are made up, so what is known of them may be shown.
package struct TestReport {
    private let results: [TestResult]
    private let files: SourceMap

    package init(_ results: [TestResult], _ files: SourceMap) {
        self.results = results
        self.files = files
    }

    package var failed: Int { results.count { !$0.passed } }

    /// - Parameter quiet: only failures.
    package func text(quiet: Bool = false) -> String {
        var lines: [String] = []
        for result in results where !quiet || !result.passed {
            let people = "\(result.people) \(result.people == 1 ? "person" : "people")"
            lines.append("\(result.passed ? "ok    " : "FAILED")  \(result.test.address)  (\(result.test.subject.value), \(people))")
            for failure in result.failures { lines += block(failure) }
        }
        if !quiet || failed > 0 { lines.append("\(results.count - failed) passed, \(failed) failed") }
        return lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
    }

    private func block(_ failure: TestFailure) -> [String] {
        var lines = [
            "  \(place(failure.span)):\(failure.span.column): person \(failure.person)", "    expected  \(shown(failure.expected))",
            "    actual    \(shown(failure.actual))",
        ]
        if let explanation = failure.explanation { lines += clauses(explanation, depth: 0) }
        return lines
    }

    private func clauses(_ clause: Explanation, depth: Int) -> [String] {
        let value = clause.value.map { "   is \(shown($0.reveal()))" } ?? ""
        let empty = clause.byEmptiness ? "   only because it is empty" : ""
        let line = "    \(String(repeating: "  ", count: depth))\(clause.holds ? "yes" : "no ") \(shown(clause.words))\(value)\(empty)   \(place(clause.span))"
        return [line] + clause.children.flatMap { clauses($0, depth: depth + 1) }
    }

    private func place(_ span: SourceSpan) -> String { "\(files.path(of: span.file)):\(span.line)" }

    private func shown(_ text: String) -> String { DiagnosticMasking.show(text) }

    // MARK: JSON

    private struct Wire: Encodable {
        struct Test: Encodable {
            let test, subject, file: String
            let line: UInt32
            let passed: Bool
            let people: Int
            let failures: [Failure]
        }
        struct Failure: Encodable {
            let file: String
            let line, column: UInt32
            let person: Int
            let expected, actual: String
            let explanation: Clause?
        }
        struct Clause: Encodable {
            let clause: String
            let value: String?
            let holds, by_emptiness: Bool
            let file: String
            let line: UInt32
            let children: [Clause]
        }

        let format = "herald.tests/1"
        let passed, failed: Int
        let tests: [Test]
    }

    /// `herald.tests/1`: a public contract that only grows.
    package func json() throws -> String {
        let tests = results.map { result in
            Wire.Test(
                test: result.test.address.description, subject: result.test.subject.value.description,
                file: files.path(of: result.test.id.span.file), line: result.test.id.span.line, passed: result.passed, people: result.people,
                failures: result.failures.map { failure in
                    Wire.Failure(
                        file: files.path(of: failure.span.file), line: failure.span.line, column: failure.span.column, person: failure.person,
                        expected: shown(failure.expected), actual: shown(failure.actual), explanation: failure.explanation.map(wire))
                })
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let report = Wire(passed: results.count - failed, failed: failed, tests: tests)
        return String(decoding: try encoder.encode(report), as: UTF8.self) + "\n"
    }

    private func wire(_ clause: Explanation) -> Wire.Clause {
        Wire.Clause(
            clause: shown(clause.words), value: clause.value.map { shown($0.reveal()) }, holds: clause.holds, by_emptiness: clause.byEmptiness,
            file: files.path(of: clause.span.file), line: clause.span.line, children: clause.children.map(wire))
    }
}
