package import HeraldModel

/// The words and small forms that the text and Markdown of a plan share.
extension PlanText {
    package static func symbol(of change: Change) -> String {
        if change.actions.contains(.schedule) || change.actions.contains(.send) { return "!" }
        if change.actions.contains(.delete) || change.actions.contains(.cancel) { return "-" }
        if change.actions.contains(.forget) { return "." }
        if change.actions.contains(.create) || change.actions.contains(.adopt) { return "+" }
        return change.actions.contains(.rename) ? ">" : "~"
    }

    package static func words(_ reason: Reason) -> String {
        let text =
            switch reason.code {
            case .added: "it is new"
            case .filterEdited: "its filter was edited"
            case .dataChanged: "the data changed"
            case .aged: "time passed"
            case .consentWithdrawn: "consent was withdrawn"
            case .contentEdited: "what people read was edited"
            case .definitionEdited: "its definition was edited"
            case .moved: "it was moved"
            case .removed: "it was removed"
            case .drift: "somebody changed it at the provider"
            case .policy: "a policy says so"
            case .unattributed: "data or time changed who matches (not attributed)"
            }
        return reason.detail.isEmpty ? text : "\(text): \(reason.detail)"
    }

    /// `61,870`.
    package static func grouped(_ number: Int) -> String {
        var digits = String(number.magnitude)
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return (number < 0 ? "−" : "") + ([digits] + groups).joined(separator: ",")
    }

    package static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(grouped(number)) \(number == 1 ? one : many ?? one + "s")"
    }

    /// The first and last digits of a digest, enough to compare by eye.
    package static func short(_ digest: String) -> String {
        let hex = digest.split(separator: ":").last.map(String.init) ?? digest
        return hex.count > 14 ? "\(hex.prefix(10))…\(hex.suffix(4))" : hex
    }

    /// Content of a definition on one line: controls and bidirectional marks are shown, not obeyed.
    package static func visible(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            let isHidden = scalar.value < 0x20 || scalar.value == 0x7F || (0x80...0x9F).contains(scalar.value)
                || (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
                || [0x200E, 0x200F, 0x061C].contains(scalar.value)
            if scalar == "\n" { result += "⏎" } else if isHidden { result += "\\u{\(String(scalar.value, radix: 16))}" } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Columns on a terminal, near enough for aligning: one for each character.
    static func columns(_ text: String) -> Int { text.count }

    static func limited(_ lines: [String], to limit: Int, of address: Address) -> [String] {
        guard lines.count > limit else { return lines }
        return lines.prefix(limit - 1) + ["    … \(lines.count - limit + 1) more lines in output/plan.md"]
    }

    /// Breaks at spaces; lines that follow stand under the text of the first.
    static func wrap(_ line: String, to width: Int) -> [String] {
        let indent = line.prefix { $0 == " " }.count
        let hanging = String(repeating: " ", count: min(indent + 9, width / 2))
        var lines: [String] = []
        var current = String(line.prefix(indent))
        for word in line.dropFirst(indent).split(separator: " ", omittingEmptySubsequences: false) {
            if current.count + 1 + word.count > width, !current.allSatisfy({ $0 == " " }) {
                lines.append(current)
                current = hanging + word
            } else {
                current += (current.count > indent || !lines.isEmpty ? " " : "") + word
            }
        }
        return lines + [current]
    }
}
