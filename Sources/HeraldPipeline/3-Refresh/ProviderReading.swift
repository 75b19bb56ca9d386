package import HeraldContract
package import HeraldModel

/// What one provider holds, read whole or not at all.
package struct ProviderReading: Sendable {
    package let capabilities: Capabilities
    package let inventory: Result<Inventory, ProviderFailure>

    package init(capabilities: Capabilities, inventory: Result<Inventory, ProviderFailure>) {
        self.capabilities = capabilities
        self.inventory = inventory
    }
}

/// The objects of an account, by id, mark and name, and the members of those lists that the state knows.
package struct Inventory: Sendable {
    package let account: String
    package let objects: [RemoteID: RemoteObject]
    package let byMark: [String: [RemoteObject]]
    package let byName: [String: RemoteObject]
    package let members: [RemoteID: [MemberState]]
    /// Calls that reading took.
    package let calls: Int

    package init(account: String, objects: [RemoteObject], members: [RemoteID: [MemberState]], calls: Int) {
        self.account = account
        self.objects = Dictionary(objects.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        byMark = Dictionary(grouping: objects.filter { $0.mark != nil }, by: { $0.mark ?? "" })
        byName = Dictionary(objects.map { (Inventory.key($0.kind, $0.name), $0) }, uniquingKeysWith: { first, _ in first })
        self.members = members
        self.calls = calls
    }

    package func named(_ kind: RemoteKind, _ name: String) -> RemoteObject? { byName[Inventory.key(kind, name)] }

    private static func key(_ kind: RemoteKind, _ name: String) -> String { "\(kind.rawValue)/\(name)" }
}

/// Reads every provider that the workspace uses.
package enum Refresh {
    /// `wanted`: the lists whose members are needed, by provider.
    package static func read(_ providers: [any Provider], wanted: [String: Set<RemoteID>]) async -> [String: ProviderReading] {
        var readings: [String: ProviderReading] = [:]
        for provider in providers {
            do throws(ProviderFailure) {
                let reader = try provider.reader()
                let account = try await reader.account()
                let objects = try await reader.inventory()
                let lists = objects.map(\.id).filter(wanted[provider.id, default: []].contains)
                let members = try await reader.members(of: lists)
                readings[provider.id] = ProviderReading(
                    capabilities: provider.capabilities,
                    inventory: .success(Inventory(account: account, objects: objects, members: members, calls: 2 + members.count)))
            } catch {
                readings[provider.id] = ProviderReading(capabilities: provider.capabilities, inventory: .failure(error))
            }
        }
        return readings
    }
}
