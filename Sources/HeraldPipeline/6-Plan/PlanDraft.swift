import HeraldModel

/// What the planners of each kind write into. An object is planned as a `Proposal` and then taken in whole, or refused and nothing of it stays.
struct PlanDraft {
    let input: PlanInput
    var plan: Plan
    private(set) var steps: [Step] = []
    private(set) var audiences: [Address: [PersonDigest]] = [:]
    /// Of each moved object that is still known under its old address: new address → old.
    private(set) var movedFrom: [Address: Address] = [:]
    private(set) var movedAway: Set<Address> = []
    /// The addresses that `moved` lines lead from, by the address that they lead to.
    let formerly: [Address: [Address]]
    let adoptions: [Address: Adoption]
    /// Whose each remote object is.
    let owners: [String: [RemoteID: Address]]
    /// Every code that a campaign ever had.
    let codes: [Address: [String]]
    let defined: Set<Address>
    /// Addresses with a call whose end is not known.
    let open: Set<Address>
    private(set) var refused: Set<Address> = []
    /// Objects that this plan takes over.
    private(set) var claimed: [String: Set<RemoteID>] = [:]

    init(_ input: PlanInput, _ plan: Plan) {
        self.input = input
        self.plan = plan
        formerly = Dictionary(grouping: input.settings.moved, by: \.to.value).mapValues { $0.map(\.from.value) }
        adoptions = Dictionary(input.settings.adopt.map { ($0.address.value, $0) }, uniquingKeysWith: { first, _ in first })
        var owners: [String: [RemoteID: Address]] = [:]
        for (address, object) in input.state.objects {
            guard let provider = object.provider, let remote = object.remote else { continue }
            owners[provider, default: [:]][remote] = address
        }
        self.owners = owners
        codes = Dictionary(grouping: input.state.codes, by: \.value).mapValues { $0.map(\.key) }
        let desired = input.desired
        var defined = Set<Address>(minimumCapacity: desired.lists.count + desired.emails.count)
        for list in desired.lists { defined.insert(list.address) }
        for email in desired.emails { defined.insert(email.address) }
        for campaign in desired.campaigns { defined.insert(campaign.address) }
        for item in desired.unsupported { defined.insert(item.address) }
        self.defined = defined
        open = Set(input.state.intents.map(\.address))
        for item in desired.unsupported where input.options.covers(item.address) {
            self.plan.refused.append(item)
            refused.insert(item.address)
        }
    }

    mutating func refuse(_ address: Address, _ source: Place?, _ code: Refusal.Code, _ message: String, remedy: String) {
        plan.refused.append(Refusal(address, source, code, message, remedy: remedy))
        refused.insert(address)
    }

    mutating func move(_ old: Address, to new: Address) {
        movedFrom[new] = old
        movedAway.insert(old)
    }

    /// Takes in everything that one object takes, where anything changes. What somebody else changed is shown either way.
    mutating func accept(_ proposal: Proposal) {
        plan.drift += proposal.drift
        guard !proposal.change.actions.isEmpty else { return }
        var change = proposal.change
        change.precondition = proposal.remote.map { Precondition(remote: $0.id, fingerprint: FieldComparison.fingerprint($0)) }
        change.operations = proposal.steps.map { $0.provider == nil ? $0.name : "\($0.name) (\($0.settling.rawValue))" }
        plan.changes.append(change)
        plan.policies += proposal.policies
        plan.cost.calls += proposal.calls
        steps += proposal.steps
        if let audience = proposal.audience { audiences[change.address] = audience.members.map(\.person) }
        if change.actions.contains(.adopt), let provider = change.provider, let remote = change.precondition?.remote {
            claimed[provider, default: []].insert(remote)
        }
    }

    /// Shows what somebody else changed at an object that is refused: it stays as it is.
    mutating func leave(_ drift: [Drift]) {
        plan.drift += drift.map { Drift($0.address, field: $0.field, git: $0.git, remote: $0.remote, corrected: false) }
    }

    mutating func wait(_ send: WaitingSend, _ people: DesiredMembers) {
        plan.waiting.append(send)
        audiences[send.address] = people.members.map(\.person)
    }

    /// What the state knows of an object, under its new or its old address; an address that was moved away from knows nothing any more.
    func state(of address: Address) -> ObjectState? {
        if let old = movedFrom[address] { return input.state.objects[old] }
        return movedAway.contains(address) ? nil : input.state.objects[address]
    }

    /// The inventory of a provider, or nil after refusing the object because it could not be read, or is another account.
    mutating func inventory(of provider: String, for address: Address, _ source: Place?) -> Inventory? {
        switch input.readings[provider]?.inventory {
        case .success(let inventory):
            guard let known = input.state.accounts[provider], known != inventory.account else {
                guard let heard = input.state.sequences[provider], let sequence = inventory.sequence, sequence < heard else { return inventory }
                refuse(
                    address, source, .account, "\(inventory.account) of \(provider) is an older copy: it has seen \(sequence) changes, and the state knows of \(heard)",
                    remedy: "bring back the newest copy; an older one does not know who was sent what since")
                return nil
            }
            refuse(
                address, source, .account, "\(provider) is the account \(inventory.account), and the state was applied to \(known)",
                remedy: "bring back \(known) (its credentials, or its database from a backup), or use another environment, which has a state of its own")
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

    /// Whether the object may be planned at all.
    mutating func mayPlan(_ address: Address, _ source: Place?) -> Bool {
        guard !refused.contains(address) else { return false }
        guard open.contains(address) else { return true }
        refuse(
            address, source, .open, "a call for it was begun, and nobody recorded how it ended",
            remedy: "run `herald recover`")
        return false
    }
}

/// What one object would take, before it is known whether all of it is allowed.
struct Proposal {
    var change: Change
    var steps: [Step] = []
    var drift: [Drift] = []
    var policies: [PolicyResult] = []
    /// The object as it was read, which the change goes ahead with only while it is still that.
    var remote: RemoteObject?
    /// Those whom the change is about, kept beside the plan.
    var audience: DesiredMembers?
    var calls = 0

    init(_ change: Change) { self.change = change }
}
