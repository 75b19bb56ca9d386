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
            if let floor = scalars.integer(inner["floor"]) { policies.massChange.floor = floor.value }
        }
        policies.frequency = leveled(map["frequency"], ProviderShapes.frequency) { map in
            guard let count = scalars.integer(map["at_most"]), let within = scalars.duration(map["within"]) else { return nil }
            return Policies.Frequency(atMost: count.value, within: within.value)
        }
        policies.quietHours = leveled(map["quiet_hours"], ProviderShapes.quietHours) { map in
            guard let start = scalars.clock(map["start"]), let end = scalars.clock(map["end"]) else { return nil }
            return Policies.QuietHours(start: start, end: end, timezone: scalars.line(map["timezone"], max: 64)?.value)
        }
        policies.leadTime = leveled(map["lead_time"], ProviderShapes.leadTime) { scalars.duration($0["at_least"])?.value }
        policies.audience = leveled(map["audience"], ProviderShapes.audienceLimit) { scalars.integer($0["at_most"])?.value }
        policies.approval = leveled(map["approval"], ProviderShapes.approval) { map in
            guard let over = scalars.integer(map["over"]) else { return nil }
            return Policies.Approval(
                over: over.value, by: scalars.ids(map["by"], what: "roles").map(\.value),
                valid: scalars.duration(map["valid"])?.value ?? CalendarDuration(7, .day))
        }
        policies.blockedDomains = leveled(map["blocked_domains"], ProviderShapes.blockedDomains) { map in
            scalars.texts(map["domains"], what: "host names", max: 253)
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
        guard let map = MapReader(node, ProviderShapes.waiver, diagnostics), let policy = scalars.line(map["policy"]),
            let address = scalars.line(map["for"]), let owner = scalars.line(map["owner"]), let reason = scalars.text(map["reason"]),
            let until = scalars.day(map["until"])
        else { return nil }
        return Policies.Waiver(policy: policy, address: address, owner: owner, reason: reason, until: until.value)
    }
}
