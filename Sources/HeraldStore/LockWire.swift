import HeraldContract
import HeraldModel

/// The lock as a file.
enum LockWire {
    static func encode(_ holder: LockHolder) -> [UInt8] {
        let tree = JSONText.object([
            ("id", .string(holder.id)), ("operation", .string(holder.operation)), ("host", .string(holder.host)),
            ("process", .number(holder.process)), ("since", .string(holder.since.description)),
        ])
        return tree.bytes() + [0x0A]
    }

    static func decode(_ bytes: [UInt8], from file: String) throws(StoreFailure) -> LockHolder {
        do {
            let tree = try JSONText(bytes)
            return LockHolder(
                id: try tree.required("id").string(), operation: try tree.required("operation").string(),
                host: try tree.required("host").string(), process: try tree.required("process").number(),
                since: try StateWire.instant(tree.required("since")))
        } catch { throw .damaged("\(file) is damaged; remove it when no herald is running") }
    }
}
