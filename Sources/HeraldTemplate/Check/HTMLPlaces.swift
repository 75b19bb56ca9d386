import HeraldModel

/// Where in HTML a value or a tag of the template may stand.
enum HTMLPlaces {
    /// Attributes whose value is an address that a program follows.
    static let urlAttributes: Set<String> = [
        "href", "src", "action", "formaction", "background", "poster", "cite", "longdesc", "usemap", "data", "xlink:href", "ping", "manifest", "srcset", "imagesrcset",
        "lowsrc", "dynsrc", "icon", "profile", "archive", "classid", "codebase", "http-equiv", "content",
    ]

    /// How a value is escaped where it stands; nil after reporting that none may stand here.
    /// - Parameter written: what the attribute holds so far.
    static func escape(
        of value: CompiledExpression, _ state: HTMLState, after written: [Piece], at span: SourceSpan, _ diagnostics: Diagnostics
    ) -> Escape? {
        func refuse(_ place: String) -> Escape? {
            diagnostics.report(
                .badPlace, "a value may not stand \(place)", at: span,
                suggestion: "it may stand in text, in quoted attributes, and in a link's path or query")
            return nil
        }
        switch state.place {
        case .text: return .html
        case .quoted:
            if state.attribute.hasPrefix("on") || state.attribute == "style" || state.attribute.hasSuffix("srcset") { return refuse("in `\(state.attribute)`") }
            guard urlAttributes.contains(state.attribute) else { return .html }
            switch value.operand {
            case .text where value.filters.isEmpty: return .html
            case .unsubscribe, .view:
                guard written.isEmpty, state.attribute == "href" else { return refuse("in the middle of a link; it is a link itself") }
                return .html
            default: return LinkText.mayHoldValue(after: written) ? .url : refuse("as a link, or as its scheme or host")
            }
        case .unquoted, .beforeValue: return refuse("in an attribute without quotes")
        case .tagOpen, .closingTagOpen, .tagName: return refuse("as the name of an element")
        case .inTag, .attributeName, .afterAttributeName: return refuse("in a tag outside its attributes' values")
        case .comment, .declaration, .declarationOpen: return refuse("in a comment")
        case .raw: return state.element == "title" && !state.mayBeEnding ? .html : refuse("in `\(state.element)`")
        }
    }

    /// Whether `{% if %}` and `{% for %}` may stand here, reported where not.
    static func mayHoldTag(_ state: HTMLState, _ tag: TemplatePart, _ diagnostics: Diagnostics) -> Bool {
        func refuse(_ place: String, _ suggestion: String) -> Bool {
            diagnostics.report(.badPlace, "a tag may not stand \(place)", at: tag.span, suggestion: suggestion)
            return false
        }
        switch state.place {
        case .text, .inTag, .afterAttributeName: return true
        case .raw: return !state.mayBeEnding || refuse("inside a name", "put it around the element")
        case .quoted:
            guard urlAttributes.contains(state.attribute) else { return true }
            return refuse("inside a link, which is written whole", "put it around the element")
        case .unquoted, .beforeValue: return refuse("in an attribute without quotes", "put quotes around the value")
        case .tagOpen, .closingTagOpen, .tagName, .attributeName: return refuse("inside a name", "put it around the element or the attribute")
        case .comment, .declaration, .declarationOpen: return refuse("in a comment", "comment it out with {% comment %}")
        }
    }
}
