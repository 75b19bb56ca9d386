/// Reads RFC 8259 in one pass over the bytes.
struct JSONReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var offset = 0
    /// More than any file of herald nests.
    private static let deepest = 32

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func document() throws(JSONText.Damage) -> JSONText {
        let value = try value(depth: 0)
        guard next() == nil else { throw damage }
        return value
    }

    /// The numbers under some keys of the outermost object, read no further than needed; those that stand first are found at once.
    mutating func numbers(_ keys: [String]) throws(JSONText.Damage) -> [String: Int] {
        var found: [String: Int] = [:]
        guard skip(UInt8(ascii: "{")) else { throw damage }
        repeat {
            guard next() == UInt8(ascii: "\"") else { throw damage }
            let key = try string()
            guard skip(UInt8(ascii: ":")) else { throw damage }
            if case .number(let number) = try value(depth: 1), keys.contains(key) { found[key] = number }
        } while found.count < keys.count && skip(UInt8(ascii: ","))
        return found
    }

    private var damage: JSONText.Damage { JSONText.Damage(offset: offset) }

    /// The next byte that is no space, which stays where it is.
    private mutating func next() -> UInt8? {
        while offset < bytes.count {
            let byte = bytes[offset]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            offset += 1
        }
        return nil
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard next() == byte else { return false }
        offset += 1
        return true
    }

    private mutating func value(depth: Int) throws(JSONText.Damage) -> JSONText {
        guard depth < JSONReader.deepest else { throw damage }
        switch next() {
        case UInt8(ascii: "{"): return .object(try members(depth: depth))
        case UInt8(ascii: "["): return .array(try items(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func members(depth: Int) throws(JSONText.Damage) -> [(key: String, value: JSONText)] {
        offset += 1
        var members: [(key: String, value: JSONText)] = []
        if skip(UInt8(ascii: "}")) { return members }
        repeat {
            guard next() == UInt8(ascii: "\"") else { throw damage }
            let key = try string()
            guard skip(UInt8(ascii: ":")) else { throw damage }
            members.append((key, try value(depth: depth + 1)))
        } while skip(UInt8(ascii: ","))
        guard skip(UInt8(ascii: "}")) else { throw damage }
        return members
    }

    private mutating func items(depth: Int) throws(JSONText.Damage) -> [JSONText] {
        offset += 1
        var items: [JSONText] = []
        if skip(UInt8(ascii: "]")) { return items }
        repeat { items.append(try value(depth: depth + 1)) } while skip(UInt8(ascii: ","))
        guard skip(UInt8(ascii: "]")) else { throw damage }
        return items
    }

    private mutating func word(_ word: StaticString, _ value: JSONText) throws(JSONText.Damage) -> JSONText {
        for index in 0..<word.utf8CodeUnitCount {
            guard offset < bytes.count, bytes[offset] == word.utf8Start[index] else { throw damage }
            offset += 1
        }
        return value
    }

    private mutating func number() throws(JSONText.Damage) -> Int {
        let start = offset
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "-") { offset += 1 }
        while offset < bytes.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[offset] { offset += 1 }
        guard let number = Int(String(decoding: bytes[start..<offset], as: UTF8.self)) else { throw damage }
        return number
    }

    private mutating func string() throws(JSONText.Damage) -> String {
        offset += 1
        let start = offset
        var isASCII = true
        while offset < bytes.count, bytes[offset] != UInt8(ascii: "\""), bytes[offset] != UInt8(ascii: "\\"), bytes[offset] >= 0x20 {
            if bytes[offset] >= 0x80 { isASCII = false }
            offset += 1
        }
        guard offset < bytes.count else { throw damage }
        guard bytes[offset] == UInt8(ascii: "\"") else { return try escapedString(from: start) }
        let text = UnsafeBufferPointer(rebasing: bytes[start..<offset])
        offset += 1
        if isASCII { return String(decoding: text, as: UTF8.self) }
        guard let valid = String(validating: text, as: UTF8.self) else { throw damage }
        return valid
    }

    private mutating func escapedString(from start: Int) throws(JSONText.Damage) -> String {
        var text = Array(bytes[start..<offset])
        while offset < bytes.count, bytes[offset] != UInt8(ascii: "\"") {
            let byte = bytes[offset]
            guard byte >= 0x20 else { throw damage }
            offset += 1
            guard byte == UInt8(ascii: "\\") else {
                text.append(byte)
                continue
            }
            guard offset < bytes.count else { throw damage }
            offset += 1
            switch bytes[offset - 1] {
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "u"): text.append(contentsOf: String(Character(try scalar())).utf8)
            case let other where other == UInt8(ascii: "\"") || other == UInt8(ascii: "\\") || other == UInt8(ascii: "/"): text.append(other)
            default: throw damage
            }
        }
        guard offset < bytes.count, let result = String(validating: text, as: UTF8.self) else { throw damage }
        offset += 1
        return result
    }

    /// After `\u`; two halves of a pair make one.
    private mutating func scalar() throws(JSONText.Damage) -> Unicode.Scalar {
        let first = try hexadecimal()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard 0xD800...0xDBFF ~= first, offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: "\\"), bytes[offset + 1] == UInt8(ascii: "u")
        else { throw damage }
        offset += 2
        let second = try hexadecimal()
        guard 0xDC00...0xDFFF ~= second, let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) else { throw damage }
        return scalar
    }

    private mutating func hexadecimal() throws(JSONText.Damage) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard offset < bytes.count, let digit = Character(Unicode.Scalar(bytes[offset])).hexDigitValue else { throw damage }
            value = value << 4 | UInt32(digit)
            offset += 1
        }
        return value
    }
}
