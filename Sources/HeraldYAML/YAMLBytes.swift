import HeraldModel

/// A file's bytes, found to be readable: valid UTF-8 without control characters.
///
/// libyaml takes U+0085, U+2028 and U+2029 for line ends, YAML 1.2 does not. They are given to it as non-characters and put back in scalars.
struct YAMLBytes {
    let bytes: [UInt8]
    let hasTabs: Bool
    let hasStandIns: Bool

    /// Non-characters of three bytes; never valid in a file themselves.
    private static let standIns: [(original: [UInt8], standIn: [UInt8])] = [
        ([0xC2, 0x85], [0xEF, 0xB7, 0x90]), ([0xE2, 0x80, 0xA8], [0xEF, 0xB7, 0x91]), ([0xE2, 0x80, 0xA9], [0xEF, 0xB7, 0x92]),
    ]

    /// Nil after reporting the first byte that cannot stand in a file.
    static func check(_ source: [UInt8], _ file: FileID, _ diagnostics: Diagnostics) -> YAMLBytes? {
        let start = source.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var (hasTabs, isPlain) = (false, true)
        for index in start..<source.count {
            let byte = source[index]
            if byte >= 0x20 && byte < 0x7F || byte == 0x0A || byte == 0x0D { continue }
            if byte == 0x09 { hasTabs = true } else { isPlain = false }
        }
        guard !isPlain else {
            return YAMLBytes(bytes: start == 0 ? source : Array(source[start...]), hasTabs: hasTabs, hasStandIns: false)
        }
        return scan(source, from: start, hasTabs, file, diagnostics)
    }

    private static func scan(_ source: [UInt8], from start: Int, _ hasTabs: Bool, _ file: FileID, _ diagnostics: Diagnostics) -> YAMLBytes? {
        var result: [UInt8] = []
        result.reserveCapacity(source.count + 16)
        var (line, column): (UInt32, UInt32) = (1, 1)
        var hasStandIns = false
        var index = start
        func fail(_ message: String, _ suggestion: String?) {
            diagnostics.report(.yamlSyntax, message, at: SourceSpan(file: file, line: line, column: column), suggestion: suggestion)
        }
        while index < source.count {
            guard let (scalar, length) = decode(source, index) else {
                fail("this is not UTF-8", "save the file as UTF-8")
                return nil
            }
            let character = source[index..<index + length]
            switch scalar {
            case 0x0A: (line, column) = (line + 1, 0)
            case 0x0D: if index + 1 >= source.count || source[index + 1] != 0x0A { (line, column) = (line + 1, 0) }
            case 0x09: break
            case 0x00..<0x20, 0x7F, 0x80..<0x85, 0x86..<0xA0:
                fail("there is a control character (U+\(hex(scalar))) here", "delete it")
                return nil
            case 0xFEFF:
                fail("a byte-order mark may stand only at the start of a file", "delete it")
                return nil
            case 0xFDD0..<0xFDF0, 0xFFFE, 0xFFFF:
                fail("U+\(hex(scalar)) is no character", "delete it")
                return nil
            default: break
            }
            if let pair = standIns.first(where: { character.elementsEqual($0.original) }) {
                result += pair.standIn
                hasStandIns = true
            } else {
                result += character
            }
            index += length
            column += 1
        }
        return YAMLBytes(bytes: result, hasTabs: hasTabs, hasStandIns: hasStandIns)
    }

    /// A scalar's bytes with the characters put back.
    static func restore(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0xEF, index + 2 < bytes.count,
                let pair = standIns.first(where: { bytes[index..<index + 3].elementsEqual($0.standIn) })
            {
                result += pair.original
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }

    /// The first control character of a text other than a tab and line ends.
    static func firstControl(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32? {
        for (index, byte) in bytes.enumerated() {
            if byte < 0x20, byte != 0x09, byte != 0x0A, byte != 0x0D { return UInt32(byte) }
            if byte == 0x7F { return 0x7F }
            if byte == 0xC2, index + 1 < bytes.count, bytes[index + 1] < 0xA0, bytes[index + 1] != 0x85 { return UInt32(bytes[index + 1]) }
        }
        return nil
    }

    /// One scalar of strict UTF-8 and its length; nil where the bytes are not that.
    private static func decode(_ bytes: [UInt8], _ index: Int) -> (UInt32, Int)? {
        let first = bytes[index]
        if first < 0x80 { return (UInt32(first), 1) }
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard first >= 0xC2, first <= 0xF4, index + length <= bytes.count else { return nil }
        var value = UInt32(first) & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07)
        for byte in bytes[index + 1..<index + length] {
            guard byte & 0xC0 == 0x80 else { return nil }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        let smallest: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
        guard value >= smallest, value <= 0x10FFFF, !(0xD800...0xDFFF).contains(value) else { return nil }
        return (value, length)
    }

    static func hex(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
