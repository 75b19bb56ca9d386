import HeraldModel

extension Rule {
    static let unsafeHTML = Rule("template-unsafe")
    static let noUnsubscribe = Rule("template-no-unsubscribe")
    static let noPostalAddress = Rule("template-no-postal-address")
    static let layoutContent = Rule("layout-content")
    static let branchContext = Rule("template-branches")
}

/// Compiles HTML: knows the place of every value, refuses the places where none may stand, tags links, and notes what a mail must have.
struct HTMLCompiler {
    private let compiler: ExpressionCompiler
    private let tags: LinkTags
    private let content: [TemplateNode]
    private let preheader: [Piece]
    private var diagnostics: Diagnostics { compiler.diagnostics }

    private var state = HTMLState()
    private var loops: [String] = []
    private var filled: Set<String> = []
    /// Where the value of the attribute that is open begins, in `link`.
    private var link: [Piece]?
    private var linkID: String?
    private var linkNumber = 0
    private(set) var links: [String] = []
    private(set) var hasUnsubscribe = false
    private(set) var hasPostalAddress = false
    private(set) var contentCount = 0
    private(set) var printsPreheader = false
    private var insertedPreheader = false

    init(_ compiler: ExpressionCompiler, tags: LinkTags, content: [TemplateNode], preheader: [Piece], printsPreheader: Bool) {
        self.compiler = compiler
        self.tags = tags
        self.content = content
        self.preheader = preheader
        self.printsPreheader = printsPreheader
    }

    mutating func compile(_ nodes: [TemplateNode]) -> [Piece] {
        var pieces: [Piece] = []
        for node in nodes { compile(node, into: &pieces) }
        return pieces
    }

    private mutating func compile(_ node: TemplateNode, into pieces: inout [Piece]) {
        switch node {
        case .literal(let text, let span): literal(text, span, into: &pieces)
        case .value(let expression): value(expression, into: &pieces)
        case .choice(let branches, let otherwise): choice(branches, otherwise, into: &pieces)
        case .loop(let variable, let over, let body): loop(variable, over, body, into: &pieces)
        }
    }

    // MARK: Literal text

    private mutating func literal(_ text: String, _ span: SourceSpan, into pieces: inout [Piece]) {
        var start = text.utf8.startIndex
        var index = start
        let bytes = text.utf8
        func flush(_ end: String.Index, _ self: inout HTMLCompiler) {
            guard start < end else { return }
            let part = Piece.literal(String(text[start..<end]))
            if self.link != nil { self.link?.append(part) } else { pieces.append(part) }
            start = end
        }
        while index < bytes.endIndex {
            let before = state
            let byte = bytes[index]
            let after = bytes.index(after: index)
            let event = state.feed(byte)
            state.noticeComment()
            switch event {
            case .none: if before.place == .tagName, state.place != .tagName, state.element == "script" { unsafe("scripts have no place in a mail", span) }
            case .attributeStarted:
                checkAttribute(span)
                if isTaggable {
                    flush(after, &self)
                    link = []
                }
            case .attributeEnded:
                if before.attribute == "id" { linkID = String(decoding: before.value, as: UTF8.self) }
                checkURL(before, span)
                if link != nil {
                    flush(index, &self)
                    finishLink(&pieces)
                    start = index
                }
            case .tagEnded:
                if state.element == "script" { unsafe("scripts have no place in a mail", span) }
                linkID = nil
                if state.element == "body", !state.isClosing, !insertedPreheader {
                    flush(after, &self)
                    insertPreheader(&pieces)
                }
            }
            index = after
        }
        flush(bytes.endIndex, &self)
    }

    private var isTaggable: Bool { state.attribute == "href" && (state.element == "a" || state.element == "area") && link == nil }

    private func unsafe(_ message: String, _ span: SourceSpan) { diagnostics.report(.unsafeHTML, message, at: span, suggestion: "delete it") }

