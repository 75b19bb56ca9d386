package import HeraldModel

/// All that a plan is made of. Everything is a value: the same input gives the same plan, byte for byte.
package struct PlanInput: Sendable {
    package var tool: String
    package var settings: WorkspaceSettings
    package var desired: Desired
    package var state: StateDocument
    package var readings: [String: ProviderReading]
    /// The approved audiences of scheduled emails, by email.
    package var approved: [Address: [PersonDigest]]
    package var options: PlanOptions
    package var now: Instant
    package var definitions: String
    /// Where `adopt`, `moved`, `removed` and `unmanaged` stand.
    package var place: @Sendable (SourceSpan) -> Place

    package init(
        tool: String, settings: WorkspaceSettings, desired: Desired, state: StateDocument, readings: [String: ProviderReading],
        approved: [Address: [PersonDigest]], options: PlanOptions, now: Instant, definitions: String,
        place: @escaping @Sendable (SourceSpan) -> Place
    ) {
        self.tool = tool
        self.settings = settings
        self.desired = desired
        self.state = state
        self.readings = readings
        self.approved = approved
        self.options = options
        self.now = now
        self.definitions = definitions
        self.place = place
    }
}

/// A plan with what applying it takes.
package struct PlannedRun: Sendable {
    package let plan: Plan
    package let steps: [Step]
    /// Everybody of each audience that the plan speaks of, for the sidecars.
    package let audiences: [Address: [PersonDigest]]
}

/// What the planners of each kind write into.
struct PlanDraft {
    let input: PlanInput
    var plan: Plan
    var steps: [Step] = []
    var audiences: [Address: [PersonDigest]] = [:]
    /// Of each moved object that is still known under its old address: new address → old.
    var movedFrom: [Address: Address] = [:]

    mutating func refuse(_ address: Address, _ source: Place?, _ code: Refusal.Code, _ message: String, remedy: String) {
        plan.refused.append(Refusal(address, source, code, message, remedy: remedy))
    }

    func isRefused(_ address: Address) -> Bool { plan.refused.contains { $0.address == address } }

    /// What the state knows of an object, under its new or its old address.
    func state(of address: Address) -> ObjectState? {
        input.state.objects[address] ?? movedFrom[address].flatMap { input.state.objects[$0] }
    }

    /// The inventory of a provider, or nil after refusing the object because it could not be read.
    mutating func inventory(of provider: String, for address: Address, _ source: Place?) -> Inventory? {
        switch input.readings[provider]?.inventory {
        case .success(let inventory): return inventory
        case .failure(let failure):
            refuse(
                address, source, .unread, "\(provider) could not be read: \(failure.message)",
                remedy: "nothing is planned for what could not be read; mend the connection and plan again")
        case nil:
            refuse(
                address, source, .unsupported, "the provider \(provider) is not part of this version",
                remedy: "remove it from this definition, or wait for the version that brings it")
        }
        return nil
    }
}
