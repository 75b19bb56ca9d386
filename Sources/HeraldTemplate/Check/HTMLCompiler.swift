import HeraldModel

extension Rule {
    static let brokenHTML = Rule("template-broken-html")
    static let layoutContent = Rule("layout-content")
    static let branchContext = Rule("template-branches")
}

/// Compiles HTML: knows the place of every value, refuses the places where none may stand, tags links, drops comments, makes the text part, and
/// notes what a mail must have.
struct HTMLCompiler {
    /// A template as a mail and as text.
    struct Result {
        var html: [Piece] = []
        var text: [Piece] = []
    }

    /// An attribute's value while it is read.
    private struct OpenValue {
        let start: TemplatePart
        /// Without entities, values between; and the HTML, where it is held back for a link.
        var raw: [Piece] = []
        var html: [Piece] = []
        let isLink: Bool
        let isQuoted: Bool
    }

    /// A link whose tag is still open: an `id` may follow.
    private struct PendingLink {
        let value: OpenValue
        /// Where it goes, among the pieces of the level at which it stands.
        let place: Int
    }

    private let compiler: ExpressionCompiler
    private let tags: LinkTags
    /// What stands for {{ content }}; nil where this is no layout.
    private let content: [TemplateNode]?
    private let preheader: [Piece]
    private var diagnostics: Diagnostics { compiler.diagnostics }

    private var state = HTMLState()
    private var around = Surroundings()
    private var flow = TextFlow()
    private var tagStart: TemplatePart?
    private var attributeStart = 0
    private var attributes: [String: [Piece]] = [:]
    private var value: OpenValue?
    private var pending: PendingLink?
    /// The link of the tag that is open, once it is tagged.
    private var link: (pieces: [Piece], written: String?)?
    /// How many tags of Liquid stood around when the tag of HTML opened.
    private var tagDepth = 0
    private var linkNumber = 0
    private var isDropping = false
    /// How many tags of Liquid stand around.
    private var depth = 0

    private(set) var links: [String] = []
    private(set) var prints = MailDuties()
    private(set) var contentCount = 0
    private(set) var sawPage = false
    private(set) var sawBody = false

    init(_ compiler: ExpressionCompiler, tags: LinkTags, content: [TemplateNode]?, preheader: [Piece]) {
        self.compiler = compiler
        self.tags = tags
        self.content = content
        self.preheader = preheader
    }

    /// The whole of a page; reports what is left open at its end.
    mutating func compile(page: [TemplateNode]) -> Result {
        var html = compile(page)
        finishLink(&html)
        flow.finish()
        reportOpenTag()
        return Result(html: html, text: flow.pieces)
    }

    private func reportOpenTag() {
        guard state.place != .text else { return }
        let what = state.place == .comment ? "comment" : state.place == .raw ? "`\(state.element)`" : "tag"
        diagnostics.report(
            .brokenHTML, "this \(what) is never closed", at: tagStart?.span, suggestion: "close it, and look at the quotes of its attributes")
    }

    private mutating func compile(_ nodes: [TemplateNode]) -> [Piece] {
        var pieces: [Piece] = []
        for node in nodes {
            switch node {
            case .literal(let part): literal(part, &pieces)
            case .value(let expression): compile(expression, &pieces)
            case .choice(let branches, let otherwise, let tag): choice(branches, otherwise, tag, &pieces)
            case .loop(let variable, let over, let body, let tag): loop(variable, over, body, tag, &pieces)
            }
        }
        return pieces
    }

    /// HTML goes to the pieces of its level, or is held back with a link.
    private mutating func append(_ piece: Piece, _ pieces: inout [Piece]) {
        if value?.isLink == true { value?.html.append(piece) } else { pieces.append(piece) }
    }

    private mutating func append(html text: String, _ pieces: inout [Piece]) {
        if value?.isLink == true { value?.html.append(text: text) } else { pieces.append(text: text) }
    }

    // MARK: Literal text