    private func checkAttribute(_ span: SourceSpan) {
        if state.attribute.hasPrefix("on") { unsafe("event handlers such as `\(state.attribute)` have no place in a mail", span) }
    }

    private func checkURL(_ state: HTMLState, _ span: SourceSpan) {
        guard HTMLState.urlAttributes.contains(state.attribute) else { return }
        let plain = HTMLText.decodeEntities(String(decoding: state.value, as: UTF8.self)).lowercased().unicodeScalars
            .filter { $0.value > 0x20 && $0.value != 0x7F }
        let text = String(String.UnicodeScalarView(plain))
        if ["javascript:", "vbscript:", "data:text/html"].contains(where: text.hasPrefix) { unsafe("a link may not run a script", span) }
    }

    private mutating func insertPreheader(_ pieces: inout [Piece]) {
        insertedPreheader = true
        guard !preheader.isEmpty, !printsPreheader else { return }
        pieces.append(.literal("<div style=\"display:none;max-height:0;overflow:hidden;mso-hide:all\">"))
        pieces += preheader
        // Keeps inboxes from showing the first words of the body behind it.
        pieces.append(.literal(String(repeating: "&#847;&zwnj;&nbsp;", count: 40) + "</div>"))
    }

    // MARK: Values

    private mutating func value(_ expression: Expression, into pieces: inout [Piece]) {
        if case .variable("content") = expression.operand, compiler.extra.contains("content") { return includeContent(expression, into: &pieces) }
        guard var compiled = compiler.compile(expression, loops: loops, filled: filled, isPrinted: true) else { return }
        if case .variable("postal_address") = expression.operand, state.place == .text { hasPostalAddress = true }
        guard let escape = escape(expression, compiled) else { return }
        if case .unsubscribe = compiled.operand, escape == .attribute || escape == .url, state.attribute == "href" { hasUnsubscribe = true }
        let isConstant = if case .text = compiled.operand { true } else { false }
        // Constants become literal text, so that the host of a link is known.
        if isConstant, compiled.filters.isEmpty, case .text(let text) = compiled.operand {
            let literal = escape == .html || escape == .attribute ? HTMLText.escaped(text) : text
            for byte in literal.utf8 where state.place != .text { _ = state.feed(byte) }
            append(.literal(literal), &pieces)
            return
        }
        if case .element = compiled.operand { compiled = CompiledExpression(operand: compiled.operand, filters: compiled.filters) }
        if case .quoted = state.place { state.value.append(contentsOf: "x".utf8) }
        append(.value(compiled, escape), &pieces)
    }

    private mutating func append(_ piece: Piece, _ pieces: inout [Piece]) {
        if link != nil { link?.append(piece) } else { pieces.append(piece) }
    }

    private mutating func includeContent(_ expression: Expression, into pieces: inout [Piece]) {
        contentCount += 1
        guard contentCount == 1 else {
            return diagnostics.report(.layoutContent, "a layout holds {{ content }} once", at: expression.span, suggestion: "delete this one")
        }
        guard state.place == .text, loops.isEmpty else {
            return diagnostics.report(.layoutContent, "{{ content }} stands between elements", at: expression.span)
        }
        pieces += compile(content)
    }

