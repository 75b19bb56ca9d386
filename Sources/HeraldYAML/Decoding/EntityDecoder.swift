import HeraldModel

/// `entities.ID`.
struct EntityDecoder {
    let scalars: Scalars
    private var diagnostics: Diagnostics { scalars.diagnostics }

    func decode(_ id: Located<String>, _ node: Node) -> EntityDefinition? {
        guard let map = MapReader(node, SettingsShapes.entity, diagnostics) else { return nil }
        let table = self.table(map["from"])
        let key = column(map["key"])
        guard let table, let key else { return nil }
        var entity = EntityDefinition(id: id, from: table, key: key)
        entity.email = column(map["email"])
        entity.phone = column(map["phone"])
        entity.timezone = column(map["timezone"])
        entity.language = column(map["language"])
        entity.consent = map["consent"].flatMap(consent)
        entity.fields = scalars.entries(map["fields"], what: "a map of columns").compactMap { field($0.key, $0.value) }
        entity.relations = scalars.entries(map["relations"], what: "a map of relations").compactMap { relation($0.key, $0.value) }
        entity.changes = map["changes"].flatMap(changes)
        return entity
    }

    func column(_ node: Node?) -> Located<String>? { scalars.line(node, max: 200, what: "a column") }

    func table(_ node: Node?) -> Located<TableName>? {
        guard let node, let text = scalars.line(node, max: 300, what: "a table") else { return nil }
        guard let dot = text.value.firstIndex(of: "."), Address.isID(String(text.value[..<dot])), text.value.last != "." else {
            scalars.fail(.badValue, "a table is written source.table", node, "such as `crm.contacts`")
            return nil
        }
        return Located(
            TableName(source: String(text.value[..<dot]), table: String(text.value[text.value.index(after: dot)...])), text.span)
    }

    private func consent(_ node: Node) -> Located<ConsentDefinition>? {
        guard let map = MapReader(node, SettingsShapes.consent, diagnostics) else { return nil }
        if let assumed = map["assumed"] {
            guard map["column"] == nil, map["at"] == nil, map["evidence"] == nil else {
                scalars.fail(.badValue, "consent is read from a column or assumed, not both", assumed, "keep one of them")
                return nil
            }
            return scalars.text(assumed, max: 500, what: "a reason").map { Located(.assumed($0.value), node.span) }
        }
        let (at, evidence) = (self.column(map["at"]), self.column(map["evidence"]))
        guard let column = column(map["column"]) else {
            if map["column"] == nil {
                diagnostics.report(
                    .missingKey, "`consent` needs `column`, or `assumed` with a reason", at: node.span,
                    suggestion: "add `column: …`, or `assumed: why you may mail them`")
            }
            return nil
        }
        return Located(.column(column, at: at, evidence: evidence), node.span)
    }

    private func field(_ key: Node, _ node: Node) -> FieldDefinition? {
        guard let name = column(key) else { return nil }
        if node.isScalar { return type(node, values: nil).map { FieldDefinition(name: name, type: Located($0, node.span), format: nil) } }
        guard let map = MapReader(node, SettingsShapes.field, diagnostics), let typeNode = map["type"] else { return nil }
        let (format, split) = (scalars.line(map["format"], max: 50, what: "a date format"), scalars.text(map["split"], max: 10, what: "a separator"))
        let isMany = scalars.boolean(map["many"])?.value ?? false
        guard let type = type(typeNode, values: map["values"]) else { return nil }
        if let node = map["format"], !type.isTime { scalars.fail(.badValue, "`format` is for dates", node, "delete it") }
        if let node = map["split"], !isMany { scalars.fail(.badValue, "`split` is for fields of several values", node, "add `many: true`") }
        guard isMany else { return FieldDefinition(name: name, type: Located(type, typeNode.span), format: format?.value) }
        guard type == .text else {
            scalars.fail(.badValue, "a field of several values is text", typeNode, "write `type: text`")
            return nil
        }
        return FieldDefinition(name: name, type: Located(.many(split: split?.value ?? ";"), typeNode.span), format: nil)
    }

    private func type(_ node: Node, values: Node?) -> ColumnType? {
        guard let name = scalars.oneOf(node, ColumnType.plain.map(\.name) + ["enum"], what: "a type") else { return nil }
        guard name.value == "enum" else {
            if let values { scalars.fail(.badValue, "`values` is for enums", values, "write `type: enum`, or delete them") }
            return ColumnType.plain.first { $0.name == name.value }
        }
        guard let values else {
            scalars.fail(.missingKey, "an enum needs its values", node, "write `{type: enum, values: […]}`")
            return nil
        }
        var texts: [Text] = []
        var seen: Set<Text> = []
        for value in scalars.list(values, what: "values") {
            guard let text = scalars.text(value, max: 500, what: "a value") else { continue }
            guard seen.insert(Text(text.value)).inserted else {
                scalars.fail(.badValue, "the value `\(text.value)` stands here a second time", value, "keep one of them")
                continue
            }
            texts.append(Text(text.value))
        }
        if values.kind == .list, values.elements.isEmpty { scalars.fail(.badValue, "an enum has at least one value", values) }
        return texts.isEmpty ? nil : .enum(texts)
    }

    private func relation(_ key: Node, _ node: Node) -> RelationDefinition? {
        let id = scalars.id(key, underscores: true)
        guard let map = MapReader(node, SettingsShapes.relation, diagnostics) else { return nil }
        guard (map["one"] == nil) != (map["many"] == nil) else {
            diagnostics.report(.badValue, "a relation is exactly one of `one` and `many`", at: node.span, suggestion: "write `{many: order, by: contact_id}`")
            return nil
        }
        let (entity, by) = (scalars.id(map["one"] ?? map["many"], underscores: true), column(map["by"]))
        guard let id, let entity, let by else { return nil }
        return RelationDefinition(id: id, kind: map["one"] == nil ? .many : .one, entity: entity, by: by)
    }

    private func changes(_ node: Node) -> ChangesDefinition? {
        guard let map = MapReader(node, SettingsShapes.changes, diagnostics) else { return nil }
        let (from, key, field, at) = (table(map["from"]), column(map["key"]), column(map["field"]), column(map["at"]))
        let (old, new) = (column(map["old"]), column(map["new"]))
        guard let from, let key, let field, let at else { return nil }
        return ChangesDefinition(from: from, key: key, field: field, old: old, new: new, at: at)
    }
}

extension ColumnType {
    /// The types that need nothing but their name.
    static let plain: [ColumnType] = [.text, .integer, .decimal, .boolean, .date, .datetime]
}
