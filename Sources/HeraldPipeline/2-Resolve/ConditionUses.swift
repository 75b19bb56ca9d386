import HeraldModel

/// What a condition names, read from its text alone: other conditions, and words over results with the definitions that they are about.
struct ConditionUses: Sendable {
    /// `sent: {email: spring-teaser}`
    struct Word: Sendable {
        let kind: HeraldModel.Word
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
            guard ConditionUses.mayMatter(key), let meaning = ConditionUses.meanings[key.scalar] else {
                read(value)
                continue
            }
            switch meaning {
            case .condition(let kind) where value.isScalar: conditions.append(Located(Address(kind, value.scalar), value.span))
            case .condition: read(value)
            case .word(let kind): words.append(ConditionUses.word(kind, key, value))
            }
        }
    }

    private enum Meaning {
        case condition(DefinitionKind)
        case word(HeraldModel.Word)
    }

    private static let meanings: [String: Meaning] = {
        var meanings: [String: Meaning] = ["filter": .condition(.filter), "list": .condition(.list)]
        for kind in HeraldModel.Word.allCases { meanings[kind.rawValue] = .word(kind) }
        return meanings
    }()

    /// By length and first letter, so that most keys are passed over without making text of them.
    private static let outlines: [Bool] = {
        var outlines = [Bool](repeating: false, count: 16 * 256)
        for word in meanings.keys { outlines[word.utf8.count * 256 + Int(word.utf8.first ?? 0)] = true }
        return outlines
    }()

    private static func mayMatter(_ key: Node) -> Bool {
        let record = key.record
        return key.isScalar && 1..<16 ~= record.count && outlines[Int(record.count) * 256 + Int(key.tree.text[Int(record.first)])]
    }

    private static func word(_ kind: HeraldModel.Word, _ key: Node, _ value: Node) -> Word {
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
