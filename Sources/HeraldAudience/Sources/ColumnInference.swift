import HeraldModel

/// Finds the type of a column by looking at every cell of it: each type that a cell does not fit is out.
///
/// Boolean: `true` and `false` only. Integer: no leading zero (02134 is text), no plus, within 64 bits. Decimal: a point, no exponent, no grouping.
/// Dates: ISO 8601, or one of the forms in `DateForm`, the same for the whole column. Empty cells fit everything; a column without values is text.
struct ColumnInference {
    private var mayBeBoolean = true
    private var mayBeInteger: Bool
    private var mayBeDecimal: Bool
    private var mayBeDate = true
    private var mayBeDateTime = true
    private var forms: [DateForm]
    private(set) var hasEmpty = false
    private(set) var hasValues = false

    /// `folderPattern` is the only form besides ISO 8601 where a source declares one. Where text was declared as text, numbers in it are text.
    init(folderPattern: DatePattern? = nil, findsNumbers: Bool = true) {
        mayBeInteger = findsNumbers
        mayBeDecimal = findsNumbers
        forms = folderPattern.map(DateForm.variants) ?? DateForm.all
    }

    mutating func addEmpty() { hasEmpty = true }

    mutating func add(_ cell: CellBytes) {
        if cell.isEmpty { return addEmpty() }
        hasValues = true
        if mayBeBoolean { mayBeBoolean = CellSyntax.boolean(cell) != nil }
        if mayBeInteger || mayBeDecimal {
            let isInteger = CellSyntax.integer(cell) != nil
            mayBeInteger = mayBeInteger && isInteger
            // Digits alone beyond 64 bits are a code of some kind, not an amount.
            if mayBeDecimal, !isInteger { mayBeDecimal = cell.contains(UInt8(ascii: ".")) && CellSyntax.decimal(cell) != nil }
        }
        if mayBeDate { mayBeDate = CellSyntax.isoDate(cell) != nil }
        if mayBeDateTime { mayBeDateTime = CellSyntax.isoDateTime(cell) != nil }
        if !forms.isEmpty { forms.removeAll { $0.pattern.read(cell) == nil } }
    }

    func column(named name: String) -> PinnedColumn {
        func pinned(_ type: ColumnType, format: String? = nil, ambiguity: String? = nil) -> PinnedColumn {
            PinnedColumn(name: name, type: type, format: format, mayBeEmpty: hasEmpty || !hasValues, ambiguity: ambiguity)
        }
        guard hasValues else { return pinned(.text) }
        if mayBeBoolean { return pinned(.boolean) }
        if mayBeInteger { return pinned(.integer) }
        if mayBeDecimal { return pinned(.decimal) }
        // A declared form comes before ISO 8601, which it may look like.
        if let first = forms.first {
            let type: ColumnType = first.pattern.hasTime ? .datetime : .date
            guard let other = forms.first(where: { $0.order != first.order }) else {
                return pinned(type, format: first.pattern.description)
            }
            return pinned(
                .text,
                ambiguity: "its dates can be read as \(first.pattern) and as \(other.pattern); "
                    + "write `fields: {\(name): {type: \(type.name), format: \(first.pattern)}}` or `format: \(other.pattern)`")
        }
        if mayBeDate { return pinned(.date) }
        return pinned(mayBeDateTime ? .datetime : .text)
    }
}

/// A way in which people write dates.
struct DateForm {
    enum Order { case dayFirst, monthFirst, yearFirst, declared }

    let pattern: DatePattern
    /// Two forms that fit one column mean the same only where their order is the same.
    let order: Order

    private static let times = ["", " HH:mm", " HH:mm:ss", " h:mm a", " h:mm:ss a"]

    /// All that inference knows. Between points the day comes first; between slashes and hyphens both orders are in use.
    static let all: [DateForm] = [
        ("d.M.yyyy", Order.dayFirst), ("d/M/yyyy", .dayFirst), ("M/d/yyyy", .monthFirst), ("d-M-yyyy", .dayFirst), ("M-d-yyyy", .monthFirst),
        ("yyyy/M/d", .yearFirst), ("d MMM yyyy", .dayFirst), ("d MMMM yyyy", .dayFirst), ("MMM d, yyyy", .monthFirst),
        ("MMMM d, yyyy", .monthFirst),
    ].flatMap { day, order in
        times.compactMap { time in DatePattern(day + time).map { DateForm(pattern: $0, order: order) } }
    }

    /// A declared pattern; where it has no time, also with the usual times after it.
    static func variants(of declared: DatePattern) -> [DateForm] {
        (declared.hasTime ? [""] : times).compactMap { DatePattern(declared.description + $0) }
            .map { DateForm(pattern: $0, order: .declared) }
    }
}
