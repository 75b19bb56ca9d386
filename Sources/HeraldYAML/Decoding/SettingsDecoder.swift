package import HeraldModel

extension Rule {
    static let formatVersion = Rule("format-version")
    static let unknownEnvironment = Rule("unknown-environment")
}

/// `herald.yaml` → `WorkspaceSettings`, with the overlay of the chosen environment merged in.
package struct SettingsDecoder {
    let scalars: Scalars
    private var diagnostics: Diagnostics { scalars.diagnostics }

    package init(_ diagnostics: Diagnostics) { scalars = Scalars(diagnostics: diagnostics, allowsVariables: true) }

    /// Nil where the file lacks what everything else stands on; the reasons are reported.
    package func decode(_ tree: DocumentTree, environment: String?) -> WorkspaceSettings? {
        let base = tree.root
        guard let plain = MapReader(base, SettingsShapes.workspace, diagnostics) else { return nil }
        checkVersion(plain["herald"])
        let environments = checkEnvironments(plain["environments"])
        var map = plain
        if let environment {
            guard let overlay = plain["environments"]?.entries.first(where: { $0.key.scalar == environment })?.value else {
                diagnostics.report(
                    .unknownEnvironment, "there is no environment `\(environment)` in herald.yaml", at: plain["environments"]?.span ?? base.span,
                    suggestion: nearest(to: environment, among: environments.map(\.value)).map { "did you mean `\($0)`?" })
                return nil
            }
            guard let reader = MapReader(SettingsDecoder.effective(base, overlay), SettingsShapes.workspace, Diagnostics()) else { return nil }
            map = reader
        }
        guard let id = scalars.id(map["workspace"]), let zone = scalars.line(map["timezone"], max: 64, what: "a time zone") else { return nil }
        var settings = WorkspaceSettings(file: tree.file, id: id, timezone: zone)
        settings.environments = environments
        settings.environment = environment
        if let environment, let overlay = plain["environments"]?.entries.first(where: { $0.key.scalar == environment })?.value {
            settings.maySend = scalars.boolean(overlay.entries.first { $0.key.scalar == "send" }?.value)?.value ?? true
        }
        if let node = map["key"] { settings.key = scalars.secret(node).map { Located($0, node.span) } }
        if let node = map["defaults"] { settings.defaults = defaults(node) }
        settings.sources = entries(map["sources"]) { source($0, $1) }
        let entities = EntityDecoder(scalars: scalars)
        settings.entities = entries(map["entities"], underscores: true) { entities.decode($0, $1) }
        let providers = ProviderDecoder(scalars: scalars)
        settings.providers = entries(map["providers"]) { providers.decode($0, $1) }
        if let node = map["policies"] { settings.policies = PolicyDecoder(scalars: scalars).decode(node) }
        if let node = map["features"] { settings.features = features(node) }
        settings.state = backend(map["state"])
        settings.records = backend(map["records"])
        lifecycle(map, &settings)
        return settings
    }

    /// herald.yaml as it holds in an environment (nil: in none), which is what digests are made of.
    package static func document(_ tree: DocumentTree, environment: String?) -> Node {
        let environments = tree.root.entries.first { $0.key.scalar == "environments" }?.value
        let overlay = environments?.entries.first { $0.key.scalar == environment }?.value
        return effective(tree.root, overlay ?? tree.root)
    }

    private static func effective(_ base: Node, _ overlay: Node) -> Node { Overlay.merge(base, overlay, dropping: ["send", "environments"]) }

    private func checkVersion(_ node: Node?) {
        guard let node else { return }
        guard node.kind == .integer, node.scalar == "1" else {
            return diagnostics.report(.formatVersion, "this herald reads format version 1", at: node.span, suggestion: "write `herald: 1`")
        }
    }

    private func checkEnvironments(_ node: Node?) -> [Located<String>] {
        guard let node else { return [] }
        guard node.kind == .map else {
            diagnostics.report(.wrongType, "`environments` is a map by id, and this is \(node.kindName)", at: node.span)
            return []
        }
        return node.entries.compactMap { key, value in
            _ = MapReader(value, MapShape("environment", "", SettingsShapes.environment.keys), diagnostics)
            return scalars.id(key)
        }
    }

    /// A map by id, each value decoded by `decode`.
    func entries<Value>(_ node: Node?, underscores: Bool = false, _ decode: (Located<String>, Node) -> Value?) -> [Value] {
        guard let node else { return [] }
        guard node.kind == .map else {
            diagnostics.report(.wrongType, "a map by id was expected here, and this is \(node.kindName)", at: node.span)
            return []
        }
        return node.entries.compactMap { key, value in scalars.id(key, underscores: underscores).flatMap { decode($0, value) } }
    }

    private func defaults(_ node: Node) -> Defaults {
        var defaults = Defaults()
        guard let map = MapReader(node, SettingsShapes.defaults, diagnostics) else { return defaults }
        defaults.from = sender(map["from"])
        defaults.replyTo = scalars.email(map["reply_to"])
        defaults.postalAddress = scalars.text(map["postal_address"], max: 500, what: "a postal address")
        if let node = map["utm"], let utm = MapReader(node, SettingsShapes.utm, diagnostics) {
            defaults.utmSource = scalars.line(utm["source"], max: 100)
            defaults.utmMedium = scalars.line(utm["medium"], max: 100)
        }
        defaults.layout = scalars.path(map["layout"])
        defaults.language = scalars.line(map["language"], max: 35, what: "a language")
        defaults.fiscalYearStarts = scalars.integer(map["fiscal_year_starts"], 1...12, what: "a month")
        return defaults
    }

    func sender(_ node: Node?) -> Located<Sender>? {
        guard let node, let map = MapReader(node, SettingsShapes.sender, diagnostics),
            let name = scalars.line(map["name"], max: 100, what: "a sender's name"), let email = scalars.email(map["email"])
        else { return nil }
        return Located(Sender(name: name.value, email: email.value), node.span)
    }

    private func source(_ id: Located<String>, _ node: Node) -> SourceDefinition? {
        guard let map = MapReader(node, SettingsShapes.source, diagnostics) else { return nil }
        let kinds = ["csv", "sqlite", "postgres", "clickhouse"].filter { map[$0] != nil }
        guard kinds.count == 1, let kind = kinds.first, let at = map[kind] else {
            diagnostics.report(.badValue, "a source is exactly one of csv, sqlite, postgres, clickhouse", at: node.span)
            return nil
        }
        for only in ["delimiter", "date_format"] where kind != "csv" {
            if let node = map[only] { scalars.fail(.unknownKey, "`\(only)` is for CSV sources", node) }
        }
        let synthetic = scalars.boolean(map["synthetic"])?.value ?? false
        func make(_ location: SourceDefinition.Location?) -> SourceDefinition? {
            location.map { SourceDefinition(id: id, location: Located($0, at.span), synthetic: synthetic) }
        }
        switch kind {
        case "csv":
            var delimiter: UInt8?
            if let node = map["delimiter"], let text = scalars.line(node, max: 1, what: "a delimiter") {
                if let byte = text.value.utf8.first, text.value.utf8.count == 1, byte != UInt8(ascii: "\""), byte >= 0x20 || byte == 0x09 {
                    delimiter = byte
                } else {
                    scalars.fail(.badValue, "a delimiter is one ASCII character other than a quote", node)
                }
            }
            let format = scalars.line(map["date_format"], max: 50, what: "a date format")?.value
            return make(scalars.path(at).map { .csv(folder: $0.value, delimiter: delimiter, dateFormat: format) })
        case "sqlite": return make(scalars.path(at).map { .sqlite(path: $0.value) })
        case "postgres": return make(scalars.secret(at).map { .postgres($0) })
        default: return make(scalars.secret(at).map { .clickhouse($0) })
        }
    }

    private func features(_ node: Node) -> [Feature: Located<Bool>] {
        guard let map = MapReader(node, SettingsShapes.features, diagnostics) else { return [:] }
        var features: [Feature: Located<Bool>] = [:]
        for feature in Feature.allCases { features[feature] = scalars.boolean(map[feature.rawValue]) }
        return features
    }

    private func backend(_ node: Node?) -> Located<Backend>? {
        guard let node, let map = MapReader(node, SettingsShapes.backend, diagnostics) else { return nil }
        let kinds = ["local", "git", "postgres"].filter { map[$0] != nil }
        guard kinds.count == 1 else {
            diagnostics.report(.badValue, "this is exactly one of local, git, postgres", at: node.span)
            return nil
        }
        if let path = scalars.path(map["local"]) { return Located(.local(path: path.value), node.span) }
        if let secret = scalars.secret(map["postgres"]) { return Located(.postgres(secret), node.span) }
        guard let git = map["git"], let inner = MapReader(git, SettingsShapes.gitBackend, diagnostics) else { return nil }
        return Located(
            .git(
                remote: scalars.line(inner["remote"], max: 200)?.value ?? "origin",
                branch: scalars.line(inner["branch"], max: 200)?.value ?? "herald-state"), node.span)
    }

    private func lifecycle(_ map: MapReader, _ settings: inout WorkspaceSettings) {
        settings.removed = scalars.list(map["removed"], what: "addresses").compactMap(address)
        settings.unmanaged = scalars.list(map["unmanaged"], what: "addresses").compactMap(address)
        for (key, value) in pairs(map["moved"]) {
            if let from = address(key), let to = address(value) { settings.moved.append(Move(from: from, to: to)) }
        }
        for (key, value) in pairs(map["adopt"]) {
            guard let address = address(key), let text = scalars.line(value, max: 300) else { continue }
            guard let colon = text.value.firstIndex(of: ":"), let slash = text.value[colon...].firstIndex(of: "/"), text.value.last != "/" else {
                scalars.fail(.badValue, "an object is written provider:kind/id", value, "such as `local:list/7`")
                continue
            }
            settings.adopt.append(
                Adoption(
                    address: address, provider: String(text.value[..<colon]),
                    kind: String(text.value[text.value.index(after: colon)..<slash]), remoteID: String(text.value[text.value.index(after: slash)...])))
        }
    }

    private func pairs(_ node: Node?) -> [(key: Node, value: Node)] {
        guard let node else { return [] }
        guard node.kind == .map else {
            diagnostics.report(.wrongType, "a map was expected here, and this is \(node.kindName)", at: node.span)
            return []
        }
        return node.entries
    }

    private func address(_ node: Node) -> Located<Address>? {
        guard node.isScalar, let address = Address(parsing: node.scalar) else {
            scalars.fail(.badValue, "an address is a kind and an id, such as `list.vip-customers`", node)
            return nil
        }
        return Located(address, node.span)
    }
}