    private mutating func literal(_ part: TemplatePart, _ pieces: inout [Piece]) {
        let bytes = part.text.bytes
        /// The first byte that was not handed on, as HTML, as text of the reader, and as an attribute's value.
        var (html, raw) = (part.range.lowerBound, part.range.lowerBound)
        var text = HTMLCompiler.isText(state.place) ? part.range.lowerBound : part.range.upperBound
        func flush(_ end: Int, _ self: inout HTMLCompiler, _ pieces: inout [Piece]) {
            if html < end, !self.isDropping { self.append(html: part.text.string(html..<end), &pieces) }
            html = max(html, end)
        }
        func flushText(_ end: Int, _ self: inout HTMLCompiler) {
            if text < end { self.flow.text(HTMLText.decodeEntities(part.text.string(text..<end))) }
            text = end
        }
        func flushRaw(_ end: Int, _ self: inout HTMLCompiler) {
            if raw < end { self.value?.raw.append(text: HTMLText.decodeEntities(part.text.string(raw..<end), inAttribute: true)) }
            raw = end
        }
        for index in part.range {
            let before = state.place
            if before == .text || before == .tagOpen, bytes[index] == UInt8(ascii: "<") { tagStart = TemplatePart(text: part.text, range: index..<index + 1) }
            let events = state.feed(bytes[index])
            if HTMLCompiler.isText(before), !HTMLCompiler.isText(state.place) {
                flushText(tagBegins(in: part) ?? text, &self)
                (text, tagDepth) = (part.range.upperBound, depth)
            }
            if state.place == .attributeName, before != .attributeName { attributeStart = index }
            guard !events.isEmpty || (state.place == .text && !HTMLCompiler.isText(before)) else { continue }
            if events.contains(.named), !state.isClosing {
                safety.check(element: state.element, at: TemplatePart(text: part.text, range: (tagBegins(in: part) ?? index)..<index))
            }
            if events.contains(.attributeNamed) {
                safety.check(attribute: state.attribute, at: TemplatePart(text: part.text, range: min(attributeStart, index)..<index))
                if attributes[state.attribute] == nil { attributes[state.attribute] = [] }
            }
            if events.contains(.valueStarted) {
                let start = state.place == .unquoted ? index : index + 1
                flush(start, &self, &pieces)
                startValue(TemplatePart(text: part.text, range: start..<start + 1))
                raw = start
            }
            if events.contains(.valueEnded) {
                flushRaw(index, &self)
                flush(index, &self, &pieces)
                finishValue(&pieces)
            }
            if events.contains(.commentStarted), !HTMLCompiler.isConditional(bytes[(index + 1)..<part.range.upperBound]), let start = tagBegins(in: part) {
                flush(start, &self, &pieces)
                isDropping = true
            }
            if events.contains(.commentEnded), isDropping {
                flush(index + 1, &self, &pieces)
                isDropping = false
            }
            if events.contains(.tagEnded) {
                flush(index + 1, &self, &pieces)
                finishTag(&pieces)
            }
            if state.place == .text { text = index + 1 }
        }
        if HTMLCompiler.isText(state.place) { flushText(part.range.upperBound, &self) }
        if value != nil { flushRaw(part.range.upperBound, &self) }
        flush(part.range.upperBound, &self, &pieces)
    }

    private static func isText(_ place: HTMLState.Place) -> Bool { place == .text || place == .tagOpen || place == .closingTagOpen }

    /// Where the tag that is open begins, if it begins in this part.
    private func tagBegins(in part: TemplatePart) -> Int? {
        guard let start = tagStart?.range.lowerBound, part.range.contains(start) else { return nil }
        return start
    }

    /// `<!--[if mso]>` is read by some programs; other comments are notes of the author.
    private static func isConditional(_ bytes: ArraySlice<UInt8>) -> Bool { bytes.starts(with: "[if".utf8) || bytes.starts(with: "<![".utf8) }

    private var isLink: Bool { state.attribute == "href" && (state.element == "a" || state.element == "area") && !state.isClosing }

    // MARK: Tags of HTML

    private var safety: HTMLSafety { HTMLSafety(diagnostics: diagnostics) }

    private mutating func startValue(_ start: TemplatePart) {
        if isLink, depth != tagDepth {
            diagnostics.report(.badPlace, "a link is written whole, without tags inside its element", at: start.span, suggestion: "put the tag around the element")
        }
        value = OpenValue(start: start, isLink: isLink, isQuoted: state.place != .unquoted)
    }