    /// How a value is escaped where it stands; nil after reporting that none may stand here.
    private func escape(_ expression: Expression, _ compiled: CompiledExpression) -> Escape? {
        func refuse(_ place: String) -> Escape? {
            diagnostics.report(.badPlace, "a value may not stand \(place)", at: expression.span, suggestion: "it may stand in text, in quoted attributes, and in a link's path or query")
            return nil
        }
        switch state.place {
        case .text: return .html
        case .quoted:
            if state.attribute.hasPrefix("on") || state.attribute == "style" || state.attribute == "srcset" { return refuse("in `\(state.attribute)`") }
            guard HTMLState.urlAttributes.contains(state.attribute) else { return .attribute }
            let isConstant = if case .text = compiled.operand, compiled.filters.isEmpty { true } else { false }
            if isConstant { return .attribute }
            switch compiled.operand {
            case .unsubscribe, .view:
                guard state.value.isEmpty else { return refuse("in the middle of a link; it is a link itself") }
                return .attribute
            default: break
            }
            let prefix = String(decoding: state.value, as: UTF8.self)
            guard let scheme = prefix.range(of: "://"), prefix[scheme.upperBound...].contains(where: { "/?#".contains($0) }) else {
                return refuse("as a link, or as its scheme or host")
            }
            return .url
        case .unquoted, .beforeValue: return refuse("in an attribute without quotes")
        case .tagName, .inTag, .attributeName, .afterAttributeName: return refuse("in a tag outside its attributes' values")
        case .comment, .declaration: return refuse("in a comment")
        case .raw: return refuse("in `\(state.element)`")
        }
    }

    // MARK: Tags

    private mutating func choice(
        _ branches: [(condition: Condition, body: [TemplateNode])], _ otherwise: [TemplateNode], into pieces: inout [Piece]
    ) {
        let (before, outerFilled) = (state, filled)
        var ends: [HTMLState.Place] = []
        var compiled: [(condition: CompiledCondition, body: [Piece])] = []
        if link != nil, let span = branches.first?.body.first?.span {
            diagnostics.report(.badPlace, "a link is written whole, without tags inside it", at: span, suggestion: "put the tag around the element")
        }
        for branch in branches {
            state = before
            filled = outerFilled.union(compiler.filled(by: branch.condition))
            let body = compile(branch.body)
            ends.append(state.place)
            if let condition = compiler.compile(branch.condition, loops: loops, filled: outerFilled) { compiled.append((condition, body)) }
        }
        state = before
        filled = outerFilled
        let rest = compile(otherwise)
        ends.append(state.place)
        if Set(ends).count > 1, let span = branches.first?.body.first?.span ?? otherwise.first?.span {
            diagnostics.report(
                .branchContext, "the branches of this tag end in different places of the HTML", at: span, suggestion: "open and close elements inside the same branch")
        }
        pieces.append(.choice(compiled, otherwise: rest))
    }

    private mutating func loop(_ variable: String, _ over: Located<String>, _ body: [TemplateNode], into pieces: inout [Piece]) {
        let name = over.value.hasPrefix("contact.") ? String(over.value.dropFirst(8)) : ""
        guard let index = compiler.schema.columns.firstIndex(where: { $0.name == name }), case .many = compiler.schema.columns[index].type else {
            return diagnostics.report(
                .loopOverOne, "a loop goes over a column of the list that holds several values, and `\(over.value)` is none", at: over.span,
                suggestion: compiler.schema.columns.first { if case .many = $0.type { true } else { false } }.map { "such as contact.\($0.name)" })
        }
        let before = state.place
        loops.append(variable)
        let compiled = compile(body)
        loops.removeLast()
        if state.place != before {
            diagnostics.report(.branchContext, "this loop ends in another place of the HTML than it begins", at: over.span, suggestion: "open and close elements inside it")
        }
        pieces.append(.loop(column: index, body: compiled))
    }

    // MARK: Links

    private mutating func finishLink(_ pieces: inout [Piece]) {
        guard let written = link else { return }
        link = nil
        linkNumber += 1
        let tagged = LinkTagging.tag(written, tags, id: linkID ?? "link-\(linkNumber)", separator: "&amp;")
        links.append(LinkTagging.shown(tagged, compiler.schema))
        pieces += tagged
    }
}

extension TemplateNode {
    var span: SourceSpan? {
        switch self {
        case .literal(_, let span): span
        case .value(let expression): expression.span
        case .choice(let branches, let otherwise): branches.first?.body.first?.span ?? otherwise.first?.span
        case .loop(_, let over, _): over.span
        }
    }
}

extension String {
    /// The first place of a text, without Foundation.
    func range(of needle: String) -> Range<String.Index>? { firstRange(of: needle) }
}
