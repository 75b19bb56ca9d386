import GRDBSQLite

/// A row that a statement stands on, valid until the next one. Columns count from 0.
package struct DatabaseRow: ~Copyable {
    /// How SQLite stored a cell, whatever the column was declared as.
    package enum Storage: Sendable { case null, integer, real, text, blob }

    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) { self.handle = handle }

    package var count: Int { Int(sqlite3_column_count(handle)) }

    package func storage(_ column: Int) -> Storage {
        switch sqlite3_column_type(handle, Int32(column)) {
        case SQLITE_INTEGER: .integer
        case SQLITE_FLOAT: .real
        case SQLITE_TEXT: .text
        case SQLITE_BLOB: .blob
        default: .null
        }
    }

    /// The bytes of a text or blob, as stored: neither checked for UTF-8 nor cut at NUL. Empty for others. Valid until the next row.
    package func bytes(_ column: Int) -> UnsafeRawBufferPointer {
        let start: UnsafeRawPointer?
        switch storage(column) {
        case .text: start = UnsafeRawPointer(sqlite3_column_text(handle, Int32(column)))
        case .blob: start = sqlite3_column_blob(handle, Int32(column))
        default: return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        // Asked for after the pointer: getting that may convert the encoding, and with it the length.
        let count = Int(sqlite3_column_bytes(handle, Int32(column)))
        return UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count)
    }

    /// The number of an integer cell; 0 for others.
    package func rawInteger(_ column: Int) -> Int64 { storage(column) == .integer ? sqlite3_column_int64(handle, Int32(column)) : 0 }

    /// The number of a real cell; 0 for others.
    package func rawReal(_ column: Int) -> Double { storage(column) == .real ? sqlite3_column_double(handle, Int32(column)) : 0 }

    /// A cell. Text that is not UTF-8 is an error.
    package func value(_ column: Int) throws -> SQLValue {
        switch storage(column) {
        case .null: return .null
        case .integer: return .integer(rawInteger(column))
        case .real: return .real(rawReal(column))
        case .blob: return .blob(Array(bytes(column)))
        case .text:
            guard let text = String(validating: bytes(column), as: UTF8.self) else {
                throw DatabaseFailure("the text in column \(name(column)) is not UTF-8")
            }
            return .text(text)
        }
    }

    /// The text of a cell, or nil where it is null; anything else is an error.
    package func text(_ column: Int) throws -> String? {
        switch try value(column) {
        case .null: return nil
        case .text(let text): return text
        default: throw DatabaseFailure("column \(name(column)) does not hold text")
        }
    }

    /// The integer of a cell, or nil where it is null; anything else is an error.
    package func integer(_ column: Int) throws -> Int64? {
        switch storage(column) {
        case .null: return nil
        case .integer: return rawInteger(column)
        default: throw DatabaseFailure("column \(name(column)) does not hold an integer")
        }
    }

    /// The bytes of a cell, or nil where it is null; anything else is an error.
    package func blob(_ column: Int) throws -> [UInt8]? {
        switch storage(column) {
        case .null: return nil
        case .blob: return Array(bytes(column))
        default: throw DatabaseFailure("column \(name(column)) does not hold bytes")
        }
    }

    private func name(_ column: Int) -> String {
        sqlite3_column_name(handle, Int32(column)).map { String(cString: $0) } ?? String(column)
    }
}
