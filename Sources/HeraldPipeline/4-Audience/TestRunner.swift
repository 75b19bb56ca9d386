import HeraldAudience
package import HeraldModel
import HeraldTemplate

extension Rule {
    static let untestable = Rule("untestable")
}

/// Runs tests of lists, filters and emails with made-up people, through the same evaluator and the same templates as real ones.
package struct TestRunner: Sendable {
    private let resolved: Resolved
    private let now: Instant
    /// Nobody clicks the links of a test.
    private static let links = RecipientLinks(unsubscribe: "https://unsubscribe.example/", view: "https://view.example/")

    /// - Parameter now: the moment of tests that name none.
    package init(_ resolved: Resolved, now: Instant) {
        self.resolved = resolved
        self.now = now
    }

    /// Nil after reporting what keeps a test from running, such as columns that are not known.
    package func run(_ test: TestDefinition, _ diagnostics: Diagnostics) -> TestResult? {
        let subject = test.subject.value
        if let obstacle = resolved.undecidable[subject], !obstacle.isTestable {
            diagnostics.report(
                .untestable, "\(subject) cannot be tested: \(obstacle.what) is not part of this version", at: test.subject.span, suggestion: "take the test out until then")
            return nil
        }
        guard let schema = schema(of: subject) else {
            diagnostics.report(
                .untestable, "\(subject) cannot be tested: the columns of its data are not known", at: test.subject.span,
                suggestion: "run `herald source describe` where the data is")
            return nil
        }
        let moment = test.at.map { resolved.zone.instant($0.value) } ?? now
        let results = PersonaResults(resolved.workspace.emails, lists: Array(resolved.lists.keys), at: moment)
        let manual = subject.kind == .list && resolved.lists[subject.id]?.definition.kind == .manual ? subject.id : nil
        let set = PersonaReader(resolved.schemas, zone: resolved.zone, results: results, diagnostics)
            .read(test.people, entity: schema, isMail: subject.kind == .email, rows: manual)
        let clock = Clock(now: moment, zone: resolved.zone, fiscalMonth: resolved.schemas.fiscalMonth)
        // A sum that cannot be exact is told once, for the test.
        let overflow = Diagnostics()
        let evaluator = Evaluator(set.dataset, clock, overflow)
        let failures: [TestFailure]?
        switch subject.kind {
        case .list:
            let people = set.dataset.table(schema.id).flatMap { EntityPeople(schema, $0, clock, diagnostics) }
            failures = people.flatMap { people in
                resolved.lists[subject.id].flatMap { list in list.filter.map { (list, $0) } }.map { list, filter in
                    let contacted = list.keepsContacted ? set.contacted[subject.id] ?? [] : []
                    let audience = Audience(people, matches: evaluator.matches(filter, entity: schema.id), contacted: contacted, ledger: set.ledger)
                    return membership(filter, audience.reasons, set, schema, evaluator)
                }
            }
        case .filter:
            // A filter knows only its condition; addresses, duplicates and consent are the list's.
            failures = resolved.filters[subject.id]?.filter.map { filter in
                let reasons = evaluator.matches(filter, entity: schema.id).holds.map { $0 ? nil : LeaveReason.where }
                return membership(filter, reasons, set, schema, evaluator)
            }
        case .email: failures = resolved.emails[subject.id].flatMap { mails($0, set, schema, evaluator) }
        case .campaign, .site, .test: failures = nil
        }
        guard let failures, !overflow.hasErrors else {
            diagnostics.report(.untestable, "\(subject) cannot be tested", at: test.subject.span)
            return nil
        }
        return TestResult(test: test, people: set.personas.count, failures: failures)
    }

    private func schema(of subject: Address) -> EntitySchema? {
        switch subject.kind {
        case .list: resolved.lists[subject.id]?.schema
        case .filter: resolved.filters[subject.id]?.schema
        case .email: resolved.emails[subject.id].flatMap { resolved.lists[$0.definition.list.value]?.schema }
        case .campaign, .site, .test: nil
        }
    }

    private func membership(
        _ filter: Filter, _ reasons: [LeaveReason?], _ set: PersonaSet, _ schema: EntitySchema, _ evaluator: Evaluator
    ) -> [TestFailure] {
        set.personas.enumerated().compactMap { number, persona in
            let actual = reasons[persona.row]
            let expected: String
            switch persona.expectation {
            case .isIn where actual != nil: expected = "in"
            case .isOut(nil) where actual == nil: expected = "out"
            case .isOut(let reason?) where actual != reason: expected = "out: \(reason.rawValue)"
            default: return nil
            }
            return TestFailure(
                span: persona.span, person: number + 1, expected: expected, actual: actual.map { "out: \($0.rawValue)" } ?? "in",
                explanation: evaluator.explain(filter, entity: schema.id, row: persona.row))
        }
    }

    private func mails(_ email: ResolvedEmail, _ set: PersonaSet, _ schema: EntitySchema, _ evaluator: Evaluator) -> [TestFailure]? {
        guard let template = email.template, let list = resolved.lists[email.definition.list.value] else { return nil }
        let columns = list.templateColumns.map { evaluator.values(of: $0, entity: schema.id) }
        return set.personas.enumerated().flatMap { number, persona -> [TestFailure] in
            guard case .mail(let lines)? = persona.expectation else { return [] }
            let mail = template.render({ columns[$0](persona.row) }, links: TestRunner.links, zone: resolved.zone)
            return lines.compactMap { line in
                mail.misses(line).map { actual in
                    TestFailure(
                        span: line.span, person: number + 1, expected: "\(line.kind.rawValue): \(line.text)", actual: actual, explanation: nil)
                }
            }
        }
    }
}

extension RenderedMail {
    /// What stands there instead of what was expected, or nil where it is as expected.
    fileprivate func misses(_ line: MailExpectation) -> String? {
        switch line.kind {
        case .subject: return subject == line.text ? nil : "subject: \(subject)"
        case .preheader: return preheader == line.text ? nil : "preheader: \(preheader)"
        case .htmlHas: return html.contains(line.text) ? nil : "the HTML does not have it"
        case .htmlLacks: return html.contains(line.text) ? "the HTML has it" : nil
        case .textHas: return text.contains(line.text) ? nil : "the text does not have it"
        case .textLacks: return text.contains(line.text) ? "the text has it" : nil
        }
    }
}
