import HeraldModel

/// `providers.ID`.
struct ProviderDecoder {
    let scalars: Scalars
    private var diagnostics: Diagnostics { scalars.diagnostics }

    func decode(_ id: Located<String>, _ node: Node) -> ProviderDefinition? {
        let type = node.entries.first { $0.key.scalar == "type" }?.value
        let name = type.map(\.scalar) ?? id.value
        let shapes = ["local": ProviderShapes.local, "mailchimp": ProviderShapes.mailchimp, "dotdigital": ProviderShapes.dotdigital]
        guard let shape = shapes[name] else {
            diagnostics.report(
                .badValue, "a provider is one of dotdigital, local, mailchimp", at: type?.span ?? id.span,
                suggestion: nearest(to: name, among: shapes.keys.sorted()).map { "did you mean `\($0)`?" } ?? "add `type: …`")
            return nil
        }
        guard let map = MapReader(node, shape, diagnostics) else { return nil }
        let settings: ProviderDefinition.Settings? =
            switch name {
            case "local": local(map).map { .local($0) }
            case "mailchimp": mailchimp(map).map { .mailchimp($0) }
            default: dotdigital(map).map { .dotdigital($0) }
            }
        return settings.map { ProviderDefinition(id: id, endpoint: scalars.url(map["endpoint"], secure: true), settings: $0) }
    }

    private func local(_ map: MapReader) -> LocalSettings? {
        let publicURL = scalars.url(map["public_url"], secure: true)
        guard let node = map["transport"], let transport = MapReader(node, ProviderShapes.transport, diagnostics) else { return nil }
        guard (transport["outbox"] == nil) != (transport["smtp"] == nil) else {
            diagnostics.report(.badValue, "a transport is exactly one of `outbox` and `smtp`", at: node.span)
            return nil
        }
        var way: LocalSettings.Transport?
        if let path = scalars.path(transport["outbox"]) { way = .outbox(path: path.value) }
        if let smtp = transport["smtp"] { way = self.smtp(smtp).map { .smtp($0) } }
        return way.map {
            LocalSettings(
                database: scalars.path(map["database"])?.value ?? ".herald/local.sqlite", publicURL: publicURL, transport: Located($0, node.span))
        }
    }

    private func smtp(_ node: Node) -> SMTPSettings? {
        guard let map = MapReader(node, ProviderShapes.smtp, diagnostics), let host = scalars.line(map["host"], max: 253, what: "a host") else {
            return nil
        }
        var rate: Int?
        if let node = map["rate"] {
            let parts = node.scalar.split(separator: "/", omittingEmptySubsequences: false)
            if parts.count == 2, parts[1] == "s", let number = Int(parts[0]), number > 0 {
                rate = number
            } else {
                scalars.fail(.badValue, "a rate is a number of mails in a second", node, "write it as `50/s`")
            }
        }
        return SMTPSettings(
            host: host.value, port: scalars.integer(map["port"], 1...65535, what: "a port")?.value ?? 587,
            tls: scalars.choice(map["tls"], SMTPSettings.TLS.self)?.value ?? .required, user: scalars.secret(map["user"]),
            password: scalars.secret(map["password"]), connections: scalars.integer(map["connections"], 1...100)?.value ?? 4, rate: rate)
    }

    private func mailchimp(_ map: MapReader) -> MailchimpSettings? {
        let fields = self.fields(map["fields"], longest: 10)
        let key = scalars.secret(map["api_key"])
        var audience: Located<String>?
        var create: MailchimpSettings.NewAudience?
        if let node = map["audience"] {
            if node.kind == .map {
                if let inner = MapReader(node, ProviderShapes.audience, diagnostics) {
                    audience = scalars.line(inner["name"], max: 100)
                    create = inner["create"].flatMap(newAudience)
                }
            } else {
                audience = scalars.line(node, max: 100, what: "an audience")
            }
        }
        var activity: CalendarDuration? = CalendarDuration(90, .day)
        if let node = map["activity"] { activity = node.scalar == "none" ? nil : scalars.duration(node)?.value }
        guard let key, let audience else { return nil }
        return MailchimpSettings(
            apiKey: key, audience: audience, create: create, optIn: scalars.choice(map["opt_in"], MailchimpSettings.OptIn.self)?.value,
            fields: fields, conflict: scalars.choice(map["conflict"], FieldConflict.self)?.value ?? .remote,
            onRemove: scalars.choice(map["on_remove"], MailchimpSettings.OnRemove.self)?.value ?? .leave, activity: activity)
    }

    private func newAudience(_ node: Node) -> MailchimpSettings.NewAudience? {
        guard let map = MapReader(node, ProviderShapes.createAudience, diagnostics), let company = scalars.line(map["company"]),
            let address = scalars.text(map["address"]), let city = scalars.line(map["city"]), let country = scalars.line(map["country"]),
            let reminder = scalars.text(map["permission_reminder"])
        else { return nil }
        return .init(
            company: company.value, address: address.value, city: city.value, country: country.value, permissionReminder: reminder.value)
    }

    private func dotdigital(_ map: MapReader) -> DotdigitalSettings? {
        let fields = self.fields(map["fields"], longest: 20)
        let (user, password) = (scalars.secret(map["user"]), scalars.secret(map["password"]))
        let oauth = map["oauth"].flatMap { MapReader($0, ProviderShapes.oauth, diagnostics) }
        let id = oauth.flatMap { scalars.secret($0["client_id"]) }
        let secret = oauth.flatMap { scalars.secret($0["client_secret"]) }
        guard let user, let password else { return nil }
        return DotdigitalSettings(
            user: user, password: password, fields: fields, conflict: scalars.choice(map["conflict"], FieldConflict.self)?.value ?? .remote,
            createMissing: scalars.boolean(map["create_missing"])?.value ?? false, oauthClientID: id, oauthClientSecret: secret)
    }

    private func fields(_ node: Node?, longest: Int) -> [ProviderField] {
        guard let node else { return [] }
        guard node.kind == .map else {
            diagnostics.report(.wrongType, "`fields` is a map of the vendor's names, and this is \(node.kindName)", at: node.span)
            return []
        }
        return node.entries.compactMap { key, value in
            guard let name = scalars.line(key, max: longest, what: "a field's name") else { return nil }
            if value.isScalar {
                return scalars.line(value, max: 200, what: "a column").map {
                    ProviderField(name: name, from: $0, type: nil, direction: .out, defaultValue: nil, visibility: .private, priority: 0)
                }
            }
            guard let map = MapReader(value, ProviderShapes.field, diagnostics), let from = scalars.line(map["from"], max: 200, what: "a column")
            else { return nil }
            return ProviderField(
                name: name, from: from, type: scalars.line(map["type"], max: 50)?.value,
                direction: scalars.choice(map["direction"], ProviderField.Direction.self)?.value ?? .out,
                defaultValue: scalars.line(map["default"], max: 500)?.value,
                visibility: scalars.choice(map["visibility"], ProviderField.Visibility.self)?.value ?? .private,
                priority: scalars.integer(map["priority"], 0...1_000_000)?.value ?? 0)
        }
    }
}
