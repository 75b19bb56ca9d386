import HeraldDigest
package import HeraldModel

/// What a document says, written one way: keys of maps sorted, without comments, layout and places. Equal bytes mean equal meaning.
package enum CanonicalForm {
    /// SHA-256 in hexadecimal digits.
    package static func digest(_ node: Node) -> String {
        var bytes: [UInt8] = []
        append(node, to: &bytes)
        return SHA256.hexadecimal(bytes)
    }

    static func append(_ node: Node, to bytes: inout [UInt8]) {
        node.tree.records.withUnsafeBufferPointer { records in
            node.tree.text.withUnsafeBufferPointer { text in
                Writer(records: records, text: text).append(Int(node.index), &bytes)
            }
        }
    }

    /// A text that stands for itself, such as an id, so that it cannot run into the next.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        begin(UInt8(ascii: "s"), text.utf8.count, &bytes)
        bytes += text.utf8
    }

    private static func begin(_ mark: UInt8, _ count: Int, _ bytes: inout [UInt8]) {
        bytes.append(mark)
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: count).littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Works on the tree's own memory: a plan writes out every document that there is.
    private struct Writer {
        let records: UnsafeBufferPointer<DocumentTree.Record>
        let text: UnsafeBufferPointer<UInt8>

        func append(_ index: Int, _ bytes: inout [UInt8]) {
            let record = records[index]
            switch record.kind {
            case .map:
                begin(UInt8(ascii: "{"), Int(record.count), &bytes)
                for key in keys(of: record, at: index) {
                    append(key, &bytes)
                    append(Int(records[key].next), &bytes)
                }
            case .list:
                begin(UInt8(ascii: "["), Int(record.count), &bytes)
                var at = index + 1
                for _ in 0..<record.count {
                    append(at, &bytes)
                    at = Int(records[at].next)
                }
            case .null, .boolean, .integer, .float, .text, .quoted:
                begin(Writer.mark(record.kind), Int(record.count), &bytes)
                bytes.append(contentsOf: scalar(record))
            }
        }

        private func scalar(_ record: DocumentTree.Record) -> UnsafeBufferPointer<UInt8> {
            record.kind == .list || record.kind == .map
                ? UnsafeBufferPointer(rebasing: text[..<0]) : UnsafeBufferPointer(rebasing: text[Int(record.first)..<Int(record.first + record.count)])
        }

        private func keys(of record: DocumentTree.Record, at index: Int) -> [Int] {
            var keys: [Int] = []
            keys.reserveCapacity(Int(record.count) / 2)
            var at = index + 1
            for _ in 0..<record.count / 2 {
                keys.append(at)
                at = Int(records[Int(records[at].next)].next)
            }
            keys.sort { scalar(records[$0]).lexicographicallyPrecedes(scalar(records[$1])) }
            return keys
        }

        /// Quoted and plain text mean the same.
        private static func mark(_ kind: Node.Kind) -> UInt8 {
            switch kind {
            case .null: UInt8(ascii: "n")
            case .boolean: UInt8(ascii: "b")
            case .integer: UInt8(ascii: "i")
            case .float: UInt8(ascii: "f")
            case .text, .quoted, .list, .map: UInt8(ascii: "s")
            }
        }
    }
}
