import HeraldModel

extension DefinitionDecoder {
    func list(_ node: Node) -> ListDefinition? {
        guard let map = MapReader(node, DefinitionShapes.list, diagnostics) else { return nil }
        let (id, name) = (scalars.id(map["list"]), scalars.line(map["name"], max: 100, what: "a name"))
        let entity = scalars.id(map["entity"], underscores: true)
        let kind = scalars.choice(map["type"], ListDefinition.Kind.self)
        let (description, owner) = (scalars.text(map["description"]), scalars.line(map["owner"], max: 100, what: "an owner"))
        let (tags, rows) = (scalars.ids(map["tags"], what: "tags"), EntityDecoder(scalars: scalars).table(map["rows"]))
        let (keepContacted, removals) = (scalars.boolean(map["keep_contacted"]), scalars.percent(map["removals"]))
        let columns = scalars.list(map["columns"], what: "columns").compactMap(column)
        let sync = sync(map["sync"])
        checkKind(kind?.value ?? .dynamic, sync, map)
        checkColumns(columns)
        guard let id, let name, let entity else { return nil }
        return ListDefinition(
            id: id, name: name, description: description, owner: owner, tags: tags, entity: entity, kind: kind, condition: map["where"], rows: rows,
            keepContacted: keepContacted, columns: columns, removals: removals, sync: sync)
    }

    private func checkKind(_ kind: ListDefinition.Kind, _ sync: [ListSync], _ map: MapReader) {
        let isExisting = sync.contains { $0.targets.contains { if case .existingSegment = $0 { true } else { false } } }
        guard !isExisting else {
            for key in ["where", "rows"] {
                if let node = map[key] {
                    scalars.fail(.badValue, "a list of an existing segment has no `\(key)`: its members are the vendor's", node, "delete it")
                }
            }
            return
        }
        if kind == .manual {
            if let node = map["where"] { scalars.fail(.badValue, "a manual list has rows, not a condition", node, "delete `where`") }
            if map["rows"] == nil, let type = map["type"] { scalars.fail(.missingKey, "a manual list needs `rows`", type, "add `rows: source.table`") }
        } else if let node = map["rows"] {
            scalars.fail(.badValue, "`rows` is for manual lists", node, "add `type: manual`, or delete it")
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
        let name = self.name(map["as"])
        let tag = scalars.line(map["tag"], max: 20, what: "a tag")
        let label = scalars.line(map["label"], max: 100, what: "a label")
        let sort = scalars.choice(map["sort"], ListColumn.Sort.self)?.value
        if let field = map["field"] {
            for (key, _) in map.extra { DefinitionShapes.column.reportUnknown(key, diagnostics) }
            return scalars.line(field, max: 200, what: "a column").map {
                ListColumn(content: .field($0), name: name ?? $0, tag: tag, label: label, sort: sort)
            }
        }
        guard map.extra.count == 1, let (key, body) = map.extra.first else {
            for (key, _) in map.extra.dropFirst() { DefinitionShapes.column.reportUnknown(key, diagnostics) }
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

    /// What templates call a column, so it must be a name there.
    private func name(_ node: Node?) -> Located<String>? {
        guard let node, let text = scalars.line(node, max: 100, what: "a name") else { return nil }
        let isName = text.value.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "_" || $0 == "-" }
        guard isName, !(text.value.utf8.first.map { 48...57 ~= $0 || $0 == 45 } ?? true) else {
            scalars.fail(.badValue, "a column's name is letters, digits, _ and -, and begins with a letter", node, "such as `first_name`")
            return nil
        }
        return text
    }

    private func sync(_ node: Node?) -> [ListSync] {
        scalars.entries(node, what: "a map by provider").compactMap { key, value in
            guard let provider = scalars.id(key) else { return nil }
            // What else is wrong with a provider that is not declared, or keeps lists by itself, is said where references are followed.
            switch providers[provider.value] ?? ProviderKind(rawValue: provider.value) ?? kind(of: value) {
            case .local: return ListSync(provider: provider, targets: [])
            case .mailchimp: return segment(value).map { ListSync(provider: provider, targets: [$0]) }
            case .dotdigital: return books(value).map { ListSync(provider: provider, targets: $0) }
            }
        }
    }

    /// What an undeclared provider seems to be.
    private func kind(of sync: Node) -> ProviderKind {
        sync.entries.contains { ["address_book", "visibility", "program"].contains($0.key.scalar) } ? .dotdigital : .mailchimp
    }

    private func segment(_ node: Node) -> ListSync.Target? {
        guard let map = MapReader(node, ProviderShapes.mailchimpSync, diagnostics) else { return nil }
        if let existing = map["existing_segment"] { return self.existing(existing, alone: node) }
        return .mailchimpSegment(scalars.line(map["segment"], max: 100, what: "a segment's name"))
    }

    private func books(_ node: Node) -> [ListSync.Target]? {
        guard let map = MapReader(node, ProviderShapes.dotdigitalSync, diagnostics) else { return nil }
        if let existing = map["existing_segment"] { return self.existing(existing, alone: node).map { [$0] } }
        let book = scalars.line(map["address_book"], max: 128, what: "an address book's name")
        let visibility = scalars.choice(map["visibility"], ProviderField.Visibility.self)?.value ?? .private
        guard let program = map["program"] else { return [.dotdigitalBook(book, visibility: visibility)] }
        let books: [ListSync.Target] = map["address_book"] == nil ? [] : [.dotdigitalBook(book, visibility: visibility)]
        return scalars.line(program, max: 128, what: "a program").map { books + [.dotdigitalProgram($0)] }
    }

    private func existing(_ node: Node, alone map: Node) -> ListSync.Target? {
        if map.entries.count > 1 { scalars.fail(.badValue, "`existing_segment` stands alone: its members are the vendor's", node, "delete the others") }
        return scalars.line(node, max: 128, what: "a segment").map { .existingSegment($0) }
    }
}
