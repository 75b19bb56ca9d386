package import HeraldModel

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension CSVSource {
    package func files(of table: TableName) -> [String]? {
        guard let path = try? DataPath(folder, root: root), let file = try? path.entry("\(table.table).csv") else { return nil }
        return [file]
    }
}

extension SQLiteSource {
    /// The database, with its log where one stands beside it.
    package func files(of table: TableName) -> [String]? {
        guard let file = try? DataPath(path, root: root).resolved else { return nil }
        return [file] + (access(file + "-wal", F_OK) == 0 ? [file + "-wal"] : [])
    }
}
