import HeraldModel

/// A value test with the clock filled in, ready to be asked of many values.
struct CompiledTest: Sendable {
    private let terms: [@Sendable (Value, ComparedNumber?) -> Verdict]

    init(_ test: ValueTest, type: ColumnType, _ clock: Clock) {
        terms = test.terms.map { CompiledTest.compile($0, type, clock) }
    }

    /// - Parameter number: for quotients, which no value can hold.
    func verdict(_ value: Value, number: ComparedNumber? = nil) -> Verdict {
        var result = Verdict.yes
        for term in terms { result = result.and(term(value, number)) }
        return result
    }

    private static func compile(
        _ term: ValueTest.Term, _ type: ColumnType, _ clock: Clock
    ) -> @Sendable (Value, ComparedNumber?) -> Verdict {
        let isNegated = term.isNegated
        if case .isEmpty = term.check {
            return { value, number in Verdict((value.isEmpty && number == nil) != isNegated) }
        }
        if case .part(let part, let checks) = term.check { return self.part(part, checks, clock) }
        let matches = positive(term.check, type, clock)
        return { value, number in
            let verdict = value.isEmpty && number == nil ? Verdict.noByEmptiness : Verdict(matches(value, number))
            return isNegated ? verdict.opposite : verdict
        }
    }

    /// Parts have their own `is_not`, which counts an empty date in.
    private static func part(_ part: DatePart, _ checks: [PartCheck], _ clock: Clock) -> @Sendable (Value, ComparedNumber?) -> Verdict {
        let reader = PartReader(clock: clock)
        return { value, _ in
            if let day = CompiledTest.day(of: value, clock) { return Verdict(reader.matches(part, checks, day)) }
            let allNegated = checks.allSatisfy { if case .oneOf(_, isNegated: true) = $0 { true } else { false } }
            return allNegated ? Verdict.noByEmptiness.opposite : .noByEmptiness
        }
    }

    private static func day(of value: Value, _ clock: Clock) -> Day? {
        switch value {
        case .date(let day): day
        case .datetime(let instant): clock.zone.day(of: instant)
        default: nil
        }
    }

    private static func positive(_ check: ValueTest.Check, _ type: ColumnType, _ clock: Clock) -> @Sendable (Value, ComparedNumber?) -> Bool {
        switch check {
        case .isEmpty, .part: return { _, _ in false }  // Handled by the caller.
        case .oneOf(let literals):
            let texts = Set(literals.compactMap { if case .text(let text) = $0 { text } else { nil } })
            let numbers = Set(literals.compactMap(\.number))
            return { value, number in
                if let number { return numbers.contains { number.compare($0) == 0 } }
                switch value {
                case .text(let text): return texts.contains(text)
                case .integer, .decimal: return value.number.map(numbers.contains) ?? false
                default: return literals.contains(value)
                }
            }
        case .contains(let needle): return folded { CompiledTest.contains($0, needle) }
        case .startsWith(let needle): return folded { $0.utf8.starts(with: needle.utf8) }
        case .endsWith(let needle): return folded { $0.utf8.reversed().starts(with: needle.utf8.reversed()) }
        case .number(let comparison, let literal):
            return numeric {
                let order = $0.compare(literal)
                return switch comparison {
                case .gt: order > 0
                case .gte: order >= 0
                case .lt: order < 0
                case .lte: order <= 0
                }
            }
        case .numberBetween(let low, let high): return numeric { $0.compare(low) >= 0 && $0.compare(high) <= 0 }
        case .hasAny(let wanted):
            let set = Set(wanted)
            return { value, _ in if case .many(let parts) = value { parts.contains(where: set.contains) } else { false } }
        case .hasAll(let wanted):
            let set = Set(wanted)
            return { value, _ in if case .many(let parts) = value { set.isSubset(of: parts) } else { false } }
        case .reading(let type, let format, let inner):
            let matches = positive(inner, type, clock)
            let column = TableRequest.Column(name: "", type: type, format: format)
            return { value, _ in
                // Few texts differ, and each is read once (`Column.lookup`).
                guard case .text(let text) = value, var reader = ColumnFiller(column, zone: clock.zone, Diagnostics()),
                    let read = reader.read(text), !read.isEmpty
                else { return false }
                return matches(read, nil)
            }
        case .time(let time):
            if case .anniversary(let past, let next) = time {
                let anniversary = AnniversaryCheck(past: past, next: next, clock)
                return { value, _ in day(of: value, clock).map(anniversary.contains) ?? false }
            }
            guard let ranges = TimeRanges(time, type, clock) else { return { _, _ in false } }
            return { value, _ in
                switch value {
                case .date(let day): ranges.contains(Int64(day.number))
                case .datetime(let instant): ranges.contains(instant.microseconds)
                default: false
                }
            }
        }
    }

    private static func folded(_ matches: @escaping @Sendable (String) -> Bool) -> @Sendable (Value, ComparedNumber?) -> Bool {
        { value, _ in if case .text(let text) = value { matches(CaseFolding.fold(text.string)) } else { false } }
    }

    private static func numeric(_ matches: @escaping @Sendable (ComparedNumber) -> Bool) -> @Sendable (Value, ComparedNumber?) -> Bool {
        { value, number in (number ?? value.number.map { ComparedNumber(sum: $0, count: 1) }).map(matches) ?? false }
    }

    private static func contains(_ text: String, _ needle: String) -> Bool {
        let (text, needle) = (Array(text.utf8), Array(needle.utf8))
        guard needle.count <= text.count else { return false }
        for start in 0...(text.count - needle.count) where text[start] == needle[0] {
            if text[start..<start + needle.count].elementsEqual(needle) { return true }
        }
        return false
    }
}
