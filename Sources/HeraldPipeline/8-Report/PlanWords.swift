package import HeraldModel

/// The words and small forms that the text and Markdown of a plan share.
extension PlanText {
    package static func symbol(of change: Change) -> String {
        if change.actions.contains(.schedule) || change.actions.contains(.send) { return "!" }
        if !Set(change.actions).isDisjoint(with: [.delete, .cancel, .unschedule]) { return "-" }
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
            case .removed: reason.people == nil ? "it was removed" : "they were taken off by hand"
            case .drift: "it was changed outside of herald"
            case .policy: "a policy says so"
            case .unattributed: reason.detail.isEmpty ? "who matches changed, and not enough is known to say why" : "who matches changed"
            }
        let people = reason.people.map { " (\(PlanText.count($0, "person", "people")))" } ?? ""
        return (reason.detail.isEmpty ? text : "\(text): \(reason.detail)") + people
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

    /// Content of definitions and providers on one line: what would move, hide or reorder text is shown, not obeyed; the end of a long one is left out.
    package static func visible(_ text: String, limit: Int = 300) -> String {
        var result = ""
        var length = 0
        for scalar in text.unicodeScalars {
            length += 1
            guard length <= limit else { continue }
            if scalar == "\n" {
                result += "⏎"
            } else if isHidden(scalar) {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return length > limit ? "\(result)… (\(grouped(length)) characters)" : result
    }

    /// Controls, line and paragraph separators, bidirectional and invisible marks. Joiners stay: scripts and emoji need them.
    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0xAD, 0x061C, 0x180E, 0x200B, 0x200E...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB,
            0xE0000...0xE007F:
            true
        default: false
        }
    }

    /// Columns on a terminal, near enough for aligning: one for each character.
    static func columns(_ text: String) -> Int { text.count }

    /// `180 → 182 (+5 −3, 2 renewed)`, or only how many where nobody moves.
    static func movement(_ audience: AudienceDelta) -> String {
        let counts = [
            audience.added + audience.removed > 0 ? "+\(grouped(audience.added)) −\(grouped(audience.removed))" : "",
            audience.updated > 0 ? "\(grouped(audience.updated)) renewed" : "",
        ].filter { !$0.isEmpty }
        let total = audience.added + audience.removed == 0 ? grouped(audience.after) : "\(grouped(audience.before)) → \(grouped(audience.after))"
        return counts.isEmpty ? total : "\(total) (\(counts.joined(separator: ", ")))"
    }

    /// Stands between a label and its text, in lines that are yet to be wrapped. `visible` lets none through.
    static let gap: Character = "\u{1F}"

    /// `    because  it is new`, its text in the same column whatever the label.
    static func labelled(_ label: String, _ text: String) -> String { "    \(label)\(gap)\(text)" }

    /// Breaks at spaces; lines that follow stand under the text of the first.
    static func wrap(_ line: String, to width: Int) -> [String] {
        let parts = line.split(separator: gap, maxSplits: 1)
        let label = String(parts.first ?? "")
        let text = parts.count < 2 ? label : label + String(repeating: " ", count: max(1, (label.hasPrefix(" ") ? 13 : 9) - columns(label))) + parts[1]
        let indent = text.prefix { $0 == " " }.count
        guard columns(text) > width else { return [text] }
        let hanging = String(repeating: " ", count: parts.count < 2 ? indent + 2 : label.hasPrefix(" ") ? 13 : 9)
        return broken(text, indent, hanging, width)
    }

    private static func broken(_ line: String, _ indent: Int, _ hanging: String, _ width: Int) -> [String] {
        var lines: [String] = []
        var current = ""
        for word in line.dropFirst(indent).split(separator: " ", omittingEmptySubsequences: false) {
            if current.isEmpty {
                current = String(line.prefix(indent)) + word
            } else if columns(current) + 1 + columns(String(word)) > width, !current.allSatisfy({ $0 == " " }) {
                lines.append(String(current.reversed().drop { $0 == " " }.reversed()))
                current = hanging + word
            } else {
                current += " " + word
            }
        }
        return lines + [current]
    }

    /// Refusals that say the same of several objects stand together.
    package struct Refused {
        package let code: Refusal.Code
        package let message: String
        package let remedy: String
        package var items: [(address: Address, source: Place?)]

        static func grouped(_ refused: [Refusal]) -> [Refused] {
            var (groups, index): ([Refused], [String: Int]) = ([], [:])
            for refusal in refused {
                let key = "\(refusal.code.rawValue)\u{0}\(refusal.message)\u{0}\(refusal.remedy)"
                if let place = index[key] {
                    groups[place].items.append((refusal.address, refusal.source))
                } else {
                    index[key] = groups.count
                    groups.append(
                        Refused(
                            code: refusal.code, message: refusal.message, remedy: refusal.remedy,
                            items: [(refusal.address, refusal.source)]))
                }
            }
            return groups
        }
    }
}
