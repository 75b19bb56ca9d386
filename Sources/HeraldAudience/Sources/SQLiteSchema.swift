import HeraldDatabase
import HeraldModel

/// The columns of one table or view, and the one way to select from it.
struct SQLiteSchema {
    struct Column {
        let name: String
        /// As the table declares it, in capitals; empty in most columns of views.
        let declared: String
    }

    let table: String
    let columns: [Column]
    /// The name under which a row's number can be asked for; nil in views and in tables without one.
    private let rowID: String?

    var hasRowID: Bool { rowID != nil }

    init(_ table: String, _ connection: DatabaseConnection) throws {
        self.table = table
        // Hidden 1 are the parameters of virtual tables; generated columns are 2 and 3.
        let found = try connection.all("SELECT name, upper(type), hidden FROM pragma_table_xinfo(?)", [.text(table)]) { row in
            (name: try row.text(0) ?? "", declared: try row.text(1) ?? "", hidden: try row.integer(2) ?? 0)
        }
        columns = found.filter { $0.hidden != 1 }.map { Column(name: $0.name, declared: $0.declared) }
        let taken = Set(found.map { $0.name.lowercased() })
        let free = ["rowid", "_rowid_", "oid"].first { !taken.contains($0) }
        let isPlain = try connection.scalar(
            "SELECT 1 FROM pragma_table_list WHERE schema = 'main' AND name = ? AND type = 'table' AND wr = 0", [.text(table)])
        rowID = isPlain == nil ? nil : free
    }

    /// All tables and views, sorted.
    static func tables(_ connection: DatabaseConnection) throws -> [String] {
        let query = "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        return try connection.all(query) { try $0.text(0) ?? "" }.sorted { Text($0) < Text($1) }
    }

    /// Whether SQLite itself keeps a column free of equal values: it is the primary key, and its affinity gives each value one form.
    func isUnique(_ name: String, _ connection: DatabaseConnection) throws -> Bool {
        guard let declared = columns.first(where: { Text($0.name) == Text(name) })?.declared, ["INT", "CHAR", "CLOB", "TEXT"].contains(where: declared.contains)
        else { return false }
        let keys = try connection.all("SELECT name FROM pragma_table_info(?) WHERE pk > 0", [.text(table)]) { try $0.text(0) ?? "" }
        return keys.count == 1 && Text(keys[0]) == Text(name)
    }

    /// Selects the row's number (0 where it has none), then the columns. Rows come by number.
    func select(_ names: [String], where condition: String? = nil) -> String {
        var query = "SELECT \(([rowID ?? "0"] + names.map(SQLiteSchema.quoted)).joined(separator: ", ")) FROM \(SQLiteSchema.quoted(table))"
        if let condition { query += " WHERE \(condition)" }
        if let rowID { query += " ORDER BY \(rowID)" }
        return query
    }

    /// An identifier, whatever characters it has.
    static func quoted(_ name: String) -> String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
