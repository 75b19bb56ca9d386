import HeraldModel

extension DefinitionDecoder {
    func site(_ node: Node) -> SiteDefinition? {
        guard let map = MapReader(node, DefinitionShapes.site, diagnostics) else { return nil }
        let (id, name) = (scalars.id(map["site"]), scalars.line(map["name"], max: 255, what: "a name"))
        let (url, collect) = (scalars.url(map["url"]), scalars.url(map["collect"], secure: true))
        guard let id, let name, let url, let collect else { return nil }
        var site = SiteDefinition(id: id, name: name, url: url, collect: collect)
        site.identifier = scalars.line(map["identifier"], max: 255, what: "an identifier")
        site.hosts = scalars.list(map["hosts"], what: "host names").compactMap(host)
        site.mode = scalars.choice(map["mode"], SiteDefinition.Mode.self)?.value ?? .log
        site.rotate = rotation(map["rotate"], site.mode)
        if let node = map["privacy"] { site.privacy = privacy(node) }
        site.events = events(map["events"])
        site.bots = scalars.choice(map["bots"], SiteDefinition.Bots.self)?.value ?? .split
        if let node = map["identify"], let inner = MapReader(node, SettingsShapes.identify, diagnostics),
            let pattern = scalars.line(inner["pattern"], max: 200), let entity = scalars.id(inner["entity"], underscores: true),
            let field = scalars.line(inner["field"], max: 200)
        {
            site.identify = SiteDefinition.Identify(pattern: pattern, entity: entity, field: field)
        }
        if let node = map["matomo"], let inner = MapReader(node, SettingsShapes.matomo, diagnostics),
            let host = scalars.url(inner["host"], secure: true), let token = scalars.secret(inner["token"])
        {
            site.matomo = (host, token)
        }
        return site
    }

    private func host(_ node: Node) -> Located<String>? {
        guard let text = scalars.line(node, max: 253, what: "a host name") else { return nil }
        guard WebAddress.isHost(text.value) else {
            scalars.fail(.badValue, "this is no host name", node, "write it without https:// and path, such as `www.shop.example`")
            return nil
        }
        return text.map { $0.lowercased() }
    }

    private func rotation(_ node: Node?, _ mode: SiteDefinition.Mode) -> Located<Int>? {
        guard let node else { return nil }
        if mode == .live { scalars.fail(.badValue, "`rotate` is for `mode: log`", node) }
        guard let duration = scalars.duration(node)?.value else { return nil }
        let minutes = duration.unit == .hour ? duration.count * 60 : duration.unit == .minute ? duration.count : 0
        guard [5, 10, 15, 20, 30, 60].contains(minutes) else {
            scalars.fail(.badValue, "a log rotates every 5, 10, 15, 20, 30 or 60 minutes", node)
            return nil
        }
        return Located(minutes, node.span)
    }

    private func privacy(_ node: Node) -> SiteDefinition.Privacy {
        var privacy = SiteDefinition.Privacy()
        guard let map = MapReader(node, DefinitionShapes.privacy, diagnostics) else { return privacy }
        if let consent = scalars.choice(map["consent"], SiteDefinition.Consent.self) { privacy.consent = consent.value }
        if let respect = scalars.boolean(map["respect_dnt"]) { privacy.respectDoNotTrack = respect.value }
        if let bytes = scalars.integer(map["anonymise_ip"], 0...4) { privacy.anonymiseIP = bytes.value }
        return privacy
    }

    private func events(_ node: Node?) -> [(name: Located<String>, value: SiteDefinition.EventValue?)] {
        guard let node else { return [] }
        guard node.kind == .map else {
            scalars.fail(.wrongType, "`events` is a map by name, and this is \(node.kindName)", node)
            return []
        }
        return node.entries.compactMap { key, value in
            guard let name = scalars.line(key, max: 255, what: "an event's name") else { return nil }
            if value.kind == .null { return (name, nil) }
            guard let map = MapReader(value, SettingsShapes.event, diagnostics) else { return nil }
            return (name, scalars.choice(map["value"], SiteDefinition.EventValue.self)?.value)
        }
    }
}
