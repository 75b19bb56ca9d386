import HeraldModel

/// What a plain scalar means under the core schema of YAML 1.2: `NO`, `on` and `09:00` are text.
enum CoreSchema {
    static func kind(of bytes: UnsafeBufferPointer<UInt8>) -> Node.Kind {
        guard let first = bytes.first else { return .null }
        switch first {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."): return number(bytes)
        case UInt8(ascii: "~"): return bytes.count == 1 ? .null : .text
        case UInt8(ascii: "n"), UInt8(ascii: "N"): return isWord(bytes, "null", "Null", "NULL") ? .null : .text
        case UInt8(ascii: "t"), UInt8(ascii: "T"): return isWord(bytes, "true", "True", "TRUE") ? .boolean : .text
        case UInt8(ascii: "f"), UInt8(ascii: "F"): return isWord(bytes, "false", "False", "FALSE") ? .boolean : .text
        default: return .text
        }
    }

    static func kind(of text: String) -> Node.Kind { Array(text.utf8).withUnsafeBufferPointer(kind) }

    private static func isWord(_ bytes: some Collection<UInt8>, _ words: StaticString...) -> Bool {
        words.contains { word in word.withUTF8Buffer { bytes.elementsEqual($0) } }
    }

    private static func number(_ bytes: UnsafeBufferPointer<UInt8>) -> Node.Kind {
        if bytes.count > 2, bytes[0] == UInt8(ascii: "0") {
            if bytes[1] == UInt8(ascii: "o") { return bytes[2...].allSatisfy { 0x30...0x37 ~= $0 } ? .integer : .text }
            if bytes[1] == UInt8(ascii: "x") { return bytes[2...].allSatisfy(isHexadecimal) ? .integer : .text }
        }
        var rest = bytes[...]
        let isSigned = rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+")
        if isSigned { rest = rest.dropFirst() }
        if rest.first == UInt8(ascii: "."), isWord(rest, ".inf", ".Inf", ".INF") { return .float }
        if rest.first == UInt8(ascii: "."), !isSigned, isWord(rest, ".nan", ".NaN", ".NAN") { return .float }
        let whole = rest.prefix(while: isDigit).count
        rest = rest.dropFirst(whole)
        if rest.isEmpty { return whole == 0 ? .text : .integer }
        var fraction = 0
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            fraction = rest.prefix(while: isDigit).count
            rest = rest.dropFirst(fraction)
        }
        guard whole + fraction > 0 else { return .text }
        if rest.isEmpty { return .float }
        guard rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") else { return .text }
        rest = rest.dropFirst()
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        return !rest.isEmpty && rest.allSatisfy(isDigit) ? .float : .text
    }

    private static func isDigit(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte }
    private static func isHexadecimal(_ byte: UInt8) -> Bool { isDigit(byte) || 0x41...0x46 ~= byte || 0x61...0x66 ~= byte }
}
