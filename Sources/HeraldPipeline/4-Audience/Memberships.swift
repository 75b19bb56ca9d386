package import HeraldContract
package import HeraldModel

extension StateStore {
    /// By the marks of on-demand lists, the records that their last refresh found. What is not kept any more is an error: nobody would be on the list.
    package func memberships(_ state: StateDocument) throws(StoreFailure) -> [String: [PersonDigest]] {
        var memberships: [String: [PersonDigest]] = [:]
        for (mark, membership) in state.memberships {
            guard let records = try audience(membership.records) else {
                let list = state.objects.first { $0.value.mark == mark && $0.key.kind == .list }?.key.description ?? "an on-demand list"
                throw .damaged("who is on \(list) is not kept any more; put back a backup of the state's folder, or refresh the list")
            }
            memberships[mark] = records
        }
        return memberships
    }
}
