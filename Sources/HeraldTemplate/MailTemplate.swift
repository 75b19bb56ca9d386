package import HeraldModel

/// Everything of one mail, compiled: checked against the list's columns, constants filled in, links tagged. Rendering it for a person cannot fail.
package struct MailTemplate: Sendable {
    /// The parts of a mail as they stand in files.
    package struct Source {
        package let subjects: [Located<String>]
        package let preheader: Located<String>?
        package let html: TemplateSource
        package let layout: TemplateSource?
        package let text: TemplateSource?
        package let language: String

        package init(
            subjects: [Located<String>], preheader: Located<String>?, html: TemplateSource, layout: TemplateSource?, text: TemplateSource?, language: String
        ) {
            self.subjects = subjects
            self.preheader = preheader
            self.html = html
            self.layout = layout
            self.text = text
            self.language = language
        }
    }

    private let subjects: [[Piece]]
    private let preheader: [Piece]
    private let html: [Piece]
    private let text: [Piece]
    /// Links as they leave, with `{contact.city}` where a value goes.
    package let links: [String]
    /// Changes when, and only when, what people would read changes.
    package let canonical: String
    /// Names of the columns, in the order in which values are given.
    package let columns: [String]
    /// About as many bytes as the two parts have.
    private let sizes: (html: Int, text: Int)

    /// Nil after reporting errors.
    package init?(_ source: Source, schema: TemplateSchema, tags: LinkTags, _ sink: Diagnostics) {
        let diagnostics = Diagnostics()
        defer { sink.report(diagnostics.sorted) }
        let compiler = ExpressionCompiler(schema: schema, diagnostics: diagnostics)
        var line = TextCompiler(line: compiler, escape: .header)
        let subjects = source.subjects.map { line.compile(TemplateParser.parse(TemplateText($0), diagnostics) ?? []) }
        let preheaderNodes = source.preheader.flatMap { TemplateParser.parse(TemplateText($0), diagnostics) } ?? []
        let preheader = line.compile(preheaderNodes)
        var hidden = TextCompiler(line: compiler, escape: .html)
        let page = MailTemplate.page(source, compiler, tags, preheader: hidden.compile(preheaderNodes))
        let written = source.text.map { MailTemplate.part($0, compiler, tags) }
        guard !diagnostics.hasErrors else { return nil }
        self.subjects = subjects
        self.preheader = preheader
        (html, text, links) = (page.html, written ?? page.text, page.links)
        columns = schema.columns.map(\.name)
        let parts = subjects.map { Canonical.text($0, schema) } + [Canonical.text(preheader, schema), Canonical.html(html, schema)]
        canonical = (parts + (written.map { [Canonical.text($0, schema)] } ?? [])).joined(separator: "\u{4}")
        sizes = (MailTemplate.size(html), MailTemplate.size(text))
    }

    // MARK: Parts

    private static func page(
        _ source: Source, _ compiler: ExpressionCompiler, _ tags: LinkTags, preheader: [Piece]
    ) -> (html: [Piece], text: [Piece], links: [String]) {
        let diagnostics = compiler.diagnostics
        let file = TemplateText(source.html)
        let content = TemplateParser.parse(file, diagnostics) ?? []
        let layout = source.layout.map { TemplateText($0) }
        let isWhole = String(decoding: source.html.text, as: UTF8.self).lowercased().contains("<html")
        let frame = layout.map { TemplateParser.parse($0, diagnostics) ?? [] } ?? (isWhole ? nil : self.frame(source.language, at: file.span(0..<1)))
        var compiler = HTMLCompiler(compiler, tags: tags, content: frame == nil ? nil : content, preheader: preheader)
        let page = compiler.compile(page: frame ?? content)
        let start = (layout ?? file).span(0..<1)
        // Behind what could not be read there may be everything.
        guard !diagnostics.sorted.contains(where: { $0.rule == .templateSyntax || $0.rule == .brokenHTML }) else { return (page.html, page.text, compiler.links) }
        if !compiler.sawPage || !compiler.sawBody {
            diagnostics.report(
                layout == nil ? .brokenHTML : .layoutContent, "\(layout == nil ? "a page" : "a layout is a whole page, which") has <html> and <body>", at: start,
                suggestion: "add what is missing")
        } else if layout != nil, compiler.contentCount == 0 {
            diagnostics.report(.layoutContent, "the layout has no {{ content }}", at: start, suggestion: "put {{ content }} where templates go")
        }
        MailTemplate.check(compiler.prints, of: "the mail", at: file.span(0..<1), or: layout == nil ? "" : " or to its layout", isHTML: true, diagnostics)
        return (page.html, page.text, compiler.links)
    }

    private static func part(_ source: TemplateSource, _ compiler: ExpressionCompiler, _ tags: LinkTags) -> [Piece] {
        let file = TemplateText(source)
        var part = TextCompiler(part: compiler, tags: tags)
        let pieces = part.compile(TemplateParser.parse(file, compiler.diagnostics) ?? [])
        MailTemplate.check(part.prints, of: "the text part", at: file.span(0..<1), or: "", isHTML: false, compiler.diagnostics)
        return pieces
    }

    /// What every reader must get, also those for whom a condition does not hold.
    private static func check(_ prints: MailDuties, of what: String, at span: SourceSpan, or layout: String, isHTML: Bool, _ diagnostics: Diagnostics) {
        if !prints.contains(.unsubscribe) {
            let link = isHTML ? "<a href=\"{{ unsubscribe_url }}\">Unsubscribe</a>" : "{{ unsubscribe_url }}"
            diagnostics.report(.noUnsubscribe, "\(what) has no link to unsubscribe that everybody sees", at: span, suggestion: "add \(link) to it\(layout)")
        }
        if !prints.contains(.postalAddress) {
            diagnostics.report(
                .noPostalAddress, "\(what) does not print your postal address for everybody", at: span, suggestion: "add {{ postal_address }} to it\(layout)")
        }
    }

    /// The page around a template that is none and has no layout.
    private static func frame(_ language: String, at span: SourceSpan) -> [TemplateNode] {
        let head = """
            <!DOCTYPE html>
            <html lang="\(HTMLText.escaped(language))">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            </head>
            <body>

            """
        func literal(_ text: String) -> TemplateNode { .literal(TemplatePart(text: TemplateText(text, at: span), range: 0..<text.utf8.count)) }
        return [literal(head), .value(Expression(operand: .variable("content"), filters: [], span: span)), literal("\n</body>\n</html>\n")]
    }

    private static func size(_ pieces: [Piece]) -> Int {
        pieces.reduce(0) { total, piece in
            switch piece {
            case .literal(let text): total + text.utf8.count
            case .value: total + 64
            case .choice(let branches, let otherwise): total + max(size(otherwise), branches.map { size($0.body) }.max() ?? 0)
            case .loop(_, let body): total + size(body)
            case .gap: total + 2
            }
        }
    }

    // MARK: Rendering

    /// - Parameters:
    ///   - value: of each column, in the order of `columns`.
    ///   - subject: which of several subjects.
    package func render(_ value: (Int) -> Value, links: RecipientLinks, zone: Zone, subject: Int = 0) -> RenderedMail {
        withoutActuallyEscaping(value) { value in
            let renderer = Renderer(value: value, links: links, zone: zone)
            func text(_ pieces: [Piece], _ size: Int) -> String {
                var output = Output(capacity: size)
                renderer.render(pieces, into: &output)
                return output.text
            }
            let plain = text(self.text, sizes.text)
            return RenderedMail(
                subject: subjects.isEmpty ? "" : text(subjects[min(subject, subjects.count - 1)], 80), preheader: text(preheader, 80), html: text(html, sizes.html),
                text: plain.hasSuffix("\n") ? plain : plain + "\n")
        }
    }
}

extension Rule {
    static let noUnsubscribe = Rule("template-no-unsubscribe")
    static let noPostalAddress = Rule("template-no-postal-address")
}
