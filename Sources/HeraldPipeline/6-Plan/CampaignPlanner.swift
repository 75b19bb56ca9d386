import HeraldModel

/// Campaigns live in the state alone: what they are called, and every code they ever had.
extension PlanDraft {
    mutating func plan(_ campaign: DesiredCampaign) {
        guard !isRefused(campaign.address), ownsCodes(campaign) else { return }
        let fields = campaign.fields.merging(["name": campaign.name, "code": campaign.code.value]) { mine, _ in mine }
        let known = state(of: campaign.address)
        var change = Change(
            address: campaign.address, name: campaign.name, source: campaign.source, provider: nil, actions: [], reasons: [])
        noteMove(&change, campaign.address)
        let edited = fields.filter { known?.fields[$0.key]?.sent != FieldComparison.digest($0.value) }.sorted { $0.key < $1.key }
        let codes = Set(campaign.formerCodes + [campaign.code.value])
        let newCodes = codes.filter { input.state.codes[$0] != campaign.address }
        guard known == nil || !edited.isEmpty || change.movedFrom != nil || !newCodes.isEmpty else { return }
        change.fields = edited.filter { !$0.value.isEmpty || known != nil }.map {
            FieldChange($0.key, before: $0.key == "name" ? known?.name : nil, after: $0.value)
        }
        if known == nil {
            change.actions.append(.create)
            change.reasons.append(Reason(.added))
        } else if !edited.isEmpty || !newCodes.isEmpty {
            change.actions.append(edited.contains { $0.key == "name" } ? .rename : .update)
            change.reasons.append(Reason(.definitionEdited, edited.map(\.key).joined(separator: ", ")))
        }
        change.operations.append("record")
        plan.changes.append(change)
        let old = change.movedFrom
        steps.append(
            Step(
                address: campaign.address, stage: .campaigns, provider: nil, mark: campaign.mark, operation: .record,
                record: { state, _ in
                    if let old {
                        state.objects.removeValue(forKey: old)
                        for (code, owner) in state.codes where owner == old { state.codes[code] = campaign.address }
                    }
                    state.objects[campaign.address] = ObjectState(
                        provider: nil, remote: nil, mark: campaign.mark, name: campaign.name,
                        fields: fields.mapValues {
                            FieldDigests(sent: FieldComparison.digest($0), seen: FieldComparison.digest($0))
                        })
                    for code in codes { state.codes[code] = campaign.address }
                }))
    }

    /// A code that another campaign ever had is not given again, unless that campaign is gone and this one takes over by naming the code as former.
    private mutating func ownsCodes(_ campaign: DesiredCampaign) -> Bool {
        let here = Set(input.desired.campaigns.map(\.address))
        for code in [campaign.code.value] + campaign.formerCodes {
            guard let owner = input.state.codes[code], owner != campaign.address, owner != movedFrom[campaign.address] else { continue }
            if campaign.formerCodes.contains(code), !here.contains(owner) { continue }
            refuse(
                campaign.address, campaign.source, .codeReused, "the code \(code) was \(owner)'s, and codes are never used again",
                remedy: "choose another code")
            return false
        }
        return true
    }
}
