package import HeraldModel

extension Rule {
    static let formatVersion = Rule("format-version")
    static let unknownEnvironment = Rule("unknown-environment")
}

/// `herald.yaml` → `WorkspaceSettings`, with the overlay of the chosen environment merged in.
package struct SettingsDecoder {
    /// More than anybody has, and few enough to check each.
    private static let mostEnvironments = 100

    let scalars: Scalars
    private var diagnostics: Diagnostics { scalars.diagnostics }

    /// - Parameters:
    ///   - variables: what `${NAME}` stands for where it is no secret; secrets are resolved at use.
    ///   - isOffline: whether one that is not set is no error, because only the files are checked.
    package init(_ diagnostics: Diagnostics, variables: [String: String] = [:], isOffline: Bool = false) {
        scalars = Scalars(diagnostics: diagnostics, variables: .filled(variables, isOffline: isOffline))
    }

    private init(unread diagnostics: Diagnostics) { scalars = Scalars(diagnostics: diagnostics, variables: .unread) }

    /// Nil where the file lacks what everything else stands on; the reasons are reported, also those of environments that are not in force.
    package func decode(_ tree: DocumentTree, environment: String?) -> WorkspaceSettings? {
        let base = tree.root
        SecretLines.hide(base, diagnostics)
        guard let plain = MapReader(base, SettingsShapes.workspace, diagnostics) else { return nil }
        checkVersion(plain["herald"])
        let environments = self.environments(plain["environments"])
        let ids = environments.map(\.id)
        if let environment, !ids.contains(where: { $0.value == environment }) {
            diagnostics.report(
                .unknownEnvironment, "there is no environment `\(environment)` in herald.yaml", at: plain["environments"]?.span ?? base.span,
                suggestion: nearest(to: environment, among: ids.map(\.value)).map { "did you mean `\($0)`?" })
            return nil
        }
        for other in environments.prefix(SettingsDecoder.mostEnvironments) where other.id.value != environment {
            let found = Diagnostics()
            _ = SettingsDecoder(unread: found).settings(SettingsDecoder.effective(base, other.overlay), other.overlay)
            diagnostics.report(found.sorted)
        }
        let chosen = environments.first { $0.id.value == environment }
        var settings = self.settings(chosen.map { SettingsDecoder.effective(base, $0.overlay) } ?? base, chosen?.overlay)
        settings?.environments = ids
        settings?.environment = environment
        return settings
    }

    /// herald.yaml as it holds in an environment (nil: in none), which is what digests are made of.
    package static func document(_ tree: DocumentTree, environment: String?) -> Node {
        let environments = tree.root.entries.first { $0.key.scalar == "environments" }?.value
        let overlay = environments?.entries.first { $0.key.scalar == environment }?.value
        return effective(tree.root, overlay ?? tree.root)
    }

    private static func effective(_ base: Node, _ overlay: Node) -> Node { Overlay.merge(base, overlay, dropping: ["send", "environments"]) }

    /// Keys were checked where they are written, in the file itself and in its overlays.
    private func settings(_ document: Node, _ overlay: Node?) -> WorkspaceSettings? {
        guard let map = MapReader(document, SettingsShapes.workspace, Diagnostics()), let id = scalars.id(map["workspace"]),
            let zone = scalars.line(map["timezone"], max: 64, what: "a time zone")
        else { return nil }
        var settings = WorkspaceSettings(file: document.tree.file, id: id, timezone: zone)
        if let send = overlay?.entries.first(where: { $0.key.scalar == "send" })?.value { settings.maySend = scalars.boolean(send)?.value ?? false }
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

    private func checkVersion(_ node: Node?) {
        guard let node else { return }
        guard node.kind == .integer, node.scalar == "1" else {
            return diagnostics.report(.formatVersion, "this herald reads format version 1", at: node.span, suggestion: "write `herald: 1`")
        }
    }

    private func environments(_ node: Node?) -> [(id: Located<String>, overlay: Node)] {
        let entries = scalars.entries(node, what: "a map by id")
        if entries.count > SettingsDecoder.mostEnvironments, let node {
            scalars.fail(.badValue, "there are more than \(SettingsDecoder.mostEnvironments) environments", node)
        }
        return entries.compactMap { key, value in
            guard MapReader(value, SettingsShapes.environment, diagnostics) != nil, let id = scalars.id(key) else { return nil }
            return (id, value)
        }
    }

    /// A map by id, each value decoded by `decode`.
    private func entries<Value>(_ node: Node?, underscores: Bool = false, _ decode: (Located<String>, Node) -> Value?) -> [Value] {
        let entries = scalars.entries(node, what: "a map by id")
        return entries.compactMap { key, value in scalars.id(key, underscores: underscores).flatMap { decode($0, value) } }
    }

    private func defaults(_ node: Node) -> Defaults {
        var defaults = Defaults()
        guard let map = MapReader(node, SettingsShapes.defaults, diagnostics) else { return defaults }
        defaults.from = scalars.sender(map["from"])
        defaults.replyTo = scalars.email(map["reply_to"])
        defaults.postalAddress = scalars.text(map["postal_address"], max: 500, what: "a postal address")
        if let node = map["utm"], let utm = MapReader(node, SettingsShapes.utm, diagnostics) {
            defaults.utmSource = scalars.line(utm["source"], max: 100, what: "a source")
            defaults.utmMedium = scalars.line(utm["medium"], max: 100, what: "a medium")
        }
        defaults.layout = scalars.path(map["layout"])
        defaults.language = scalars.language(map["language"])
        defaults.fiscalYearStarts = scalars.month(map["fiscal_year_starts"])
        return defaults
    }

    private func source(_ id: Located<String>, _ node: Node) -> SourceDefinition? {
        guard let map = MapReader(node, SettingsShapes.source, diagnostics) else { return nil }
        let kinds = ["csv", "sqlite", "postgres", "clickhouse"].filter { map[$0] != nil }
        guard kinds.count == 1, let kind = kinds.first, let at = map[kind] else {
            diagnostics.report(
                .badValue, "a source is exactly one of csv, sqlite, postgres, clickhouse", at: node.span, suggestion: "such as `{csv: data}`")
            return nil
        }
        for only in ["delimiter", "date_format"] where kind != "csv" {
            if let node = map[only] { scalars.fail(.badValue, "`\(only)` is for CSV sources", node, "delete it") }
        }
        let synthetic = scalars.boolean(map["synthetic"])?.value ?? false
        let location: SourceDefinition.Location?
        switch kind {
        case "csv":
            let (delimiter, format) = (self.delimiter(map["delimiter"]), scalars.line(map["date_format"], max: 50, what: "a date format")?.value)
            location = scalars.place(at).map { .csv(folder: $0.value, delimiter: delimiter, dateFormat: format) }
        case "sqlite": location = scalars.place(at).map { .sqlite(path: $0.value) }
        case "postgres": location = scalars.secret(at).map { .postgres($0) }
        default: location = scalars.secret(at).map { .clickhouse($0) }
        }
        return location.map { SourceDefinition(id: id, location: Located($0, at.span), synthetic: synthetic) }
    }

    private func delimiter(_ node: Node?) -> UInt8? {
        guard let node, let text = scalars.line(node, what: "a delimiter") else { return nil }
        guard text.value.utf8.count == 1, let byte = text.value.utf8.first, byte != UInt8(ascii: "\"") else {
            scalars.fail(.badValue, "a delimiter is one ASCII character other than a quote", node, "write `\";\"`, or `\"\\t\"` for a tab")
            return nil
        }
        return byte
    }

    private func features(_ node: Node) -> [Feature: Located<Bool>] {
        guard let map = MapReader(node, SettingsShapes.features, diagnostics) else { return [:] }
        var features: [Feature: Located<Bool>] = [:]
        for feature in Feature.allCases { features[feature] = scalars.boolean(map[feature.rawValue]) }
        return features
    }

    private func backend(_ node: Node?) -> Located<Backend>? {
        guard let node, let map = MapReader(node, SettingsShapes.backend, diagnostics) else { return nil }
        guard ["local", "git", "postgres"].count(where: { map[$0] != nil }) == 1 else {
            diagnostics.report(.badValue, "this is exactly one of local, git, postgres", at: node.span, suggestion: "such as `{local: .herald}`")
            return nil
        }
        if let local = map["local"] { return scalars.place(local).map { Located(.local(path: $0.value), node.span) } }
        if let secret = map["postgres"] { return scalars.secret(secret).map { Located(.postgres($0), node.span) } }
        guard let git = map["git"], let inner = MapReader(git, SettingsShapes.gitBackend, diagnostics) else { return nil }
        return Located(
            .git(
                remote: scalars.line(inner["remote"], max: 200, what: "a remote")?.value ?? "origin",
                branch: scalars.line(inner["branch"], max: 200, what: "a branch")?.value ?? "herald-state"), node.span)
    }

    private func lifecycle(_ map: MapReader, _ settings: inout WorkspaceSettings) {
        settings.removed = scalars.list(map["removed"], what: "addresses").compactMap(address)
        settings.unmanaged = scalars.list(map["unmanaged"], what: "addresses").compactMap(address)
        for (key, value) in scalars.entries(map["moved"], what: "a map from old to new address") {
            let (from, to) = (address(key), address(value))
            if let from, let to { settings.moved.append(Move(from: from, to: to)) }
        }
        for (key, value) in scalars.entries(map["adopt"], what: "a map from address to object") {
            let (address, object) = (address(key), scalars.line(value, max: 300, what: "an object"))
            guard let address, let object else { continue }
            guard let adoption = adoption(address, object.value) else {
                scalars.fail(.badValue, "an object is written provider:kind/id", value, "such as `local:list/7`")
                continue
            }
            settings.adopt.append(adoption)
        }
    }

    private func adoption(_ address: Located<Address>, _ object: String) -> Adoption? {
        guard let colon = object.firstIndex(of: ":"), let slash = object[colon...].firstIndex(of: "/") else { return nil }
        let parts = (object[..<colon], object[object.index(after: colon)..<slash], object[object.index(after: slash)...])
        guard Address.isID(String(parts.0)), !parts.1.isEmpty, !parts.2.isEmpty else { return nil }
        return Adoption(address: address, provider: String(parts.0), kind: String(parts.1), remoteID: String(parts.2))
    }

    private func address(_ node: Node) -> Located<Address>? {
        guard node.isScalar, let address = Address(parsing: node.scalar) else {
            scalars.fail(.badValue, "an address is a kind and an id", node, "such as `list.vip-customers`")
            return nil
        }
        return Located(address, node.span)
    }
}
