/// The bytes of a cell, owned by whoever reads the file and valid until the next row.
typealias CellBytes = UnsafeBufferPointer<UInt8>

/// A cell as a source holds it, before it is read as its column's type.
enum Cell {
    case empty
    /// UTF-8, checked, without NUL; at least one byte.
    case text(CellBytes)
    case integer(Int64)
    case real(Double)
    /// The texts of a list; without NUL.
    case parts([String])
    /// What no type can be read from.
    case unreadable(CellProblem)
}

/// Why a cell could not be read as its column's type.
enum CellProblem: Error {
    case notOfType
    case notInEnum
    case notUTF8
    case holdsNUL
    case binary

    /// Completes "the value of column x …".
    func message(_ column: ColumnFiller) -> String {
        switch self {
        case .notOfType: "is not \(column.expectation)"
        case .notInEnum: "is not one of the values that `fields` declares for it"
        case .notUTF8: "is not UTF-8"
        case .holdsNUL: "holds a NUL character"
        case .binary: "is binary data, which no column type holds"
        }
    }
}
