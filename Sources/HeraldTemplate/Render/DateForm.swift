import HeraldModel

/// A Unicode date pattern for output: y M d E H h m s a and text in single quotes; months and weekdays in English.
struct DateForm: Sendable {
    private enum Part: Sendable { case literal(String), field(Character, Int) }

    /// As it was written.
    let pattern: String
    private let parts: [Part]
    private static let months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
    private static let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

    /// Nil where a letter stands for nothing.
    init?(_ pattern: String) {
        var parts: [Part] = []
        var rest = Substring(pattern)
        while let first = rest.first {
            if first == "'" {
                guard let close = rest.dropFirst().firstIndex(of: "'") else { return nil }
                let inner = rest[rest.index(after: rest.startIndex)..<close]
                parts.append(.literal(inner.isEmpty ? "'" : String(inner)))
                rest = rest[rest.index(after: close)...]
            } else if first.isASCII, first.isLetter {
                let run = rest.prefix { $0 == first }
                let longest: [Character: Int] = ["y": 4, "M": 4, "d": 2, "E": 4, "H": 2, "h": 2, "m": 2, "s": 2, "a": 1]
                guard let most = longest[first], run.count <= most, first != "y" || [2, 4].contains(run.count) else { return nil }
                parts.append(.field(first, run.count))
                rest = rest.dropFirst(run.count)
            } else {
                parts.append(.literal(String(first)))
                rest = rest.dropFirst()
            }
        }
        guard !parts.isEmpty else { return nil }
        self.parts = parts
        self.pattern = pattern
    }

    func text(_ time: LocalTime) -> String {
        let (year, month, day) = time.day.parts
        let second = Int(time.microsecond / 1_000_000)
        let (hour, minute) = (second / 3600, second / 60 % 60)
        var result = ""
        for part in parts {
            switch part {
            case .literal(let text): result += text
            case .field(let letter, let width):
                switch letter {
                case "y": result += width == 2 ? padded(year % 100, 2) : padded(year, 4)
                case "M": result += width <= 2 ? padded(month, width) : DateForm.name(DateForm.months[month - 1], width)
                case "d": result += padded(day, width)
                case "E": result += DateForm.name(DateForm.weekdays[time.day.weekday - 1], width)
                case "H": result += padded(hour, width)
                case "h": result += padded(hour % 12 == 0 ? 12 : hour % 12, width)
                case "m": result += padded(minute, width)
                case "s": result += padded(second % 60, width)
                default: result += hour < 12 ? "AM" : "PM"
                }
            }
        }
        return result
    }

    /// In full with four letters, else its first three.
    private static func name(_ name: String, _ width: Int) -> String { width > 3 ? name : String(name.prefix(3)) }
}
