import HeraldDatabase
import HeraldModel

/// The columns of a table, view or foreign table of PostgreSQL, and how each is read.
struct PostgresSchema {
    struct Column {
        let name: String
        /// The name of its type, of a domain the type behind it; of an array the type of its elements.
        let type: String
        let isArray: Bool
        let isEnum: Bool
        let isNotNull: Bool
        /// Whether its texts are compared by rules of their own, under which some may count as equal that differ in their bytes.
        let hasOwnCollation: Bool
    }

    /// As it is written in SQL.
    let sql: String
    let columns: [Column]
    /// Columns that the server itself keeps filled and unique.
    let uniqueColumns: Set<String>

    /// Nil where there is no such table. A name without a point is looked for along the role's `search_path`; one with points may also be `schema.table`.
    init?(_ table: String, _ connection: borrowing PostgresConnection) throws(ServerFailure) {
        var written = [PostgresText.quoted(table)]
        if let dot = table.firstIndex(of: ".") {
            written.append(PostgresText.quoted(String(table[..<dot])) + "." + PostgresText.quoted(String(table[table.index(after: dot)...])))
        }
        var found: (sql: String, oid: String)?
        for name in written where found == nil {
            let oids = try connection.all("SELECT c.oid FROM pg_class c WHERE c.oid = to_regclass($1) AND c.relkind IN ('r', 'v', 'm', 'f', 'p')", [name]) { $0.text(0) ?? "" }
            found = oids.first.map { (name, $0) }
        }
        guard let found else { return nil }
        sql = found.sql
        columns = try connection.all(PostgresSchema.columnsQuery, [found.oid]) { row in
            let isArray = row.text(2) != nil
            return Column(
                name: row.text(0) ?? "", type: row.text(2) ?? row.text(1) ?? "", isArray: isArray, isEnum: row.text(3) == "e", isNotNull: row.text(4) == "t",
                hasOwnCollation: row.text(5) == "f" || row.text(1) == "citext")
        }
        uniqueColumns = Set(try connection.all(PostgresSchema.uniqueQuery, [found.oid]) { $0.text(0) ?? "" })
    }

    func column(_ name: String) -> Column? { columns.first { Text($0.name) == Text(name) } }

    /// Tables that can be named without a schema, then the others, each in order.
    static func tables(_ connection: borrowing PostgresConnection) throws(ServerFailure) -> [String] {
        try connection.all(
            """
            SELECT CASE WHEN pg_table_is_visible(c.oid) THEN c.relname ELSE n.nspname || '.' || c.relname END
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
            ORDER BY NOT pg_table_is_visible(c.oid), 1
            """
        ) { $0.text(0) ?? "" }
    }

    /// Name, type, element type where it is an array, kind of the type, NOT NULL, whether its collation is that of the database.
    private static let columnsQuery = """
        SELECT a.attname, b.typname, e.typname, coalesce(e.typtype, b.typtype), a.attnotnull, a.attcollation IN (0, 100)
        FROM pg_attribute a
        CROSS JOIN LATERAL (
            WITH RECURSIVE d AS (
                SELECT t.oid, t.typtype, t.typbasetype FROM pg_type t WHERE t.oid = a.atttypid
                UNION ALL SELECT t.oid, t.typtype, t.typbasetype FROM d JOIN pg_type t ON t.oid = d.typbasetype WHERE d.typtype = 'd'
            ) SELECT oid FROM d WHERE typtype <> 'd'
        ) d
        JOIN pg_type b ON b.oid = d.oid
        LEFT JOIN pg_type e ON e.oid = b.typelem AND b.typcategory = 'A'
        WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY a.attnum
        """

    private static let uniqueQuery = """
        SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        WHERE i.indrelid = $1::oid AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indnkeyatts = 1 AND a.attnotnull
        """
}

extension PostgresSchema.Column {
    var quoted: String { PostgresText.quoted(name) }

    /// `char(10)` is filled up with spaces that mean nothing, and a truth is written as `t`; as text both say what they are.
    func selected(from alias: String) -> String { "\(alias).\(quoted)" + (!isArray && (type == "bpchar" || type == "bool") ? "::text" : "") }

    var isText: Bool { isEnum || ["text", "varchar", "bpchar", "citext", "name", "char", "uuid", "inet", "cidr", "macaddr", "macaddr8"].contains(type) }
    var isFraction: Bool { !isArray && (type == "float4" || type == "float8") }
    /// May hold zero characters.
    var mayBeBlank: Bool { !isArray && isText && !isEnum && ["text", "varchar", "bpchar", "citext", "name", "char"].contains(type) }

    /// What it is read as where `fields` says nothing, and what makes that unsure.
    var reading: (type: ColumnType, ambiguity: String?) {
        if isArray {
            return isText ? (.many(split: ";"), nil) : (.text, "it holds arrays of \(type), which herald cannot read")
        }
        if isText { return (.text, nil) }
        switch type {
        case "int2", "int4", "int8": return (.integer, nil)
        case "numeric": return (.decimal, nil)
        case "bool": return (.boolean, nil)
        case "date": return (.date, nil)
        case "timestamp", "timestamptz": return (.datetime, nil)
        case "float4", "float8": return (.text, "it holds binary fractions; write `fields: {\(name): decimal}` to read them as their shortest decimals")
        case "bytea": return (.text, "it holds binary data, which herald cannot read")
        default: return (.text, "its type is \(type), which means nothing to herald; write `fields: {\(name): text}` to read it as PostgreSQL writes it")
        }
    }
}
