import HeraldDatabase
import HeraldModel

/// Finds the type of a SQLite column from what it is declared as and from how every cell is stored; SQLite binds neither to the other.
struct SQLiteColumnInference {
    private let name: String
    private let declared: String
    private var texts: ColumnInference
    private var (integers, reals, blobs, broken) = (0, 0, 0, 0)
    private var hasOnlyBits = true

    init(_ column: SQLiteSchema.Column) {
        name = column.name
        declared = column.declared
        // SQLite's own rule for text affinity. Digits in such a column were put there as text.
        let isText = ["CHAR", "CLOB", "TEXT"].contains { column.declared.contains($0) }
        texts = ColumnInference(findsNumbers: !isText)
    }

    mutating func add(_ row: borrowing DatabaseRow, _ column: Int) {
        switch SQLiteSource.cell(row, column) {
        case .empty: texts.addEmpty()
        case .text(let bytes): texts.add(bytes)
        case .integer(let number):
            integers += 1
            if number != 0 && number != 1 { hasOnlyBits = false }
        case .real: reals += 1
        case .unreadable(.binary): blobs += 1
        case .unreadable, .parts: broken += 1
        }
    }

    /// NUMERIC and DECIMAL, by which people mean exact numbers.
    private var isDeclaredDecimal: Bool { declared.contains("NUMERIC") || declared.contains("DECIMAL") }
    private var isDeclaredBoolean: Bool { declared.contains("BOOL") }

    var column: PinnedColumn {
        func pinned(_ type: ColumnType, ambiguity: String? = nil) -> PinnedColumn {
            PinnedColumn(name: name, type: type, mayBeEmpty: texts.hasEmpty || isEmpty, ambiguity: ambiguity)
        }
        if blobs > 0 { return pinned(.text, ambiguity: "it holds binary data, which herald cannot read") }
        if broken > 0 { return pinned(.text, ambiguity: "it holds text that is not UTF-8 or has NUL characters, which herald cannot read") }
        if texts.hasValues {
            if integers + reals == 0 { return withEmptiness(texts.column(named: name)) }
            return pinned(.text, ambiguity: "it holds both text and numbers; write its type in `fields`, such as `fields: {\(name): text}`")
        }
        if reals > 0, !isDeclaredDecimal {
            return pinned(
                .text,
                ambiguity: "it holds binary fractions; write `fields: {\(name): decimal}` to read them as their shortest decimals")
        }
        if isDeclaredBoolean, hasOnlyBits, reals == 0 { return pinned(.boolean) }
        if reals > 0 || isDeclaredDecimal { return pinned(.decimal) }
        if integers > 0 || declared.contains("INT") { return pinned(.integer) }
        return pinned(.text)
    }

    private var isEmpty: Bool { integers + reals + blobs + broken == 0 && !texts.hasValues }

    private func withEmptiness(_ found: PinnedColumn) -> PinnedColumn {
        PinnedColumn(name: found.name, type: found.type, format: found.format, mayBeEmpty: texts.hasEmpty, ambiguity: found.ambiguity)
    }
}
