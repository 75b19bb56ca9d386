import HeraldModel

extension DefinitionDecoder {
    func site(_ node: Node) -> SiteDefinition? {
        guard let map = MapReader(node, DefinitionShapes.site, diagnostics) else { return nil }
        let (id, name) = (scalars.id(map["site"]), scalars.line(map["name"], max: 255, what: "a name"))
        let (url, collect) = (scalars.url(map["url"]), scalars.url(map["collect"], secure: true))
        let identifier = scalars.line(map["identifier"], max: 255, what: "an identifier")
        let hosts = scalars.list(map["hosts"], what: "host names").compactMap { scalars.host($0) }
        let mode = scalars.choice(map["mode"], SiteDefinition.Mode.self)?.value ?? .log
        let (rotate, privacy) = (rotation(map["rotate"], mode), map["privacy"].map(privacy))
        let (events, bots) = (events(map["events"]), scalars.choice(map["bots"], SiteDefinition.Bots.self))
        let (identify, matomo) = (map["identify"].flatMap(identify), map["matomo"].flatMap(matomo))
        guard let id, let name, let url, let collect else { return nil }
        var site = SiteDefinition(id: id, name: name, url: url, collect: collect)
        (site.identifier, site.hosts, site.mode, site.rotate) = (identifier, hosts, mode, rotate)
        (site.privacy, site.events, site.bots) = (privacy ?? site.privacy, events, bots?.value ?? .split)
        (site.identify, site.matomo) = (identify, matomo)
        return site
    }

    private func identify(_ node: Node) -> SiteDefinition.Identify? {
        guard let map = MapReader(node, SettingsShapes.identify, diagnostics) else { return nil }
        let (pattern, entity) = (scalars.line(map["pattern"], max: 200, what: "a pattern"), scalars.id(map["entity"], underscores: true))
        let field = scalars.line(map["field"], max: 200, what: "a column")
        guard let pattern, let entity, let field else { return nil }
        return SiteDefinition.Identify(pattern: pattern, entity: entity, field: field)
    }

    private func matomo(_ node: Node) -> (host: Located<String>, token: Secret)? {
        guard let map = MapReader(node, SettingsShapes.matomo, diagnostics) else { return nil }
        let (host, token) = (scalars.url(map["host"], secure: true), scalars.secret(map["token"]))
        guard let host, let token else { return nil }
        return (host, token)
    }

    private func rotation(_ node: Node?, _ mode: SiteDefinition.Mode) -> Located<Int>? {
        guard let node else { return nil }
        if mode == .live { scalars.fail(.badValue, "`rotate` is for `mode: log`", node, "delete it") }
        guard let duration = scalars.duration(node)?.value else { return nil }
        let minutes = duration.unit == .hour ? duration.count * 60 : duration.unit == .minute ? duration.count : 0
        guard [5, 10, 15, 20, 30, 60].contains(minutes) else {
            scalars.fail(.badValue, "a log rotates every 5, 10, 15, 20, 30 or 60 minutes", node, "write it as `60 minutes`")
            return nil
        }
        return Located(minutes, node.span)
    }

    private func privacy(_ node: Node) -> SiteDefinition.Privacy {
        var privacy = SiteDefinition.Privacy()
        guard let map = MapReader(node, DefinitionShapes.privacy, diagnostics) else { return privacy }
        if let consent = scalars.choice(map["consent"], SiteDefinition.Consent.self) { privacy.consent = consent.value }
        if let respect = scalars.boolean(map["respect_dnt"]) { privacy.respectDoNotTrack = respect.value }
        if let bytes = scalars.integer(map["anonymise_ip"], 0...4, what: "a number of bytes") { privacy.anonymiseIP = bytes.value }
        return privacy
    }

    private func events(_ node: Node?) -> [(name: Located<String>, value: SiteDefinition.EventValue?)] {
        scalars.entries(node, what: "a map by name").compactMap { key, value in
            guard let name = scalars.line(key, max: 255, what: "an event's name") else { return nil }
            if value.kind == .null { return (name, nil) }
            guard let map = MapReader(value, SettingsShapes.event, diagnostics) else { return nil }
            return (name, scalars.choice(map["value"], SiteDefinition.EventValue.self)?.value)
        }
    }
}
