import HeraldModel

/// Lays one map over another: maps merge, lists and scalars replace. Every value keeps the place where it was written.
///
/// Where a map is exactly one of several (a transport is an outbox or a mail server), an overlay that chooses another one replaces it: merged, it
/// would be both, which is never meant.
enum Overlay {
    static func merge(_ base: Node, _ overlay: Node, dropping: Set<String> = []) -> Node {
        var builder = Builder(file: base.tree.file)
        builder.merge(base, overlay, path: [], dropping: dropping)
        return builder.finish()
    }

    /// Where such maps stand (`*` is any key), and what they choose between.
    private static let choices: [(path: [String], keys: Set<String>)] = [
        (["sources", "*"], ["csv", "sqlite", "postgres", "clickhouse"]),
        (["entities", "*", "consent"], ["column", "assumed"]),
        (["entities", "*", "relations", "*"], ["one", "many"]),
        (["providers", "*", "transport"], ["outbox", "smtp"]),
        (["state"], ["local", "git", "postgres"]),
        (["records"], ["local", "git", "postgres"]),
    ]

    private static func choosesAnew(_ base: Node, _ overlay: Node, path: [String]) -> Bool {
        for choice in choices where choice.path.count == path.count && zip(choice.path, path).allSatisfy({ $0 == "*" || $0 == $1 }) {
            let before = Set(base.entries.map(\.key.scalar)).intersection(choice.keys)
            let now = Set(overlay.entries.map(\.key.scalar)).intersection(choice.keys)
            return !now.isSubset(of: before)
        }
        return false
    }

    private struct Builder {
        let file: FileID
        var records: [DocumentTree.Record] = []
        var text: [UInt8] = []

        init(file: FileID) { self.file = file }

        mutating func merge(_ base: Node, _ overlay: Node, path: [String], dropping: Set<String>) {
            guard base.kind == .map, overlay.kind == .map, !Overlay.choosesAnew(base, overlay, path: path) else { return copy(overlay) }
            let index = begin(base)
            let above = Dictionary(overlay.entries.map { ($0.key.scalar, $0.value) }, uniquingKeysWith: { first, _ in first })
            var below: Set<String> = []
            for (key, value) in base.entries {
                let name = key.scalar
                below.insert(name)
                guard !dropping.contains(name) else { continue }
                copy(key)
                if let other = above[name] { merge(value, other, path: path + [name], dropping: []) } else { copy(value) }
                records[index].count += 2
            }
            for (key, value) in overlay.entries where !below.contains(key.scalar) && !dropping.contains(key.scalar) {
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
                let bytes = node.tree.text[Int(record.first)..<Int(record.first + record.count)]
                (record.first, record.next) = (UInt32(text.count), UInt32(records.count + 1))
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
