import HeraldModel

/// The pieces of a template's surface: text, `{{ … }}` and `{% … %}`.
struct TemplateTokens {
    enum Token {
        case text(Range<Int>)
        case output(Range<Int>)
        case tag(name: Range<Int>, body: Range<Int>, whole: Range<Int>)
    }

    private let text: TemplateText
    private let diagnostics: Diagnostics
    private(set) var tokens: [Token] = []
    /// Where the text that no token holds yet begins, and whether `-}}` or `-%}` stands before it.
    private var start = 0
    private var isTrimmed = false

    init(_ text: TemplateText, _ diagnostics: Diagnostics) {
        self.text = text
        self.diagnostics = diagnostics
        tokenize()
    }

    private func fail(_ message: String, _ range: Range<Int>, _ suggestion: String? = nil) {
        diagnostics.report(.templateSyntax, message, at: text.span(range), suggestion: suggestion)
    }

    private mutating func tokenize() {
        let bytes = text.bytes
        var index = 0
        while index + 1 < bytes.count {
            guard bytes[index] == UInt8(ascii: "{"), bytes[index + 1] == UInt8(ascii: "{") || bytes[index + 1] == UInt8(ascii: "%") else {
                index += 1
                continue
            }
            let isOutput = bytes[index + 1] == UInt8(ascii: "{")
            guard let (body, end) = inside(index, isOutput: isOutput) else {
                let (open, close) = isOutput ? ("{{", "}}") : ("{%", "%}")
                fail("this opens with \(open) and is never closed", index..<index + 2, "close it with \(close); quotes inside it must be closed, too")
                start = bytes.count
                return
            }
            let whole = index..<end
            takeText(upTo: index, trimming: bytes[index + 2] == UInt8(ascii: "-"))
            isTrimmed = bytes[end - 3] == UInt8(ascii: "-")
            start = end
            index = end
            guard !isOutput else {
                tokens.append(.output(body))
                continue
            }
            let name = word(body)
            switch text.string(name) {
            case "raw", "comment": index = takeVerbatim(text.string(name), opened: whole)
            default: tokens.append(.tag(name: name, body: name.upperBound..<body.upperBound, whole: whole))
            }
        }
        takeText(upTo: bytes.count, trimming: false)
    }

    private mutating func takeText(upTo end: Int, trimming: Bool) {
        var (low, high) = (start, end)
        if isTrimmed { while low < high, TemplateTokens.isSpace(text.bytes[low]) { low += 1 } }
        if trimming { while high > low, TemplateTokens.isSpace(text.bytes[high - 1]) { high -= 1 } }
        if low < high { tokens.append(.text(low..<high)) }
    }

    /// What stands between the braces without the hyphens that trim, and where the closing one ends; quotes inside may hold anything.
    private func inside(_ open: Int, isOutput: Bool) -> (body: Range<Int>, end: Int)? {
        let bytes = text.bytes
        let close = isOutput ? UInt8(ascii: "}") : UInt8(ascii: "%")
        var quote: UInt8?
        var index = open + 2
        while index + 1 < bytes.count {
            let byte = bytes[index]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                quote = byte
            } else if byte == close, bytes[index + 1] == UInt8(ascii: "}") {
                let low = open + 2 < index && bytes[open + 2] == UInt8(ascii: "-") ? open + 3 : open + 2
                let high = index > low && bytes[index - 1] == UInt8(ascii: "-") ? index - 1 : index
                return (low..<high, index + 2)
            } else if byte == UInt8(ascii: "{"), bytes[index + 1] == UInt8(ascii: "{") || bytes[index + 1] == UInt8(ascii: "%") {
                return nil
            }
            index += 1
        }
        return nil
    }

    /// `raw` hands its text on as it stands, `comment` drops it. Gives where to go on.
    private mutating func takeVerbatim(_ name: String, opened: Range<Int>) -> Int {
        let bytes = text.bytes
        var index = opened.upperBound
        while index + 1 < bytes.count {
            if bytes[index] == UInt8(ascii: "{"), bytes[index + 1] == UInt8(ascii: "%"), let (body, end) = inside(index, isOutput: false),
                text.string(word(body)) == "end" + name
            {
                if name == "raw" { takeText(upTo: index, trimming: bytes[index + 2] == UInt8(ascii: "-")) }
                (start, isTrimmed) = (end, bytes[end - 3] == UInt8(ascii: "-"))
                return end
            }
            index += 1
        }
        fail("`\(name)` is never closed", opened, "add {% end\(name) %}")
        start = bytes.count
        return bytes.count
    }

    private func word(_ range: Range<Int>) -> Range<Int> {
        var low = range.lowerBound
        while low < range.upperBound, TemplateTokens.isSpace(text.bytes[low]) { low += 1 }
        var high = low
        while high < range.upperBound, !TemplateTokens.isSpace(text.bytes[high]) { high += 1 }
        return low..<high
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
