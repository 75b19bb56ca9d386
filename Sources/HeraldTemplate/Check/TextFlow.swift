/// The text part of a mail that has none of its own: what a reader sees of the HTML, line by line, with links behind their words.
/// Made once, while the HTML is compiled.
struct TextFlow {
    private struct Link {
        /// As it leaves, and as it was written where that is all literal.
        let pieces: [Piece]
        let written: String?
        /// Where its words begin, at which level of tags.
        let start: Int
        let level: Int
        /// Nil where a value or a tag is among them.
        var words: String? = ""
    }

    private(set) var pieces: [Piece] = []
    private var level = 0
    private var skipping: (element: String, depth: Int)?
    private var link: Link?
    /// What comes before is not added to: the words of a link may be taken back.
    private var barrier = 0
    /// The lists around: the next number of an ordered one, and the level of tags where it began.
    private var lists: [(number: Int?, level: Int)] = []

    private static let blocks: Set<String> = [
        "p", "div", "table", "tr", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "section", "header", "footer", "main", "article", "blockquote", "hr", "body",
        "center", "pre", "figure", "figcaption", "nav", "dl", "dt", "dd", "address", "aside",
    ]
    private static let spaced: Set<String> = ["p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "dl", "blockquote", "section", "article", "pre"]
    private static let void: Set<String> = ["area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"]

    /// Whether the reader sees what stands here.
    var isHidden: Bool { skipping != nil }

    /// What must be the same at the end of every branch, so that what follows is read the same way.
    var context: String { "\(skipping?.element ?? "") \(skipping?.depth ?? 0) \(link?.level ?? -1) \(link?.start ?? -1) \(lists.count)" }

    /// Ends what is still open at the end of the page.
    mutating func finish() { closeLink() }

    // MARK: Levels

    /// Begins the inside of a tag, with pieces of its own.
    mutating func enter() {
        level += 1
        (pieces, barrier) = ([], 0)
    }

    /// Takes over what a tag of the template made.
    mutating func include(_ piece: Piece) {
        pieces.append(piece)
        link?.words = nil
    }

    // MARK: Text

    /// Text with its entities resolved.
    mutating func text(_ text: String) {
        guard skipping == nil else { return }
        var rest = Substring(text)
        while let first = rest.first {
            if TextFlow.isSpace(first) {
                gap(.space)
                rest = rest.drop(while: TextFlow.isSpace)
                continue
            }
            let word = rest.prefix { !TextFlow.isSpace($0) }
            let shown = String(String.UnicodeScalarView(word.unicodeScalars.filter { !TextFlow.isInvisible($0) }))
            if !shown.isEmpty {
                write(shown)
                link?.words? += shown
            }
            rest = rest[word.endIndex...]
        }
    }

    /// Words of one line become one literal.
    private mutating func write(_ word: String) {
        let last = pieces.count - 1
        if last >= barrier, case .literal(let before) = pieces[last], before.utf8.count < [Piece].longLiteral {
            pieces[last] = .literal(before + word)
        } else if last > barrier, case .gap(.space) = pieces[last], case .literal(let before) = pieces[last - 1], before.utf8.count < [Piece].longLiteral {
            pieces.removeLast()
            pieces[last - 1] = .literal(before + " " + word)
        } else {
            pieces.append(.literal(word))
        }
    }

    mutating func value(_ expression: CompiledExpression) {
        guard skipping == nil else { return }
        pieces.append(.value(expression, .flow))
        link?.words = nil
    }

    private static func isSpace(_ character: Character) -> Bool { character.isWhitespace }

    /// What only pads and joins: joiners, soft hyphens, byte-order marks.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00AD, 0x034F, 0x200B...0x200D, 0x2060, 0xFEFF: true
        default: false
        }
    }

    private mutating func gap(_ gap: Gap) {
        // Where a wider one is due already, a space is none.
        if case .space = gap, case .gap? = pieces.last {} else { pieces.append(.gap(gap)) }
        if case .space = gap, link?.words?.isEmpty == false { link?.words? += " " }
    }

    // MARK: Elements

    /// - Parameter link: where an `a` leads, tagged, and as written where it holds no value.
    mutating func open(_ element: String, _ attributes: [String: [Piece]], link: (pieces: [Piece], written: String?)?) {
        if skipping?.element == "head", element == "body" { skipping = nil }
        if let skipped = skipping {
            if skipped.element == element { skipping?.depth += 1 }
            return
        }
        if element == "head" || TextFlow.isHidden(attributes) {
            if !TextFlow.void.contains(element) { skipping = (element, 1) }
            return
        }
        switch element {
        case "br": gap(.lineBreak)
        case "hr":
            gap(.line)
            write("---")
            gap(.line)
        case "img": for piece in attributes["alt"] ?? [] { alternative(piece) }
        case "a":
            closeLink()  // Links do not stand inside each other: the next one ends the one before.
            self.link = link.map { Link(pieces: $0.pieces, written: $0.written, start: pieces.count, level: level) }
            barrier = pieces.count
        case _ where TextFlow.blocks.contains(element): block(element)
        default: break
        }
        if element == "ul" || element == "ol" { lists.append((element == "ol" ? 1 : nil, level)) }
    }

    private mutating func alternative(_ piece: Piece) {
        switch piece {
        case .literal(let text): self.text(text)
        case .value(let expression, _): value(expression)
        case .choice, .loop, .gap: break
        }
    }

    private mutating func block(_ element: String) {
        gap(TextFlow.spaced.contains(element) ? .paragraph : .line)
        guard element == "li" else { return }
        if let list = lists.last, let number = list.number, list.level == level {
            write("\(number).")
            lists[lists.count - 1].number = number + 1
        } else {
            write("-")
        }
        gap(.space)
    }

    mutating func close(_ element: String) {
        if let skipped = skipping {
            if skipped.element == element { skipping = skipped.depth > 1 ? (element, skipped.depth - 1) : nil }
            return
        }
        switch element {
        case "a": closeLink()
        case "td", "th": gap(.space)
        case "ul", "ol":
            _ = lists.popLast()
            gap(.paragraph)
        case _ where TextFlow.blocks.contains(element): gap(TextFlow.spaced.contains(element) ? .paragraph : .line)
        default: break
        }
    }

    private mutating func closeLink() {
        guard let open = link else { return }
        link = nil
        let words = open.words.map { $0.hasSuffix(" ") ? String($0.dropLast()) : $0 }
        var target = open.pieces
        if case .literal(let text)? = target.first {
            guard !text.isEmpty, !text.hasPrefix("#") else { return }
            for scheme in ["mailto:", "tel:", "sms:"] where text.lowercased().hasPrefix(scheme) { target[0] = .literal(String(text.dropFirst(scheme.count))) }
        }
        guard !target.isEmpty else { return }
        if let words, open.level == level, words.isEmpty || TextFlow.says(words, open.written) {
            // The words are the link itself: it stands once, as it leaves.
            if !words.isEmpty { pieces.removeSubrange(open.start...) }
            pieces += target
        } else {
            gap(.space)
            write("(")
            for piece in target { if case .literal(let text) = piece { write(text) } else { pieces.append(piece) } }
            write(")")
        }
    }

    private static func says(_ words: String, _ written: String?) -> Bool {
        guard let written else { return false }
        func bare(_ text: String) -> Substring {
            var rest = Substring(text.lowercased())
            for scheme in ["https://", "http://", "mailto:", "tel:", "sms:"] where rest.hasPrefix(scheme) { rest = rest.dropFirst(scheme.count) }
            return rest.hasSuffix("/") ? rest.dropLast() : rest
        }
        return bare(words) == bare(written)
    }

    private static func isHidden(_ attributes: [String: [Piece]]) -> Bool {
        if attributes["hidden"] != nil { return true }
        guard case .literal(let style)? = attributes["style"]?.first else { return false }
        return style.lowercased().filter { !$0.isWhitespace }.contains("display:none")
    }
}
