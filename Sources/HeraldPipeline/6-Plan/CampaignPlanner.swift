import HeraldModel

/// Campaigns live in the state alone: what they are called, and every code they ever had.
extension PlanDraft {
    mutating func plan(_ campaign: DesiredCampaign) {
        guard mayPlan(campaign.address, campaign.source), ownsCodes(campaign) else { return }
        let fields = campaign.fields.merging(["name": campaign.name, "code": campaign.code.value]) { _, own in own }
        let digests = fields.mapValues { text in
            let digest = FieldComparison.digest(text)
            return FieldDigests(sent: digest, seen: digest)
        }
        let known = state(of: campaign.address)
        var change = Change(address: campaign.address, name: campaign.name, source: campaign.source, provider: nil, actions: [], reasons: [])
        noteMove(&change)
        let edited = fields.keys.filter { known?.fields[$0]?.sent != digests[$0]?.sent }.sorted()
        let codes = Set(campaign.formerCodes + [campaign.code.value])
        let newCodes = codes.filter { input.state.codes[$0] != campaign.address && (known == nil || input.state.codes[$0] != change.movedFrom) }
        change.fields = edited.compactMap { name in
            let after = fields[name] ?? ""
            guard known != nil || !after.isEmpty else { return nil }
            return FieldChange(name, before: name == "name" ? known?.name : nil, after: after)
        }
        if known == nil {
            change.actions.append(.create)
            change.reasons.append(Reason(.added))
        } else if !edited.isEmpty || !newCodes.isEmpty {
            if edited.contains("name"), change.movedFrom == nil { change.actions.append(.rename) }
            if edited != ["name"] { change.actions.append(.update) }
            change.reasons.append(Reason(.definitionEdited, edited.isEmpty ? "former_codes" : edited.joined(separator: ", ")))
        }
        var proposal = Proposal(change)
        let old = change.movedFrom
        proposal.steps.append(
            Step(
                address: campaign.address, stage: .campaigns, provider: nil, mark: campaign.mark, operation: .record,
                record: { state, _ in
                    let former = old.flatMap { state.objects.removeValue(forKey: $0) } ?? state.objects[campaign.address]
                    for (code, owner) in state.codes where owner == old { state.codes[code] = campaign.address }
                    for code in codes { state.codes[code] = campaign.address }
                    state.objects[campaign.address] = ObjectState(
                        provider: nil, remote: nil, mark: former?.mark ?? campaign.mark, name: campaign.name, fields: digests)
                }))
        accept(proposal)
    }

    /// A code is never given to another campaign, unless that campaign is gone and this one takes over by naming the code as former;
    /// and a campaign never loses a code that it had, as links with it are out there.
    private mutating func ownsCodes(_ campaign: DesiredCampaign) -> Bool {
        let mine = [campaign.address] + (movedFrom[campaign.address].map { [$0] } ?? [])
        for code in [campaign.code.value] + campaign.formerCodes {
            guard let owner = input.state.codes[code], !mine.contains(owner) else { continue }
            if campaign.formerCodes.contains(code), !defined.contains(owner) { continue }
            refuse(
                campaign.address, campaign.source, .codeReused, "the code \(code) was \(owner)'s, and codes are never used again",
                remedy: defined.contains(owner)
                    ? "choose another code"
                    : "choose another code; or, as \(owner) is gone, take over its results with `former_codes: [\(code)]`")
            return false
        }
        let missing = mine.flatMap { codes[$0, default: []] }.sorted().filter { $0 != campaign.code.value && !campaign.formerCodes.contains($0) }
        guard !missing.isEmpty else { return true }
        refuse(
            campaign.address, campaign.source, .codeReused,
            "its links carried \(missing.count == 1 ? "the code" : "the codes") \(missing.joined(separator: ", ")), which would be forgotten",
            remedy: "add `former_codes: [\((campaign.formerCodes + missing).joined(separator: ", "))]`")
        return false
    }
}
