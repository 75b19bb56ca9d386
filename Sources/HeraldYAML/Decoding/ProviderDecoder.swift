import HeraldModel

/// `providers.ID`.
struct ProviderDecoder {
    let scalars: Scalars
    private var diagnostics: Diagnostics { scalars.diagnostics }

    func decode(_ id: Located<String>, _ node: Node) -> ProviderDefinition? {
        let type = node.entries.first { $0.key.scalar == "type" }?.value
        let name = type?.scalar ?? id.value
        guard let kind = ProviderKind(rawValue: name) else {
            let kinds = ProviderKind.allCases.map(\.rawValue)
            diagnostics.report(
                .badValue, "a provider is one of \(kinds.joined(separator: ", "))", at: type?.span ?? id.span,
                suggestion: nearest(to: name, among: kinds).map { "did you mean `\($0)`?" } ?? "add `type: …`")
            return nil
        }
        let settings: ProviderDefinition.Settings?
        let endpoint: Located<String>?
        switch kind {
        case .local:
            guard let map = MapReader(node, ProviderShapes.local, diagnostics) else { return nil }
            (settings, endpoint) = (local(map).map { .local($0) }, scalars.url(map["endpoint"], secure: true))
        case .mailchimp:
            guard let map = MapReader(node, ProviderShapes.mailchimp, diagnostics) else { return nil }
            (settings, endpoint) = (mailchimp(map).map { .mailchimp($0) }, scalars.url(map["endpoint"], secure: true))
        case .dotdigital:
            guard let map = MapReader(node, ProviderShapes.dotdigital, diagnostics) else { return nil }
            (settings, endpoint) = (dotdigital(map).map { .dotdigital($0) }, scalars.url(map["endpoint"], secure: true))
        }
        return settings.map { ProviderDefinition(id: id, endpoint: endpoint, settings: $0) }
    }

    // MARK: local

    private func local(_ map: MapReader) -> LocalSettings? {
        let (publicURL, database) = (scalars.url(map["public_url"], secure: true), scalars.place(map["database"]))
        guard let node = map["transport"], let transport = MapReader(node, ProviderShapes.transport, diagnostics) else { return nil }
        guard (transport["outbox"] == nil) != (transport["smtp"] == nil) else {
            diagnostics.report(
                .badValue, "a transport is exactly one of `outbox` and `smtp`", at: node.span, suggestion: "such as `{outbox: .herald/outbox}`")
            return nil
        }
        let way: LocalSettings.Transport? =
            if let smtp = transport["smtp"] { self.smtp(smtp).map { .smtp($0) } } else { scalars.place(transport["outbox"]).map { .outbox(path: $0.value) } }
        return way.map {
            LocalSettings(database: database?.value ?? LocalSettings.defaultDatabase, publicURL: publicURL, transport: Located($0, node.span))
        }
    }

    private func smtp(_ node: Node) -> SMTPSettings? {
        guard let map = MapReader(node, ProviderShapes.smtp, diagnostics) else { return nil }
        let (host, port) = (mailHost(map["host"]), scalars.integer(map["port"], 1...65535, what: "a port"))
        let (tls, rate) = (scalars.choice(map["tls"], SMTPSettings.TLS.self), rate(map["rate"]))
        let (user, password) = (scalars.secret(map["user"]), scalars.secret(map["password"]))
        let connections = scalars.integer(map["connections"], 1...100, what: "a number of connections")
        return host.map {
            SMTPSettings(
                host: $0, port: port?.value ?? 587, tls: tls?.value ?? .required, user: user, password: password,
                connections: connections?.value ?? 4, rate: rate)
        }
    }

    /// A host name, or IPv6's name of this machine, with or without the brackets that it has in a URL.
    private func mailHost(_ node: Node?) -> Located<String>? {
        if let node, node.isScalar, ["::1", "[::1]"].contains(node.scalar) { return Located("::1", node.span) }
        return scalars.host(node, what: "a host")
    }

    private func rate(_ node: Node?) -> Int? {
        guard let node, let text = scalars.text(node, what: "a rate") else { return nil }
        let digits = text.value.dropLast(2)
        guard text.value.hasSuffix("/s"), digits.utf8.allSatisfy({ 48...57 ~= $0 }), let number = Int(digits), number > 0 else {
            scalars.fail(.badValue, "a rate is a number of mails in a second", node, "write it as `50/s`")
            return nil
        }
        return number
    }

    // MARK: mailchimp

