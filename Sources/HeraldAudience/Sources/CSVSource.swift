import HeraldContract
package import HeraldModel
import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension Rule {
    static let unknownTable = Rule("unknown-table")
    static let unknownColumn = Rule("unknown-column")
}

/// A folder of CSV files; each `.csv` directly in it is a table, named without the extension. Tables may be read at the same time.
package final class CSVSource: RowSource {
    private let id: String
    let folder: String
    let root: String
    private let delimiter: UInt8
    private let datePattern: DatePattern?
    private let zone: Zone
    private let files: SourceMap
    /// The files seen so far, so that each is known to the run by one id.
    private let fileIDs = Mutex<[String: FileID]>([:])
    private let at: SourceSpan
    private let snapshots: ColumnSnapshots?
    private let stretch: Int

    /// `folder` is relative to the workspace at `root`; `at` is where the definition names it.
    /// `stretch`: how many bytes of a file one core reads at a time.
    init(
        id: String, folder: String, root: String, delimiter: UInt8?, datePattern: DatePattern?, zone: Zone, files: SourceMap, at: SourceSpan,
        snapshots: ColumnSnapshots? = nil, stretch: Int = CSVTableReading.stretch
    ) {
        self.snapshots = snapshots
        self.stretch = stretch
        self.id = id
        self.folder = folder
        self.root = root
        self.delimiter = delimiter ?? UInt8(ascii: ",")
        self.datePattern = datePattern
        self.zone = zone
        self.files = files
        self.at = at
    }

    package func describe(_ diagnostics: Diagnostics) -> [TableName: [PinnedColumn]]? {
        guard let path = location(diagnostics), let names = tables(in: path, diagnostics) else { return nil }
        if names.isEmpty { diagnostics.report(.unknownTable, "the folder \(folder) of source \(id) has no .csv files", at: at) }
        var found: [TableName: [PinnedColumn]] = [:]
        for name in names {
            if let columns = describe(name, path, diagnostics) { found[TableName(source: id, table: name)] = columns }
        }
        return found.count == names.count && !names.isEmpty ? found : nil
    }

    private func describe(_ table: String, _ path: DataPath, _ diagnostics: Diagnostics) -> [PinnedColumn]? {
        guard var records = open(table, path, diagnostics) else { return nil }
        var columns = records.header.map { _ in ColumnInference(folderPattern: datePattern) }
        while records.next() {
            for index in columns.indices { columns[index].add(records.reader.cell(index)) }
        }
        guard records.finish() else { return nil }
        return zip(columns, records.header).map { $0.column(named: $1) }
    }

    package func columnNames(of table: TableName, _ diagnostics: Diagnostics) -> [String]? {
        guard let path = location(diagnostics) else { return nil }
        return open(table.table, path, diagnostics)?.header
    }

    package func read(_ request: TableRequest, _ diagnostics: Diagnostics) -> Table? {
        guard let path = location(diagnostics), var records = open(request.table.table, path, diagnostics) else { return nil }
        let wanted = request.lookedAt
        let places = wanted.map { column in records.header.firstIndex { Text($0) == Text(column.name) } }
        for (column, place) in zip(wanted, places) where place == nil {
            let near = nearest(to: column.name, among: records.header)
            records.problems.report(
                .unknownColumn, at: Int64(records.headerLine), "table \(request.table) has no column \(column.name)",
                suggestion: near.map { "did you mean \($0)?" })
        }
        let slots = places.compactMap { $0 }
        guard slots.count == places.count,
            var filler = TableFiller(request, zone: zone, folderPattern: datePattern, hasLines: true, diagnostics)
        else {
            _ = records.finish()
            return nil
        }
        if let table = kept(request, records, path) ?? table(request, records) { return records.finish() ? table : nil }
        // In order, to tell what is wrong.
        var cells = [Cell](repeating: .empty, count: slots.count)
        while records.next() {
            for (index, slot) in slots.enumerated() {
                let bytes = records.reader.cell(slot)
                cells[index] = bytes.isEmpty ? .empty : .text(bytes)
            }
            filler.add(cells, at: Int64(records.reader.line), &records.problems)
        }
        if !records.reader.isUnchanged {
            records.problems.report(
                .sourceUnreadable, at: 1, "the file changed while it was read", suggestion: "run it again when nothing writes to the file, or rename whole files into place")
        }
        return records.finish() ? filler.finish() : nil
    }

    /// The table from what is kept of the file, which is made where it is not there; nil where the file is small, or cannot be kept.
    private func kept(_ request: TableRequest, _ records: CSVRecords, _ path: DataPath) -> Table? {
        guard let snapshots, records.reader.identity.size >= snapshots.least, let use = snapshots.use(request.table), Set(use.columns).isSuperset(of: request.columns),
            request.key.map(use.keys.contains) ?? true, let file = try? path.entry(request.table.table + ".csv")
        else { return nil }
        let reading = "\(delimiter) \(datePattern?.description ?? "") \(zone.identifier) \(zone.fingerprint)"
        let origin = SnapshotOrigin(table: request.table, path: file, identity: records.reader.identity, use: use, reading: reading)
        if let table = snapshots.load(origin, request) { return narrowed(table, request) }
        guard let table = table(TableRequest(table: request.table, columns: use.columns, key: nil), records) else { return nil }
        for key in use.keys { guard let column = table.column(named: key), table.columns[column].isKey else { return nil } }
        snapshots.save(table, origin)
        let columns = request.columns.compactMap { wanted in table.column(named: wanted.name).map { table.columns[$0] } }
        return narrowed(Table(name: table.name, columns: columns, rowCount: table.rowCount, lines: table.lines), request)
    }

    private func narrowed(_ table: Table, _ request: TableRequest) -> Table {
        guard let narrowing = request.narrowing else { return table }
        let candidates = NarrowingTest(narrowing, request.columns).candidates(table.columns, rows: table.rowCount)
        return Table(name: table.name, columns: table.columns, rowCount: table.rowCount, lines: table.lines, candidates: candidates)
    }

    /// The table read on all cores; nil where anything is wrong with the file.
    private func table(_ request: TableRequest, _ records: CSVRecords) -> Table? {
        let (reader, wanted, unheard) = (records.reader, request.lookedAt, Diagnostics())
        let fillers = wanted.compactMap { ColumnFiller($0, zone: zone, folderPattern: datePattern, unheard) }
        let slots = wanted.compactMap { column in records.header.firstIndex { Text($0) == Text(column.name) } }
        guard fillers.count == wanted.count, slots.count == wanted.count, Set(slots).count == slots.count, let size = Int(exactly: reader.identity.size),
            size >= reader.following.offset
        else { return nil }
        var slotOfColumn = [Int](repeating: -1, count: records.header.count)
        for (slot, column) in slots.enumerated() { slotOfColumn[column] = slot }
        let layout = CSVStretch.Layout(
            descriptor: reader.descriptor, fileSize: size, delimiter: delimiter, columnCount: records.header.count, slots: slotOfColumn, wanted: slots.count)
        guard let found = CSVTableReading(layout, fillers, start: reader.following, zone: zone, stretch: stretch).read(), reader.isUnchanged else { return nil }
        if let key = request.key {
            guard let column = wanted.firstIndex(where: { Text($0.name) == Text(key) }), found.columns[column].isKey else { return nil }
        }
        let table = Table(name: request.table, columns: found.columns, rowCount: found.rowCount, lines: found.lines)
        let narrowed = narrowed(table, TableRequest(table: request.table, columns: wanted, key: nil, narrowing: request.narrowing))
        return Table(
            name: request.table, columns: Array(found.columns.prefix(request.columns.count)), rowCount: found.rowCount, lines: found.lines,
            candidates: narrowed.candidates)
    }

    private func location(_ diagnostics: Diagnostics) -> DataPath? {
        do throws(DataPath.Problem) {
            return try DataPath(folder, root: root)
        } catch {
            let reason = error == .missing ? "does not exist" : "is a link that leads out of the workspace"
            diagnostics.report(.sourceUnreadable, "the folder \(folder) of source \(id) \(reason)", at: at)
            return nil
        }
    }

    /// The names of all tables, sorted.
    private func tables(in path: DataPath, _ diagnostics: Diagnostics) -> [String]? {
        guard let stream = opendir(path.resolved) else {
            diagnostics.report(
                .sourceUnreadable, "the folder \(folder) of source \(id) cannot be read: \(String(cString: strerror(errno)))", at: at)
            return nil
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name.utf8.count > 4, name.hasSuffix(".csv"), !name.hasPrefix(".") { names.append(String(name.dropLast(4))) }
        }
        return names.sorted { Text($0) < Text($1) }
    }

    private func open(_ table: String, _ path: DataPath, _ diagnostics: Diagnostics) -> CSVRecords? {
        let shown = folder + (folder.hasSuffix("/") ? "" : "/") + table + ".csv"
        guard !table.isEmpty, !table.utf8.contains(UInt8(ascii: "/")), !table.utf8.contains(0) else {
            diagnostics.report(.unknownTable, "`\(table)` is not the name of a table in source \(id)", at: at)
            return nil
        }
        let resolved: String
        do throws(DataPath.Problem) {
            resolved = try path.entry(table + ".csv")
        } catch {
            if error == .leavesWorkspace {
                diagnostics.report(.sourceUnreadable, "\(shown) is a link that leads out of the workspace", at: at)
            } else {
                let near = tables(in: path, diagnostics).flatMap { nearest(to: table, among: $0) }
                diagnostics.report(
                    .unknownTable, "source \(id) has no table \(table): there is no \(shown)", at: at,
                    suggestion: near.map { "did you mean \(id).\($0)?" })
            }
            return nil
        }
        do throws(DataFile.Problem) {
            let reader = CSVReader(file: try DataFile(path: resolved), delimiter: delimiter)
            return CSVRecords(reader, fileID(shown), delimiter: delimiter, diagnostics)
        } catch {
            diagnostics.report(.sourceUnreadable, "\(shown) \(error.message)", at: at)
            return nil
        }
    }

    private func fileID(_ path: String) -> FileID {
        fileIDs.withLock { held in
            if let known = held[path] { return known }
            let added = files.addData(path: path)
            held[path] = added
            return added
        }
    }
}
