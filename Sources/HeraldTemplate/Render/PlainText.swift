/// The text part of a mail that has none of its own: what a reader sees of the HTML, line by line.
enum PlainText {
    private static let blocks: Set<String> = [
        "p", "div", "table", "tr", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "section", "header", "footer", "main", "article", "blockquote", "hr",
        "body", "center", "pre", "figure", "nav",
    ]
    private static let spaced: Set<String> = ["p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "blockquote", "section"]
    private static let dropped: Set<String> = ["style", "script", "title", "head"]

    static func make(_ html: String) -> String {
        var writer = Writer()
        var rest = Substring(html)
        var skipping: String?
        var hidden = 0
        var link: (url: String, start: Int)?
        while !rest.isEmpty {
            guard rest.first == "<", let tag = Tag(rest) else {
                var text = rest.prefix { $0 != "<" }
                if text.isEmpty { text = rest.prefix(1) }
                if skipping == nil, hidden == 0 { writer.text(HTMLText.decodeEntities(String(text))) }
                rest = rest[text.endIndex...]
                continue
            }
            rest = rest[tag.end...]
            if let name = skipping {
                if tag.isClosing, tag.name == name { skipping = nil }
                continue
            }
            if dropped.contains(tag.name), !tag.isClosing {
                skipping = tag.name
                continue
            }
            // A hidden element (the preheader) is no text; what is inside it is counted out.
            if hidden > 0 {
                if tag.name == "div" { hidden += tag.isClosing ? -1 : 1 }
                continue
            }
            if tag.name == "div", !tag.isClosing, tag.attribute("style").map({ $0.replacing(" ", with: "").contains("display:none") }) ?? false {
                hidden = 1
                continue
            }
            switch tag.name {
            case "br": writer.newline(1)
            case "hr": writer.rule()
            case "img": if let alt = tag.attribute("alt"), !alt.isEmpty { writer.text(HTMLText.decodeEntities(alt)) }
            case "td", "th": if tag.isClosing { writer.text(" ") }
            case "a":
                if !tag.isClosing {
                    link = tag.attribute("href").map { (HTMLText.decodeEntities($0), writer.length) }
                } else if let open = link {
                    writer.endLink(open.url, from: open.start)
                    link = nil
                }
            case _ where blocks.contains(tag.name):
                writer.newline(spaced.contains(tag.name) ? 2 : 1)
                if tag.name == "li", !tag.isClosing { writer.text("- ") }
            default: break
            }
        }
        return writer.finish()
    }

    private struct Tag {
        let name: String
        let isClosing: Bool
        let end: Substring.Index
        private let body: Substring

        /// Nil where `<` opens no tag.
        init?(_ text: Substring) {
            var quote: Character?
            var index = text.index(after: text.startIndex)
            guard index < text.endIndex else { return nil }
            if text.hasPrefix("<!--") {
                guard let close = text.firstRange(of: "-->") else { return nil }
                (name, isClosing, end, body) = ("!--", false, close.upperBound, "")
                return
            }
            guard text[index].isLetter || text[index] == "/" || text[index] == "!" else { return nil }
            while index < text.endIndex {
                let character = text[index]
                if let open = quote { if character == open { quote = nil } } else if character == "\"" || character == "'" { quote = character } else if character == ">" { break }
                index = text.index(after: index)
            }
            guard index < text.endIndex else { return nil }
            let inner = text[text.index(after: text.startIndex)..<index]
            isClosing = inner.first == "/"
            let trimmed = isClosing ? inner.dropFirst() : inner
            name = trimmed.prefix { $0.isLetter || $0.isNumber }.lowercased()
            body = trimmed
            end = text.index(after: index)
        }

        func attribute(_ wanted: String) -> String? {
            var rest = body.drop { $0.isLetter || $0.isNumber }
            while !rest.isEmpty {
                rest = rest.drop { $0.isWhitespace || $0 == "/" }
                let name = rest.prefix { !$0.isWhitespace && $0 != "=" && $0 != "/" }
                if name.isEmpty { return nil }
                rest = rest.dropFirst(name.count).drop { $0.isWhitespace }
                guard rest.first == "=" else { continue }
                rest = rest.dropFirst().drop { $0.isWhitespace }
                let value: Substring
                if let quote = rest.first, quote == "\"" || quote == "'" {
                    rest = rest.dropFirst()
                    value = rest.prefix { $0 != quote }
                    rest = rest.dropFirst(value.count + 1)
                } else {
                    value = rest.prefix { !$0.isWhitespace }
                    rest = rest.dropFirst(value.count)
                }
                if name.lowercased() == wanted { return String(value) }
            }
            return nil
        }
    }

    /// Collapses white space, and keeps at most one empty line between blocks.
    private struct Writer {
        private var output = ""
        private var pending = 0
        private var space = false

        var length: Int { output.utf8.count }

        mutating func text(_ text: String) {
            for character in text {
                if character.isWhitespace, character != "\u{A0}" {
                    space = true
                    continue
                }
                if pending > 0 {
                    if !output.isEmpty { output += String(repeating: "\n", count: pending) }
                    pending = 0
                    space = false
                }
                if space, !output.isEmpty, output.last != "\n" { output += " " }
                space = false
                output.append(character == "\u{A0}" ? " " : character)
            }
        }

        mutating func newline(_ count: Int) { pending = max(pending, count) }

        mutating func rule() {
            newline(1)
            text("---")
            newline(1)
        }

        mutating func endLink(_ url: String, from start: Int) {
            let shown = String(decoding: output.utf8.dropFirst(start), as: UTF8.self).trimmed
            guard !url.hasPrefix("#"), shown != url else { return }
            text(shown.isEmpty ? url : " (\(url))")
        }

        consuming func finish() -> String {
            let lines = output.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).trimmedEnd }
            return lines.joined(separator: "\n").trimmed + "\n"
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        let body = drop(while: \.isWhitespace)
        return String(body).trimmedEnd
    }

    fileprivate var trimmedEnd: String {
        guard let last = lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(self[...last])
    }
}
