import HeraldModel

extension Rule {
    static let csvSyntax = Rule("csv-syntax")
    static let csvLimit = Rule("csv-limit")
    static let dataEncoding = Rule("data-encoding")
    static let sourceUnreadable = Rule("source-unreadable")
}

/// What is wrong with a record of a CSV file, and in which of its columns (counted from 0).
struct CSVFault: Error, Equatable {
    enum Kind: Equatable {
        case unclosedQuote, textAfterQuote, controlCharacter, notUTF8
        case longField, longRecord, manyColumns
        case unreadable(String)
    }

    let kind: Kind
    /// Where the field starts.
    let line: UInt32
    let column: Int

    /// Whether nothing after it can be read.
    var endsReading: Bool {
        switch kind {
        case .textAfterQuote, .controlCharacter, .notUTF8: false
        default: true
        }
    }

    var rule: Rule {
        switch kind {
        case .unclosedQuote, .textAfterQuote: .csvSyntax
        case .controlCharacter, .notUTF8: .dataEncoding
        case .longField, .longRecord, .manyColumns: .csvLimit
        case .unreadable: .sourceUnreadable
        }
    }

    /// `name` is the column's name, or its number where it has none.
    func message(_ name: String) -> String {
        switch kind {
        case .unclosedQuote: "the quote that opens in column \(name) is never closed"
        case .textAfterQuote: "there is text after the closing quote in column \(name); a quote inside a quoted field is written twice"
        case .controlCharacter: "the value of column \(name) holds a NUL or another control character"
        case .notUTF8: "the value of column \(name) is not UTF-8"
        case .longField: "the value of column \(name) is over 1 MB; perhaps a quote is not closed"
        case .longRecord: "the row is over \(CSVReader.recordLimit >> 20) MB; perhaps a quote is not closed"
        case .manyColumns: "there are over \(CSVReader.columnLimit) columns"
        case .unreadable(let reason): "the file \(reason)"
        }
    }

    var suggestion: String? { kind == .notUTF8 ? "save the file as UTF-8" : nil }
}
