package import HeraldModel

extension Rule {
    static let unknownKind = Rule("unknown-kind")
    static let wrongFolder = Rule("wrong-folder")
}

/// The folder of a definition, which decides what may stand in it.
package enum DefinitionFolder: String, Sendable { case lists, campaigns }

/// What one file defines.
package struct DecodedFile: Sendable {
    package var lists: [ListDefinition] = []
    package var filters: [FilterDefinition] = []
    package var campaigns: [CampaignDefinition] = []
    package var emails: [EmailDefinition] = []
    package var sites: [SiteDefinition] = []
    package var tests: [TestDefinition] = []
    /// The document of each definition, for digests.
    package var documents: [(address: Address, node: Node)] = []

    package init() {}
}

/// Documents of `lists/` and `campaigns/` → definitions. Knows one document at a time, so files may be decoded side by side.
package struct DefinitionDecoder {
    let scalars: Scalars
    let folder: DefinitionFolder
    /// The folder of the file, relative to the workspace; templates are named beside it.
    let directory: String
    /// The declared providers, which decide what a list may say to them.
    let providers: [String: ProviderKind]
    var diagnostics: Diagnostics { scalars.diagnostics }

    package init(folder: DefinitionFolder, directory: String, providers: [String: ProviderKind], _ diagnostics: Diagnostics) {
        scalars = Scalars(diagnostics: diagnostics, variables: .refused)
        self.folder = folder
        self.directory = directory
        self.providers = providers
    }

    package func decode(_ trees: [DocumentTree]) -> DecodedFile {
        var file = DecodedFile()
        for tree in trees { decode(tree.root, into: &file) }
        return file
    }

    private func decode(_ node: Node, into file: inout DecodedFile) {
        guard node.kind == .map else {
            return diagnostics.report(
                .wrongType, "a definition is a map, and this is \(node.kindName)", at: node.span, suggestion: "begin with `list: my-list`")
        }
        let order: [DefinitionKind] = [.test, .email, .list, .filter, .campaign, .site]
        let found = Set(node.entries.compactMap { DefinitionKind(rawValue: $0.key.scalar) })
        guard let kind = order.first(where: found.contains) else {
            let order = order.map(\.rawValue)
            let written = node.entries.first
            return diagnostics.report(
                .unknownKind, "a document defines one of \(order.joined(separator: ", ")), and this has none of these keys",
                at: written?.key.span ?? node.span,
                suggestion: written.flatMap { nearest(to: $0.key.scalar, among: order) }.map { "did you mean `\($0)`?" })
        }
        let home: DefinitionFolder? = kind == .test ? nil : kind == .list || kind == .filter ? .lists : .campaigns
        guard home == nil || home == folder else {
            return diagnostics.report(
                .wrongFolder, "\(kind == .email ? "an" : "a") \(kind.rawValue) stands in \(folder == .lists ? "campaigns/" : "lists/")", at: node.span,
                suggestion: "move it there")
        }
        let address: Address?
        switch kind {
        case .list:
            address = list(node).map {
                file.lists.append($0); return $0.address
            }
        case .filter:
            address = filter(node).map {
                file.filters.append($0); return $0.address
            }
        case .campaign:
            address = campaign(node).map {
                file.campaigns.append($0); return $0.address
            }
        case .email:
            address = email(node).map {
                file.emails.append($0); return $0.address
            }
        case .site:
            address = site(node).map {
                file.sites.append($0); return $0.address
            }
        case .test:
            address = test(node).map {
                file.tests.append($0); return $0.address
            }
        }
        if let address { file.documents.append((address, node)) }
    }

    private func filter(_ node: Node) -> FilterDefinition? {
        guard let map = MapReader(node, DefinitionShapes.filter, diagnostics) else { return nil }
        let (id, entity) = (scalars.id(map["filter"]), scalars.id(map["entity"], underscores: true))
        let (description, tags) = (scalars.text(map["description"]), scalars.ids(map["tags"], what: "tags"))
        guard let id, let entity, let condition = map["where"] else { return nil }
        return FilterDefinition(id: id, entity: entity, condition: condition, description: description, tags: tags)
    }

    private func test(_ node: Node) -> TestDefinition? {
        guard let map = MapReader(node, DefinitionShapes.test, diagnostics) else { return nil }
        let (id, at) = (scalars.id(map["test"]), scalars.localTime(map["at"]))
        let people = scalars.list(map["people"], what: "personas")
        if let node = map["people"], node.kind == .list, people.isEmpty { scalars.fail(.badValue, "a test needs at least one person", node) }
        let subjects = [DefinitionKind.list, .filter, .email].filter { map[$0.rawValue] != nil }
        guard subjects.count == 1, let kind = subjects.first else {
            diagnostics.report(.badValue, "a test names exactly one of list, filter, email", at: node.span, suggestion: "such as `list: vip-customers`")
            return nil
        }
        guard let subject = scalars.id(map[kind.rawValue]) else { return nil }
        return id.map { TestDefinition(id: $0, subject: Located(Address(kind, subject.value), subject.span), at: at, people: people) }
    }
}
