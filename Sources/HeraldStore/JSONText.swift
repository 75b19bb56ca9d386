/// The JSON of herald's own files: objects keep their order, numbers are whole.
///
/// Foundation's decoder takes 14 MB a second, and the state is read by every command; this one does nothing that the files do not need.
enum JSONText {
    case object([(key: String, value: JSONText)])
    case array([JSONText])
    case string(String)
    case number(Int)
    case bool(Bool)
    case null

    /// Where the text stops being JSON.
    struct Damage: Error { let offset: Int }

    init(_ bytes: [UInt8]) throws(Damage) {
        self = try bytes.withUnsafeBufferPointer { buffer throws(Damage) in
            var reader = JSONReader(buffer)
            return try reader.document()
        }
    }

    /// Compact text; containers nested less deep than `lines` are broken, one item a line, so that a difference of two files shows what changed.
    func bytes(lines: Int = 0) -> [UInt8] {
        var result: [UInt8] = []
        write(to: &result, lines: lines)
        return result
    }

    private func write(to result: inout [UInt8], lines: Int) {
        switch self {
        case .object(let members):
            result.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                JSONText.separate(index, lines, &result)
                JSONText.quote(member.key, &result)
                result.append(UInt8(ascii: ":"))
                member.value.write(to: &result, lines: lines - 1)
            }
            if lines > 0, !members.isEmpty { result.append(0x0A) }
            result.append(UInt8(ascii: "}"))
        case .array(let items):
            result.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                JSONText.separate(index, lines, &result)
                item.write(to: &result, lines: lines - 1)
            }
            if lines > 0, !items.isEmpty { result.append(0x0A) }
            result.append(UInt8(ascii: "]"))
        case .string(let text): JSONText.quote(text, &result)
        case .number(let number): result.append(contentsOf: String(number).utf8)
        case .bool(let flag): result.append(contentsOf: (flag ? "true" : "false").utf8)
        case .null: result.append(contentsOf: "null".utf8)
        }
    }

    private static func separate(_ index: Int, _ lines: Int, _ result: inout [UInt8]) {
        if index > 0 { result.append(UInt8(ascii: ",")) }
        if lines > 0 { result.append(0x0A) }
    }

    private static func quote(_ text: String, _ result: inout [UInt8]) {
        var text = text
        result.append(UInt8(ascii: "\""))
        text.withUTF8 { bytes in
            guard bytes.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else {
                return result.append(contentsOf: bytes)
            }
            for byte in bytes {
                switch byte {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"): result += [UInt8(ascii: "\\"), byte]
                case 0..<0x20: result.append(contentsOf: "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8)
                default: result.append(byte)
                }
            }
        }
        result.append(UInt8(ascii: "\""))
    }
}

/// What a decoder asks of a tree; anything that is not as it should be is damage.
extension JSONText {
    struct Unexpected: Error {}

    func member(_ key: String) -> JSONText? {
        guard case .object(let members) = self else { return nil }
        for member in members where member.key == key {
            if case .null = member.value { return nil }
            return member.value
        }
        return nil
    }

    func required(_ key: String) throws(Unexpected) -> JSONText {
        guard let value = member(key) else { throw Unexpected() }
        return value
    }

    func string() throws(Unexpected) -> String {
        guard case .string(let text) = self else { throw Unexpected() }
        return text
    }

    func number() throws(Unexpected) -> Int {
        guard case .number(let number) = self else { throw Unexpected() }
        return number
    }

    func bool() throws(Unexpected) -> Bool {
        guard case .bool(let flag) = self else { throw Unexpected() }
        return flag
    }

    func members() throws(Unexpected) -> [(key: String, value: JSONText)] {
        guard case .object(let members) = self else { throw Unexpected() }
        return members
    }

    func items() throws(Unexpected) -> [JSONText] {
        guard case .array(let items) = self else { throw Unexpected() }
        return items
    }
}
