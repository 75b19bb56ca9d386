import HeraldModel

/// Lays one map over another: maps merge, lists and scalars replace. Every value keeps the place where it was written.
enum Overlay {
    static func merge(_ base: Node, _ overlay: Node, dropping: Set<String> = []) -> Node {
        var builder = Builder(file: base.tree.file)
        builder.merge(base, overlay, dropping: dropping)
        return builder.finish()
    }

    private struct Builder {
        let file: FileID
        var records: [DocumentTree.Record] = []
        var text: [UInt8] = []

        init(file: FileID) { self.file = file }

        mutating func merge(_ base: Node, _ overlay: Node, dropping: Set<String>) {
            guard base.kind == .map, overlay.kind == .map else { return copy(overlay) }
            let index = begin(base)
            let above = overlay.entries
            for (key, value) in base.entries where !dropping.contains(key.scalar) {
                copy(key)
                if let other = above.first(where: { $0.key.scalar == key.scalar })?.value { merge(value, other, dropping: []) } else { copy(value) }
                records[index].count += 2
            }
            for (key, value) in above where !base.entries.contains(where: { $0.key.scalar == key.scalar }) && !dropping.contains(key.scalar) {
                copy(key)
                copy(value)
                records[index].count += 2
            }
            records[index].next = UInt32(records.count)
        }

        private mutating func begin(_ node: Node) -> Int {
            var record = node.record
            record.count = 0
            records.append(record)
            return records.count - 1
        }

        private mutating func copy(_ node: Node) {
            guard !node.isScalar else {
                var record = node.record
                let bytes = Array(node.scalar.utf8)
                (record.first, record.count, record.next) = (UInt32(text.count), UInt32(bytes.count), UInt32(records.count + 1))
                text += bytes
                return records.append(record)
            }
            let index = begin(node)
            for child in node.elements {
                copy(child)
                records[index].count += 1
            }
            for (key, value) in node.entries {
                copy(key)
                copy(value)
                records[index].count += 2
            }
            records[index].next = UInt32(records.count)
        }

        consuming func finish() -> Node { DocumentTree(file: file, records: records, text: text).root }
    }
}