    private mutating func finishValue(_ pieces: inout [Piece]) {
        guard let open = value else { return }
        value = nil
        attributes[state.attribute] = open.raw
        safety.check(value: open.raw, of: state.attribute, isLink: open.isLink, at: open.start)
        guard open.isLink else { return }
        finishLink(&pieces)
        pending = PendingLink(value: open, place: pieces.count)
        pieces.append(.gap(.space))  // Stands for the link until its tag ends.
    }

    private mutating func finishTag(_ pieces: inout [Piece]) {
        finishLink(&pieces)
        let element = state.element
        if element == "html" { sawPage = true }
        if state.isClosing { flow.close(element) } else { flow.open(element, attributes, link: link) }
        (attributes, link) = ([:], nil)
        if element == "body", !state.isClosing, !sawBody {
            sawBody = true
            if depth > 0 { diagnostics.report(.brokenHTML, "<body> does not stand inside a tag", at: tagStart?.span, suggestion: "put {% if %} inside it") }
            insertPreheader(&pieces)
        }
    }

    private func insertPreheader(_ pieces: inout [Piece]) {
        guard !preheader.isEmpty else { return }
        pieces.append(text: "<div style=\"display:none;max-height:0;overflow:hidden;mso-hide:all\">")
        pieces += preheader
        // Keeps inboxes from showing the first words of the body behind it.
        pieces.append(text: String(repeating: "&#847;&zwnj;&nbsp;", count: 40) + "</div>")
    }

    // MARK: Links

    /// Puts the link of the tag where it belongs, tagged.
    private mutating func finishLink(_ pieces: inout [Piece]) {
        guard let open = pending else { return }
        pending = nil
        linkNumber += 1
        var written = open.value.raw
        if case .literal(let text)? = written.first { written[0] = .literal(String(text.drop(while: \.isWhitespace))) }
        var id = "link-\(linkNumber)"
        if let named = attributes["id"], named.count == 1, case .literal(let text) = named[0] { id = text }
        let tagged = LinkTagging.tag(written, tags, id: id)
        links.append(LinkText.shown(tagged, compiler.schema))
        // An area has no words, so that the text part does not show where it leads.
        for case .value(let expression, _) in written where state.element == "a" && !flow.isHidden {
            if case .unsubscribe = expression.operand { prints.insert(.unsubscribe) }
        }
        var html = open.value.html
        if LinkText.shown(tagged, compiler.schema) != LinkText.shown(written, compiler.schema) {
            html = tagged.map { if case .literal(let text) = $0 { .literal(HTMLText.escaped(text)) } else { $0 } }
            if !open.value.isQuoted { html = [.literal("\"")] + html + [.literal("\"")] }
        }
        pieces.replaceSubrange(open.place...open.place, with: html)
        let text = tagged.map { piece -> Piece in
            if case .value(let expression, .html) = piece { .value(expression, .plain) } else { piece }
        }
        link = (text, written.count == 1 ? LinkText.shown(written, compiler.schema) : nil)
    }

    // MARK: Values

    private mutating func compile(_ expression: Expression, _ pieces: inout [Piece]) {
        if case .variable("content") = expression.operand, content != nil { return includeContent(expression, &pieces) }
        guard let compiled = compiler.compile(expression, in: around) else { return }
        guard let escape = HTMLPlaces.escape(of: compiled, state, after: value?.raw ?? [], at: expression.span, diagnostics) else { return }
        if case .variable("postal_address") = expression.operand, compiled.filters.isEmpty, state.place == .text, !flow.isHidden { prints.insert(.postalAddress) }
        if case .text(let text) = compiled.operand, compiled.filters.isEmpty {
            // Constants become literal text, so that the host of a link is known.
            append(html: HTMLText.escaped(text), &pieces)
            if value != nil { value?.raw.append(text: text) } else if state.place == .text { flow.text(text) }
            return
        }
        append(.value(compiled, escape), &pieces)
        if value != nil { value?.raw.append(.value(compiled, escape)) } else if state.place == .text { flow.value(compiled) }
    }

