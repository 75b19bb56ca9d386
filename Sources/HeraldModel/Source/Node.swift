/// One YAML document after parsing: all nodes in one array, all scalar text in one buffer. Immutable, so nodes may be handed around freely.
package final class DocumentTree: Sendable {
    /// A node's record. `first` and `count` delimit its text (scalars) or count its children; children follow their parent, `next` skips over them.
    package struct Record: Sendable {
        package var kind: Node.Kind
        package var line: UInt32
        package var column: UInt32
        package var width: UInt32
        package var first: UInt32
        package var count: UInt32
        /// Index of the record after this node and everything inside it.
        package var next: UInt32

        package init(kind: Node.Kind, line: UInt32, column: UInt32, width: UInt32, first: UInt32 = 0, count: UInt32 = 0, next: UInt32 = 0) {
            self.kind = kind
            self.line = line
            self.column = column
            self.width = width
            self.first = first
            self.count = count
            self.next = next
        }
    }

    package let file: FileID
    package let records: [Record]
    package let text: [UInt8]

    /// `records` in document order; a map's children alternate key, value.
    package init(file: FileID, records: [Record], text: [UInt8]) {
        self.file = file
        self.records = records
        self.text = text
    }

    package var root: Node { Node(tree: self, index: 0) }
}

/// A node of a parsed document: a scalar, a list or a map, and where it stands.
package struct Node: Sendable {
    /// What a node is. Scalars carry their meaning under the YAML 1.2 core schema (`NO` is text, `~` is null); quoted ones are always text.
    package enum Kind: UInt8, Sendable { case null, boolean, integer, float, text, quoted, list, map }

    package let tree: DocumentTree
    package let index: UInt32

    package init(tree: DocumentTree, index: UInt32) {
        self.tree = tree
        self.index = index
    }

    package var record: DocumentTree.Record { tree.records[Int(index)] }
    package var kind: Kind { record.kind }

    package var span: SourceSpan {
        let record = record
        return SourceSpan(file: tree.file, line: record.line, column: record.column, width: record.width)
    }

    package var isScalar: Bool { kind != .list && kind != .map }

    /// A scalar's text as written (quotes and escapes resolved), or empty for lists and maps.
    package var scalar: String {
        let record = record
        guard record.kind != .list, record.kind != .map else { return "" }
        return String(decoding: tree.text[Int(record.first)..<Int(record.first + record.count)], as: UTF8.self)
    }

    package var located: Located<String> { Located(scalar, span) }

    /// A list's elements; empty for everything else.
    package var elements: [Node] {
        let record = record
        guard record.kind == .list else { return [] }
        var result: [Node] = []
        result.reserveCapacity(Int(record.count))
        var at = index + 1
        for _ in 0..<record.count {
            result.append(Node(tree: tree, index: at))
            at = tree.records[Int(at)].next
        }
        return result
    }

    /// A map's entries in the order of the file; empty for everything else.
    package var entries: Entries { Entries(self) }

    /// The entries of a map, made one by one as they are asked for: most maps are walked once.
    package struct Entries: Collection {
        private let tree: DocumentTree
        package let startIndex: UInt32
        package let endIndex: UInt32
        package let count: Int

        init(_ node: Node) {
            let record = node.record
            let isMap = record.kind == .map
            tree = node.tree
            startIndex = node.index + 1
            endIndex = isMap ? record.next : startIndex
            count = isMap ? Int(record.count) / 2 : 0
        }

        package subscript(position: UInt32) -> (key: Node, value: Node) {
            (Node(tree: tree, index: position), Node(tree: tree, index: tree.records[Int(position)].next))
        }

        package func index(after position: UInt32) -> UInt32 { tree.records[Int(tree.records[Int(position)].next)].next }
    }

    /// What a person would call it, for messages: "a map", "a list", "a number".
    package var kindName: String {
        switch kind {
        case .null: "nothing"
        case .boolean: "true or false"
        case .integer, .float: "a number"
        case .text, .quoted: "text"
        case .list: "a list"
        case .map: "a map"
        }
    }
}
