import HeraldModel

/// Compiles text that is no HTML: subjects, preheaders, text parts.
struct TextCompiler {
    private let compiler: ExpressionCompiler
    private let escape: Escape
    /// Nil where links stay as they are, and what is personal in a link has no place.
    private let tags: LinkTags?
    private var linkNumber = 0
    /// What every reader gets, whichever way the conditions go.
    private(set) var prints = MailDuties()

    /// A subject or a preheader: one line, and no place for links.
    init(line compiler: ExpressionCompiler, escape: Escape) {
        self.compiler = compiler
        self.escape = escape
        tags = nil
    }

    /// A text part.
    init(part compiler: ExpressionCompiler, tags: LinkTags) {
        self.compiler = compiler
        escape = .plain
        self.tags = tags
    }

    mutating func compile(_ nodes: [TemplateNode]) -> [Piece] { compile(nodes, in: Surroundings()) }

    private mutating func compile(_ nodes: [TemplateNode], in around: Surroundings) -> [Piece] {
        var pieces: [Piece] = []
        var link: [Piece]?
        for node in nodes {
            switch node {
            case .literal(let part): literal(part.string, &link, &pieces)
            case .value(let expression): value(expression, around, &link, &pieces)
            case .choice(let branches, let otherwise, let tag):
                refuse(tag, inside: link)
                finish(&link, &pieces)
                pieces.append(choice(branches, otherwise, around))
            case .loop(let variable, let over, let body, let tag):
                refuse(tag, inside: link)
                finish(&link, &pieces)
                let held = prints
                guard let column = compiler.column(of: over, named: variable, tag: tag, in: around) else { continue }
                let inner = compile(body, in: Surroundings(loop: variable, filled: around.filled))
                prints = held  // A loop may go round no time.
                pieces.append(.loop(column: column, body: inner))
            }
        }
        finish(&link, &pieces)
        return pieces
    }

    private mutating func choice(_ branches: [(condition: Condition, body: [TemplateNode])], _ otherwise: [TemplateNode], _ around: Surroundings) -> Piece {
        let before = prints
        var common: MailDuties?
        var compiled: [(condition: CompiledCondition, body: [Piece])] = []
        func note(_ self: inout TextCompiler) {
            common = common.map { $0.intersection(self.prints) } ?? self.prints
            self.prints = before
        }
        for branch in branches {
            var inside = around
            inside.filled.formUnion(compiler.filled(by: branch.condition))
            let body = compile(branch.body, in: inside)
            note(&self)
            if let condition = compiler.compile(branch.condition, in: around) { compiled.append((condition, body)) }
        }
        let rest = compile(otherwise, in: around)
        note(&self)
        prints = common ?? before
        return .choice(compiled, otherwise: rest)
    }

    private mutating func value(_ expression: Expression, _ around: Surroundings, _ link: inout [Piece]?, _ pieces: inout [Piece]) {
        guard let compiled = compiler.compile(expression, in: around) else { return }
        if case .variable("postal_address") = expression.operand, compiled.filters.isEmpty { prints.insert(.postalAddress) }
        switch compiled.operand {
        case .unsubscribe, .view:
            guard tags != nil else {
                return compiler.diagnostics.report(
                    .badPlace, "a link of the recipient's own does not belong here", at: expression.span, suggestion: "put it into the template")
            }
            if case .unsubscribe = compiled.operand { prints.insert(.unsubscribe) }
        case .text(let text) where compiled.filters.isEmpty: return literal(text, &link, &pieces)
        default: break
        }
        guard let written = link else { return pieces.append(.value(compiled, escape)) }
        guard LinkText.mayHoldValue(after: written) else {
            return compiler.diagnostics.report(
                .badPlace, "a value may not stand as a link's host", at: expression.span, suggestion: "it may stand behind the host, in the link's path or query")
        }
        link = written + [.value(compiled, .url)]
    }

    // MARK: Links

    /// Takes text over; in a text part links in it are found, which go on to the next white space, also over values.
    private mutating func literal(_ text: String, _ link: inout [Piece]?, _ pieces: inout [Piece]) {
        guard tags != nil else { return pieces.append(text: escape == .html ? HTMLText.escaped(text) : text) }
        var rest = Substring(text)
        while !rest.isEmpty {
            if link == nil {
                guard let start = LinkText.start(in: rest) else { return pieces.append(text: String(rest)) }
                pieces.append(text: String(rest[..<start]))
                rest = rest[start...]
                link = []
            }
            let inside = rest.prefix { !$0.isWhitespace && !"<>\"'()[]".contains($0) }
            link?.append(text: String(inside))
            rest = rest[inside.endIndex...]
            if !rest.isEmpty { finish(&link, &pieces) }
        }
    }

    private mutating func finish(_ link: inout [Piece]?, _ pieces: inout [Piece]) {
        guard var written = link, let tags else { return }
        link = nil
        var behind = ""
        // The full stop of the sentence is not the link's.
        if case .literal(let text)? = written.last {
            let body = text.reversed().drop { ".,;:!?".contains($0) }
            behind = String(text.suffix(text.count - body.count))
            written[written.count - 1] = .literal(String(body.reversed()))
        }
        if LinkText.host(of: written) != nil {
            linkNumber += 1
            written = LinkTagging.tag(written, tags, id: "text-\(linkNumber)")
        }
        for piece in written { if case .literal(let text) = piece { pieces.append(text: text) } else { pieces.append(piece) } }
        pieces.append(text: behind)
    }

    private func refuse(_ tag: TemplatePart, inside link: [Piece]?) {
        guard let link, LinkText.host(of: link) != nil else { return }
        compiler.diagnostics.report(
            .badPlace, "a link is written whole, without tags inside it", at: tag.span, suggestion: "put a space before the tag, or the whole link inside it")
    }
}

/// What the law wants of every mail, whoever reads it.
struct MailDuties: OptionSet {
    let rawValue: Int

    static let unsubscribe = MailDuties(rawValue: 1)
    static let postalAddress = MailDuties(rawValue: 2)
}
