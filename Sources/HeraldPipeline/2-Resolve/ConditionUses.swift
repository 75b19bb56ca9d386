import HeraldModel

/// What a condition names, read from its text alone: other conditions, and words over results with the definitions that they are about.
struct ConditionUses: Sendable {
    /// `sent: {email: spring-teaser}`
    struct Word: Sendable {
        let kind: HeraldModel.Word.Kind
        let span: SourceSpan
        let targets: [Located<Address>]
        /// `event: {site: shop, name: …}`
        let event: Located<String>?
    }

    private(set) var conditions: [Located<Address>] = []
    private(set) var words: [Word] = []
    /// How many values it is made of.
    private(set) var size = 0

    init(_ list: ListDefinition) {
        if let condition = list.condition { read(condition) }
        for column in list.columns { if case .computed(_, let body) = column.content { read(body) } }
    }

    init(_ filter: FilterDefinition) { read(filter.condition) }

    private mutating func read(_ node: Node) {
        size += 1
        for element in node.elements { read(element) }
        for (key, value) in node.entries {
            let name = key.scalar
            if value.isScalar, name == "filter" || name == "list" {
                conditions.append(Located(Address(name == "filter" ? .filter : .list, value.scalar), value.span))
            } else if let kind = HeraldModel.Word.Kind(rawValue: name) {
                words.append(ConditionUses.word(kind, key, value))
            } else {
                read(value)
            }
        }
    }

    private static func word(_ kind: HeraldModel.Word.Kind, _ key: Node, _ value: Node) -> Word {
        var targets: [Located<Address>] = []
        var event: Located<String>?
        for (name, body) in value.entries where body.isScalar {
            switch name.scalar {
            case "email": targets.append(Located(Address(.email, body.scalar), body.span))
            case "campaign": targets.append(Located(Address(.campaign, body.scalar), body.span))
            case "list": targets.append(Located(Address(.list, body.scalar), body.span))
            case "site": targets.append(Located(Address(.site, body.scalar), body.span))
            case "name" where kind == .event: event = body.located
            default: break
            }
        }
        return Word(kind: kind, span: key.span, targets: targets, event: event)
    }
}
