package import HeraldModel

extension Rule {
    package static let datePattern = Rule("date-pattern")
}

/// How dates are written in a column: a small part of Unicode's date patterns (UTS 35), read strictly.
///
/// `yyyy`; `M` or `MM`, `MMM` (Jan), `MMMM` (January); `d` or `dd`; `H` or `HH`, or `h` or `hh` with `a` (AM, PM); `mm`; `ss`; `S` to `SSSSSS`.
/// A single letter takes one or two digits, two letters exactly two. Text in single quotes and everything that is no letter stands for itself.
package struct DatePattern: Hashable, Sendable, CustomStringConvertible {
    fileprivate enum Element: Hashable, Sendable {
        case number(Field, minimum: Int, maximum: Int)
        case monthName(isFull: Bool)
        case halfOfDay
        case literal(UInt8)
    }
    fileprivate enum Field: Character, Hashable, Sendable {
        case year = "y", month = "M", day = "d", hour = "H", halfHour = "h", minute = "m", second = "s", fraction = "S"
    }

    package let description: String
    private let elements: [Element]

    /// Whether it tells a time of day.
    package let hasTime: Bool

    /// Reads a pattern; one that is not valid is reported, with what was expected.
    package init?(_ pattern: String, at span: SourceSpan? = nil, _ diagnostics: Diagnostics) {
        switch DatePattern.elements(of: pattern) {
        case .success(let elements): self.init(pattern, elements)
        case .failure(let problem):
            diagnostics.report(
                .datePattern, "`\(pattern)` is not a date pattern: \(problem.message)", at: span,
                suggestion: "write a Unicode pattern such as d/M/yyyy, MM/dd/yyyy HH:mm or d MMM yyyy")
            return nil
        }
    }

    /// Reads a pattern; nil where it is not valid.
    package init?(_ pattern: String) {
        guard case .success(let elements) = DatePattern.elements(of: pattern) else { return nil }
        self.init(pattern, elements)
    }

    private init(_ pattern: String, _ elements: [Element]) {
        description = pattern
        self.elements = elements
        hasTime = elements.contains { if case .number(.minute, _, _) = $0 { true } else { false } }
    }

    /// The local time that a cell tells, midnight where the pattern has no time; nil where it is written otherwise or there is no such day.
    func read(_ cell: CellBytes) -> LocalTime? {
        var at = 0
        var (year, month, day, hour, minute, second, fraction) = (0, 0, 0, 0, 0, 0, 0)
        var isAfternoon: Bool?
        for element in elements {
            switch element {
            case .literal(let byte):
                guard at < cell.count, cell[at] == byte else { return nil }
                at += 1
            case .monthName(let isFull):
                guard let found = EnglishMonth.read(cell, at, isFull: isFull) else { return nil }
                (month, at) = found
            case .halfOfDay:
                guard at + 1 < cell.count, cell[at + 1] | 0x20 == UInt8(ascii: "m"),
                    cell[at] | 0x20 == UInt8(ascii: "a") || cell[at] | 0x20 == UInt8(ascii: "p")
                else { return nil }
                isAfternoon = cell[at] | 0x20 == UInt8(ascii: "p")
                at += 2
            case .number(let field, let minimum, let maximum):
                let start = at
                var value = 0
                while at < cell.count, at - start < maximum, cell[at] &- 48 < 10 {
                    value = value * 10 + Int(cell[at] &- 48)
                    at += 1
                }
                guard at - start >= minimum else { return nil }
                switch field {
                case .year: year = value
                case .month: month = value
                case .day: day = value
                case .hour: hour = value
                case .halfHour:
                    guard 1...12 ~= value else { return nil }
                    hour = value % 12
                case .minute: minute = value
                case .second: second = value
                case .fraction: for _ in maximum..<7 { fraction = value; value *= 10 }
                }
            }
        }
        guard at == cell.count, hour < 24, minute < 60, second < 60, let found = Day(year: year, month: month, day: day) else { return nil }
        let seconds = (hour + (isAfternoon == true ? 12 : 0)) * 3600 + minute * 60 + second
        return LocalTime(day: found, microsecond: Int64(seconds) * 1_000_000 + Int64(fraction))
    }
}

