import HeraldModel

extension DefinitionDecoder {
    func list(_ node: Node) -> ListDefinition? {
        guard let map = MapReader(node, DefinitionShapes.list, diagnostics) else { return nil }
        let (id, name) = (scalars.id(map["list"]), scalars.line(map["name"], max: 100, what: "a name"))
        let entity = scalars.id(map["entity"], underscores: true)
        let kind = scalars.choice(map["type"], ListDefinition.Kind.self)
        guard let id, let name, let entity else { return nil }
        var list = ListDefinition(id: id, name: name, entity: entity)
        list.description = scalars.text(map["description"])
        list.owner = scalars.line(map["owner"])
        list.tags = scalars.ids(map["tags"], what: "tags")
        list.kind = kind?.value ?? .dynamic
        list.kindSpan = kind?.span
        list.condition = map["where"]
        list.rows = EntityDecoder(scalars: scalars).table(map["rows"])
        list.keepContacted = scalars.boolean(map["keep_contacted"])
        list.columns = scalars.list(map["columns"], what: "columns").compactMap(column)
        list.removals = scalars.percent(map["removals"])
        list.sync = sync(map["sync"])
        checkKind(list, map)
        checkColumns(list.columns)
        return list
    }

    private func checkKind(_ list: ListDefinition, _ map: MapReader) {
        if list.kind == .manual {
            if let node = map["where"] { scalars.fail(.badValue, "a manual list has rows, not a condition", node, "delete `where`") }
            if map["rows"] == nil {
                diagnostics.report(.missingKey, "a manual list needs `rows`", at: list.kindSpan ?? map.node.span, suggestion: "add `rows: source.table`")
            }
        } else if let node = map["rows"] {
            scalars.fail(.badValue, "`rows` is for manual lists", node, "add `type: manual`, or delete it")
        }
        let existing = list.sync.contains { $0.targets.contains { if case .existingSegment = $0 { true } else { false } } }
        if existing {
            for key in ["where", "rows"] {
                if let node = map[key] { scalars.fail(.badValue, "a list of an existing segment has no `\(key)`: its members are the vendor's", node) }
            }
        }
    }

    private func checkColumns(_ columns: [ListColumn]) {
        var names: Set<Text> = []
        for column in columns where !names.insert(Text(column.name.value)).inserted {
            diagnostics.report(
                .badValue, "two columns of the list are called `\(column.name.value)`", at: column.name.span, suggestion: "give one of them another `as`")
        }
    }

    private func column(_ node: Node) -> ListColumn? {
        if node.isScalar {
            return scalars.line(node, max: 200, what: "a column").map {
                ListColumn(content: .field($0), name: $0, tag: nil, label: nil, sort: nil)
            }
        }
        guard let map = MapReader(node, DefinitionShapes.column, diagnostics, takesExtra: true) else { return nil }
        let name = scalars.line(map["as"], max: 100, what: "a name")
        let tag = scalars.line(map["tag"], max: 20, what: "a tag")
        let label = scalars.line(map["label"], max: 100, what: "a label")
        let sort = scalars.choice(map["sort"], ListColumn.Sort.self)?.value
        if let field = map["field"] {
            for (key, _) in map.extra { unknownColumnKey(key) }
            return scalars.line(field, max: 200, what: "a column").map {
                ListColumn(content: .field($0), name: name ?? $0, tag: tag, label: label, sort: sort)
            }
        }
        guard map.extra.count == 1, let (key, body) = map.extra.first else {
            for (key, _) in map.extra.dropFirst() { unknownColumnKey(key) }
            if map.extra.isEmpty {
                diagnostics.report(
                    .missingKey, "a column names a `field`, or a relation to compute over", at: node.span,
                    suggestion: "such as `{field: city}` or `{as: spent, orders: {sum: total}}`")
            }
            return nil
        }
        guard let relation = scalars.id(key, underscores: true) else { return nil }
        guard let name else {
            if map["as"] == nil { diagnostics.report(.missingKey, "a computed column needs `as`", at: node.span, suggestion: "add `as: a-name`") }
            return nil
        }
        return ListColumn(content: .computed(relation: relation, body: body), name: name, tag: tag, label: label, sort: sort)
    }

    private func unknownColumnKey(_ key: Node) {
        diagnostics.report(
            .unknownKey, "a column has no key `\(key.scalar)`", at: key.span,
            suggestion: nearest(to: key.scalar, among: DefinitionShapes.column.keys.map(\.name)).map { "did you mean `\($0)`?" })
    }

    private func sync(_ node: Node?) -> [ListSync] {
        guard let node else { return [] }
        guard node.kind == .map else {
            scalars.fail(.wrongType, "`sync` is a map by provider, and this is \(node.kindName)", node)
            return []
        }
        return node.entries.compactMap { key, value in
            guard let provider = scalars.id(key) else { return nil }
            let keys = Set(value.entries.map(\.key.scalar))
            // Which vendor it is follows from what is said of it; whether it is declared, the resolver checks.
            let isBook = !keys.isDisjoint(with: ["address_book", "visibility", "program"]) || provider.value.contains("dotdigital")
            guard let map = MapReader(value, isBook ? ProviderShapes.dotdigitalSync : ProviderShapes.mailchimpSync, diagnostics) else { return nil }
            if let existing = map["existing_segment"] {
                if keys.count > 1 { scalars.fail(.badValue, "`existing_segment` stands alone: its members are the vendor's", existing) }
                return scalars.line(existing, max: 128).map { ListSync(provider: provider, targets: [.existingSegment($0)]) }
            }
            guard isBook else {
                return ListSync(provider: provider, targets: [.mailchimpSegment(scalars.line(map["segment"], max: 100, what: "a segment's name"))])
            }
            let visibility = scalars.choice(map["visibility"], ProviderField.Visibility.self)?.value ?? .private
            var targets: [ListSync.Target] = []
            if map["address_book"] != nil || map["program"] == nil {
                targets.append(.dotdigitalBook(scalars.line(map["address_book"], max: 128, what: "an address book's name"), visibility: visibility))
            }
            if let program = scalars.line(map["program"], max: 128, what: "a program") { targets.append(.dotdigitalProgram(program)) }
            return ListSync(provider: provider, targets: targets)
        }
    }
}
