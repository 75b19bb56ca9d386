import HeraldModel

extension Rule {
    static let csvHeader = Rule("csv-header")
    static let csvColumns = Rule("csv-columns")
    static let csvDelimiter = Rule("csv-delimiter", .warning)
}

/// The rows of a CSV file under its header. Records that are broken are reported and passed over, so that all of them are found.
struct CSVRecords {
    let reader: CSVReader
    private(set) var header: [String]
    private(set) var headerLine: UInt32
    var problems: DataProblems

    /// Reads the header; nil where there is none, or it does not name its columns; reported.
    init?(_ reader: CSVReader, _ file: FileID, delimiter: UInt8, _ diagnostics: Diagnostics) {
        self.reader = reader
        problems = DataProblems(.file(file), diagnostics)
        header = []
        headerLine = 1
        do throws(CSVFault) {
            guard try reader.next() else {
                problems.report(.csvHeader, at: 1, "the file is empty; its first line names the columns")
                return nil
            }
        } catch {
            report(error)
            return nil
        }
        headerLine = reader.line
        guard reader.count <= CSVReader.columnLimit else {
            report(CSVFault(kind: .manyColumns, line: reader.line, column: 0))
            return nil
        }
        for fault in reader.faults { report(fault) }
        guard problems.count == 0 else {
            problems.finish()
            return nil
        }
        let names = (0..<reader.count).map { String(decoding: reader.cell($0), as: UTF8.self) }
        checkNames(names)
        guard problems.count == 0 else {
            problems.finish()
            return nil
        }
        header = names
        warnOfDelimiter(delimiter)
    }

    private mutating func checkNames(_ names: [String]) {
        var first: [Text: Int] = [:]
        for (index, name) in names.enumerated() {
            if name.utf8.allSatisfy({ $0 == 0x20 || $0 == 9 }) {
                problems.report(.csvHeader, at: Int64(headerLine), "column \(index + 1) has no name in the header")
            } else if EmailAddress(name) != nil {
                problems.report(
                    .csvHeader, at: Int64(headerLine), "column \(index + 1) of the header is an address, so this is a row of people and no header",
                    suggestion: "put a first line into the file that names the columns")
            } else if let earlier = first.updateValue(index, forKey: Text(name)) {
                problems.report(.csvHeader, at: Int64(headerLine), "columns \(earlier + 1) and \(index + 1) have one name; names in the header are unique")
            }
        }
    }

    /// A header of one column that holds another usual delimiter was most likely written with that one.
    private mutating func warnOfDelimiter(_ delimiter: UInt8) {
        let usual = [";", "\t", "|", ","]
        guard header.count == 1, let other = usual.first(where: { $0.utf8.first != delimiter && header[0].utf8.contains($0.utf8.first ?? 0) }) else { return }
        let shown = other == "\t" ? "\\t" : other
        problems.report(
            .csvDelimiter, at: Int64(headerLine), "the header is one column that holds `\(shown)`",
            suggestion: "if that parts the columns, write `delimiter: \"\(shown)\"` beside `csv` in the source")
    }

    /// Moves to the next row that is whole; false at the end of the file, or where nothing more can be read.
    mutating func next() -> Bool {
        while true {
            do throws(CSVFault) {
                guard try reader.next() else { return false }
            } catch {
                report(error)
                return false
            }
            if !reader.faults.isEmpty {
                for fault in reader.faults { report(fault) }
            } else if reader.count != header.count {
                problems.report(
                    .csvColumns, at: Int64(reader.line),
                    "the row has \(reader.count) \(reader.count == 1 ? "column" : "columns") where the header has \(header.count)")
            } else {
                return true
            }
        }
    }

    /// Whether the file was read whole. Called once, after the last row.
    func finish() -> Bool {
        problems.finish()
        return problems.count == 0
    }

    private mutating func report(_ fault: CSVFault) {
        let named = fault.column < header.count ? header[fault.column] : ""
        // Where the header is missing, its names are somebody's values; only what reads like a name is shown.
        let isName =
            !named.isEmpty && named.utf8.count <= 64
            && named.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || $0.properties.numericType != nil || " _-./()#%".unicodeScalars.contains($0) }
        let name = isName ? named : String(fault.column + 1)
        problems.report(fault.rule, at: Int64(fault.line), fault.message(name), suggestion: fault.suggestion)
    }
}