extension DatePattern {
    fileprivate struct Problem: Error { let message: String }

    fileprivate static func elements(of pattern: String) -> Result<[Element], Problem> {
        var elements: [Element] = []
        var letters: [Character] = []
        var rest = Substring(pattern)
        while let first = rest.first {
            guard first.isASCII, first.isLetter else {
                guard let literal = literal(&rest) else { return .failure(Problem(message: "a single quote is not closed")) }
                elements += literal.utf8.map { .literal($0) }
                continue
            }
            let run = rest.prefix { $0 == first }
            rest = rest.dropFirst(run.count)
            guard let element = element(first, run.count) else { return .failure(Problem(message: meaning(of: run))) }
            let kind: Character = first
            guard !letters.contains(kind) else { return .failure(Problem(message: "`\(kind)` stands in it twice")) }
            letters.append(kind)
            if case .number(_, let minimum, let maximum)? = elements.last, minimum != maximum, case .number = element {
                return .failure(Problem(message: "where one number ends and the next begins cannot be told before `\(run)`"))
            }
            elements.append(element)
        }
        guard letters.contains("y"), letters.contains("M"), letters.contains("d") else {
            return .failure(Problem(message: "it needs a year, a month and a day"))
        }
        guard letters.contains("h") == letters.contains("a"), !(letters.contains("h") && letters.contains("H")) else {
            return .failure(Problem(message: "`h` goes with `a` (AM, PM), and `H` without it"))
        }
        guard (letters.contains("h") || letters.contains("H")) == letters.contains("m"), letters.contains("m") || !letters.contains("s"),
            letters.contains("s") || !letters.contains("S")
        else { return .failure(Problem(message: "a time is hours and minutes, then perhaps seconds (`HH:mm`, `HH:mm:ss`)")) }
        return .success(elements)
    }

    private static func element(_ letter: Character, _ count: Int) -> Element? {
        switch (letter, count) {
        case ("y", 4): .number(.year, minimum: 4, maximum: 4)
        case ("M", 3), ("M", 4): .monthName(isFull: count == 4)
        case ("a", 1): .halfOfDay
        case ("S", 1...6): .number(.fraction, minimum: count, maximum: count)
        case ("M", 1...2), ("d", 1...2), ("H", 1...2), ("h", 1...2), ("m", 1...2), ("s", 1...2):
            Field(rawValue: letter).map { .number($0, minimum: count, maximum: 2) }
        default: nil
        }
    }

    private static func meaning(of run: Substring) -> String {
        switch run {
        case "yy": "a year of two digits does not tell its century; only `yyyy` is read"
        case let run where run.first == "y": "a year is `yyyy`"
        default: "`\(run)` has no meaning here"
        }
    }

    /// Takes one literal: a character that is no letter, or text in single quotes, in which two stand for one.
    private static func literal(_ rest: inout Substring) -> String? {
        let first = rest.removeFirst()
        guard first == "'" else { return String(first) }
        if rest.first == "'" {
            rest.removeFirst()
            return "'"
        }
        var text = ""
        while let next = rest.popFirst() {
            if next != "'" {
                text.append(next)
            } else if rest.first == "'" {
                rest.removeFirst()
                text.append("'")
            } else {
                return text
            }
        }
        return nil
    }
}

/// English names of months, in any case.
private enum EnglishMonth {
    static let names = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
    ].map { Array($0.utf8) }

    /// The month whose name stands at a place, and where it ends.
    static func read(_ cell: CellBytes, _ at: Int, isFull: Bool) -> (month: Int, end: Int)? {
        for (index, name) in names.enumerated() {
            let count = isFull ? name.count : 3
            guard at + count <= cell.count, (0..<count).allSatisfy({ cell[at + $0] | 0x20 == name[$0] }) else { continue }
            return (index + 1, at + count)
        }
        return nil
    }
}
