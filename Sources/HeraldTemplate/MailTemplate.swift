package import HeraldModel

/// Everything of one mail, compiled: checked against the list's columns, constants filled in, links tagged. Rendering it for a person cannot fail.
package struct MailTemplate: Sendable {
    private let subjects: [[Piece]]
    private let preheader: [Piece]
    private let html: [Piece]
    /// Nil where the text part is made from the HTML.
    private let text: [Piece]?
    /// Links as they leave, with `{contact.city}` where a value goes.
    package let links: [String]
    /// Changes when, and only when, what people would read changes.
    package let canonical: String
    /// Names of the columns, in the order in which values are given.
    package let columns: [String]

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

    /// Nil after reporting errors.
    package init?(_ source: Source, schema: TemplateSchema, tags: LinkTags, _ sink: Diagnostics) {
        let diagnostics = Diagnostics()
        defer { sink.report(diagnostics.sorted) }
        var compiler = ExpressionCompiler(schema: schema, diagnostics: diagnostics)
        var lines = TextCompiler(compiler, escape: .header)
        let subjects = source.subjects.map { lines.compile(TemplateParser.parse(TemplateText($0), diagnostics) ?? []) }
        let preheaderNodes = source.preheader.flatMap { TemplateParser.parse(TemplateText($0), diagnostics) } ?? []
        let preheader = lines.compile(preheaderNodes)
        var inHTML = TextCompiler(compiler, escape: .html)
        // The preheader's own text is no markup.
        let preheaderHTML = inHTML.compile(preheaderNodes).map { piece -> Piece in
            if case .literal(let text) = piece { .literal(HTMLText.escaped(text)) } else { piece }
        }
        let content = TemplateParser.parse(TemplateText(source.html), diagnostics) ?? []
        var layout = source.layout.map { TemplateParser.parse(TemplateText($0), diagnostics) ?? [] }
        if layout == nil, !MailTemplate.isWholePage(source.html.text) {
            layout = MailTemplate.frame(source.language, at: TemplateText(source.html).span(0..<0), diagnostics)
        }
        compiler.extra = layout == nil ? [] : ["content"]
        let whole = source.layout.map { MailTemplate.isWholePage($0.text) } ?? true
        if !whole { diagnostics.report(.layoutContent, "a layout is a whole page with <html> and <body>", at: source.layout.map { TemplateText($0).span(0..<1) }) }
        var page = HTMLCompiler(compiler, tags: tags, content: content, preheader: preheaderHTML, printsPreheader: false)
        let html = page.compile(layout ?? content)
        if source.layout != nil, page.contentCount == 0 {
            diagnostics.report(.layoutContent, "the layout has no {{ content }}", at: source.layout.map { TemplateText($0).span(0..<1) }, suggestion: "put {{ content }} where templates go")
        }
        let start = TemplateText(source.html).span(0..<1)
        if !page.hasUnsubscribe {
            diagnostics.report(
                .noUnsubscribe, "the mail has no link to unsubscribe", at: start, suggestion: "add <a href=\"{{ unsubscribe_url }}\">Unsubscribe</a> to it or to its layout")
        }
        if !page.hasPostalAddress {
            diagnostics.report(.noPostalAddress, "the mail does not print your postal address", at: start, suggestion: "add {{ postal_address }} to it or to its layout")
        }
        var text: [Piece]?
        if let part = source.text {
            var plain = TextCompiler(compiler, escape: .plain)
            text = TextCompiler.tagged(plain.compile(TemplateParser.parse(TemplateText(part), diagnostics) ?? []), tags)
            let at = TemplateText(part).span(0..<1)
            if !plain.hasUnsubscribe { diagnostics.report(.noUnsubscribe, "the text part has no link to unsubscribe", at: at, suggestion: "add {{ unsubscribe_url }}") }
            if !plain.hasPostalAddress { diagnostics.report(.noPostalAddress, "the text part does not print your postal address", at: at, suggestion: "add {{ postal_address }}") }
        }
        guard !diagnostics.hasErrors else { return nil }
        self.subjects = subjects
        self.preheader = preheader
        self.html = html
        self.text = text
        links = page.links
        columns = schema.columns.map(\.name)
        let parts = subjects + [preheader, html] + (text.map { [$0] } ?? [])
        canonical = parts.map { Canonical.text($0, schema) }.joined(separator: "\u{1}")
    }

    private static func isWholePage(_ bytes: [UInt8]) -> Bool { String(decoding: bytes, as: UTF8.self).lowercased().contains("<html") }

    /// The page around a template that is none and has no layout.
    private static func frame(_ language: String, at span: SourceSpan, _ diagnostics: Diagnostics) -> [TemplateNode] {
        [
            .literal(
                "<!DOCTYPE html>\n<html lang=\"\(HTMLText.escaped(language))\">\n<head>\n<meta charset=\"utf-8\">\n"
                    + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n</head>\n<body>\n", span),
            .value(Expression(operand: .variable("content"), filters: [], span: span)), .literal("\n</body>\n</html>\n", span),
        ]
    }

    /// - Parameters:
    ///   - value: of each column, in the order of `columns`.
    ///   - subject: which of several subjects.
    package func render(_ value: (Int) -> Value, links: RecipientLinks, zone: Zone, subject: Int = 0) -> RenderedMail {
        withoutActuallyEscaping(value) { value in
            let renderer = Renderer(value: value, links: links, zone: zone)
            var (line, preview, page, plain) = ("", "", "", "")
            renderer.render(subjects[min(subject, subjects.count - 1)], into: &line)
            renderer.render(preheader, into: &preview)
            renderer.render(html, into: &page)
            if let text { renderer.render(text, into: &plain) } else { plain = PlainText.make(page) }
            return RenderedMail(subject: line, preheader: preview, html: page, text: plain)
        }
    }
}

/// A compiled text written out, for digests.
enum Canonical {
    static func text(_ pieces: [Piece], _ schema: TemplateSchema) -> String {
        pieces.map { piece -> String in
            switch piece {
            case .literal(let text): text
            case .value(let expression, let escape): "{{\(self.expression(expression, schema))}\(escape.rawValue)}"
            case .choice(let branches, let otherwise):
                branches.map { "{%if \(condition($0.condition, schema))%}\(text($0.body, schema))" }.joined() + "{%else%}\(text(otherwise, schema)){%end%}"
            case .loop(let column, let body): "{%for \(schema.columns[column].name)%}\(text(body, schema)){%end%}"
            }
        }.joined()
    }

    private static func operand(_ operand: CompiledOperand, _ schema: TemplateSchema) -> String {
        switch operand {
        case .column(let index): "contact.\(schema.columns[index].name)"
        case .unsubscribe: "unsubscribe_url"
        case .view: "view_url"
        case .element(let depth): "element \(depth)"
        case .text(let text): "'\(text)'"
        case .number(let number): number.description
        }
    }

    private static func expression(_ expression: CompiledExpression, _ schema: TemplateSchema) -> String {
        let filters = expression.filters.map { filter -> String in
            switch filter {
            case .fallback(let operand): "default \(self.operand(operand, schema))"
            case .upcase: "upcase"
            case .downcase: "downcase"
            case .capitalize: "capitalize"
            case .escape: "escape"
            case .date(let form): "date \(form.map { $0.text(LocalTime(day: Day(number: 19_814), microsecond: 47_045_000_000)) } ?? "")"
            case .money(let currency): "money \(currency)"
            case .truncate(let count): "truncate \(count)"
            }
        }
        return ([operand(expression.operand, schema)] + filters).joined(separator: "|")
    }

    private static func condition(_ condition: CompiledCondition, _ schema: TemplateSchema) -> String {
        switch condition {
        case .holds(let inner): expression(inner, schema)
        case .compare(let a, let comparison, let b): "\(expression(a, schema)) \(comparison.rawValue) \(expression(b, schema))"
        case .and(let a, let b): "(\(self.condition(a, schema)) and \(self.condition(b, schema)))"
        case .or(let a, let b): "(\(self.condition(a, schema)) or \(self.condition(b, schema)))"
        }
    }
}
