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
        entity.fields = pairs(map["fields"]).compactMap { field($0.key, $0.value) }
        entity.relations = pairs(map["relations"]).compactMap { relation($0.key, $0.value) }
        entity.changes = map["changes"].flatMap(changes)
        return entity
    }

    func column(_ node: Node?) -> Located<String>? { scalars.line(node, max: 200, what: "a column") }

    func table(_ node: Node?) -> Located<TableName>? {
        guard let node, let text = scalars.line(node, max: 300, what: "a table") else { return nil }
        guard let dot = text.value.firstIndex(of: "."), Address.isID(String(text.value[..<dot]), underscores: true), text.value.last != "." else {
            scalars.fail(.badValue, "a table is written source.table", node, "such as `crm.contacts`")
            return nil
        }
        return Located(
            TableName(source: String(text.value[..<dot]), table: String(text.value[text.value.index(after: dot)...])), text.span)
    }

    private func pairs(_ node: Node?) -> [(key: Node, value: Node)] {
        guard let node else { return [] }
        guard node.kind == .map else {
            diagnostics.report(.wrongType, "a map was expected here, and this is \(node.kindName)", at: node.span)
            return []
        }
        return node.entries
    }

    private func consent(_ node: Node) -> Located<ConsentDefinition>? {
        guard let map = MapReader(node, SettingsShapes.consent, diagnostics) else { return nil }
        if let assumed = map["assumed"] {
            guard map["column"] == nil, map["at"] == nil, map["evidence"] == nil else {
                scalars.fail(.badValue, "consent is read from a column or assumed, not both", assumed)
                return nil
            }
            return scalars.text(assumed, max: 500, what: "a reason").map { Located(.assumed($0.value), node.span) }
        }
        guard let column = column(map["column"]) else {
            if map["column"] == nil {
                diagnostics.report(
                    .missingKey, "`consent` needs `column`, or `assumed` with a reason", at: node.span,
                    suggestion: "add `column: …`, or `assumed: why you may mail them`")
            }
            return nil
        }
        return Located(.column(column, at: self.column(map["at"]), evidence: self.column(map["evidence"])), node.span)
    }

    private func field(_ key: Node, _ node: Node) -> FieldDefinition? {
        guard let name = column(key) else { return nil }
        if node.isScalar {
            guard node.scalar != "enum" else {
                scalars.fail(.badValue, "an enum needs its values", node, "write `{type: enum, values: […]}`")
                return nil
            }
            guard node.scalar != "many" else { return FieldDefinition(name: name, type: Located(.many(split: ";"), node.span), format: nil) }
            return type(node, nil).map { FieldDefinition(name: name, type: Located($0, node.span), format: nil) }
        }
        guard let map = MapReader(node, SettingsShapes.field, diagnostics), let typeNode = map["type"] else { return nil }
        let format = scalars.line(map["format"], max: 50, what: "a date format")
        if scalars.boolean(map["many"])?.value == true || typeNode.scalar == "many" {
            let split = scalars.text(map["split"], max: 10, what: "a separator")?.value ?? ";"
            return FieldDefinition(name: name, type: Located(.many(split: split), typeNode.span), format: nil)
        }
        guard let type = type(typeNode, map["values"]) else { return nil }
        if let node = map["format"], !type.isTime { scalars.fail(.badValue, "`format` is for dates", node) }
        if let node = map["split"] { scalars.fail(.badValue, "`split` is for many-valued fields", node, "add `many: true`") }
        return FieldDefinition(name: name, type: Located(type, typeNode.span), format: format?.value)
    }

    private func type(_ node: Node, _ values: Node?) -> ColumnType? {
        let simple: [String: ColumnType] = [
            "text": .text, "integer": .integer, "decimal": .decimal, "boolean": .boolean, "date": .date, "datetime": .datetime,
        ]
        if node.isScalar, node.scalar == "enum" {
            let texts = scalars.list(values, what: "values").compactMap { scalars.text($0, max: 500, what: "a value") }
            guard !texts.isEmpty else {
                if values == nil { scalars.fail(.missingKey, "an enum needs its values", node, "add `values: […]`") }
                return nil
            }
            return .enum(texts.map { Text($0.value) })
        }
        if let values { scalars.fail(.badValue, "`values` is for enums", values) }
        if node.isScalar, let type = simple[node.scalar] { return type }
        let names = simple.keys.sorted() + ["enum", "many"]
        scalars.fail(
            .badValue, "a type is one of \(names.joined(separator: ", "))", node, nearest(to: node.scalar, among: names).map { "did you mean `\($0)`?" })
        return nil
    }

    private func relation(_ key: Node, _ node: Node) -> RelationDefinition? {
        guard let id = scalars.id(key, underscores: true), let map = MapReader(node, SettingsShapes.relation, diagnostics) else { return nil }
        guard (map["one"] == nil) != (map["many"] == nil) else {
            diagnostics.report(.badValue, "a relation is exactly one of `one` and `many`", at: node.span, suggestion: "write `{many: order, by: contact_id}`")
            return nil
        }
        guard let entity = scalars.id(map["one"] ?? map["many"], underscores: true), let by = column(map["by"]) else { return nil }
        return RelationDefinition(id: id, kind: map["one"] == nil ? .many : .one, entity: entity, by: by)
    }

    private func changes(_ node: Node) -> ChangesDefinition? {
        guard let map = MapReader(node, SettingsShapes.changes, diagnostics), let from = table(map["from"]), let key = column(map["key"]),
            let field = column(map["field"]), let at = column(map["at"])
        else { return nil }
        return ChangesDefinition(from: from, key: key, field: field, old: column(map["old"]), new: column(map["new"]), at: at)
    }
}