    private func mailchimp(_ map: MapReader) -> MailchimpSettings? {
        let fields = self.fields(map["fields"], ProviderShapes.mailchimpField, name: "A–Z, 0–9 and _", 10) { $0 != UInt8(ascii: "-") }
        let key = scalars.secret(map["api_key"])
        let (optIn, conflict) = (scalars.choice(map["opt_in"], MailchimpSettings.OptIn.self), scalars.choice(map["conflict"], FieldConflict.self))
        let onRemove = scalars.choice(map["on_remove"], MailchimpSettings.OnRemove.self)
        var audience: Located<String>?
        var create: MailchimpSettings.NewAudience?
        if let node = map["audience"], node.kind == .map {
            if let inner = MapReader(node, ProviderShapes.audience, diagnostics) {
                audience = scalars.line(inner["name"], max: 100, what: "an audience")
                create = inner["create"].flatMap(newAudience)
            }
        } else {
            audience = scalars.line(map["audience"], max: 100, what: "an audience")
        }
        var activity: CalendarDuration? = CalendarDuration(90, .day)
        if let node = map["activity"] { activity = node.scalar == "none" ? nil : scalars.duration(node)?.value }
        guard let key, let audience else { return nil }
        return MailchimpSettings(
            apiKey: key, audience: audience, create: create, optIn: optIn?.value, fields: fields, conflict: conflict?.value ?? .remote,
            onRemove: onRemove?.value ?? .leave, activity: activity)
    }

    private func newAudience(_ node: Node) -> MailchimpSettings.NewAudience? {
        guard let map = MapReader(node, ProviderShapes.createAudience, diagnostics) else { return nil }
        let (company, address, city) = (scalars.line(map["company"]), scalars.text(map["address"]), scalars.line(map["city"]))
        let (country, reminder) = (scalars.line(map["country"]), scalars.text(map["permission_reminder"]))
        guard let company, let address, let city, let country, let reminder else { return nil }
        return .init(
            company: company.value, address: address.value, city: city.value, country: country.value, permissionReminder: reminder.value)
    }

    // MARK: dotdigital

    private func dotdigital(_ map: MapReader) -> DotdigitalSettings? {
        let fields = self.fields(map["fields"], ProviderShapes.dotdigitalField, name: "letters, digits, _ and -", 20) { _ in true }
        let (user, password) = (scalars.secret(map["user"]), scalars.secret(map["password"]))
        let (conflict, createMissing) = (scalars.choice(map["conflict"], FieldConflict.self), scalars.boolean(map["create_missing"]))
        let oauth = map["oauth"].flatMap(oauth)
        guard let user, let password else { return nil }
        return DotdigitalSettings(
            user: user, password: password, fields: fields, conflict: conflict?.value ?? .remote, createMissing: createMissing?.value ?? false,
            oauth: oauth)
    }

    private func oauth(_ node: Node) -> (clientID: Located<String>, clientSecret: Secret)? {
        guard let map = MapReader(node, ProviderShapes.oauth, diagnostics) else { return nil }
        let (id, secret) = (scalars.line(map["client_id"], max: 200, what: "a client id"), scalars.secret(map["client_secret"]))
        guard let id, let secret else { return nil }
        return (id, secret)
    }

    // MARK: fields

    /// - Parameters:
    ///   - form: what a name is made of, in words.
    ///   - allows: refuses what this vendor does not take among letters, digits, _ and -.
    private func fields(_ node: Node?, _ shape: MapShape, name form: String, _ longest: Int, _ allows: (UInt8) -> Bool) -> [ProviderField] {
        var names: Set<String> = []
        return scalars.entries(node, what: "a map of the vendor's names").compactMap { key, value in
            guard let name = scalars.line(key, max: longest, what: "a field's name") else { return nil }
            guard name.value.utf8.allSatisfy({ (48...57 ~= $0 || 65...90 ~= $0 || 97...122 ~= $0 || $0 == 95 || $0 == 45) && allows($0) }) else {
                scalars.fail(.badValue, "a field's name is \(form)", key)
                return nil
            }
            guard names.insert(name.value.uppercased()).inserted else {
                scalars.fail(.badValue, "two fields are called `\(name.value)`, as the vendor sees them", key, "keep one of them")
                return nil
            }
            return field(name, value, shape)
        }
    }

    private func field(_ name: Located<String>, _ node: Node, _ shape: MapShape) -> ProviderField? {
        guard !node.isScalar else {
            return scalars.line(node, max: 200, what: "a column").map {
                ProviderField(name: name, from: $0, type: nil, direction: .out, defaultValue: nil, visibility: .private, priority: 0)
            }
        }
        guard let map = MapReader(node, shape, diagnostics) else { return nil }
        let (from, type) = (scalars.line(map["from"], max: 200, what: "a column"), scalars.line(map["type"], max: 50, what: "a type"))
        let direction = scalars.choice(map["direction"], ProviderField.Direction.self)
        let (value, priority) = (scalars.line(map["default"], max: 500, what: "a value"), scalars.integer(map["priority"], -1_000_000...1_000_000))
        let visibility = scalars.choice(map["visibility"], ProviderField.Visibility.self)
        return from.map {
            ProviderField(
                name: name, from: $0, type: type?.value, direction: direction?.value ?? .out, defaultValue: value?.value,
                visibility: visibility?.value ?? .private, priority: priority?.value ?? 0)
        }
    }
}
