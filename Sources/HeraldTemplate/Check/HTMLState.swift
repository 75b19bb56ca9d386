/// Where in HTML a position of a template stands. Fed with literal text, piece by piece; a small state machine in the manner of the HTML tokenizer.
struct HTMLState: Hashable {
    enum Place: Hashable {
        case text
        case tagName
        case inTag
        case attributeName
        case afterAttributeName
        case beforeValue
        case quoted(UInt8)
        case unquoted
        case comment
        case declaration
        /// Inside `style` or `script`, whose content is no HTML.
        case raw
    }

    var place = Place.text
    var element = ""
    var attribute = ""
    var isClosing = false
    /// The bytes of the value so far, for quoted attributes.
    var value: [UInt8] = []
    /// Bytes that may complete a delimiter.
    private var recent: [UInt8] = []

    /// What a byte brought about, for those who look at elements and attributes.
    enum Event {
        case none
        case attributeStarted
        case attributeEnded
        case tagEnded
    }

    mutating func feed(_ byte: UInt8) -> Event {
        recent.append(byte)
        if recent.count > 9 { recent.removeFirst() }
        let small = byte | (0x41...0x5A ~= byte ? 0x20 : 0)
        switch place {
        case .text:
            if byte == UInt8(ascii: "<") { (place, element, isClosing) = (.tagName, "", false) }
        case .tagName: return feedTagName(byte, small)
        case .inTag, .afterAttributeName:
            if byte == UInt8(ascii: ">") { return endTag() }
            if byte == UInt8(ascii: "="), place == .afterAttributeName {
                place = .beforeValue
            } else if !HTMLState.isSpace(byte), byte != UInt8(ascii: "/") {
                (place, attribute) = (.attributeName, String(UnicodeScalar(small)))
            }
        case .attributeName:
            if byte == UInt8(ascii: "=") {
                place = .beforeValue
            } else if byte == UInt8(ascii: ">") {
                return endTag()
            } else if HTMLState.isSpace(byte) {
                place = .afterAttributeName
            } else {
                attribute.unicodeScalars.append(UnicodeScalar(small))
            }
        case .beforeValue:
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                (place, value) = (.quoted(byte), [])
                return .attributeStarted
            }
            if byte == UInt8(ascii: ">") { return endTag() }
            if !HTMLState.isSpace(byte) { (place, value) = (.unquoted, [byte]) }
        case .quoted(let quote):
            if byte == quote {
                place = .inTag
                return .attributeEnded
            }
            value.append(byte)
        case .unquoted:
            if byte == UInt8(ascii: ">") {
                return endTag()
            } else if HTMLState.isSpace(byte) {
                place = .inTag
                return .attributeEnded
            }
            value.append(byte)
        case .comment: if recent.suffix(3).elementsEqual("-->".utf8) { place = .text }
        case .declaration: if byte == UInt8(ascii: ">") { place = .text }
        case .raw:
            let end = Array("</\(element)".utf8)
            if recent.count >= end.count, recent.suffix(end.count).elementsEqual(end, by: { ($0 | (0x41...0x5A ~= $0 ? 0x20 : 0)) == $1 }) {
                (place, isClosing) = (.inTag, true)
            }
        }
        return .none
    }

    private mutating func feedTagName(_ byte: UInt8, _ small: UInt8) -> Event {
        if element.isEmpty, !isClosing {
            if byte == UInt8(ascii: "!") {
                place = .declaration
                return .none
            }
            if byte == UInt8(ascii: "/") {
                isClosing = true
                return .none
            }
        }
        if element.isEmpty, !(0x61...0x7A ~= small) {
            place = .text  // A lone `<`.
            return .none
        }
        if byte == UInt8(ascii: ">") { return endTag() }
        if HTMLState.isSpace(byte) || byte == UInt8(ascii: "/") {
            place = .inTag
        } else {
            element.unicodeScalars.append(UnicodeScalar(small))
        }
        return .none
    }

    /// A declaration that turns out to be a comment is noticed by its third byte.
    mutating func noticeComment() {
        if place == .declaration, recent.suffix(3).elementsEqual("!--".utf8) { place = .comment }
    }

    private mutating func endTag() -> Event {
        place = !isClosing && (element == "style" || element == "script") ? .raw : .text
        return .tagEnded
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// Attributes whose value is a URL.
    static let urlAttributes: Set<String> = ["href", "src", "action", "formaction", "background", "poster", "cite", "longdesc", "usemap", "data"]
}
