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

/// Reads every provider that the workspace uses.
package enum Refresh {
    /// The lists whose members a plan compares: those that the state knows, those to be adopted, and those that carry a mark of ours.
    package struct Wanted: Sendable {
        private var remotes: [String: Set<RemoteID>] = [:]
        private var marks: Set<String> = []

        /// `lists`: the addresses of all lists that the files define.
        package init(_ lists: [Address], _ settings: WorkspaceSettings, _ state: StateDocument) {
            let former = Dictionary(grouping: settings.moved.filter { $0.to.value.kind == .list }, by: \.to.value)
            for list in lists {
                var (left, seen): ([Address], Set<Address>) = ([list], [])
                while let address = left.popLast(), seen.insert(address).inserted {
                    marks.insert(Mark.of(address, settings))
                    if let object = state.objects[address], let provider = object.provider, let remote = object.remote {
                        remotes[provider, default: []].insert(remote)
                    }
                    left += former[address, default: []].map(\.from.value)
                }
            }
            for adoption in settings.adopt { remotes[adoption.provider, default: []].insert(RemoteID(adoption.remoteID)) }
        }

        func contains(_ object: RemoteObject, of provider: String) -> Bool {
            object.kind == .list && (remotes[provider]?.contains(object.id) == true || object.mark.map(marks.contains) == true)
        }
    }

    package static func read(_ providers: [any Provider], wanted: Wanted) async -> [String: ProviderReading] {
        await withTaskGroup(of: (String, ProviderReading).self) { group in
            for provider in providers {
                group.addTask {
                    (provider.id, ProviderReading(capabilities: provider.capabilities, inventory: await read(provider, wanted)))
                }
            }
            var readings: [String: ProviderReading] = [:]
            for await (id, reading) in group { readings[id] = reading }
            return readings
        }
    }

    private static func read(_ provider: any Provider, _ wanted: Wanted) async -> Result<Inventory, ProviderFailure> {
        do throws(ProviderFailure) {
            let reader = try provider.reader()
            let account = try await reader.account()
            let sequence = try await reader.sequence()
            let objects = try await reader.inventory()
            let lists = objects.filter { wanted.contains($0, of: provider.id) }.map(\.id)
            let members = try await reader.members(of: lists)
            return .success(Inventory(account: account, sequence: sequence, objects: objects, members: members, calls: 2 + lists.count))
        } catch { return .failure(error) }
    }
}
