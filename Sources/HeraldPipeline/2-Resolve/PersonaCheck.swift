import HeraldAudience
import HeraldModel

extension Rule {
    static let realAddress = Rule("real-address")
}

extension Resolver {
    /// Personas are held against the columns, and must not be real people.
    func checkPersonas(_ index: DefinitionIndex, _ schemas: Schemas) {
        let tests = workspace.tests
        _ = sideBySide(tests.count, diagnostics, chunk: 16) { at, diagnostics in
            let test = tests[at]
            for person in test.people { checkAddresses(person, diagnostics) }
            guard let entity = index.entity(of: test.subject.value), let schema = schemas[entity] else { return }
            let results = PersonaResults(workspace.emails, lists: index.lists.ids.map { $0 }, at: Instant(microseconds: 0))
            _ = PersonaReader(schemas, zone: zone, results: results, diagnostics).read(test.people, entity: schema, isMail: test.subject.value.kind == .email)
        }
    }

    /// What a mail is expected to say may hold the addresses of the workspace's own senders.
    private func checkAddresses(_ node: Node, _ diagnostics: Diagnostics) {
        for (key, value) in node.entries where key.scalar != "expect" { checkAddresses(value, diagnostics) }
        for element in node.elements { checkAddresses(element, diagnostics) }
        guard node.isScalar, let address = EmailAddress(node.scalar), !address.isReserved else { return }
        diagnostics.report(
            .realAddress, "\(address.masked) may be somebody's address, and tests stand in git", at: node.span,
            suggestion: "use a domain that is reserved for examples, such as example.org")
    }
}

extension DefinitionIndex {
    /// The entity whose records a test of a list, filter or email is about.
    func entity(of subject: Address) -> String? {
        switch subject.kind {
        case .list: lists[subject.id]?.entity.value
        case .filter: filters[subject.id]?.entity.value
        case .email: emails[subject.id].flatMap { lists[$0.list.value]?.entity.value }
        case .campaign, .site, .test: nil
        }
    }
}
