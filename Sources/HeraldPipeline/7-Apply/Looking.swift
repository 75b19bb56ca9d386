import HeraldContract
import HeraldModel

/// How an unknown outcome is settled: by looking for the object at the provider.
enum Looking {
    static func inventory(_ reader: any ProviderReader) async -> Result<Inventory, ProviderFailure> {
        do throws(ProviderFailure) {
            let account = try await reader.account()
            return .success(Inventory(account: account, objects: try await reader.inventory(), members: [:], calls: 2))
        } catch { return .failure(error) }
    }

    /// Whether an object with a mark was made. A reading that failed is never taken for absence.
    static func settle(_ kind: RemoteKind, _ mark: String, _ reading: Result<Inventory, ProviderFailure>) -> Settlement<RemoteObject> {
        switch reading {
        case .failure(let failure): .cannotTell("looking for it failed: \(failure.message)")
        case .success(let inventory):
            switch MarkedObjects(inventory.marked(kind, mark)) {
            case .none: .didNotHappen
            case .one(let object): .happened(object)
            case .several(let count): .cannotTell("\(count) objects carry its mark")
            }
        }
    }
}
