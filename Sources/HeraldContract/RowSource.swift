package import HeraldModel

/// Contact data where it lives: a folder of CSV files, a database. Only ever read.
///
/// Every problem (a broken row, a value that is not of its column's type, a missing table or column) is reported to `diagnostics` with file, line
/// and column name and never with content; nil is returned when the table could not be read whole. Nothing is guessed, nothing is dropped.
package protocol RowSource: Sendable {
    /// Every table with its columns and their types as found by reading all rows.
    func describe(_ diagnostics: Diagnostics) -> [TableName: [PinnedColumn]]?
    /// The names of a table's columns as they are now, without reading its rows.
    func columnNames(of table: TableName, _ diagnostics: Diagnostics) -> [String]?
    func read(_ request: TableRequest, _ diagnostics: Diagnostics) -> Table?
    /// The files whose bytes are all that a table's content depends on; nil where it does not live in files, or they are not there.
    func files(of table: TableName) -> [String]?
    /// Whether it decides a condition over the rows of an entity exactly as the evaluator would; then `read` answers it where it is asked.
    func decides(_ filter: Filter, of entity: String) -> Bool
}

extension RowSource {
    package func files(of table: TableName) -> [String]? { nil }
    package func decides(_ filter: Filter, of entity: String) -> Bool { false }
}