    private mutating func includeContent(_ expression: Expression, _ pieces: inout [Piece]) {
        contentCount += 1
        guard contentCount == 1 else {
            return diagnostics.report(.layoutContent, "a layout holds {{ content }} once", at: expression.span, suggestion: "delete this one")
        }
        guard state.place == .text, depth == 0, expression.filters.isEmpty else {
            return diagnostics.report(
                .layoutContent, "{{ content }} stands between elements, outside of tags and without filters", at: expression.span,
                suggestion: "put it where templates go")
        }
        let page = sawPage
        sawPage = false
        pieces += compile(content ?? [])
        if sawPage, let part = content?.firstLiteral {
            diagnostics.report(
                .layoutContent, "this template is a whole page, and its layout is one already", at: part.text.span(0..<1),
                suggestion: "write `layout: none`, or keep only what stands inside <body>")
        }
        sawPage = page
        guard state.place != .text else { return }
        reportOpenTag()
        state = HTMLState()
    }

    // MARK: Tags of Liquid

    private mutating func choice(
        _ branches: [(condition: Condition, body: [TemplateNode])], _ otherwise: [TemplateNode], _ tag: TemplatePart, _ pieces: inout [Piece]
    ) {
        guard HTMLPlaces.mayHoldTag(state, tag, diagnostics) else { return }
        finishLink(&pieces)
        let (before, outer, printed, open, known) = (state, around, prints, value, attributes)
        var ends: [(state: HTMLState, isSame: Bool)] = []
        var common: MailDuties?
        func inside(_ body: [TemplateNode], _ self: inout HTMLCompiler) -> Result {
            (self.state, self.prints, self.value, self.attributes) = (before, printed, open, known)
            let made = self.inner(body)
            ends.append((self.state, made.isSame))
            common = common.map { $0.intersection(self.prints) } ?? self.prints
            return made.result
        }
        var (html, text): ([(condition: CompiledCondition, body: [Piece])], [(condition: CompiledCondition, body: [Piece])]) = ([], [])
        for branch in branches {
            around.filled = outer.filled.union(compiler.filled(by: branch.condition))
            let made = inside(branch.body, &self)
            around = outer
            guard let condition = compiler.compile(branch.condition, in: around) else { continue }
            html.append((condition, made.html))
            text.append((condition, made.text))
        }
        let rest = inside(otherwise, &self)
        prints = common ?? printed
        append(.choice(html, otherwise: rest.html), &pieces)
        if let open { value?.raw = open.raw + [.choice([], otherwise: [])] }
        if state.place == .text { flow.include(.choice(text, otherwise: rest.text)) }
        guard let first = ends.first, ends.allSatisfy({ $0.isSame && first.state.isAlike($0.state) }) else {
            return diagnostics.report(
                .branchContext, "the branches of this tag end in different places of the HTML", at: tag.span,
                suggestion: "open and close elements inside the same branch")
        }
    }

    /// The inside of a tag, and whether the text part goes on behind it as if it were not there.
    private mutating func inner(_ body: [TemplateNode]) -> (result: Result, isSame: Bool) {
        let outside = flow
        flow.enter()
        let context = flow.context
        depth += 1
        var html = compile(body)
        finishLink(&html)
        depth -= 1
        let made = (Result(html: html, text: flow.pieces), context == flow.context)
        flow = outside
        return made
    }

    private mutating func loop(_ variable: String, _ over: TemplatePart, _ body: [TemplateNode], _ tag: TemplatePart, _ pieces: inout [Piece]) {
        guard HTMLPlaces.mayHoldTag(state, tag, diagnostics), let column = compiler.column(of: over, named: variable, tag: tag, in: around) else { return }
        finishLink(&pieces)
        let (before, outer, printed, open) = (state, around, prints, value)
        around.loop = variable
        let made = inner(body)
        (around, prints) = (outer, printed)  // It may go round no time.
        append(.loop(column: column, body: made.result.html), &pieces)
        if let open { value?.raw = open.raw + [.choice([], otherwise: [])] }
        if state.place == .text { flow.include(.loop(column: column, body: made.result.text)) }
        guard !made.isSame || !before.isAlike(state) else { return }
        diagnostics.report(
            .branchContext, "this loop ends in another place of the HTML than it begins", at: tag.span, suggestion: "open and close elements inside it")
    }
}

extension [TemplateNode] {
    fileprivate var firstLiteral: TemplatePart? {
        for case .literal(let part) in self { return part }
        return nil
    }
}
