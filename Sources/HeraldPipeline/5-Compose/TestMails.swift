import HeraldAudience
package import HeraldModel
import HeraldTemplate

/// Examples of one email to send to those who wrote it: for personas of the workspace's tests, or for somebody whose every value names its column. Never for a real person.
package struct TestMails {
    /// Whose mail.
    package enum Choice: Sendable {
        /// The first persona, or the neutral example where there is none.
        case any
        /// A test's id, or `id:2` for its second persona.
        case persona(String)
        /// Each persona of each test that concerns the email or its list.
        case everyPersona
    }

    package enum Failure: Error, Sendable {
        /// What there is instead.
        case noSuchPersona(known: [String])
        /// A persona is wrong; `herald test` says why.
        case brokenPersona(String)
        /// It has no template, or the columns of its list are not known.
        case notCompiled
    }

    private let resolved: Resolved
    private let now: Instant

    /// - Parameter now: the moment of tests that name none.
    package init(_ resolved: Resolved, now: Instant) {
        self.resolved = resolved
        self.now = now
    }

    package func order(_ email: ResolvedEmail, _ choice: Choice, to addresses: [Personal<EmailAddress>]) throws(Failure) -> TestOrder {
        guard let template = email.template, let list = resolved.lists[email.definition.list.value], let schema = list.schema else { throw .notCompiled }
        var mails: [RenderedMail] = []
        for persona in try chosen(choice, for: email) {
            guard let values = persona.values(list, schema, resolved, now) else { throw .brokenPersona(persona.name) }
            mails.append(marked(template.render({ values[$0] }, links: MailPreviews.links, zone: resolved.zone)))
        }
        if mails.isEmpty {
            let values = list.templateColumns.map(MailPreviews.example)
            mails.append(marked(template.render({ values[$0] }, links: MailPreviews.links, zone: resolved.zone)))
        }
        return TestOrder(
            emailID: email.definition.id.value, from: email.from, replyTo: email.replyTo, mails: mails, links: MailPreviews.links, addresses: addresses)
    }

    private func marked(_ mail: RenderedMail) -> RenderedMail {
        RenderedMail(subject: "[Test] " + mail.subject, preheader: mail.preheader, html: mail.html, text: mail.text)
    }

    private func chosen(_ choice: Choice, for email: ResolvedEmail) throws(Failure) -> [TestPersona] {
        let all = personas(of: email)
        switch choice {
        case .any: return Array(all.prefix(1))
        case .everyPersona: return all
        case .persona(let name):
            guard let one = all.first(where: { $0.name == name || $0.name == name + ":1" }) else { throw .noSuchPersona(known: all.map(\.name)) }
            return [one]
        }
    }

    /// Of tests of the email, then of tests of its list; there those who are expected to be in.
    private func personas(of email: ResolvedEmail) -> [TestPersona] {
        let (own, list) = (email.definition.address, Address(.list, email.definition.list.value))
        return [own, list].flatMap { subject in
            resolved.workspace.tests.filter { $0.subject.value == subject }.flatMap { test in
                test.people.enumerated().filter { subject == own || $0.element.isExpectedIn }.map { number, node in
                    TestPersona(name: "\(test.id.value):\(number + 1)", node: node, test: test)
                }
            }
        }
    }
}

/// A persona with the test that it stands in.
private struct TestPersona {
    let name: String
    let node: Node
    let test: TestDefinition

    /// What the template may name; nil where the persona is wrong.
    func values(_ list: ResolvedList, _ schema: EntitySchema, _ resolved: Resolved, _ now: Instant) -> [Value]? {
        let found = Diagnostics()
        let set = PersonaReader(resolved.schemas, zone: resolved.zone, found).read([node], entity: schema, isMail: test.subject.value.kind == .email)
        guard let persona = set.personas.first, !found.hasErrors else { return nil }
        let moment = test.at.map { resolved.zone.instant($0.value) } ?? now
        let evaluator = Evaluator(set.dataset, Clock(now: moment, zone: resolved.zone, fiscalMonth: resolved.schemas.fiscalMonth), found)
        return list.templateColumns.map { evaluator.values(of: $0, entity: schema.id)(persona.row) }
    }
}

extension Node {
    fileprivate var isExpectedIn: Bool { kind == .map && entries.contains { $0.key.scalar == "expect" && $0.value.scalar == "in" } }
}
