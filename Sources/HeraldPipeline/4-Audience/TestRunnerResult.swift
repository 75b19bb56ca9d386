package import HeraldAudience
package import HeraldModel

/// How one test went.
package struct TestResult: Sendable {
    package let test: TestDefinition
    package let people: Int
    package let failures: [TestFailure]

    package var passed: Bool { failures.isEmpty }
}

/// One person, or one line of a mail, that is not as expected.
package struct TestFailure: Sendable {
    /// The person, or the expectation.
    package let span: SourceSpan
    /// Counted from 1.
    package let person: Int
    package let expected: String
    package let actual: String
    /// Of a membership: every clause with its verdict.
    package let explanation: Explanation?
}
