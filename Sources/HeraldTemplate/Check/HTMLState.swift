/// Where in HTML a position of a template stands. Fed with literal text, byte by byte; the states of the HTML standard's tokenizer that a mail can reach.
struct HTMLState {
    enum Place: Equatable {
        case text
        /// Behind `<`, and behind `</`.
        case tagOpen, closingTagOpen
        case tagName
        case inTag
        case attributeName
        case afterAttributeName
        case beforeValue
        case quoted(UInt8)
        case unquoted
        /// Behind `<!`, where `--` may follow.
        case declarationOpen
        case declaration
        case comment
        /// Inside `style` and `title`, whose content holds no tags.
        case raw
    }

    /// What a byte brought about.
    struct Events: OptionSet {
        let rawValue: Int

        /// The name of an element is complete.
        static let named = Events(rawValue: 1)
        static let attributeNamed = Events(rawValue: 2)
        /// A quoted value begins behind this byte, an unquoted one with it.
        static let valueStarted = Events(rawValue: 4)
        /// A value ended before this byte.
        static let valueEnded = Events(rawValue: 8)
        static let tagEnded = Events(rawValue: 16)
        static let commentStarted = Events(rawValue: 32)
        static let commentEnded = Events(rawValue: 64)
    }

    private(set) var place = Place.text
    private(set) var element = ""
    private(set) var attribute = ""
    private(set) var isClosing = false
    /// The last bytes, for what ends comments and raw text.
    private var tail: UInt64 = 0
    /// Bytes since `<!--`.
    private var commentLength = 0

    mutating func feed(_ byte: UInt8) -> Events {
        defer { tail = tail << 8 | UInt64(HTMLState.small(byte)) }
        switch place {
        case .text:
            if byte == UInt8(ascii: "<") { place = .tagOpen }
            return []
        case .tagOpen, .closingTagOpen: return openTag(byte)
        case .tagName:
            if byte == UInt8(ascii: ">") { return [.named, endTag()] }
            guard HTMLState.isSpace(byte) || byte == UInt8(ascii: "/") else {
                HTMLState.append(byte, to: &element)
                return []
            }
            place = .inTag
            return .named
        case .inTag, .afterAttributeName: return inTag(byte)
        case .attributeName:
            if byte == UInt8(ascii: "=") {
                place = .beforeValue
            } else if byte == UInt8(ascii: ">") {
                return [.attributeNamed, endTag()]
            } else if byte == UInt8(ascii: "/") {
                place = .inTag
            } else if HTMLState.isSpace(byte) {
                place = .afterAttributeName
            } else {
                HTMLState.append(byte, to: &attribute)
                return []
            }
            return .attributeNamed
        case .beforeValue:
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                place = .quoted(byte)
                return .valueStarted
            }
            if byte == UInt8(ascii: ">") { return endTag() }
            guard !HTMLState.isSpace(byte) else { return [] }
            place = .unquoted
            return .valueStarted
        case .quoted(let quote):
            guard byte == quote else { return [] }
            place = .inTag
            return .valueEnded
        case .unquoted:
            if byte == UInt8(ascii: ">") { return [.valueEnded, endTag()] }
            guard HTMLState.isSpace(byte) else { return [] }
            place = .inTag
            return .valueEnded
        case .declarationOpen, .declaration: return declaration(byte)
        case .comment: return comment(byte)
        case .raw: return raw(byte)
        }
    }

    private mutating func openTag(_ byte: UInt8) -> Events {
        if 0x61...0x7A ~= HTMLState.small(byte) {
            (isClosing, place, element, attribute) = (place == .closingTagOpen, .tagName, "", "")
            HTMLState.append(byte, to: &element)
        } else if place == .closingTagOpen {
            place = byte == UInt8(ascii: ">") ? .text : .declaration
        } else if byte == UInt8(ascii: "/") {
            place = .closingTagOpen
        } else if byte == UInt8(ascii: "!") {
            place = .declarationOpen
        } else if byte == UInt8(ascii: "?") {
            place = .declaration
        } else if byte != UInt8(ascii: "<") {
            place = .text  // A lone `<`; a second one may open a tag.
        }
        return []
    }

    private mutating func inTag(_ byte: UInt8) -> Events {
        if byte == UInt8(ascii: ">") { return endTag() }
        if byte == UInt8(ascii: "="), place == .afterAttributeName {
            place = .beforeValue
        } else if byte == UInt8(ascii: "/") {
            place = .inTag
        } else if !HTMLState.isSpace(byte) {
            (place, attribute) = (.attributeName, "")
            HTMLState.append(byte, to: &attribute)
        }
        return []
    }

    private mutating func declaration(_ byte: UInt8) -> Events {
        if byte == UInt8(ascii: ">") {
            place = .text
        } else if place == .declarationOpen, byte == UInt8(ascii: "-") {
            guard UInt8(truncatingIfNeeded: tail) == UInt8(ascii: "-") else { return [] }
            (place, commentLength) = (.comment, 0)
            return .commentStarted
        } else {
            place = .declaration
        }
        return []
    }

    private mutating func comment(_ byte: UInt8) -> Events {
        defer { commentLength += 1 }
        guard byte == UInt8(ascii: ">") else { return [] }
        let (two, three) = (tail & 0xFFFF, tail & 0xFF_FFFF)
        // `<!-->` and `<!--->` are comments, too.
        let isEnd = commentLength == 0 || (commentLength == 1 && two & 0xFF == 0x2D) || (commentLength >= 2 && two == 0x2D2D) || (commentLength >= 3 && three == 0x2D2D21)
        guard isEnd else { return [] }
        place = .text
        return .commentEnded
    }

    private mutating func raw(_ byte: UInt8) -> Events {
        guard byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/") || HTMLState.isSpace(byte) else { return [] }
        // Both names are short enough for the tail: `</style` has seven bytes.
        let end = "</\(element)".utf8.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard tail & 0xFF_FFFF_FFFF_FFFF == end else { return [] }
        (isClosing, attribute) = (true, "")
        guard byte == UInt8(ascii: ">") else {
            place = .inTag
            return .named
        }
        return [.named, endTag()]
    }

    private mutating func endTag() -> Events {
        place = !isClosing && HTMLState.rawElements.contains(element) ? .raw : .text
        return .tagEnded
    }

    private static let rawElements: Set<String> = ["style", "title"]

    private static func small(_ byte: UInt8) -> UInt8 { 0x41...0x5A ~= byte ? byte | 0x20 : byte }

    private static func append(_ byte: UInt8, to name: inout String) { name.unicodeScalars.append(UnicodeScalar(small(byte))) }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// Whether the end of raw text may have begun: what is filled in then decides whether it is one.
    var mayBeEnding: Bool {
        let last = (0..<7).map { UInt8(truncatingIfNeeded: tail >> (8 * $0)) }.first { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: ">") }
        return place == .raw && last == UInt8(ascii: "<")
    }

    /// Whether two positions are so alike that the same may follow.
    func isAlike(_ other: HTMLState) -> Bool {
        guard place == other.place else { return false }
        return switch place {
        case .text: true
        case .quoted, .unquoted, .beforeValue, .attributeName, .afterAttributeName: element == other.element && attribute == other.attribute
        default: element == other.element
        }
    }
}
