import HeraldModel

/// `policies`.
struct PolicyDecoder {
    let scalars: Scalars
    private var diagnostics: Diagnostics { scalars.diagnostics }

    func decode(_ node: Node) -> Policies {
        var policies = Policies()
        guard let map = MapReader(node, ProviderShapes.policies, diagnostics) else { return policies }
        if let node = map["mass_change"], let inner = MapReader(node, ProviderShapes.massChange, diagnostics) {
            if let removals = scalars.percent(inner["removals"]) { policies.massChange.removals = removals.value }
            if let floor = scalars.integer(inner["floor"], what: "a count") { policies.massChange.floor = floor.value }
        }
        policies.frequency = leveled(map["frequency"], ProviderShapes.frequency) { map in
            let (count, within) = (scalars.integer(map["at_most"], what: "a count"), scalars.duration(map["within"]))
            guard let count, let within else { return nil }
            return Policies.Frequency(atMost: count.value, within: within.value)
        }
        policies.quietHours = leveled(map["quiet_hours"], ProviderShapes.quietHours) { map in
            let (start, end) = (scalars.clock(map["start"]), scalars.clock(map["end"]))
            let zone = scalars.line(map["timezone"], max: 64, what: "a time zone")
            guard let start, let end else { return nil }
            guard start.value != end.value else {
                diagnostics.report(.badValue, "quiet hours that end when they start are none, or all", at: end.span, suggestion: "write when they end")
                return nil
            }
            return Policies.QuietHours(start: start.value, end: end.value, timezone: zone?.value)
        }
        policies.leadTime = leveled(map["lead_time"], ProviderShapes.leadTime) { scalars.duration($0["at_least"])?.value }
        policies.audience = leveled(map["audience"], ProviderShapes.audienceLimit) { scalars.integer($0["at_most"], what: "a count")?.value }
        policies.approval = leveled(map["approval"], ProviderShapes.approval) { map in
            let (over, roles) = (scalars.integer(map["over"], what: "a count"), scalars.ids(map["by"], what: "roles"))
            let valid = scalars.duration(map["valid"])
            if let node = map["by"], node.kind == .list, node.elements.isEmpty { scalars.fail(.badValue, "an approval needs at least one role", node) }
            guard let over, !roles.isEmpty else { return nil }
            return Policies.Approval(over: over.value, by: roles.map(\.value), valid: valid?.value ?? CalendarDuration(7, .day))
        }
        policies.blockedDomains = leveled(map["blocked_domains"], ProviderShapes.blockedDomains) { map in
            scalars.list(map["domains"], what: "host names").compactMap { scalars.host($0) }
        }
        policies.waivers = scalars.list(map["waivers"], what: "waivers").compactMap(waiver)
        return policies
    }

    private func leveled<Content: Sendable>(
        _ node: Node?, _ shape: MapShape, _ decode: (MapReader) -> Content?
    ) -> Policies.Leveled<Content>? {
        guard let node, let map = MapReader(node, shape, diagnostics) else { return nil }
        let level = scalars.choice(map["level"], Policies.Level.self)?.value ?? .mandatory
        return decode(map).map { Policies.Leveled($0, level: level, span: node.span) }
    }

    private func waiver(_ node: Node) -> Policies.Waiver? {
        guard let map = MapReader(node, ProviderShapes.waiver, diagnostics) else { return nil }
        let (policy, address) = (scalars.line(map["policy"], what: "a policy"), scalars.line(map["for"], what: "an address"))
        let (owner, reason) = (scalars.line(map["owner"], max: 100, what: "an owner"), scalars.text(map["reason"], max: 500, what: "a reason"))
        guard let until = scalars.day(map["until"]), let policy, let address, let owner, let reason else { return nil }
        return Policies.Waiver(policy: policy, address: address, owner: owner, reason: reason, until: until.value)
    }
}
