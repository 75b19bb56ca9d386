import HeraldDigest
package import HeraldModel

/// What a document says, written one way: keys of maps sorted, without comments, layout and places. Equal text means equal meaning.
package enum CanonicalForm {
    /// SHA-256 in hexadecimal digits.
    package static func digest(_ node: Node) -> String {
        var bytes: [UInt8] = []
        append(node, to: &bytes)
        return SHA256.hexadecimal(bytes)
    }

    static func append(_ node: Node, to bytes: inout [UInt8]) {
        let record = node.record
        switch record.kind {
        case .map:
            var entries = node.entries
            entries.sort { text($0.key).lexicographicallyPrecedes(text($1.key)) }
            begin(UInt8(ascii: "{"), entries.count, &bytes)
            for (key, value) in entries {
                append(key, to: &bytes)
                append(value, to: &bytes)
            }
        case .list:
            let elements = node.elements
            begin(UInt8(ascii: "["), elements.count, &bytes)
            for element in elements { append(element, to: &bytes) }
        default:
            let text = text(node)
            begin(mark(record.kind), text.count, &bytes)
            bytes += text
        }
    }

    /// A text that stands for itself, such as an id, so that it cannot run into the next.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        begin(UInt8(ascii: "s"), text.utf8.count, &bytes)
        bytes += text.utf8
    }

    private static func text(_ node: Node) -> ArraySlice<UInt8> {
        let record = node.record
        return node.isScalar ? node.tree.text[Int(record.first)..<Int(record.first + record.count)] : []
    }

    /// Quoted and plain text mean the same.
    private static func mark(_ kind: Node.Kind) -> UInt8 {
        switch kind {
        case .null: UInt8(ascii: "n")
        case .boolean: UInt8(ascii: "b")
        case .integer: UInt8(ascii: "i")
        case .float: UInt8(ascii: "f")
        default: UInt8(ascii: "s")
        }
    }

    private static func begin(_ mark: UInt8, _ count: Int, _ bytes: inout [UInt8]) {
        bytes.append(mark)
        bytes += String(count).utf8
        bytes.append(UInt8(ascii: ":"))
    }
}
