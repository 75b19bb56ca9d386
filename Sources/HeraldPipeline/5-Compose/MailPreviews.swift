import HeraldAudience
import HeraldModel
import HeraldTemplate

/// Renders an example of each mail for reviewers: for the first persona of a test of it, or else for somebody whose every value names its column. Never for a real person.
struct MailPreviews {
    private let resolved: Resolved
    private let personas: [String: Node]

    init(_ resolved: Resolved) {
        self.resolved = resolved
        var personas: [String: Node] = [:]
        for test in resolved.workspace.tests where test.subject.value.kind == .email && personas[test.subject.value.id] == nil {
            personas[test.subject.value.id] = test.people.first
        }
        self.personas = personas
    }

    /// The whole page.
    func render(_ email: ResolvedEmail, _ list: ResolvedList, _ template: MailTemplate) -> String {
        let values = persona(email, list) ?? list.templateColumns.map(MailPreviews.example)
        return template.render({ values[$0] }, links: MailPreviews.links, zone: resolved.zone).html
    }

    /// What stands for the links that differ for every recipient.
    static let links = RecipientLinks(unsubscribe: "https://mail.example/u/preview", view: "https://mail.example/v/preview")

    private func persona(_ email: ResolvedEmail, _ list: ResolvedList) -> [Value]? {
        guard let node = personas[email.definition.id.value], let schema = list.schema else { return nil }
        // What is wrong with a persona is told by `herald validate` and `herald test`.
        let ignored = Diagnostics()
        let set = PersonaReader(resolved.schemas, zone: resolved.zone, ignored).read([node], entity: schema, isMail: true)
        guard let persona = set.personas.first, !ignored.hasErrors else { return nil }
        let evaluator = Evaluator(set.dataset, Clock(now: Instant(seconds: 0), zone: resolved.zone, fiscalMonth: resolved.schemas.fiscalMonth), ignored)
        return list.templateColumns.map { evaluator.values(of: $0, entity: schema.id)(persona.row) }
    }

    /// A value that names its column.
    static func example(_ column: TypedColumn) -> Value {
        switch column.type {
        case .text: .text(Text("[\(column.label)]"))
        case .integer: .integer(3)
        case .decimal: .decimal(Decimal(coefficient: 1250, scale: 2))
        case .boolean: .boolean(true)
        case .date: Day(year: 2026, month: 1, day: 31).map { .date($0) } ?? .empty
        case .datetime: .datetime(Instant(seconds: 1_769_850_000))
        case .enum(let values): values.first.map { .text($0) } ?? .empty
        case .many: .many([Text("[first]"), Text("[second]")])
        }
    }
}
