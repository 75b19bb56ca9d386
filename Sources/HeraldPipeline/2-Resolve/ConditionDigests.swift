import HeraldDigest
import HeraldModel
import Synchronization

/// Digests of conditions, each with everything that it uses. Made when a plan asks for the first of them: checking files needs none.
final class ConditionDigests: Sendable {
    private let index: DefinitionIndex
    private let graph: ConditionGraph
    private let made = Mutex<[Address: String]?>(nil)

    init(_ index: DefinitionIndex, _ graph: ConditionGraph) {
        self.index = index
        self.graph = graph
    }

    func digest(of address: Address) -> String {
        made.withLock { made in
            let all = made ?? digests()
            made = all
            return all[address] ?? ""
        }
    }

    /// What others use comes first; then the rest, side by side.
    private func digests() -> [Address: String] {
        var digests: [Address: String] = [:]
        for address in graph.order where graph.used.contains(address) { digests[address] = digest(address, digests) }
        let (rest, used) = (graph.order.filter { !graph.used.contains($0) }, digests)
        let others = sideBySide(rest.count, Diagnostics()) { at, _ in self.digest(rest[at], used) }
        for (address, digest) in zip(rest, others) { digests[address] = digest }
        return digests
    }

    private func digest(_ address: Address, _ digests: [Address: String]) -> String {
        var bytes: [UInt8] = []
        if let filter = index.filters[address.id], address.kind == .filter {
            CanonicalForm.append(filter.entity.value, to: &bytes)
            CanonicalForm.append(filter.condition, to: &bytes)
        } else if let list = index.lists[address.id] {
            for text in [list.entity.value, list.kind.rawValue, list.rows?.value.description ?? ""] { CanonicalForm.append(text, to: &bytes) }
            if let condition = list.condition { CanonicalForm.append(condition, to: &bytes) }
        }
        for used in Set(graph.uses[address]?.conditions.map(\.value) ?? []).sorted() { CanonicalForm.append(digests[used] ?? "", to: &bytes) }
        return SHA256.hexadecimal(bytes)
    }
}
