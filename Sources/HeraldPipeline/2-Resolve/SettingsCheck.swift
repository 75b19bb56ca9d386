import HeraldModel

extension Rule {
    static let missingKeySecret = Rule("missing-key-secret")
    static let missingSetting = Rule("missing-setting")
    static let featureOff = Rule("feature-off")
    /// Until the collector answers one-click unsubscribes (RFC 8058), mails go to a server on this machine only.
    static let mailLeavesMachine = Rule("mail-leaves-machine")
    static let waiverPolicy = Rule("unknown-policy")
}

extension Resolver {
    /// What herald.yaml must say once something uses it.
    func checkSettings(_ index: DefinitionIndex) {
        for backend in [settings.state, settings.records].compactMap({ $0 }) where settings.key == nil {
            if case .local = backend.value { continue }
            diagnostics.report(
                .missingKeySecret, "a state that is not local needs `key`, the secret behind all digests of people", at: backend.span,
                suggestion: "add `key: ${HERALD_KEY}`, 32 random bytes in base64")
            break
        }
        checkFeatures()
        checkMailServers()
        checkWaivers(index)
        guard let first = workspace.emails.first else { return }
        checkSenders(first)
        for provider in settings.providers {
            guard case .local(let local) = provider.settings, local.publicURL == nil,
                let email = workspace.emails.first(where: { $0.via.value == provider.id.value })
            else { continue }
            diagnostics.report(
                .missingSetting, "`\(provider.id.value)` sends \(email.address), and has no `public_url` for its unsubscribe links", at: provider.id.span,
                suggestion: "add `public_url: https://mail.…`, where recipients reach it")
        }
    }

    private func checkMailServers() {
        for provider in settings.providers {
            guard case .local(let local) = provider.settings, case .smtp(let smtp) = local.transport.value, !WebAddress.isLoopback(smtp.host.value) else { continue }
            diagnostics.report(
                .mailLeavesMachine,
                "`\(smtp.host.value)` is not this machine, and nobody answers the mails' one-click unsubscribe in this version, so mails may not leave it", at: smtp.host.span,
                suggestion: "write `host: localhost`, where a server for tests listens, or `transport: {outbox: .herald/outbox}`")
        }
    }

    /// Where `defaults` stands and lacks a key, that was reported when it was read.
    private func checkSenders(_ email: EmailDefinition) {
        guard let document = workspace.settingsDocument, !document.entries.contains(where: { $0.key.scalar == "defaults" }) else { return }
        diagnostics.report(
            .missingSetting, "\(email.address) needs a sender and a postal address, and herald.yaml has no `defaults`", at: document.span,
            suggestion: "add `defaults: {from: {name: …, email: …}, postal_address: …}`")
    }

    private func checkFeatures() {
        func off(_ feature: Feature, _ what: String, _ address: Address, _ span: SourceSpan) {
            diagnostics.report(
                .featureOff, "\(address) is \(what), and `features.\(feature.rawValue)` is switched off", at: span,
                suggestion: "switch it on, or take \(address) out")
        }
        for (feature, isOn) in settings.features where !isOn.value {
            switch feature {
            case .lists:
                for list in workspace.lists { off(feature, "a list", list.address, list.id.span) }
                for filter in workspace.filters { off(feature, "a filter", filter.address, filter.id.span) }
                for email in workspace.emails { off(feature, "an email to a list", email.address, email.id.span) }
            case .campaigns: for campaign in workspace.campaigns { off(feature, "a campaign", campaign.address, campaign.id.span) }
            case .tracking: for site in workspace.sites { off(feature, "a tracked site", site.address, site.id.span) }
            case .activity:
                for list in workspace.lists where list.keepContacted?.value == true {
                    off(feature, "a list that keeps those who were contacted", list.address, list.id.span)
                }
            }
        }
    }

    private func checkWaivers(_ index: DefinitionIndex) {
        let policies = ["mass_change", "frequency", "quiet_hours", "lead_time", "audience", "approval", "blocked_domains"]
        for waiver in settings.policies.waivers {
            if !policies.contains(waiver.policy.value) {
                diagnostics.report(
                    .waiverPolicy, "there is no policy `\(waiver.policy.value)`", at: waiver.policy.span,
                    suggestion: nearest(to: waiver.policy.value, among: policies).map { "did you mean `\($0)`?" }
                        ?? "they are \(policies.joined(separator: ", "))")
            }
            checkAddress(waiver.address, index)
        }
    }

    /// An address written as text that must be of something defined.
    private func checkAddress(_ text: Located<String>, _ index: DefinitionIndex) {
        guard let address = Address(parsing: text.value) else {
            return diagnostics.report(
                .unknownReference, "an address is a kind and an id, and this is not one", at: text.span, suggestion: "such as `list.vip-customers`")
        }
        checkDefined(Located(address, text.span), index)
    }

    func checkDefined(_ address: Located<Address>, _ index: DefinitionIndex) {
        guard !index.isDefined(address.value) else { return }
        unknown(address.value.kind.rawValue, Located(address.value.id, address.span), among: index.ids(address.value.kind))
    }
}
