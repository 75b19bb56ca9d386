import HeraldModel

/// What a plain scalar means under the core schema of YAML 1.2: `NO`, `on` and `09:00` are text.
enum CoreSchema {
    static func kind(of bytes: [UInt8]) -> Node.Kind {
        guard let first = bytes.first else { return .null }
        switch first {
        case UInt8(ascii: "~"): return bytes.count == 1 ? .null : .text
        case UInt8(ascii: "n"), UInt8(ascii: "N"): return ["null", "Null", "NULL"].contains { bytes.elementsEqual($0.utf8) } ? .null : .text
        case UInt8(ascii: "t"), UInt8(ascii: "T"): return ["true", "True", "TRUE"].contains { bytes.elementsEqual($0.utf8) } ? .boolean : .text
        case UInt8(ascii: "f"), UInt8(ascii: "F"):
            return ["false", "False", "FALSE"].contains { bytes.elementsEqual($0.utf8) } ? .boolean : .text
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."): return number(bytes)
        default: return .text
        }
    }

    private static func number(_ bytes: [UInt8]) -> Node.Kind {
        if bytes.count > 2, bytes[0] == UInt8(ascii: "0") {
            let digits = bytes[2...]
            if bytes[1] == UInt8(ascii: "o") { return digits.allSatisfy { 0x30...0x37 ~= $0 } ? .integer : .text }
            if bytes[1] == UInt8(ascii: "x") { return digits.allSatisfy(isHexadecimal) ? .integer : .text }
        }
        var rest = bytes[...]
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        if [".inf", ".Inf", ".INF"].contains(where: { rest.elementsEqual($0.utf8) }) { return .float }
        if [".nan", ".NaN", ".NAN"].contains(where: { bytes.elementsEqual($0.utf8) }) { return .float }
        let whole = rest.prefix(while: isDigit)
        rest = rest.dropFirst(whole.count)
        if rest.isEmpty { return whole.isEmpty ? .text : .integer }
        var fraction = 0
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            fraction = rest.prefix(while: isDigit).count
            rest = rest.dropFirst(fraction)
        }
        guard whole.count + fraction > 0 else { return .text }
        if rest.isEmpty { return .float }
        guard rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") else { return .text }
        rest = rest.dropFirst()
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        return !rest.isEmpty && rest.allSatisfy(isDigit) ? .float : .text
    }

    private static func isDigit(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte }
    private static func isHexadecimal(_ byte: UInt8) -> Bool { isDigit(byte) || 0x41...0x46 ~= byte || 0x61...0x66 ~= byte }
}
