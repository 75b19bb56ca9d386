package import HeraldModel

/// `herald.columns.yaml`: the columns of every source, written by `herald source describe` and committed, so that validate works without the data.
package enum ColumnsFile {
    package static let name = "herald.columns.yaml"

    private static let shape = MapShape(
        "column", "A column as found.",
        [
            KeyShape("type", "type", required: true, "Its type."), KeyShape("format", "Unicode pattern", "How its dates are written."),
            KeyShape("empty", "true, false", fallback: "false", "Whether some rows have it empty."),
            KeyShape("ambiguous", "text", "Why its type is not sure."),
        ])

    /// A database's column of lists is many-valued by itself; the separator is that of a field that names none.
    private static let types = ColumnType.plain + [.many(split: ";")]

    package static func encode(_ columns: PinnedColumns) -> String {
        var lines = ["# Written by `herald source describe`. Commit it, so that `herald validate` knows the columns without the data."]
        for (table, list) in columns.tables.sorted(by: { $0.key < $1.key }) {
            lines.append("\(quoted(table.description)):")
            for column in list {
                var parts = ["type: \(column.type.name)"]
                if let format = column.format { parts.append("format: \(quoted(format))") }
                if column.mayBeEmpty { parts.append("empty: true") }
                if let ambiguity = column.ambiguity { parts.append("ambiguous: \(quoted(ambiguity))") }
                lines.append("  \(quoted(column.name)): {\(parts.joined(separator: ", "))}")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    package static func decode(_ tree: DocumentTree, _ diagnostics: Diagnostics) -> PinnedColumns {
        let scalars = Scalars(diagnostics: diagnostics, variables: .refused)
        var columns = PinnedColumns()
        guard tree.root.kind == .map else {
            scalars.fail(.wrongType, "\(name) is a map by table", tree.root, "write it with `herald source describe`")
            return columns
        }
        for (key, value) in tree.root.entries {
            guard let dot = key.scalar.firstIndex(of: "."), value.kind == .map else {
                scalars.fail(.badValue, "a table is written source.table, with a map of its columns", key, "write it with `herald source describe`")
                continue
            }
            let table = TableName(source: String(key.scalar[..<dot]), table: String(key.scalar[key.scalar.index(after: dot)...]))
            columns.tables[table] = value.entries.compactMap { name, body in
                guard let map = MapReader(body, shape, diagnostics), let type = scalars.oneOf(map["type"], types.map(\.name), what: "a type") else { return nil }
                return PinnedColumn(
                    name: name.scalar, type: types.first { $0.name == type.value } ?? .text, format: scalars.line(map["format"])?.value,
                    mayBeEmpty: scalars.boolean(map["empty"])?.value ?? false, ambiguity: scalars.line(map["ambiguous"])?.value)
            }
        }
        return columns
    }

    /// Double-quoted where a plain scalar would not be read as the same text.
    private static func quoted(_ text: String) -> String {
        let isPlain =
            text.utf8.first.map { 65...90 ~= $0 || 97...122 ~= $0 } ?? false
            && text.utf8.allSatisfy { 65...90 ~= $0 || 97...122 ~= $0 || 48...57 ~= $0 || $0 == 95 || $0 == 45 || $0 == 46 }
        if isPlain, CoreSchema.kind(of: text) == .text { return text }
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
